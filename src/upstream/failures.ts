// What undici, TLS, DNS, the parser and the decoders report, as failures of ours. The codes stand in network-errors.ts.
import { changedFailure, failure, type Failure } from "../core/failure.ts";
import {
  BROKEN,
  MALFORMED,
  type Meaning,
  meaningOfCode,
  OUR_BUG,
  UNREACHABLE,
  type UpstreamPhase,
  WRONG_LENGTH,
} from "./network-errors.ts";

export type { UpstreamPhase } from "./network-errors.ts";

const ORDER: Readonly<Record<UpstreamPhase, number>> = { connect: 0, headers: 1, stream: 2 };
const DETAIL_MAX = 500;

/** IPv4 and IPv6, with a port or without. */
const ADDRESS = /\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|\[[0-9a-f:.]{2,45}\](?::\d{1,5})?/gi;

/** The code of an error. Undici leaves out those of its HTTP parser (8.12 looks them up by number); its words stand in. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.name !== "HTTPParserError") return null;
  return error.message.includes("Invalid EOF state") ? "HPE_INVALID_EOF_STATE" : "HPE_INVALID";
}

function meaningOf(error: unknown, phase: UpstreamPhase): Meaning {
  const row = meaningOfCode(codeOf(error) ?? "");
  // Undici says so of whatever its parser refuses behind a length, and no body has begun.
  if (row === WRONG_LENGTH && phase === "headers") return MALFORMED;
  if (row !== null && ORDER[phase] <= ORDER[row.until]) return row;
  // Engine errors are what broken code throws; undici hands them over like any other.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return OUR_BUG;
  return phase === "connect" ? UNREACHABLE : BROKEN;
}

/** For the log only: the code of the report; its words, which name hosts and addresses, only where there is no code. */
function detailOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== null) return code.slice(0, DETAIL_MAX);
  const words = error instanceof Error ? error.message : String(error);
  return `no code: ${words.slice(0, 2 * DETAIL_MAX).replaceAll(ADDRESS, "(address)")}`.slice(0, DETAIL_MAX);
}

function made({ kind, code, message }: Meaning, phase: UpstreamPhase, error: unknown): Failure {
  return failure(kind, message, { code, phase, detail: detailOf(error), cause: error });
}

/** The failure that an error means in this phase. Never throws, whatever was thrown. */
export function failureOf(error: unknown, phase: UpstreamPhase): Failure {
  return made(meaningOf(error, phase), phase, error);
}

/** A reused connection that ended before one byte of this answer: repeating cannot double anything (fault row U70). */
export function staleConnection(error: unknown): Failure {
  return changedFailure(made(BROKEN, "headers", error), { replaySafe: true });
}

/** A connection that ended inside a body of declared length, which undici reports like any other end (fault row U17). */
export function shortAnswer(error: unknown): Failure {
  return made(WRONG_LENGTH, "stream", error);
}

/**
 * True for an assertion of undici's. In a bundle Node fails to find its words in the source, and what is thrown is the complaint of whoever
 * looked for them.
 */
export function isAssertion(error: Error): boolean {
  return codeOf(error) === "ERR_ASSERTION" || error instanceof SyntaxError;
}

/** An answer that undici's parser does not refuse and yet holds to be impossible, such as 101 without a word of what to upgrade to. */
export function impossibleAnswer(error: Error, phase: UpstreamPhase): Failure {
  return failure(MALFORMED.kind, MALFORMED.message, { phase, detail: "an assertion of the parser", cause: error });
}

/** A status below 100, which undici's parser lets through, to trip over it at the end of the message. */
export function noStatus(status: number): Failure {
  return failure(MALFORMED.kind, MALFORMED.message, { phase: "headers", detail: `status ${status}` });
}
