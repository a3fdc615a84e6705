// What a provider's response headers tell us and the client never sees.
import { type HeaderBag, headerOf } from "../core/upstream.ts";

/** Names under which providers send their request id, the most common first. */
const REQUEST_ID_HEADERS = [
  "x-request-id",
  "request-id", // Anthropic
  "apim-request-id", // Azure
  "x-ms-request-id",
  "x-goog-request-id",
  "x-amzn-requestid",
  "x-correlation-id",
  "cf-ray",
] as const;
/** Anything else could write lines of its own into a log. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** The provider's own id of a request, for log and span; null when it sent none that is fit to print. */
export function providerRequestId(headers: HeaderBag): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = headerOf(headers, name);
    if (value !== null && REQUEST_ID.test(value)) return value;
  }
  return null;
}
