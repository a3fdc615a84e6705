// What the codes of network errors mean: undici, libuv, the resolver, OpenSSL, the parser, the decoders. A new code is a row.
import type { FailureKind } from "../core/failure.ts";

/** Where an exchange is: no connection yet, no head yet, in the body. */
export type UpstreamPhase = "connect" | "headers" | "stream";

/** What a report of the network means. */
export interface Meaning {
  readonly kind: FailureKind;
  /** Null is the kind's own code. */
  readonly code: string | null;
  /** For clients: the class of failure, never an address. */
  readonly message: string;
  /** The last phase in which the report means this; later, the connection broke. */
  readonly until: UpstreamPhase;
}

/** Codes of one origin that mean one thing. */
export interface NetworkRow {
  readonly meaning: Meaning;
  readonly codes: readonly string[];
  readonly source: string;
}

export const UNREACHABLE: Meaning = {
  kind: "connect-failed",
  code: "upstream_unreachable",
  message: "The provider could not be reached.",
  until: "connect",
};
const REFUSED_BY_GUARD: Meaning = { ...UNREACHABLE, message: "The provider's address is not allowed." };
const NO_TUNNEL: Meaning = { ...UNREACHABLE, message: "The provider could not be reached through the egress proxy." };
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
/** Undici's own clocks are off, ours run instead (decision 22); should one strike all the same, it says what ours would. */
const NO_HEAD_IN_TIME: Meaning = {
  kind: "commit-timeout",
  code: null,
  message: "The provider did not answer in time.",
  until: "headers",
};
const SILENT: Meaning = {
  kind: "idle-timeout",
  code: null,
  message: "The provider fell silent.",
  until: "stream",
};
export const BROKEN: Meaning = {
  kind: "stream-broken",
  code: null,
  message: "The connection to the provider broke.",
  until: "stream",
};
const CUT: Meaning = { ...BROKEN, message: "The provider's answer ended early." };
export const MALFORMED: Meaning = {
  kind: "bad-payload",
  code: null,
  message: "The provider's answer is not valid HTTP.",
  until: "stream",
};
const HEAD_TOO_LARGE: Meaning = { ...MALFORMED, message: "The provider's response headers are too large." };
export const WRONG_LENGTH: Meaning = {
  ...MALFORMED,
  message: "The provider's answer does not have its declared length.",
};
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
export const OUR_BUG: Meaning = { kind: "internal", code: null, message: "The gateway failed.", until: "stream" };

/** Exact codes. Every code stands once. */
export const NETWORK_ROWS: readonly NetworkRow[] = [
  {
    meaning: UNREACHABLE,
    codes: ["ECONNREFUSED", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL", "EAFNOSUPPORT"],
    source: "connect(2): nobody listens, no way there, no such address family",
  },
  { meaning: UNREACHABLE, codes: ["EACCES", "EPERM"], source: "connect(2): a firewall of ours" },
  {
    meaning: UNREACHABLE,
    codes: ["ECONNRESET", "ECONNABORTED", "EPIPE", "ENETRESET", "ENOTCONN", "ESHUTDOWN"],
    source: "read(2), write(2): the other side let go; while connecting it was never there",
  },
  { meaning: UNREACHABLE, codes: ["UND_ERR_SOCKET"], source: "undici SocketError: other side closed" },
  { meaning: UNREACHABLE, codes: ["UND_ERR_PRX_CONN", "UND_ERR_SOCKS5"], source: "undici, through a proxy" },
  { meaning: REFUSED_BY_GUARD, codes: ["ERR_EGRESS_REFUSED"], source: "our egress guard" },
  { meaning: NO_TUNNEL, codes: ["ERR_PROXY_REFUSED", "ERR_PROXY_UNREACHED"], source: "our way through a proxy" },
  { meaning: CONNECT_TIMEOUT, codes: ["ERR_PROXY_TIMEOUT"], source: "our way through a proxy" },
  { meaning: DNS, codes: ["ENOTFOUND"], source: "getaddrinfo(3), as Node names EAI_NONAME and EAI_NODATA" },
  {
    meaning: DNS,
    codes: [
      "ENODATA",
      "ESERVFAIL",
      "EREFUSED",
      "EFORMERR",
      "ENOTIMP",
      "EBADNAME",
      "EBADRESP",
      "ETIMEOUT",
      "ECANCELLED",
    ],
    source: "c-ares, Node's dns.resolve",
  },
  { meaning: TLS, codes: ["EPROTO"], source: "Node: the handshake failed" },
  { meaning: TLS, codes: ["HOSTNAME_MISMATCH", "PATH_LENGTH_EXCEEDED"], source: "OpenSSL, X509_V_ERR_*" },
  { meaning: TLS, codes: ["UND_ERR_PRX_TLS"], source: "undici, TLS through a proxy" },
  { meaning: CONNECT_TIMEOUT, codes: ["ETIMEDOUT", "ESOCKETTIMEDOUT"], source: "connect(2); OpenClaw §4.3 by code" },
  { meaning: CONNECT_TIMEOUT, codes: ["UND_ERR_CONNECT_TIMEOUT"], source: "undici ConnectTimeoutError" },
  { meaning: NO_HEAD_IN_TIME, codes: ["UND_ERR_HEADERS_TIMEOUT"], source: "undici HeadersTimeoutError" },
  { meaning: SILENT, codes: ["UND_ERR_BODY_TIMEOUT"], source: "undici BodyTimeoutError" },
  { meaning: CUT, codes: ["HPE_INVALID_EOF_STATE"], source: "llhttp: the end came inside a message" },
  {
    meaning: CUT,
    codes: ["Z_BUF_ERROR", "ERR_STREAM_PREMATURE_CLOSE"],
    source: "zlib, Node streams: the end came too early",
  },
  { meaning: MALFORMED, codes: ["UND_ERR_HTTP_PARSER"], source: "undici HTTPParserError" },
  { meaning: HEAD_TOO_LARGE, codes: ["UND_ERR_HEADERS_OVERFLOW"], source: "undici HeadersOverflowError" },
  {
    meaning: WRONG_LENGTH,
    codes: ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "UND_ERR_RES_EXCEEDED_MAX_SIZE"],
    source: "undici",
  },
  {
    meaning: EXHAUSTED_HERE,
    codes: ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"],
    source: "socket(2): no descriptors, no memory",
  },
  { meaning: EXHAUSTED_HERE, codes: ["UND_ERR_MAX_ORIGINS_REACHED"], source: "undici Agent" },
  {
    meaning: SHUTTING_DOWN,
    codes: ["UND_ERR_CLOSED", "UND_ERR_DESTROYED"],
    source: "undici: the client was closed, by us",
  },
  {
    meaning: OUR_BUG,
    codes: [
      "UND_ERR_INVALID_ARG",
      "UND_ERR_INVALID_RETURN_VALUE",
      "UND_ERR_NOT_SUPPORTED",
      "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH",
      "UND_ERR_BPL_MISSING_UPSTREAM",
    ],
    source: "undici: called wrongly",
  },
  { meaning: OUR_BUG, codes: ["ERR_ASSERTION"], source: "node:assert" },
];

/** Families of codes, looked at when no exact row fits. */
export const NETWORK_FAMILIES: readonly (Omit<NetworkRow, "codes"> & { readonly prefix: string })[] = [
  { prefix: "EAI_", meaning: DNS, source: "getaddrinfo(3): EAI_AGAIN, EAI_FAIL" },
  { prefix: "ERR_TLS_", meaning: TLS, source: "Node: ERR_TLS_CERT_ALTNAME_INVALID" },
  { prefix: "ERR_SSL_", meaning: TLS, source: "OpenSSL, by reason" },
  { prefix: "ERR_OSSL_", meaning: TLS, source: "OpenSSL 3, by library and reason" },
  { prefix: "CERT_", meaning: TLS, source: "OpenSSL, X509_V_ERR_CERT_*" },
  { prefix: "CRL_", meaning: TLS, source: "OpenSSL, X509_V_ERR_CRL_*" },
  { prefix: "UNABLE_TO_", meaning: TLS, source: "OpenSSL, X509_V_ERR_UNABLE_TO_*" },
  { prefix: "DEPTH_ZERO_", meaning: TLS, source: "OpenSSL, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT" },
  { prefix: "SELF_SIGNED_", meaning: TLS, source: "OpenSSL, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN" },
  { prefix: "ERROR_IN_", meaning: TLS, source: "OpenSSL, X509_V_ERR_ERROR_IN_*_FIELD" },
  { prefix: "INVALID_", meaning: TLS, source: "OpenSSL, X509_V_ERR_INVALID_CA and _PURPOSE" },
  { prefix: "HPE_", meaning: MALFORMED, source: "llhttp" },
  { prefix: "Z_", meaning: UNDECODABLE, source: "zlib" },
  { prefix: "ZSTD_error_", meaning: UNDECODABLE, source: "zstd" },
  { prefix: "ERR__ERROR_", meaning: UNDECODABLE, source: "Brotli, by its decoder's number" },
  { prefix: "ERR_BROTLI_", meaning: UNDECODABLE, source: "Brotli, as Node names it" },
];

const BY_CODE: ReadonlyMap<string, Meaning> = new Map(
  NETWORK_ROWS.flatMap(({ codes, meaning }) => codes.map((code) => [code, meaning] as const)),
);

/** What a code means, or null for one that nobody has told us of. */
export function meaningOfCode(code: string): Meaning | null {
  return BY_CODE.get(code) ?? NETWORK_FAMILIES.find(({ prefix }) => code.startsWith(prefix))?.meaning ?? null;
}
