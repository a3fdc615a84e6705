// What the codes, types, reasons and exception names of providers mean (OpenClaw §4.3 "By code"). Names that a provider writes on
// anything, such as `invalid_request_error` and `api_error`, are no rows: there the words decide.
import type { FailureKind } from "../../core/failure.ts";
import { THREAD_CODES } from "../thread-codes.ts";

/** Names of one provider that mean one thing. */
export interface CodeRow {
  readonly kind: FailureKind;
  /** In lower case. */
  readonly codes: readonly string[];
  readonly source: string;
}

/** Every name stands once. */
export const CODE_ROWS: readonly CodeRow[] = [
  { kind: "context-overflow", codes: ["context_length_exceeded"], source: "OpenAI, Azure, Groq, Moonshot" },
  { kind: "context-overflow", codes: ["exceed_context_size_error"], source: "llama.cpp server" },
  { kind: "context-overflow", codes: ["tokens_limit_reached"], source: "GitHub Models" },
  { kind: "context-overflow", codes: ["request_too_large"], source: "Anthropic, behind a gateway that says 400" },

  { kind: "content-refused", codes: ["content_filter", "responsibleaipolicyviolation"], source: "Azure OpenAI" },
  { kind: "content-refused", codes: ["content_policy_violation", "moderation_blocked"], source: "OpenAI" },
  { kind: "content-refused", codes: ["invalid_prompt", "image_content_policy_violation"], source: "OpenAI Responses" },
  { kind: "content-refused", codes: ["data_inspection_failed"], source: "Alibaba DashScope" },

  { kind: "model-missing", codes: ["model_not_found"], source: "OpenAI, LM Studio, vLLM, Groq" },
  { kind: "model-missing", codes: ["model_decommissioned", "model_terms_required"], source: "Groq" },
  { kind: "model-missing", codes: ["model_not_available"], source: "Together" },
  { kind: "model-missing", codes: ["deploymentnotfound"], source: "Azure OpenAI" },
  { kind: "model-missing", codes: ["unknown_model", "model_not_supported"], source: "GitHub Models, Copilot" },
  { kind: "model-missing", codes: ["invalid_model"], source: "Mistral" },
  { kind: "model-missing", codes: ["not_found_error"], source: "Anthropic, Ollama, llama.cpp; OpenClaw §4.3" },
  { kind: "model-missing", codes: ["resourcenotfoundexception"], source: "Amazon Bedrock" },
  { kind: "model-missing", codes: ["not_found"], source: "Google, Fireworks" },

  { kind: "billing", codes: ["billing_not_active", "billing_hard_limit_reached"], source: "OpenAI" },
  { kind: "billing", codes: ["billing_error"], source: "Anthropic" },
  { kind: "billing", codes: ["arrearage"], source: "Alibaba DashScope" },

  {
    kind: "rate-limited",
    codes: ["rate_limit_exceeded", "rate_limit", "rate_limited", "too_many_requests", "throttled", "throttling"],
    source: "OpenClaw §4.3 by code; OpenAI, Groq, OpenRouter, Azure",
  },
  { kind: "rate-limited", codes: ["insufficient_quota"], source: "OpenAI: comes with 429, which is always rate_limit" },
  { kind: "rate-limited", codes: ["rate_limit_error"], source: "Anthropic" },
  { kind: "rate-limited", codes: ["resource_exhausted"], source: "Google" },
  {
    kind: "rate-limited",
    codes: ["throttlingexception", "throttling_exception", "servicequotaexceededexception"],
    source: "Amazon Bedrock",
  },
  { kind: "rate-limited", codes: ["service_tier_capacity_exceeded"], source: "Mistral" },
  { kind: "rate-limited", codes: ["model_rate_limit"], source: "Together" },
  { kind: "rate-limited", codes: ["rate_limit_reached_error", "exceeded_current_quota_error"], source: "Moonshot" },
  { kind: "rate-limited", codes: ["usage_limit_reached"], source: "OpenAI, subscription accounts" },

  { kind: "overloaded", codes: ["overloaded_error", "overloaded"], source: "Anthropic; OpenClaw §4.3 by code" },
  { kind: "overloaded", codes: ["slow_down"], source: "OpenAI" },
  { kind: "overloaded", codes: ["unavailable"], source: "Google" },
  { kind: "overloaded", codes: ["unavailable_error"], source: "llama.cpp server, while it loads" },
  { kind: "overloaded", codes: ["capacity_exceeded"], source: "Groq, flex tier" },
  { kind: "overloaded", codes: ["engine_overloaded_error"], source: "Moonshot" },
  { kind: "overloaded", codes: ["modelnotreadyexception", "serviceunavailableexception"], source: "Amazon Bedrock" },

  { kind: "auth-permanent", codes: ["account_deactivated", "organization_deactivated"], source: "OpenAI" },
  { kind: "auth-permanent", codes: ["organization_restricted"], source: "Groq" },

  { kind: "auth", codes: ["invalid_api_key"], source: "OpenAI, Groq, DashScope" },
  { kind: "auth", codes: ["unsupported_country_region_territory"], source: "OpenAI" },
  { kind: "auth", codes: ["authentication_error", "permission_error"], source: "Anthropic, DeepSeek, llama.cpp" },
  {
    kind: "auth",
    codes: ["api_key_invalid", "api_key_service_blocked", "unauthenticated", "permission_denied"],
    source: "Google",
  },
  { kind: "auth", codes: ["wrong_api_key"], source: "Cerebras" },
  { kind: "auth", codes: ["invalid_authentication_error"], source: "Moonshot" },
  {
    kind: "auth",
    codes: [
      "accessdeniedexception",
      "unrecognizedclientexception",
      "expiredtokenexception",
      "invalidsignatureexception",
    ],
    source: "Amazon Bedrock and the signing before it",
  },

  { kind: "server-error", codes: ["server_error", "vector_store_timeout"], source: "OpenAI" },
  { kind: "server-error", codes: ["internal_server_error"], source: "Groq, vLLM, Mistral" },
  { kind: "server-error", codes: ["internalservererror"], source: "Azure OpenAI, vLLM" },
  { kind: "server-error", codes: ["timeout_error"], source: "Anthropic" },
  { kind: "server-error", codes: ["internal", "deadline_exceeded"], source: "Google" },
  {
    kind: "server-error",
    codes: ["internalserverexception", "modelerrorexception", "modelstreamerrorexception", "modeltimeoutexception"],
    source: "Amazon Bedrock",
  },

  { kind: "rejected", codes: ["previous_response_not_found"], source: "OpenAI Responses: a session is the client's" },
  {
    kind: "rejected",
    codes: THREAD_CODES,
    source: "Anthropic's threads: a session is the client's, whose SDK says everything anew by these",
  },
  {
    kind: "rejected",
    codes: ["invalid_value", "invalid_type", "missing_required_parameter"],
    source: "OpenAI: the values that it repeats are the client's",
  },
  {
    kind: "rejected",
    codes: [
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
    source: "OpenAI Responses error codes; OpenClaw §4.3: image complaints are no failover",
  },

  {
    kind: "rejected-by-provider",
    codes: ["unsupported_parameter", "unsupported_value", "unknown_parameter"],
    source: "OpenAI",
  },
  { kind: "rejected-by-provider", codes: ["operationnotsupported"], source: "Azure OpenAI" },
  {
    kind: "rejected-by-provider",
    codes: ["tool_use_failed", "json_validate_failed"],
    source: "Groq: its model wrote a bad call",
  },
];

const BY_CODE: ReadonlyMap<string, CodeRow> = new Map(
  CODE_ROWS.flatMap((row) => row.codes.map((code) => [code, row] as const)),
);

/** The row of the first name that has one; names are looked at in the order of `codes`, whatever their case. */
export function codeRowOf(codes: readonly string[]): CodeRow | null {
  for (const code of codes) {
    const row = BY_CODE.get(code.toLowerCase());
    if (row !== undefined) return row;
  }
  return null;
}
