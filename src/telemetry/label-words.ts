// Where label values come from: the configured catalogue and closed lists. What a client can influence becomes a bounded word or `other`.
import type { RequestRef } from "../core/events.ts";
import type { Target } from "../core/snapshot.ts";
import type { NotReady } from "../core/standing.ts";
import { genAiProvider } from "./genai-names.ts";
import { CHANNELS, EVERY_MODEL, NOTHING, OTHER } from "./names.ts";

/** The labels of one target. */
export interface TargetLabels {
  /** `provider/model`. */
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly api: string;
  /** The provider in the words of the GenAI conventions. */
  readonly genAi: string;
}

/** For requests that never reached a target. */
export const NO_TARGET: TargetLabels = { id: NOTHING, provider: NOTHING, model: NOTHING, api: NOTHING, genAi: NOTHING };

/** Our own words, some of which are paths: `messages[].content`. */
const WORD = /^[A-Za-z0-9._[\]-]{1,48}$/;
const ROUTE = /^\/[A-Za-z0-9._/{}-]{0,64}$/;
const WORDS_MAX = 64;
const REQUESTED_MAX = 1024;
const TARGETS_MAX = 4096;

/** HTTP conventions: other methods are one. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]);

/** At most so many distinct words of a harmless shape; everything else is `other`. First come, first named. */
class BoundedWords {
  readonly #shape: RegExp;
  readonly #max: number;
  readonly #known = new Set<string>();

  constructor(shape: RegExp, max: number) {
    this.#shape = shape;
    this.#max = max;
  }

  label(word: string): string {
    if (this.#known.has(word)) return word;
    if (this.#known.size >= this.#max || !this.#shape.test(word)) return OTHER;
    this.#known.add(word);
    return word;
  }
}

const OTHER_METHOD = "_OTHER";

/** Where label values come from beside events. */
export interface LabelSources {
  /** Tells whether a target id is listed in the current configuration. */
  readonly isConfigured: (targetId: string) => boolean;
  /** Tells whether the current configuration lists a channel of this name, in lower case. */
  readonly isChannel: (name: string) => boolean;
  readonly scheme: () => "http" | "https";
}

/** Makes label values of what events hold. */
export class LabelWords {
  readonly #isConfigured: (targetId: string) => boolean;
  readonly #isChannel: (name: string) => boolean;
  /** Asked once per compiled target; those of unlisted models live as long as their request. */
  readonly #targets = new WeakMap<Target, TargetLabels>();
  /** The same labels are the same object, whichever configuration or request their target was compiled for. */
  readonly #labels = new Map<string, TargetLabels>();
  /** What was asked for and is configured; finding out takes longer than remembering. */
  readonly #known = new Set<string>();
  #lastTarget: Target | null = null;
  #lastLabels: TargetLabels = NO_TARGET;
  readonly #routes = new BoundedWords(ROUTE, WORDS_MAX);
  readonly #repairs = new BoundedWords(WORD, WORDS_MAX);
  readonly #fields = new BoundedWords(WORD, WORDS_MAX);
  readonly #denials = new BoundedWords(WORD, WORDS_MAX);

  /** How clients reach us. */
  readonly scheme: () => "http" | "https";

  constructor({ isConfigured, isChannel, scheme }: LabelSources) {
    this.#isConfigured = isConfigured;
    this.#isChannel = isChannel;
    this.scheme = scheme;
  }

  /** What a request asked for: its agent, or a listed target. */
  requested({ agent, requested }: Pick<RequestRef, "agent" | "requested">): string {
    if (this.#known.has(requested)) return requested;
    if (requested !== `openclaw/${agent}` && !this.#isConfigured(requested)) return OTHER;
    // A name that left the file goes on being shown: it is one that was there.
    if (this.#known.size < REQUESTED_MAX) this.#known.add(requested);
    return requested;
  }

  /** A route template of the door. */
  route(template: string): string {
    return this.#routes.label(template);
  }

  /** A request's method. */
  method(name: string): string {
    return METHODS.has(name) ? name : OTHER_METHOD;
  }

  /** A model that the file does not list was named by a client: its provider is told, its name is not. */
  target(of: Target | null): TargetLabels {
    if (of === null) return NO_TARGET;
    // One event asks for the same target many times.
    if (of === this.#lastTarget) return this.#lastLabels;
    this.#lastLabels = this.#targets.get(of) ?? this.#label(of);
    this.#lastTarget = of;
    return this.#lastLabels;
  }

  /** The model that is not ready: `*` for a credential that rests for all models of its provider. */
  modelNotReady({ provider, target }: NotReady): string {
    if (target === null) return EVERY_MODEL;
    return this.#isConfigured(target) ? target.slice(provider.length + 1) : OTHER;
  }

  /** The client's `x-openclaw-message-channel`, where it is one that is known. */
  channel(name: string | null): string {
    if (name === null || name === "") return NOTHING;
    const known = name.toLowerCase();
    return CHANNELS.has(known) || this.#isChannel(known) ? known : OTHER;
  }

  /** Why a caller was not let in. */
  denial(reason: string): string {
    return this.#denials.label(reason);
  }

  /** The name of an alteration of an answer. */
  repair(name: string): string {
    return this.#repairs.label(name);
  }

  /** The name of a request field that was dropped, renamed or clamped. */
  field(name: string): string {
    return this.#fields.label(name);
  }

  #label(of: Target): TargetLabels {
    const { provider, api } = of;
    const [id, model] = this.#isConfigured(of.id) ? [of.id, of.model] : [OTHER, OTHER];
    const key = `${provider}\n${model}\n${api}`;
    const labels = this.#labels.get(key) ?? { id, provider, model, api, genAi: genAiProvider(provider) };
    if (this.#labels.size >= TARGETS_MAX) this.#labels.clear();
    this.#labels.set(key, labels);
    this.#targets.set(of, labels);
    return labels;
  }
}
