// Every code of the network table, in every phase, written out once more: a changed row shows here.
import { errors } from "undici";
import { describe, expect, it } from "vitest";
import type { FailureKind } from "../../../src/core/failure.ts";
import { failureOf, type UpstreamPhase } from "../../../src/upstream/failures.ts";
import { meaningOfCode, NETWORK_FAMILIES, NETWORK_ROWS } from "../../../src/upstream/network-errors.ts";

type Told = readonly [kind: FailureKind, code: string | null];
const BROKEN: Told = ["stream-broken", null];
/** While connecting, waiting for the head, in the body. */
type Meaning = readonly [connect: Told, headers: Told, stream: Told];
const UNREACHABLE: Meaning = [["connect-failed", "upstream_unreachable"], BROKEN, BROKEN];
const DNS: Meaning = [["connect-failed", "upstream_dns"], BROKEN, BROKEN];
const TLS: Meaning = [["connect-failed", "upstream_tls"], ["connect-failed", "upstream_tls"], BROKEN];
const CONNECT_TIMEOUT: Meaning = [["connect-timeout", null], BROKEN, BROKEN];
const COMMIT_TIMEOUT: Meaning = [["commit-timeout", null], ["commit-timeout", null], BROKEN];
const EXHAUSTED: Meaning = [["overloaded-here", null], BROKEN, BROKEN];
const always = (kind: FailureKind): Meaning => [
  [kind, null],
  [kind, null],
  [kind, null],
];
const CUT = always("stream-broken");
const INVALID = always("bad-payload");
const DRAINING = always("draining");
const BUG = always("internal");

const ROWS: readonly [codes: readonly string[], meaning: Meaning][] = [
  [["ECONNREFUSED", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"], UNREACHABLE],
  [["EADDRNOTAVAIL", "EAFNOSUPPORT", "EACCES", "EPERM"], UNREACHABLE],
  [["ECONNRESET", "ECONNABORTED", "EPIPE", "ENETRESET", "ENOTCONN", "ESHUTDOWN"], UNREACHABLE],
  [["UND_ERR_SOCKET", "UND_ERR_PRX_CONN", "UND_ERR_SOCKS5", "ERR_EGRESS_REFUSED"], UNREACHABLE],
  [["ERR_PROXY_REFUSED", "ERR_PROXY_UNREACHED"], UNREACHABLE],
  [["ENOTFOUND", "ENODATA", "ESERVFAIL", "EREFUSED", "EFORMERR", "ENOTIMP", "EBADNAME", "EBADRESP"], DNS],
  [["ETIMEOUT", "ECANCELLED", "EAI_AGAIN", "EAI_FAIL", "EAI_MEMORY"], DNS],
  [["EPROTO", "HOSTNAME_MISMATCH", "PATH_LENGTH_EXCEEDED", "UND_ERR_PRX_TLS"], TLS],
  [["ERR_TLS_CERT_ALTNAME_INVALID", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_OSSL_PEM_NO_START_LINE"], TLS],
  [["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "CERT_REVOKED", "CERT_UNTRUSTED", "CERT_SIGNATURE_FAILURE"], TLS],
  [["CRL_HAS_EXPIRED", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"], TLS],
  [["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"], TLS],
  [["ERROR_IN_CERT_NOT_BEFORE_FIELD", "INVALID_CA", "INVALID_PURPOSE"], TLS],
  [["ETIMEDOUT", "ESOCKETTIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "ERR_PROXY_TIMEOUT"], CONNECT_TIMEOUT],
  [["UND_ERR_HEADERS_TIMEOUT"], COMMIT_TIMEOUT],
  [["UND_ERR_BODY_TIMEOUT"], always("idle-timeout")],
  [["HPE_INVALID_EOF_STATE", "Z_BUF_ERROR", "ERR_STREAM_PREMATURE_CLOSE"], CUT],
  [["UND_ERR_HTTP_PARSER", "HPE_INVALID_CONSTANT", "UND_ERR_HEADERS_OVERFLOW"], INVALID],
  [["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "UND_ERR_RES_EXCEEDED_MAX_SIZE"], INVALID],
  [["Z_DATA_ERROR", "ZSTD_error_prefix_unknown", "ERR__ERROR_FORMAT_PADDING_1", "ERR_BROTLI_DECODER"], INVALID],
  [["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "UND_ERR_MAX_ORIGINS_REACHED"], EXHAUSTED],
  [["UND_ERR_CLOSED", "UND_ERR_DESTROYED"], DRAINING],
  [["UND_ERR_INVALID_ARG", "UND_ERR_INVALID_RETURN_VALUE", "UND_ERR_NOT_SUPPORTED"], BUG],
  [["UND_ERR_REQ_CONTENT_LENGTH_MISMATCH", "UND_ERR_BPL_MISSING_UPSTREAM", "ERR_ASSERTION"], BUG],
];
const CODES = ROWS.flatMap(([codes, meaning]) => codes.map((code) => [code, meaning] as const));
const PHASES: readonly UpstreamPhase[] = ["connect", "headers", "stream"];

describe("a code of the network", () => {
  it.each(CODES)("%s", (code, meaning) => {
    const error = Object.assign(new Error("at 10.1.2.3:443"), { code });
    const told = PHASES.map((phase) => failureOf(error, phase));
    expect(told.map(({ kind, code: said }) => [kind, said])).toEqual(meaning);
    for (const { message } of told) expect(message).not.toMatch(/10\.1\.2\.3/);
  });

  it("stands in one row, and every row and family is tested here", () => {
    const codes = NETWORK_ROWS.flatMap((row) => row.codes);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !CODES.some(([tested]) => tested === code))).toEqual([]);
    for (const { prefix, source } of NETWORK_FAMILIES) {
      expect(CODES.some(([code]) => code.startsWith(prefix) && !codes.includes(code))).toBe(true);
      expect(source).not.toBe("");
    }
    for (const { source } of NETWORK_ROWS) expect(source).not.toBe("");
  });

  it("that undici may give us is known", () => {
    /** Of parts that we do not use, and of the abort that is our own doing. */
    const unused = new Set([
      "UND_ERR",
      "UND_ERR_ABORT",
      "UND_ERR_ABORTED",
      "UND_ERR_INFO",
      "UND_ERR_REQ_RETRY",
      "ERR_WEBASSEMBLY_NOT_SUPPORTED",
    ]);
    for (const code of ["UND_ERR_RESPONSE", "UND_ERR_REDIRECT_MAX", "UND_ERR_WS_MESSAGE_SIZE_EXCEEDED"])
      unused.add(code);
    const given = Object.values(errors).flatMap((Type) => codeOf(Type));
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter((code) => !unused.has(code) && meaningOfCode(code) === null)).toEqual([]);
  });

  it("of an attempt at several addresses is that of the first", () => {
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const error = Object.assign(new AggregateError([refused]), { code: "ECONNREFUSED" });
    expect(failureOf(error, "connect").kind).toBe("connect-failed");
  });
});

/** The code of an error class, where it takes being made without arguments. */
function codeOf(Type: unknown): string[] {
  try {
    const made = new (Type as new () => { code?: unknown })();
    return typeof made.code === "string" ? [made.code] : [];
  } catch {
    return [];
  }
}
