// How a connection to a provider broke, in OpenClaw's words (OpenClaw §6.2): by the code of the error, else by its words.
import type { Failure, FailureKind } from "../core/failure.ts";

/** OpenClaw's `failureKind`. */
export type BrokenBy = "aborted" | "connection_reset" | "connection_closed" | "timeout" | "terminated";

const BY_CODE: Readonly<Record<string, BrokenBy>> = {
  ABORT_ERR: "aborted",
  ECONNABORTED: "aborted",
  ERR_ABORTED: "aborted",
  ECONNRESET: "connection_reset",
  ERR_STREAM_PREMATURE_CLOSE: "connection_closed",
  UND_ERR_SOCKET: "connection_closed",
  ETIMEDOUT: "timeout",
  ERR_SOCKET_CONNECTION_TIMEOUT: "timeout",
};

/** In this order. */
const BY_WORDS: readonly (readonly [RegExp, BrokenBy])[] = [
  [/terminated|sigkill|sigterm/i, "terminated"],
  [/connection reset/i, "connection_reset"],
  [/socket hang up|premature close|connection closed|other side closed/i, "connection_closed"],
  [/timed out/i, "timeout"],
  [/aborted/i, "aborted"],
];

/** Kinds of ours that no error brings: a clock of ours struck, or an answer ended in the middle. */
const BY_KIND: Readonly<Partial<Record<FailureKind, BrokenBy>>> = {
  "connect-timeout": "timeout",
  "commit-timeout": "timeout",
  "whole-timeout": "timeout",
  "idle-timeout": "timeout",
  "stream-broken": "connection_closed",
};

/** Null for a failure that the network has no part in. */
export function brokenBy(failure: Failure): BrokenBy | null {
  for (let error = failure.cause; error instanceof Error; error = error.cause) {
    const found = byCode(error) ?? byWords(error.message);
    if (found !== null) return found;
  }
  return BY_KIND[failure.kind] ?? null;
}

/** OpenClaw's `errorCategory`: the class of the error, or, where none was thrown, our kind of failure. */
export function errorCategory({ cause, kind }: Failure): string {
  return cause instanceof Error ? cause.name.slice(0, CATEGORY_LENGTH_MAX) : kind;
}

const CATEGORY_LENGTH_MAX = 64;

function byCode(error: Error): BrokenBy | null {
  const code = "code" in error ? String(error.code) : "";
  return Object.hasOwn(BY_CODE, code) ? (BY_CODE[code] ?? null) : null;
}

function byWords(message: string): BrokenBy | null {
  return BY_WORDS.find(([words]) => words.test(message))?.[1] ?? null;
}
