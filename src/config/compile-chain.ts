// `model` and `imageModel` as written become ordered targets (OpenClaw §2.8).
import type { Target } from "../core/snapshot.ts";
import type { KeyPath } from "./key-path.ts";
import type { ModelNames } from "./model-names.ts";
import type { Report } from "./report.ts";
import type { ModelChoice } from "./schema/agents.ts";

/** A model name with its place. */
export interface Mention {
  readonly text: string;
  readonly path: KeyPath;
}

/** A choice taken apart; null where the file says nothing. */
export interface Choice {
  readonly primary: Mention | null;
  readonly fallbacks: readonly Mention[] | null;
  /** Bound on the clocks of one attempt, in milliseconds. */
  readonly timeoutMs: number | null;
}

/** What a choice that is not written says. */
export const NO_CHOICE: Choice = { primary: null, fallbacks: null, timeoutMs: null };

/** Takes a written choice apart. */
export function choiceOf(written: ModelChoice | undefined, path: KeyPath): Choice {
  if (written === undefined) return NO_CHOICE;
  if (typeof written === "string") return { primary: { text: written, path }, fallbacks: [], timeoutMs: null };
  const { primary, fallbacks, timeoutMs = null } = written;
  return {
    primary: primary === undefined ? null : { text: primary, path: [...path, "primary"] },
    fallbacks: fallbacks?.map((text, index) => ({ text, path: [...path, "fallbacks", index] })) ?? null,
    timeoutMs,
  };
}

/** An agent's own choice over the common one: a primary alone is strict, fallbacks alone keep the common primary, a bound holds until another one is written. */
export function overlaid(own: Choice, common: Choice): Choice {
  const timeoutMs = own.timeoutMs ?? common.timeoutMs;
  if (own.primary !== null) return { primary: own.primary, fallbacks: own.fallbacks ?? [], timeoutMs };
  return { primary: common.primary, fallbacks: own.fallbacks ?? common.fallbacks, timeoutMs };
}

/** Resolves names once per place, so that a mistake in the common part is said once and not for every agent. */
export class MentionReader {
  readonly #names: ModelNames;
  readonly #report: Report;
  readonly #read: Map<Mention, Target | null>;

  constructor(names: ModelNames, report: Report) {
    this.#names = names;
    this.#report = report;
    this.#read = new Map();
  }

  /** The target that is meant; null when there is none, which is then said. */
  target(mention: Mention): Target | null {
    const known = this.#read.get(mention);
    if (known !== undefined) return known;
    const target = this.#resolve(mention);
    this.#read.set(mention, target);
    return target;
  }

  /** Primary and fallbacks in order, each target once. */
  chain({ primary, fallbacks }: Choice): readonly Target[] {
    const mentions = [...(primary === null ? [] : [primary]), ...(fallbacks ?? [])];
    const targets = mentions.map((mention) => this.target(mention)).filter((target) => target !== null);
    return [...new Set(targets)];
  }

  #resolve({ text, path }: Mention): Target | null {
    const named = this.#names.resolve(text, path);
    if ("problem" in named) {
      this.#report({ code: "unknown_model", path, message: named.problem, suggestion: named.suggestion });
      return null;
    }
    if (named.note !== null) this.#report({ severity: "warning", code: "model_name", path, message: named.note });
    return named.target;
  }
}
