// What is known of the tokens of an attempt. A figure that nobody told is absent, never 0; one of an answer that was cut is a part.
import type { AttemptRef } from "../core/events.ts";
import type { Operation } from "../core/names.ts";

/** `partial`: the answer did not come to its end, and the provider may count more than it had told. */
export type UsageState = "complete" | "partial" | "absent";

/** Null for an attempt that has no tokens to be known of: it got no answer, or was asked to count and not to say anything. */
export function usageStateOf({ told, outcome, committedAt }: AttemptRef, operation: Operation): UsageState | null {
  const usage = told?.usage ?? null;
  if (usage === null) return committedAt === null || operation === "count-tokens" ? null : "absent";
  return outcome === "completed" && told?.ended === true ? "complete" : "partial";
}
