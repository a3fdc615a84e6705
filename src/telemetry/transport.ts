// How an answer travelled, as OpenClaw's label `transport` tells it: streamed and whole calls take different times.
import type { AttemptRef } from "../core/events.ts";

/** `sse`, `http`, or `mock` for an answer that came over no network. */
export function transportOf({ target }: Pick<AttemptRef, "target">, stream: boolean): string {
  if (target.via === "mock") return "mock";
  return stream ? "sse" : "http";
}
