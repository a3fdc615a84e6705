// What a model's name in the file means: alias, `provider/model`, or a model id that only one provider has (OpenClaw §3.1).
import type { Target } from "../core/snapshot.ts";
import type { KeyPath } from "./key-path.ts";
import { parseModelRef, withoutProfile } from "./model-ref.ts";
import { nearest } from "./nearest.ts";
import type { TargetBook } from "./target-book.ts";

/** A name that was understood; `note` says what the operator should know of it. */
export interface Named {
  readonly target: Target;
  readonly note: string | null;
}

/** A name that means nothing. */
export interface Nameless {
  readonly problem: string;
  readonly suggestion: string | null;
}

/** Refs that OpenClaw spells with a colon. */
const SPECIAL: ReadonlyMap<string, string> = new Map([["openrouter:auto", "openrouter/auto"]]);
const FREE = "openrouter:free";

/** OpenClaw's own short names; each counts only while its target is in the model list without an alias. */
const BUILT_IN_ALIASES: ReadonlyMap<string, string> = new Map([
  ["opus", "anthropic/claude-opus-4-7"],
  ["sonnet", "anthropic/claude-sonnet-4-6"],
  ["gpt", "openai/gpt-5.4"],
  ["gpt-mini", "openai/gpt-5.4-mini"],
  ["gpt-nano", "openai/gpt-5.4-nano"],
  ["gemini", "google/gemini-3.1-pro-preview"],
  ["gemini-flash", "google/gemini-3-flash-preview"],
  ["gemini-flash-lite", "google/gemini-3.1-flash-lite-preview"],
]);

/** Everything by which the file may name a model. */
export class ModelNames {
  readonly #book: TargetBook;
  readonly #aliases: Map<string, Target>;
  readonly #written: Map<string, Target>;
  readonly #bare: Map<string, Target | null>;
  readonly #mentions: Map<string, KeyPath>;
  /** Provider of names that say none and are in no list. */
  defaultProvider: string | null;

  constructor(book: TargetBook) {
    this.#book = book;
    this.#aliases = new Map();
    this.#written = new Map();
    this.#bare = new Map();
    this.#mentions = new Map();
    this.defaultProvider = null;
    for (const target of book.all().values()) this.addBare(target);
  }

  /** Makes the model id alone a name, unless two providers have it. */
  addBare(target: Target): void {
    const key = target.model.toLowerCase();
    const other = this.#bare.get(key);
    if (other === undefined) this.#bare.set(key, target);
    else if (other !== null && other.provider !== target.provider) this.#bare.set(key, null);
  }

  /** False when the alias already means something else. */
  addAlias(alias: string, target: Target): boolean {
    const key = alias.toLowerCase();
    const other = this.#aliases.get(key);
    if (other !== undefined && other !== target) return false;
    this.#aliases.set(key, target);
    this.#written.set(alias, target);
    return true;
  }

  /** OpenClaw's own short names for listed targets that have no alias; names of the file win. */
  addBuiltInAliases(unnamed: readonly Target[]): void {
    for (const [alias, ref] of BUILT_IN_ALIASES) {
      const target = unnamed.find(({ id }) => id.toLowerCase() === ref);
      if (target !== undefined && !this.#aliases.has(alias)) this.addAlias(alias, target);
    }
  }

  get aliases(): ReadonlyMap<string, Target> {
    return this.#aliases;
  }

  /** As written, for the model list. */
  get aliasNames(): ReadonlyMap<string, Target> {
    return this.#written;
  }

  get bareIds(): ReadonlyMap<string, Target | null> {
    return this.#bare;
  }

  /** Where each provider was first named, by provider id. */
  get mentions(): ReadonlyMap<string, KeyPath> {
    return this.#mentions;
  }

  /** What a name at a place of the file means. */
  resolve(written: string, path: KeyPath): Named | Nameless {
    const named = this.#meaning(written);
    const provider = "target" in named ? named.target.provider : null;
    if (provider !== null && !this.#mentions.has(provider)) this.#mentions.set(provider, path);
    return named;
  }

  /** What is wrong with a wildcard, which needs a provider; null when there is one. */
  lackOf(wildcard: string): Nameless | null {
    const [provider = "", ...rest] = wildcard.split("/");
    return this.#book.frame(provider) === null ? this.#unknownProvider(provider, rest.join("/")) : null;
  }

  /** Alias, then as a ref with everything in it, then without a trailing `@profile`. */
  #meaning(written: string): Named | Nameless {
    const text = written.trim();
    const alias = this.#aliases.get(text.toLowerCase()) ?? this.#special(text.toLowerCase());
    if (alias !== undefined) return { target: alias, note: null };
    const plain = withoutProfile(text);
    const ref = parseModelRef(this.#isListed(text) ? text : plain);
    if (ref === null) return { problem: `"${text}" is not a model: write provider/model`, suggestion: null };
    return ref.provider === null ? this.#bareName(ref.model) : this.#full(ref.provider, ref.model);
  }

  /** A name that holds `@` may be a model id; then it is one that somebody listed. */
  #isListed(text: string): boolean {
    const ref = parseModelRef(text);
    if (ref === null) return false;
    return ref.provider === null
      ? this.#bare.has(ref.model.toLowerCase())
      : this.#book.known(ref.provider, ref.model) !== null;
  }

  #special(text: string): Target | undefined {
    const ref = SPECIAL.get(text);
    if (ref !== undefined) return this.#book.target("openrouter", ref) ?? undefined;
    if (text !== FREE) return undefined;
    const targets = [...this.#book.all().values()];
    return targets.find(({ provider, model }) => provider === "openrouter" && model.endsWith(":free"));
  }

  #full(provider: string, model: string): Named | Nameless {
    if (this.#book.frame(provider) === null) return this.#unknownProvider(provider, model);
    const listed = this.#book.frame(provider)?.written?.models ?? [];
    const isStranger = listed.length > 0 && this.#book.known(provider, model) === null;
    const note = `"${provider}" lists models and "${model}" is none of them; it is sent as written`;
    return this.#made(provider, model, isStranger ? note : null);
  }

  /** The target of a known provider; without an address there is nothing to make one of. */
  #made(provider: string, model: string, note: string | null): Named | Nameless {
    const target = this.#book.target(provider, model);
    if (target !== null) return { target, note };
    return {
      problem: `"${provider}" has no usable address: write models.providers.${provider}.baseUrl`,
      suggestion: null,
    };
  }

  #unknownProvider(provider: string, model: string): Nameless {
    const bare = this.#bare.get(`${provider}/${model}`.toLowerCase()) ?? this.#bare.get(model.toLowerCase());
    const near = nearest(provider, this.#book.providers().keys());
    const suggestion = bare?.id ?? (near === null ? null : `${near}/${model}`);
    return { problem: `there is no provider "${provider}"`, suggestion };
  }

  #bareName(model: string): Named | Nameless {
    const found = this.#bare.get(model.toLowerCase());
    if (found === null) {
      return { problem: `several providers have a model "${model}": write provider/model`, suggestion: null };
    }
    if (found !== undefined) return { target: found, note: null };
    const provider = this.defaultProvider;
    if (provider === null) return this.#unknownName(model);
    return this.#made(provider, model, `names no provider; falling back to "${provider}/${model}": write it so`);
  }

  #unknownName(model: string): Nameless {
    const known = [...this.#written.keys(), ...this.#bare.keys()];
    return { problem: `there is no model or alias "${model}"`, suggestion: nearest(model, known) };
  }
}
