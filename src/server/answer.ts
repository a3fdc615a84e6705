// Whole answers that the door gives itself: health, models, metrics, preflights, refusals.
import { ANSWERED } from "./answered.ts";
import { owesBody } from "./unread-input.ts";
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

/** Writes the answer of an endpoint and tells of it; nothing is left to do for the caller. */
export function send(visit: Visit, answer: Answer): Response {
  const { endpoint, method, startedAt } = visit;
  const { clock, observe } = visit.lobby.parts;
  observe({ type: "request-answered", at: clock.now(), endpoint, method, status: answer.status, startedAt });
  return write(visit, answer);
}

/** Writes an answer of which something else is told. */
export function write(visit: Visit, answer: Answer): Response {
  const { outgoing } = visit;
  if (!outgoing.destroyed) {
    writeAnswerHead(visit, answer);
    outgoing.end(answer.body);
    if (owesBody(visit.incoming)) visit.lobby.owing.note(visit.incoming);
  }
  return ANSWERED;
}

/** Status line and headers, with the length of the body that will follow. */
export function writeAnswerHead(visit: Visit, { status, headers, body }: Answer): void {
  const length = ["content-length", String(Buffer.byteLength(body))];
  writeHead(visit, status, BODILESS.has(status) ? headers : headers.concat(length));
}
