// The names of targets, fit for a line. A model that the file does not list bears a name of the client's: it is redacted, once.
import type { Target } from "../core/snapshot.ts";
import { quote } from "./quote.ts";
import type { Redact } from "./redact.ts";
import { WORD_LENGTH_MAX, wordOf } from "./word-of.ts";

/** A target's names without secrets. */
export interface CleanNames {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  /** The id as a JSON string. */
  readonly quotedId: string;
}

/** Names, and what the last answer called its model. */
interface KnownNames extends CleanNames {
  answeredBy: string | null;
  quotedAnsweredBy: string;
}

/** Words of ours that are remembered: agents, what is asked for, credentials. All are of the configuration, and so are few. */
const WORDS_MAX = 1_024;

/** Names of targets, each cleaned once, and names beside them, each quoted once. */
export class TargetNames {
  readonly #redact: Redact;
  readonly #known = new WeakMap<Target, KnownNames>();
  readonly #quoted = new Map<string, string>();
  /** Of the target that was asked for last: a request has most of its lines with one. */
  #lastTarget: Target | null = null;
  #lastNames: KnownNames | null = null;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** The names of a target. */
  of(target: Target): CleanNames {
    return this.#of(target);
  }

  #of(target: Target): KnownNames {
    if (target === this.#lastTarget && this.#lastNames !== null) return this.#lastNames;
    const names = this.#known.get(target) ?? this.#clean(target);
    this.#lastTarget = target;
    this.#lastNames = names;
    return names;
  }

  /** The id as a JSON string. */
  quotedId(target: Target): string {
    return this.of(target).quotedId;
  }

  /** The model that an answer of this target names, as a JSON string. Nearly always it is the one that the answer before it named. */
  quotedAnsweredBy(target: Target, model: string): string {
    const names = this.#of(target);
    if (names.answeredBy === model) return names.quotedAnsweredBy;
    const text = quote(wordOf(model, this.#redact));
    if (model.length > WORD_LENGTH_MAX) return text;
    names.answeredBy = model;
    names.quotedAnsweredBy = text;
    return text;
  }

  /** A word of a provider's, redacted and bounded. */
  word(text: string): string {
    return wordOf(text, this.#redact);
  }

  /** A name of the configuration as a JSON string. */
  quoted(name: string): string {
    const known = this.#quoted.get(name);
    if (known !== undefined) return known;
    const text = quote(name);
    if (this.#quoted.size < WORDS_MAX) this.#quoted.set(name, text);
    return text;
  }

  #clean(target: Target): KnownNames {
    const id = this.#redact(target.id);
    const provider = this.#redact(target.provider);
    const own = { id, provider, model: this.#redact(target.model), quotedId: quote(id) };
    const names = { ...own, answeredBy: null, quotedAnsweredBy: "" };
    this.#known.set(target, names);
    return names;
  }
}
