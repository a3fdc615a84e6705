// What undici, TLS, DNS, the parser and the decoders report, as failures of ours. A new code is a row.
import { failure, type Failure, type FailureKind } from "../core/failure.ts";

/** Where an exchange is: no connection yet, no head yet, in the body. */
export type UpstreamPhase = "connect" | "headers" | "stream";

interface Meaning {
  readonly kind: FailureKind;
  /** Null is the kind's own code. */
  readonly code: string | null;
  /** For clients: the class of failure, never an address. */
  readonly message: string;
  /** The last phase in which the report means this; later, the connection broke. */
  readonly until: UpstreamPhase;
}

const ORDER: Readonly<Record<UpstreamPhase, number>> = { connect: 0, headers: 1, stream: 2 };
const DETAIL_MAX = 500;

const UNREACHABLE: Meaning = {
  kind: "connect-failed",
  code: "upstream_unreachable",
  message: "The provider could not be reached.",
  until: "connect",
};
const REFUSED_BY_GUARD: Meaning = { ...UNREACHABLE, message: "The provider's address is not allowed." };
const DNS: Meaning = { ...UNREACHABLE, code: "upstream_dns", message: "The provider's name could not be resolved." };
/** Until the head: a server may refuse our certificate only after the handshake (TLS 1.3). */
const TLS: Meaning = {
  kind: "connect-failed",
  code: "upstream_tls",
  message: "No trusted TLS connection to the provider came about.",
  until: "headers",
};
const CONNECT_TIMEOUT: Meaning = {
  kind: "connect-timeout",
  code: null,
  message: "The provider did not accept a connection in time.",
  until: "connect",
};
const BROKEN: Meaning = {
  kind: "stream-broken",
  code: null,
  message: "The connection to the provider broke.",
  until: "stream",
};
const CUT: Meaning = { ...BROKEN, message: "The provider's answer ended early." };
const MALFORMED: Meaning = {
  kind: "bad-payload",
  code: null,
  message: "The provider's answer is not valid HTTP.",
  until: "stream",
};
const HEAD_TOO_LARGE: Meaning = { ...MALFORMED, message: "The provider's response headers are too large." };
const WRONG_LENGTH: Meaning = { ...MALFORMED, message: "The provider's answer does not have its declared length." };
const UNDECODABLE: Meaning = { ...MALFORMED, message: "The provider's compressed answer cannot be decoded." };
/** Our own limits: another provider would meet them too, and no provider is to blame. */
const EXHAUSTED_HERE: Meaning = {
  kind: "overloaded-here",
  code: null,
  message: "The gateway has no connections left.",
  until: "connect",
};
const SHUTTING_DOWN: Meaning = {
  kind: "draining",
  code: null,
  message: "The gateway is shutting down.",
  until: "stream",
};
const OUR_BUG: Meaning = { kind: "internal", code: null, message: "The gateway failed.", until: "stream" };

/** Exact codes of undici, libuv, getaddrinfo, OpenSSL and zlib. */
const BY_CODE = new Map<string, Meaning>([
  ["ECONNREFUSED", UNREACHABLE],
  ["EHOSTUNREACH", UNREACHABLE],
  ["EHOSTDOWN", UNREACHABLE],
  ["ENETUNREACH", UNREACHABLE],
  ["ENETDOWN", UNREACHABLE],
  ["EADDRNOTAVAIL", UNREACHABLE],
  ["EACCES", UNREACHABLE],
  ["EPERM", UNREACHABLE],
  ["ECONNRESET", UNREACHABLE],
  ["ECONNABORTED", UNREACHABLE],
  ["EPIPE", UNREACHABLE],
  ["UND_ERR_SOCKET", UNREACHABLE],
  ["ERR_EGRESS_REFUSED", REFUSED_BY_GUARD],
  ["ENOTFOUND", DNS],
  ["ENODATA", DNS],
  ["ESERVFAIL", DNS],
  ["ETIMEOUT", DNS],
  ["EPROTO", TLS],
  ["HOSTNAME_MISMATCH", TLS],
  ["PATH_LENGTH_EXCEEDED", TLS],
  ["ETIMEDOUT", CONNECT_TIMEOUT],
  ["UND_ERR_CONNECT_TIMEOUT", CONNECT_TIMEOUT],
  ["HPE_INVALID_EOF_STATE", CUT],
  ["UND_ERR_HEADERS_OVERFLOW", HEAD_TOO_LARGE],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", WRONG_LENGTH],
  ["UND_ERR_RES_EXCEEDED_MAX_SIZE", WRONG_LENGTH],
  ["Z_BUF_ERROR", CUT],
  ["EMFILE", EXHAUSTED_HERE],
  ["ENFILE", EXHAUSTED_HERE],
  ["ENOBUFS", EXHAUSTED_HERE],
  ["ENOMEM", EXHAUSTED_HERE],
  ["UND_ERR_CLOSED", SHUTTING_DOWN],
  ["UND_ERR_DESTROYED", SHUTTING_DOWN],
  ["UND_ERR_INVALID_ARG", OUR_BUG],
  ["UND_ERR_NOT_SUPPORTED", OUR_BUG],
  ["ERR_ASSERTION", OUR_BUG],
]);
/** Families of codes, looked at when no exact row fits. */
const BY_PREFIX: readonly (readonly [prefix: string, meaning: Meaning])[] = [
  ["EAI_", DNS],
  ["ERR_TLS_", TLS],
  ["ERR_SSL_", TLS],
  ["ERR_OSSL_", TLS],
  ["CERT_", TLS],
  ["CRL_", TLS],
  ["UNABLE_TO_", TLS],
  ["DEPTH_ZERO_", TLS],
  ["SELF_SIGNED_", TLS],
  ["ERROR_IN_", TLS],
  ["INVALID_", TLS],
  ["HPE_", MALFORMED],
  ["Z_", UNDECODABLE],
  ["ZSTD_error_", UNDECODABLE],
  ["ERR__ERROR_", UNDECODABLE],
  ["ERR_BROTLI_", UNDECODABLE],
];

/** The code of an error. Undici leaves out those of its HTTP parser (8.12 looks them up by number); its words stand in. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error.name !== "HTTPParserError") return null;
  return error.message.includes("Invalid EOF state") ? "HPE_INVALID_EOF_STATE" : "HPE_INVALID";
}

function meaningOf(error: unknown, phase: UpstreamPhase): Meaning {
  const code = codeOf(error) ?? "";
  const row = BY_CODE.get(code) ?? BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1];
  if (row !== undefined && ORDER[phase] <= ORDER[row.until]) return row;
  // Engine errors are what broken code throws; undici hands them over like any other.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return OUR_BUG;
  return phase === "connect" ? UNREACHABLE : BROKEN;
}

/** For the log only: code and words of the report, bounded. */
function detailOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return `${codeOf(error) ?? "no code"}: ${words}`.slice(0, DETAIL_MAX);
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
  return { ...made(BROKEN, "headers", error), replaySafe: true };
}

/** A connection that ended inside a body of declared length, which undici reports like any other end (fault row U17). */
export function shortAnswer(error: unknown): Failure {
  return made(WRONG_LENGTH, "stream", error);
}
