// How a mock target behaves in time and luck: `params` of the target over the habits of its model.
import type { Json, JsonObject } from "../core/json.ts";

/** Speed of a model; 0 is as fast as possible, and then no timer is set. */
export interface Pace {
  /** From the request to the first token. */
  readonly ttftMs: number;
  readonly tokensPerSecond: number;
}

/** Everything that `params` decides. */
export interface MockSettings {
  readonly ttftMs: number;
  /** Between tokens. */
  readonly perTokenMs: number;
  /** Share of requests that fail, 0 to 1. */
  readonly errorRate: number;
  readonly seed: number;
}

/** Reads `params`; what is missing, negative or no number counts as not written. */
export function readSettings(params: JsonObject, habits: Pace): MockSettings {
  const tokensPerSecond = positiveOr(params["tokensPerSecond"], habits.tokensPerSecond);
  return {
    ttftMs: positiveOr(params["ttftMs"], habits.ttftMs),
    perTokenMs: tokensPerSecond === 0 ? 0 : 1000 / tokensPerSecond,
    errorRate: Math.min(1, positiveOr(params["errorRate"], 0)),
    seed: positiveOr(params["seed"], 0),
  };
}

function positiveOr(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : otherwise;
}
