// Attempts as commands print them, and failures in OpenClaw's words.
import type { ProxyEvent } from "../core/events.ts";
import { dispositionOf, type Failure } from "../core/failure.ts";
import { oneLine } from "./one-line.ts";

/** One try that came to nothing. */
export interface Attempted {
  readonly provider: string;
  readonly model: string;
  /** OpenClaw's failover reason. */
  readonly reason: string;
  /** The provider's status; null when it sent none. */
  readonly status: number | null;
  readonly error: string;
  readonly durationMs: number;
}

/** The failed attempts among what was told. */
export function attemptedOf(events: readonly ProxyEvent[], redact: (text: string) => string): readonly Attempted[] {
  return events.flatMap((event) => {
    if (event.type !== "attempt-end" || event.attempt.failure === null) return [];
    const { target, failure, startedAt, endedAt } = event.attempt;
    return {
      provider: target.provider,
      model: target.model,
      reason: dispositionOf(failure.kind).reason,
      status: failure.upstreamStatus,
      error: oneLine(redact(wordsOf(failure))),
      durationMs: Math.round((endedAt ?? startedAt) - startedAt),
    };
  });
}

/** A failure in one line: the class, and the provider's own words where there are any. Not redacted. */
export function wordsOf({ message, detail }: Failure): string {
  return detail === null || message.includes(detail) ? message : `${message} ${detail}`;
}
