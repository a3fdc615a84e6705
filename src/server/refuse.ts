// A refusal: one envelope to the client, one event to the observers. Every no of the door passes here or through `refuse-socket`.
import { dispositionOf, type Failure, statusOf } from "../core/failure.ts";
import { openaiErrorBody } from "../dialects/openai-error.ts";
import { type Answer, jsonAnswer, write, writeAnswerHead } from "./answer.ts";
import { ANSWERED } from "./answered.ts";
import { hasMuchUnread, lingeringClose } from "./unread-input.ts";
import type { Visit } from "./visit.ts";

/** What a refusal may add. */
export interface RefusalOptions {
  /** Flat. */
  readonly headers?: readonly string[];
  /** Nothing more of this connection is believed. */
  readonly close?: boolean;
}

/** Answers with the failure and tells of it. A client that has gone is only told of. */
export function refuse(visit: Visit, because: Failure, options: RefusalOptions = {}): Response {
  tell(visit, because);
  const { incoming, outgoing } = visit;
  if (outgoing.destroyed || outgoing.headersSent) return ANSWERED;
  const encode = (why: Failure) => visit.encodeFailure(why, visit.requestId);
  const answer = refusalAnswer(because, options.headers, encode);
  const unread = hasMuchUnread(incoming);
  if (unread || options.close === true) outgoing.shouldKeepAlive = false;
  if (!unread) return write(visit, answer);
  writeAnswerHead(visit, answer);
  outgoing.write(answer.body);
  incoming.resume();
  lingeringClose(incoming.socket, visit.lobby.parts.clock);
  return ANSWERED;
}

/** The envelope of a failure with the headers that its row asks for. */
export function refusalAnswer(because: Failure, more: readonly string[] = [], encode = openaiErrorBody): Answer {
  const status = statusOf(because);
  const headers = [...more];
  if (status === 401) headers.push("www-authenticate", "Bearer");
  // RFC 9110 §15.5.22, §7.8.
  if (status === 426) headers.push("upgrade", "HTTP/1.1", "connection", "close, upgrade");
  if (because.retryAfterMs !== null) {
    headers.push("retry-after", String(Math.max(1, Math.ceil(because.retryAfterMs / 1000))));
  }
  if (isRepeatedBySdks(status) && !dispositionOf(because.kind).repeatable) headers.push("x-should-retry", "false");
  return jsonAnswer(status, JSON.stringify(encode(because)), headers);
}

/** Statuses that OpenAI's SDKs repeat unless told otherwise. */
function isRepeatedBySdks(status: number): boolean {
  return status >= 500 || status === 408 || status === 409 || status === 429;
}

function tell(visit: Visit, because: Failure): void {
  const { clock, observe } = visit.lobby.parts;
  observe({
    type: "request-refused",
    at: clock.now(),
    requestId: visit.requestId,
    trace: visit.trace,
    endpoint: visit.endpoint,
    method: visit.method,
    status: statusOf(because),
    failure: because,
    startedAt: visit.startedAt,
    requestBytes: visit.requestBytes,
  });
}
