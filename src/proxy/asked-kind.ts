// What a provider is asked for, a stream or a whole answer, where it has one of them only and the client wants the other.
import type { Body } from "../core/body.ts";
import type { Target } from "../core/snapshot.ts";
import type { Egress, Fitted } from "../dialects/dialect.ts";

/** True when the provider is asked for a stream. */
export function asksStream(wanted: boolean, { answersOnly }: Target, egress: Egress): boolean {
  if (answersOnly === null || egress.look === undefined) return wanted;
  return answersOnly === "streams";
}

/** The client's own body, asking for the kind that the provider has. */
export function askedFor(stream: boolean, body: Body, fit: Fitted): Fitted {
  const edits = new Map(fit.edits);
  edits.set("stream", stream);
  // Only streams have options.
  if (!stream && body.member("stream_options") !== undefined) edits.set("stream_options", undefined);
  return { ...fit, edits };
}
