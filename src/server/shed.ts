// Turning model calls away before they cost anything: the process is full, strained or going (decision 23).
import { failure, type Failure } from "../core/failure.ts";
import { declaredBytes } from "./unread-input.ts";
import type { Visit } from "./visit.ts";

const RETRY_AFTER_MS = 1_000;

/** Why a call is turned away; the words of log and metric. */
export type ShedReason = "inflight" | "bytes" | "event_loop" | "heap" | "connections";

/** Null when there is room for one more model call. */
export function shedding({ lobby, incoming, snapshot }: Visit): Failure | null {
  if (lobby.refusing) return draining();
  if (lobby.isCrowded) return shed("connections");
  const reason = lobby.load.full(snapshot.limits, declaredBytes(incoming) ?? 0) ?? lobby.parts.pulse.strain;
  return reason === null ? null : shed(reason);
}

/** The refusal of a call that comes, or is complete, too late. */
export function draining(): Failure {
  return failure("draining", "The gateway is shutting down.", { phase: "request", retryAfterMs: RETRY_AFTER_MS });
}

/** The refusal of a call for which there is no room. */
export function shed(reason: ShedReason): Failure {
  return failure("overloaded-here", "The gateway is overloaded.", {
    detail: reason,
    phase: "request",
    retryAfterMs: RETRY_AFTER_MS,
  });
}
