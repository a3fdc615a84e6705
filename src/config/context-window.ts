// The context-window preflight (OpenClaw §9): whether a model's context is large enough to work in. Judges only what the file states;
// an unknown window is never judged (decision 11 d). It looks at the model, not at the size of a request.
import type { Stated } from "../core/snapshot.ts";

/** Why a target is not used: OpenClaw's word for a window below the floor. */
export const WINDOW_TOO_SMALL = "context_window_too_small";
/** Codes of the complaints, by verdict. */
export const WINDOW_CODES = { low: "low_context_window", "too-small": WINDOW_TOO_SMALL } as const;

/** A judged context; all sizes in tokens. */
export interface ContextWindow {
  /** What may be used. */
  readonly tokens: number;
  /** Fewer are worth a warning. */
  readonly warnBelow: number;
  /** With fewer the model is not used. */
  readonly blockBelow: number;
  /** Whose word it is: the model's and provider's, or the cap over all models. */
  readonly source: "modelsConfig" | "agentContextTokens";
  readonly verdict: "ok" | "low" | "too-small";
}

const WARN_TOKENS = 8_000;
const WARN_RATIO = 0.2;
const BLOCK_TOKENS = 4_000;
const BLOCK_RATIO = 0.1;

/** Judges a stated context under the cap over all models (`agents.defaults.contextTokens`); null when none is stated. */
export function contextWindowOf(
  { contextWindow, contextTokens }: Pick<Stated, "contextWindow" | "contextTokens">,
  cap: number | null,
): ContextWindow | null {
  const whole = contextTokens ?? contextWindow;
  if (whole === null) return null;
  const isCapped = cap !== null && cap < whole;
  const tokens = isCapped ? cap : whole;
  const warnBelow = Math.max(WARN_TOKENS, Math.floor(WARN_RATIO * whole));
  // Never above what is there, so that a boastful model does not make a sensible cap an error.
  const blockBelow = Math.min(Math.max(BLOCK_TOKENS, Math.floor(BLOCK_RATIO * whole)), Math.max(tokens, BLOCK_TOKENS));
  const verdict = tokens < blockBelow ? "too-small" : tokens < warnBelow ? "low" : "ok";
  return { tokens, warnBelow, blockBelow, source: isCapped ? "agentContextTokens" : "modelsConfig", verdict };
}

/** What is said of a window that is not ok, in OpenClaw's words; `capKey` is the key that lowers it. */
export function windowWords(
  of: { readonly id: string; readonly local: boolean },
  window: ContextWindow,
  capKey = "agents.defaults.contextTokens",
): string {
  const { tokens, warnBelow, blockBelow, source, verdict } = window;
  if (verdict === "low") return `low context window: ${of.id} ctx=${tokens} (warn<${warnBelow}) source=${source}`;
  const raise =
    source === "agentContextTokens"
      ? capKey
      : of.local
        ? "the context limit of the local server and of its entry here"
        : "the model's context limit";
  return `Model context window too small (${tokens} tokens; source=${source}). Minimum is ${blockBelow}. ${of.id} is passed over: raise ${raise} or choose a larger model`;
}
