// TABLES: the words of the OpenTelemetry GenAI conventions, newest text (open-telemetry/semantic-conventions-genai). Their own package
// calls all of them deprecated since they moved, so they stand here.
import type { Operation } from "../core/names.ts";

/** `gen_ai.operation.name`. */
export const OPERATION_NAME: Readonly<Record<Operation, string>> = {
  chat: "chat",
  responses: "chat",
  messages: "chat",
  // No name in the conventions: nothing is generated.
  "count-tokens": "count_tokens",
  embeddings: "embeddings",
};

/** Well-known values of `gen_ai.provider.name` by provider id; every other provider has its own id. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  "amazon-bedrock": "aws.bedrock",
  bedrock: "aws.bedrock",
  azure: "azure.ai.openai",
  "azure-openai": "azure.ai.openai",
  "azure-openai-responses": "azure.ai.openai",
  google: "gcp.gemini",
  gemini: "gcp.gemini",
  "google-vertex": "gcp.vertex_ai",
  mistral: "mistral_ai",
  moonshot: "moonshot_ai",
  xai: "x_ai",
};

/** `gen_ai.provider.name` of a provider. */
export function genAiProvider(id: string): string {
  return Object.hasOwn(PROVIDER_NAMES, id) ? (PROVIDER_NAMES[id] ?? id) : id;
}

/** Prometheus names: dots become underscores, the unit stands behind, `{token}` falls away. */
export const GENAI_METRIC = {
  inferenceDuration: "gen_ai_client_inference_duration_seconds",
  operationDuration: "gen_ai_client_operation_duration_seconds",
  firstChunk: "gen_ai_client_inference_time_to_first_chunk_seconds",
  inputTokens: "gen_ai_client_inference_usage_input_tokens_total",
  outputTokens: "gen_ai_client_inference_usage_output_tokens_total",
  cacheReadTokens: "gen_ai_client_inference_usage_cache_read_input_tokens_total",
  cacheWriteTokens: "gen_ai_client_inference_usage_cache_write_input_tokens_total",
  reasoningTokens: "gen_ai_client_inference_usage_reasoning_output_tokens_total",
  callInputTokens: "gen_ai_client_inference_operation_input_tokens",
  callOutputTokens: "gen_ai_client_inference_operation_output_tokens",
  tokenUsage: "gen_ai_client_token_usage",
  serverDuration: "gen_ai_server_request_duration_seconds",
  serverFirstToken: "gen_ai_server_time_to_first_token_seconds",
  serverPerToken: "gen_ai_server_time_per_output_token_seconds",
} as const;

/** Upper bounds that the conventions advise; what models that reason for minutes need is appended, which `le` queries do not notice. */
export const GENAI_BUCKETS = {
  durationSeconds: [
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68,
  ],
  firstTokenSeconds: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60,
  ],
  perTokenSeconds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
} as const;
