// Whole answers that the door gives itself: health, models, metrics, preflights, refusals.
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Visit } from "./visit.ts";
import { writeHead } from "./write-head.ts";

/** An answer as a value. `headers` is flat: name, value, name, value; length and the door's own headers are added. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

const BODILESS = new Set([204, 304]);

/** A JSON answer that no cache keeps. */
export function jsonAnswer(status: number, body: string, headers: readonly string[] = []): Answer {
  return { status, headers: ["content-type", "application/json", "cache-control", "no-store", ...headers], body };
}

/** Writes an answer; what it returns tells the adapter that nothing is left to do. */
export function send(visit: Visit, answer: Answer): Response {
  const { outgoing } = visit;
  if (!outgoing.destroyed) {
    writeAnswerHead(visit, answer);
    outgoing.end(answer.body);
  }
  return RESPONSE_ALREADY_SENT;
}

/** Status line and headers, with the length of the body that will follow. */
export function writeAnswerHead(visit: Visit, { status, headers, body }: Answer): void {
  const length = ["content-length", String(Buffer.byteLength(body))];
  writeHead(visit, status, BODILESS.has(status) ? headers : headers.concat(length));
}
