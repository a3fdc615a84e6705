// The failure table row by row as the decisions have it, and the one shape of all failures.
import { describe, expect, it } from "vitest";
import {
  DISPOSITION,
  type Disposition,
  dispositionOf,
  failure,
  type FailureKind,
  isFailure,
  statusOf,
} from "../../../src/core/failure.ts";

type Row = readonly [
  kind: FailureKind,
  status: number,
  type: string,
  code: string | null,
  reason: string,
  advance: Disposition["advance"],
  rotate: Disposition["rotate"],
  cools: Disposition["cools"],
  breaks: boolean,
];

/** Decision 15, read again from the page and not from the code. */
const ATTEMPT: readonly Row[] = [
  ["connect-failed", 502, "upstream_error", "upstream_unreachable", "timeout", "next", 0, "none", true],
  ["connect-timeout", 504, "upstream_error", "upstream_timeout", "timeout", "next", 0, "none", true],
  ["commit-timeout", 504, "upstream_error", "upstream_timeout", "timeout", "next", 0, "none", true],
  ["whole-timeout", 504, "upstream_error", "upstream_timeout", "timeout", "next", 0, "none", true],
  ["idle-timeout", 504, "upstream_error", "upstream_timeout", "timeout", "next", 0, "none", true],
  ["stream-broken", 502, "upstream_error", "upstream_reset", "timeout", "next", 0, "none", true],
  ["bad-payload", 502, "upstream_error", "upstream_invalid_response", "unclassified", "next", 0, "none", true],
  ["server-error", 502, "upstream_error", null, "timeout", "next", 0, "none", true],
  ["overloaded", 503, "overloaded_error", "overloaded", "overloaded", "next", 1, "short", true],
  ["rate-limited", 429, "rate_limit_error", "rate_limit_exceeded", "rate_limit", "next", 1, "short", false],
  ["billing", 502, "upstream_error", "upstream_billing", "billing", "next", "all", "billing", false],
  ["auth", 502, "upstream_error", "upstream_auth", "auth", "next", "all", "short", false],
  ["auth-permanent", 502, "upstream_error", "upstream_auth", "auth_permanent", "next", "all", "permanent", false],
  ["model-missing", 502, "upstream_error", "upstream_model_not_found", "model_not_found", "next", 0, "short", false],
  ["rejected", 400, "invalid_request_error", null, "format", "never", 0, "none", false],
  ["rejected-by-provider", 400, "invalid_request_error", null, "format", "next", 0, "none", false],
  ["too-large", 413, "invalid_request_error", "upstream_body_too_large", "format", "never", 0, "none", false],
  ["content-refused", 400, "invalid_request_error", "content_filter", "none", "never", 0, "none", false],
  ["context-overflow", 400, "invalid_request_error", "context_length_exceeded", "none", "larger", 0, "none", false],
  ["unexpected-status", 502, "upstream_error", "upstream_invalid_response", "unclassified", "next", 0, "none", false],
  ["redirected", 502, "upstream_error", "upstream_redirect", "unclassified", "next", 0, "none", false],
  ["empty-answer", 502, "upstream_error", "upstream_invalid_response", "empty_response", "next", 0, "none", false],
  ["client-closed", 499, "invalid_request_error", "client_closed", "none", "never", 0, "none", false],
  ["write-idle", 499, "invalid_request_error", "client_stalled", "none", "never", 0, "none", false],
  ["overloaded-here", 503, "overloaded_error", "gateway_overloaded", "none", "never", 0, "none", false],
  ["draining", 503, "overloaded_error", "draining", "none", "never", 0, "none", false],
  ["no-candidate", 503, "upstream_error", "all_providers_unavailable", "none", "never", 0, "none", false],
  ["deadline", 504, "upstream_error", "upstream_timeout", "timeout", "never", 0, "none", false],
  ["internal", 500, "server_error", "internal_error", "none", "never", 0, "none", false],
];

/** The fault contract §0.1. */
const DOOR: readonly (readonly [FailureKind, number, string, string | null])[] = [
  ["request-invalid", 400, "invalid_request_error", "invalid_body"],
  ["unauthorized", 401, "unauthorized", null],
  ["auth-lockout", 429, "rate_limited", "auth_lockout"],
  ["forbidden", 403, "invalid_request_error", "forbidden"],
  ["not-found", 404, "invalid_request_error", "not_found"],
  ["model-unknown", 404, "invalid_request_error", "model_not_found"],
  ["method-not-allowed", 405, "invalid_request_error", "method_not_allowed"],
  ["request-timeout", 408, "invalid_request_error", "request_timeout"],
  ["body-too-large", 413, "invalid_request_error", "body_too_large"],
  ["head-too-large", 431, "invalid_request_error", "headers_too_large"],
  ["unsupported-media", 415, "invalid_request_error", "unsupported_media_type"],
  ["expectation-failed", 417, "invalid_request_error", "expectation_failed"],
  ["unsupported-parameter", 400, "invalid_request_error", "unsupported_parameter"],
];

describe("the table", () => {
  it.each(ATTEMPT)(
    "%s ends as %i %s/%s for %s, advances: %s, rotates: %s, cools: %s, breaks: %s",
    (kind, status, type, code, reason, advance, rotate, cools, breaks) => {
      expect(dispositionOf(kind)).toMatchObject({ status, type, code, reason, advance, rotate, cools, breaks });
    },
  );

  it.each(DOOR)("%s is refused with %i %s/%s, is final and nobody's fault upstream", (kind, status, type, code) => {
    const final = { reason: "none", advance: "never", rotate: 0, cools: "none", breaks: false };
    expect(dispositionOf(kind)).toMatchObject({ status, type, code, ...final });
  });

  it("has no row that these tables leave out", () => {
    expect([...ATTEMPT, ...DOOR].map(([kind]) => kind).sort()).toEqual(Object.keys(DISPOSITION).sort());
  });

  it("cools a rate limit for the one model and a missing model for the target, all else for the credential", () => {
    const scopes = Object.entries(DISPOSITION).filter(([, row]) => row.coolsScope !== "credential");
    expect(scopes.map(([kind, row]) => [kind, row.coolsScope])).toEqual([
      ["rate-limited", "credential+model"],
      ["model-missing", "target"],
    ]);
  });

  it("tells clients not to repeat what repeating cannot cure", () => {
    const final = Object.entries(DISPOSITION).filter(([, row]) => row.status >= 500 && !row.repeatable);
    expect(final.map(([kind]) => kind).sort()).toEqual(
      ["auth", "auth-permanent", "billing", "model-missing", "redirected", "unexpected-status"].sort(),
    );
  });
});

describe("a failure", () => {
  it("has every field, whatever was said", () => {
    expect(failure("internal", "oops")).toEqual({
      kind: "internal",
      message: "oops",
      detail: null,
      code: null,
      param: null,
      phase: null,
      upstreamStatus: null,
      retryAfterMs: null,
      status: null,
      type: null,
      replaySafe: false,
      emptyAnswer: null,
      remedies: [],
      cause: null,
    });
  });

  it("ends with its row's status, or with its own where it has one", () => {
    expect(statusOf(failure("rejected", "x"))).toBe(400);
    expect(statusOf(failure("rejected", "x", { status: 422 }))).toBe(422);
  });

  it.each([
    ["a failure is one", failure("internal", "x"), true],
    ["an error is none", new Error("x"), false],
    ["null is none", null, false],
    ["a text is none", "internal", false],
    ["something with a kind alone is none", { kind: "internal" }, false],
  ])("%s", (_what, value, expected) => {
    expect(isFailure(value)).toBe(expected);
  });
});
