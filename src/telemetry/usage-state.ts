// What is known of the tokens of an attempt. A figure that nobody told is absent, never 0; one of an answer that was cut is a part.
import type { AttemptRef } from "../core/events.ts";

/** `partial`: the answer did not come to its end, and the provider may count more than it had told. */
export type UsageState = "complete" | "partial" | "absent";

/** Null for an attempt that got no answer: it has no tokens to be known of. */
export function usageStateOf({ told, outcome, committedAt }: AttemptRef): UsageState | null {
  const usage = told?.usage ?? null;
  if (usage === null) return committedAt === null ? null : "absent";
  return outcome === "completed" && told?.ended === true ? "complete" : "partial";
}
