// One request over node:http, and whoever reads its answer hears it as it comes. The one client of `openclaw-edge bench`, of the project's own
// bench and of its soaks. Keeps nothing and judges nothing; never rejects: how it ended is part of the answer.
import { type Agent, type IncomingMessage, request } from "node:http";
import { request as requestOverTls } from "node:https";
import type { ConnectionOptions } from "node:tls";
import type { Received } from "./judge-answer.ts";

/** Whom to ask, and what. */
export interface Asking {
  /** Of the chat endpoint. */
  readonly url: URL;
  /** Undefined: a connection of its own kind by default. */
  readonly agent: Agent | undefined;
  /** For https; absent: the usual authorities. */
  readonly trust?: ConnectionOptions;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** To the end of the answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** Hears an answer. */
export interface AnswerReader {
  head(status: number): void;
  bytes(chunk: Buffer): void;
  /** Exactly once, after everything else; without a head when none came. `unreached`: the system's word for why there was no connection. */
  end(how: Received["end"], unreached: string | null): void;
}

/** Asks once; what is returned lets the client leave before the end. */
export function exchange({ url, agent, headers, body, timeoutMs, trust }: Asking, reader: AnswerReader): () => void {
  const options = { method: "POST", agent, headers };
  const asking = url.protocol === "https:" ? requestOverTls(url, { ...options, ...trust }) : request(url, options);
  let ended = false;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    asking.destroy();
  }, timeoutMs);
  const end = (how: Received["end"], unreached: string | null = null): void => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    reader.end(isLate ? "late" : how, isLate ? null : unreached);
  };
  asking.on("error", (error) => end("cut", connectFault(error)));
  asking.on("response", (response: IncomingMessage) => {
    reader.head(response.statusCode ?? 0);
    response.on("data", (chunk: Buffer) => reader.bytes(chunk));
    response.on("end", () => end("complete"));
    // Whatever the reason, an answer that closes before its end was cut.
    response.on("error", () => end("cut"));
    response.on("close", () => end("cut"));
  });
  asking.on("close", () => end("cut"));
  asking.end(body);
  return () => asking.destroy();
}

/** Null when there was a connection. */
function connectFault(error: Error): string | null {
  const { code = null } = error as NodeJS.ErrnoException;
  return code === "ECONNRESET" || code === "EPIPE" ? null : code;
}
