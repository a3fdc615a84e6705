// Refusals where there is no request to answer: the parser gave up, or somebody asked for a tunnel. Written on the bare connection.
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { failure, type Failure, type FailureKind, statusOf } from "../core/failure.ts";
import { newTrace, requestIdOf } from "../core/ids.ts";
import type { Answer } from "./answer.ts";
import type { Lobby } from "./lobby.ts";
import { refusalAnswer } from "./refuse.ts";
import { lingeringClose } from "./unread-input.ts";
import { OTHER_ENDPOINT } from "./visit.ts";
import { securityHeaders } from "./write-head.ts";

/** What the parser's complaints mean; everything else is a malformed request. */
const COMPLAINTS: Readonly<Record<string, readonly [kind: FailureKind, message: string]>> = {
  HPE_HEADER_OVERFLOW: ["head-too-large", "The request head is too large."],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ["body-too-large", "The request body's chunk extensions are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: ["request-timeout", "The request did not arrive in time."],
};

/** The failure behind an error of the HTTP parser. */
export function parserFailure(error: Error): Failure {
  const code = "code" in error ? String(error.code) : "";
  const [kind, message] = COMPLAINTS[code] ?? ["request-invalid", "The request is not well-formed HTTP/1.1."];
  const details = { detail: code, phase: "request" } as const;
  return failure(kind, message, kind === "request-invalid" ? { ...details, code: "bad_request" } : details);
}

/** Answers on the bare connection, ends it and tells of it. */
export function refuseSocket(lobby: Lobby, socket: Duplex, because: Failure): void {
  const { clock, holder, observe } = lobby.parts;
  const trace = newTrace();
  const requestId = requestIdOf(trace);
  const answer = refusalAnswer(because, ["x-request-id", requestId, "connection", "close"]);
  socket.write(answerBytes(answer, securityHeaders(holder.current.gateway)));
  lingeringClose(socket, clock);
  const now = clock.now();
  observe({
    type: "request-refused",
    at: now,
    requestId,
    trace,
    endpoint: OTHER_ENDPOINT,
    method: "",
    status: statusOf(because),
    failure: because,
    startedAt: now,
    requestBytes: 0,
  });
}

function answerBytes({ status, headers, body }: Answer, more: readonly string[]): string {
  const fields = [...more, ...headers, "content-length", String(Buffer.byteLength(body))];
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${head}\r\n${body}`;
}
