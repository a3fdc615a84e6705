// TABLE: what metrics are called on their way to a collector. OpenClaw and OpenTelemetry have names and units of their own there; every
// other name follows from the Prometheus one.
import { METRIC_PREFIX } from "../../core/telemetry-settings.ts";
import { GENAI_METRIC } from "../genai-names.ts";
import { HTTP_METRIC } from "../http-metrics.ts";
import { METRIC } from "../names.ts";

/** How a metric is pushed. */
export interface PushedName {
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  /** What figures are multiplied by; OpenClaw counts some in milliseconds. */
  readonly scale: number;
  /** A gauge that counts what comes and goes: the conventions have it as a sum that may fall. */
  readonly upDown?: boolean;
}

const TOKENS = { unit: "{token}", scale: 1 } as const;
const SECONDS = { unit: "s", scale: 1 } as const;
const MILLISECONDS = { unit: "ms", scale: 1000 } as const;
const BYTES = { unit: "By", scale: 1 } as const;
const REQUESTS = { unit: "{request}", scale: 1 } as const;

/** Null: another metric says the same there. */
const NAMES: Readonly<Record<string, PushedName | null>> = {
  [METRIC.modelTokens]: { name: "openclaw.tokens", ...TOKENS },
  [METRIC.modelCost]: { name: "openclaw.cost.usd", unit: "USD", scale: 1 },
  [METRIC.runDuration]: { name: "openclaw.run.duration_ms", ...MILLISECONDS },
  [METRIC.runAttempt]: { name: "openclaw.run.attempt", unit: "{attempt}", scale: 1 },
  [METRIC.contextTokens]: { name: "openclaw.context.tokens", ...TOKENS },
  [METRIC.tokenUsage]: null,
  [METRIC.modelCallDuration]: { name: "openclaw.model_call.duration_ms", ...MILLISECONDS },
  [METRIC.modelCallRequestBytes]: { name: "openclaw.model_call.request_bytes", ...BYTES },
  [METRIC.modelCallResponseBytes]: { name: "openclaw.model_call.response_bytes", ...BYTES },
  [METRIC.modelCallFirstByte]: { name: "openclaw.model_call.time_to_first_byte_ms", ...MILLISECONDS },
  [METRIC.memoryRss]: { name: "openclaw.memory.rss_bytes", ...BYTES },
  [METRIC.memoryHeapUsed]: { name: "openclaw.memory.heap_used_bytes", ...BYTES },
  [METRIC.memoryPressure]: { name: "openclaw.memory.pressure", unit: "1", scale: 1 },
  [GENAI_METRIC.inferenceDuration]: { name: "gen_ai.client.inference.duration", ...SECONDS },
  [GENAI_METRIC.operationDuration]: { name: "gen_ai.client.operation.duration", ...SECONDS },
  [GENAI_METRIC.firstChunk]: { name: "gen_ai.client.inference.time_to_first_chunk", ...SECONDS },
  [GENAI_METRIC.inputTokens]: { name: "gen_ai.client.inference.usage.input_tokens", ...TOKENS },
  [GENAI_METRIC.outputTokens]: { name: "gen_ai.client.inference.usage.output_tokens", ...TOKENS },
  [GENAI_METRIC.cacheReadTokens]: { name: "gen_ai.client.inference.usage.cache_read.input_tokens", ...TOKENS },
  [GENAI_METRIC.cacheWriteTokens]: { name: "gen_ai.client.inference.usage.cache_write.input_tokens", ...TOKENS },
  [GENAI_METRIC.reasoningTokens]: { name: "gen_ai.client.inference.usage.reasoning.output_tokens", ...TOKENS },
  [GENAI_METRIC.callInputTokens]: { name: "gen_ai.client.inference.operation.input_tokens", ...TOKENS },
  [GENAI_METRIC.callOutputTokens]: { name: "gen_ai.client.inference.operation.output_tokens", ...TOKENS },
  [GENAI_METRIC.tokenUsage]: { name: "gen_ai.client.token.usage", ...TOKENS },
  [GENAI_METRIC.serverDuration]: { name: "gen_ai.server.request.duration", ...SECONDS },
  [GENAI_METRIC.serverFirstToken]: { name: "gen_ai.server.time_to_first_token", ...SECONDS },
  [GENAI_METRIC.serverPerToken]: { name: "gen_ai.server.time_per_output_token", ...SECONDS },
  [HTTP_METRIC.duration]: { name: "http.server.request.duration", ...SECONDS },
  [HTTP_METRIC.active]: { name: "http.server.active_requests", ...REQUESTS, upDown: true },
  [METRIC.inflight]: { name: "openclaw.edge.inflight_requests", ...REQUESTS, upDown: true },
};

/** Ends of Prometheus names that are units elsewhere. */
const UNITS: readonly (readonly [end: string, unit: string])[] = [
  ["_seconds", "s"],
  ["_bytes", "By"],
];
const NAMESPACES = /^(?:openclaw_edge|openclaw|process|nodejs)_/;

/** What a metric is called there; null for one that is not pushed. */
export function pushedName(prometheus: string): PushedName | null {
  const row = Object.hasOwn(NAMES, prometheus) ? NAMES[prometheus] : undefined;
  if (row !== undefined) return row;
  const bare = prometheus.replace(/_total$/, "");
  const [end, unit] = UNITS.find(([each]) => bare.endsWith(each)) ?? ["", "1"];
  const name = bare.slice(0, bare.length - end.length);
  return { name: name.replace(NAMESPACES, (space) => `${space.slice(0, -1).replace("_", ".")}.`), unit, scale: 1 };
}

/** The same metric with another beginning; names that the conventions give stay. */
export function prefixed(pushed: PushedName | null, prefix: string): PushedName | null {
  if (pushed === null || prefix === METRIC_PREFIX || !pushed.name.startsWith(METRIC_PREFIX)) return pushed;
  return { ...pushed, name: prefix + pushed.name.slice(METRIC_PREFIX.length) };
}

/** Labels that have a name of their own. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  // Our kind of failure; what spans call `openclaw.errorCategory` is the class of the error.
  error_category: "error.type",
  error_type: "error.type",
  gen_ai_operation_name: "gen_ai.operation.name",
  gen_ai_provider_name: "gen_ai.provider.name",
  gen_ai_request_model: "gen_ai.request.model",
  gen_ai_response_model: "gen_ai.response.model",
  gen_ai_token_modality: "gen_ai.token.modality",
  gen_ai_token_type: "gen_ai.token.type",
  http_request_method: "http.request.method",
  http_response_status_code: "http.response.status_code",
  http_route: "http.route",
  level: "openclaw.memory.level",
  token_type: "openclaw.token",
  url_scheme: "url.scheme",
};

/** Attributes that are numbers in the conventions; Prometheus knows texts only. */
export const NUMBERS: ReadonlySet<string> = new Set(["http.response.status_code"]);

/** The attribute that a label becomes. */
export function pushedAttribute(label: string): string {
  return Object.hasOwn(ATTRIBUTES, label) ? (ATTRIBUTES[label] ?? label) : `openclaw.${label}`;
}
