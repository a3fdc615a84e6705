// Which requests went wrong because of us or of a provider. A 4xx is the client's own doing and no error of the server (HTTP conventions);
// a failure behind a 2xx is a stream that was cut.
import type { RequestEnd } from "../core/events.ts";

type Ended = Pick<RequestEnd, "outcome" | "status">;

const CLIENT_ERROR = 400;
const RATE_LIMITED = 429;
const SERVER_ERROR = 500;

/** What marks a server's span as failed. */
export function isServerError({ outcome, status }: Ended): boolean {
  return outcome === "failed" && (status >= SERVER_ERROR || status < CLIENT_ERROR);
}

/** What people are to be told of, by the page as by the alert rules: also a 429, since then no provider would take the request. */
export function isAlarming(ended: Ended): boolean {
  return isServerError(ended) || (ended.outcome === "failed" && ended.status === RATE_LIMITED);
}
