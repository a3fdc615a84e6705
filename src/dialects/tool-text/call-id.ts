// Ids of calls that a provider has given none: made of the request's, so that the same answer has the same ids, streamed or whole.
import { hash } from "node:crypto";

const HEX_DIGITS = 24;

/** `call_` and 24 hex digits; the same for the same request and place. */
export function derivedCallId(requestId: string, place: string): string {
  return `call_${hash("sha256", `${requestId}/${place}`).slice(0, HEX_DIGITS)}`;
}
