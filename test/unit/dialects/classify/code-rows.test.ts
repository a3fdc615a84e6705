// Every name of the code table, with what it means, written out once more: a changed row shows here.
import { describe, expect, it } from "vitest";
import type { FailureKind } from "../../../../src/core/failure.ts";
import { classifyErrorObject, classifyResponse } from "../../../../src/dialects/classify.ts";
import { CODE_ROWS, codeRowOf } from "../../../../src/dialects/classify/code-rows.ts";

const MEANINGS: Readonly<Partial<Record<FailureKind, readonly string[]>>> = {
  "context-overflow": [
    "context_length_exceeded",
    "exceed_context_size_error",
    "tokens_limit_reached",
    "request_too_large",
  ],
  "content-refused": [
    "content_filter",
    "ResponsibleAIPolicyViolation",
    "content_policy_violation",
    "moderation_blocked",
    "invalid_prompt",
    "image_content_policy_violation",
    "data_inspection_failed",
  ],
  "model-missing": [
    "model_not_found",
    "model_decommissioned",
    "model_terms_required",
    "model_not_available",
    "DeploymentNotFound",
    "unknown_model",
    "model_not_supported",
    "invalid_model",
    "not_found_error",
    "ResourceNotFoundException",
    "NOT_FOUND",
  ],
  billing: ["billing_not_active", "billing_hard_limit_reached", "billing_error", "Arrearage"],
  "rate-limited": [
    "RATE_LIMIT_EXCEEDED",
    "RATE_LIMIT",
    "RATE_LIMITED",
    "TOO_MANY_REQUESTS",
    "THROTTLED",
    "THROTTLING",
    "insufficient_quota",
    "rate_limit_error",
    "RESOURCE_EXHAUSTED",
    "ThrottlingException",
    "THROTTLING_EXCEPTION",
    "ServiceQuotaExceededException",
    "service_tier_capacity_exceeded",
    "model_rate_limit",
    "rate_limit_reached_error",
    "exceeded_current_quota_error",
    "usage_limit_reached",
  ],
  overloaded: [
    "overloaded_error",
    "OVERLOADED",
    "slow_down",
    "UNAVAILABLE",
    "unavailable_error",
    "capacity_exceeded",
    "engine_overloaded_error",
    "ModelNotReadyException",
    "ServiceUnavailableException",
  ],
  "auth-permanent": ["account_deactivated", "organization_deactivated", "organization_restricted"],
  auth: [
    "invalid_api_key",
    "unsupported_country_region_territory",
    "authentication_error",
    "permission_error",
    "API_KEY_INVALID",
    "API_KEY_SERVICE_BLOCKED",
    "UNAUTHENTICATED",
    "PERMISSION_DENIED",
    "wrong_api_key",
    "invalid_authentication_error",
    "AccessDeniedException",
    "UnrecognizedClientException",
    "ExpiredTokenException",
    "InvalidSignatureException",
  ],
  "server-error": [
    "server_error",
    "vector_store_timeout",
    "internal_server_error",
    "InternalServerError",
    "timeout_error",
    "INTERNAL",
    "DEADLINE_EXCEEDED",
    "InternalServerException",
    "ModelErrorException",
    "ModelStreamErrorException",
    "ModelTimeoutException",
  ],
  rejected: [
    "previous_response_not_found",
    "thread_not_found",
    "thread_already_continued",
    "thread_continue_in_flight",
    "thread_fingerprint_mismatch",
    "thread_unsupported_request",
    "invalid_value",
    "invalid_type",
    "missing_required_parameter",
    "invalid_image",
    "invalid_image_format",
    "invalid_base64_image",
    "invalid_image_url",
    "image_too_large",
    "image_too_small",
    "image_parse_error",
    "invalid_image_mode",
    "image_file_too_large",
    "unsupported_image_media_type",
    "empty_image_file",
    "failed_to_download_image",
    "image_file_not_found",
  ],
  "rejected-by-provider": [
    "unsupported_parameter",
    "unsupported_value",
    "unknown_parameter",
    "OperationNotSupported",
    "tool_use_failed",
    "json_validate_failed",
  ],
};
const ROWS = Object.entries(MEANINGS).flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const));

describe("a code", () => {
  it.each(ROWS)("%s means %s, with a status that says nothing and inside a 200", (code, kind) => {
    const body = { error: { message: "x", code } };
    expect(classifyResponse(400, {}, Buffer.from(JSON.stringify(body)), 0).kind).toBe(kind);
    expect(classifyErrorObject(body, "stream").kind).toBe(kind);
  });

  it("stands in one row, and every row is tested here", () => {
    const codes = CODE_ROWS.flatMap((row) => row.codes);
    expect(new Set(codes).size).toBe(codes.length);
    expect([...codes].sort()).toEqual(ROWS.map(([code]) => code.toLowerCase()).sort());
    for (const { source } of CODE_ROWS) expect(source).not.toBe("");
  });

  it.each(["invalid_request_error", "api_error", "BadRequestError", "", "1300", "constructor"])(
    "that anything may carry decides nothing: %s",
    (code) => {
      expect(codeRowOf([code])).toBeNull();
    },
  );

  it("is looked for from the most specific name to the least", () => {
    const rows: readonly [object, FailureKind][] = [
      [{ code: "content_filter", type: "server_error" }, "content-refused"],
      [{ code: "x", type: "server_error" }, "server-error"],
      [{ code: 7, innererror: { code: "content_filter" }, type: "server_error" }, "content-refused"],
      [{ details: [{}, { reason: "API_KEY_INVALID" }], status: "RESOURCE_EXHAUSTED" }, "auth"],
      [{ metadata: { error_type: "overloaded" }, type: "server_error" }, "overloaded"],
    ];
    for (const [error, kind] of rows) expect(classifyErrorObject({ error } as never, "stream").kind).toBe(kind);
  });
});

it("a rate limit keeps a code that reads like one, of 3 to 64 letters", () => {
  const codeOf = (code: unknown) =>
    classifyResponse(429, {}, Buffer.from(JSON.stringify({ error: { message: "x", code } })), 0).code;
  for (const code of ["insufficient_quota", "abc", "a".repeat(64)]) expect(codeOf(code)).toBe(code);
  for (const code of ["ab", "a".repeat(65), "429", "UPPER", "with blanks", null, 429]) expect(codeOf(code)).toBeNull();
});

describe("status over code over words", () => {
  const rows: readonly [string, number, object, FailureKind][] = [
    ["a code that the status allows", 403, { code: "billing_not_active", message: "x" }, "billing"],
    ["a code that it does not allow", 403, { code: "server_error", message: "x" }, "auth"],
    [
      "words that the status allows, behind a code that it does not",
      500,
      { code: "server_error", message: "overloaded" },
      "overloaded",
    ],
    ["words that it does not allow", 500, { message: "insufficient credits" }, "server-error"],
    ["the status's own words first", 404, { message: "model x not found; invalid api key" }, "model-missing"],
    ["words behind none of its own", 404, { message: "invalid api key" }, "auth"],
    ["a code before words", 400, { code: "invalid_value", message: "rate limit" }, "rejected"],
    [
      "a rate limit stays one, whatever the money",
      429,
      { code: "billing_error", message: "credit balance" },
      "rate-limited",
    ],
    [
      "a large request stays one, whatever the limit",
      413,
      { code: "rate_limit_exceeded", message: "rate limit" },
      "too-large",
    ],
    ["no money stays so, whatever the code", 402, { code: "rate_limit_exceeded", message: "x" }, "billing"],
    ["an unavailable server stays so", 503, { code: "content_filter", message: "prompt is too long" }, "overloaded"],
    ["any other 4xx by its words", 409, { message: "insufficient credits" }, "billing"],
    ["any other 4xx by its code", 418, { code: "slow_down", message: "x" }, "overloaded"],
    ["any other 4xx, not its credential", 418, { message: "invalid api key" }, "unexpected-status"],
  ];
  it.each(rows)("%s: %i %j is %s", (_what, status, error, kind) => {
    expect(classifyResponse(status, {}, Buffer.from(JSON.stringify({ error })), 0).kind).toBe(kind);
  });
});
