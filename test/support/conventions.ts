// TABLES: what OpenTelemetry's conventions (semantic-conventions-genai, HTTP) and OpenClaw (§6.2) have of spans and metrics, each value by
// what it has to be. Ours is not asked.

/** Tells whether a value is of its kind. */
type Kind = (value: unknown) => boolean;

const text: Kind = (value) => typeof value === "string" && value !== "";
const number: Kind = (value) => typeof value === "number" && Number.isFinite(value);
const count: Kind = (value) => Number.isInteger(value) && Number(value) >= 0;
const texts: Kind = (value) => Array.isArray(value) && value.length > 0;
const oneOf = (...values: readonly unknown[]): Kind => values.includes.bind(values);

/** Attributes by name. */
export type Attributes = Readonly<Record<string, unknown>>;
/** A table of attributes. */
export type Conventions = Readonly<Record<string, Kind>>;

const OPERATION = { "gen_ai.operation.name": oneOf("chat", "embeddings", "count_tokens") };
const ERROR = { "error.type": text };
const STATUS = { "http.response.status_code": (value: unknown) => count(value) && Number(value) < 600 };
const METHOD = {
  "http.request.method": oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "_OTHER"),
};
const SCHEME = { "url.scheme": oneOf("http", "https") };
const ROUTE = { "http.route": (value: unknown) => text(value) && String(value).startsWith("/") };

/** The span of one call of a provider: `gen_ai.client.inference`, and HTTP where it is one. */
export const CLIENT_SPAN = {
  ...OPERATION,
  "gen_ai.provider.name": text,
  "gen_ai.system": text,
  "gen_ai.request.model": text,
  "gen_ai.request.stream": oneOf(true),
  "gen_ai.request.max_tokens": count,
  "gen_ai.request.temperature": number,
  "gen_ai.request.top_p": number,
  "gen_ai.request.top_k": count,
  "gen_ai.request.frequency_penalty": number,
  "gen_ai.request.presence_penalty": number,
  "gen_ai.request.seed": number,
  "gen_ai.request.stop_sequences": texts,
  "gen_ai.request.choice.count": (value) => count(value) && value !== 1,
  "gen_ai.request.reasoning.level": text,
  "gen_ai.request.previous_response.id": text,
  "gen_ai.conversation.id": text,
  "gen_ai.output.type": oneOf("text", "json", "image", "speech"),
  "gen_ai.response.id": text,
  "gen_ai.response.model": text,
  "gen_ai.response.finish_reasons": texts,
  "gen_ai.response.time_to_first_chunk": number,
  "gen_ai.usage.input_tokens": count,
  "gen_ai.usage.output_tokens": count,
  "gen_ai.usage.cache_read.input_tokens": count,
  "gen_ai.usage.cache_write.input_tokens": count,
  "gen_ai.usage.reasoning.output_tokens": count,
  "server.address": text,
  "server.port": count,
  ...STATUS,
  "http.request.resend_count": count,
  ...ERROR,
} as const satisfies Conventions;

/** The span of a request of ours: HTTP, and what was asked of a model. */
export const SERVER_SPAN: Conventions = {
  ...METHOD,
  ...SCHEME,
  ...ROUTE,
  "url.path": (value) => text(value) && String(value).startsWith("/"),
  ...STATUS,
  ...ERROR,
  ...OPERATION,
  "gen_ai.response.model": text,
};

/** What each of them has at least. */
export const REQUIRED = {
  client: ["gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "server.address", "server.port"],
  server: ["http.request.method", "url.path", "url.scheme"],
} as const;

/** A metric of the conventions. */
export interface MetricConvention {
  readonly unit: string;
  readonly as: "histogram" | "counter" | "up-down";
  /** Of these it has all. */
  readonly required: Conventions;
  /** Of these it may have some. */
  readonly more?: Conventions;
  /** Bounds of buckets that it begins with. */
  readonly bounds?: readonly number[];
}

const CALL = { required: { ...OPERATION, "gen_ai.provider.name": text, "gen_ai.request.model": text } } as const;
const CALL_OR_ERROR = { ...CALL, more: { ...ERROR, "gen_ai.response.model": text } } as const;
const SERVED = { ...CALL, more: { "gen_ai.response.model": text } } as const;
const MODALITY = { ...CALL, more: { "gen_ai.token.modality": oneOf("text", "image", "audio", "unknown") } } as const;
const TOKEN_TYPE = { required: { ...CALL.required, "gen_ai.token.type": oneOf("input", "output") } } as const;
const D = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const T = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const F = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const P = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const HTTP = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SECONDS = { unit: "s", as: "histogram" } as const;
const TOKENS = { unit: "{token}", as: "counter" } as const;
const OPENCLAW = { "openclaw.channel": text, "openclaw.provider": text, "openclaw.model": text } as const;
const OPENCLAW_CALL = {
  "openclaw.provider": text,
  "openclaw.model": text,
  "openclaw.api": text,
  "openclaw.transport": text,
} as const;
const AGENT = { "openclaw.agent": text } as const;

/** Metrics by name. */
export const METRICS: Readonly<Record<string, MetricConvention>> = {
  "gen_ai.client.inference.duration": { ...SECONDS, bounds: D, ...CALL_OR_ERROR },
  "gen_ai.client.operation.duration": { ...SECONDS, bounds: D, ...CALL_OR_ERROR },
  "gen_ai.client.inference.time_to_first_chunk": { ...SECONDS, bounds: D, ...CALL },
  "gen_ai.client.inference.usage.input_tokens": { ...TOKENS, ...MODALITY },
  "gen_ai.client.inference.usage.output_tokens": { ...TOKENS, ...MODALITY },
  "gen_ai.client.inference.usage.cache_read.input_tokens": { ...TOKENS, ...MODALITY },
  "gen_ai.client.inference.usage.cache_write.input_tokens": { ...TOKENS, ...MODALITY },
  "gen_ai.client.inference.usage.reasoning.output_tokens": { ...TOKENS, ...MODALITY },
  "gen_ai.client.inference.operation.input_tokens": { unit: "{token}", as: "histogram", bounds: T, ...CALL },
  "gen_ai.client.inference.operation.output_tokens": { unit: "{token}", as: "histogram", bounds: T, ...CALL },
  "gen_ai.client.token.usage": { unit: "{token}", as: "histogram", bounds: T, ...TOKEN_TYPE },
  "gen_ai.server.request.duration": { ...SECONDS, bounds: D, ...CALL_OR_ERROR },
  "gen_ai.server.time_to_first_token": { ...SECONDS, bounds: F, ...SERVED },
  "gen_ai.server.time_per_output_token": { ...SECONDS, bounds: P, ...SERVED },
  "http.server.request.duration": {
    ...SECONDS,
    bounds: HTTP,
    required: { ...METHOD, ...SCHEME },
    more: { ...ROUTE, ...STATUS, ...ERROR },
  },
  "http.server.active_requests": { unit: "{request}", as: "up-down", required: { ...METHOD, ...SCHEME } },
  "openclaw.tokens": { ...TOKENS, required: { ...OPENCLAW, ...AGENT, "openclaw.token": text } },
  "openclaw.cost.usd": { unit: "USD", as: "counter", required: OPENCLAW, more: AGENT },
  "openclaw.run.duration_ms": {
    unit: "ms",
    as: "histogram",
    required: OPENCLAW,
    more: { "openclaw.outcome": text, "openclaw.trigger": text },
  },
  "openclaw.run.attempt": { unit: "{attempt}", as: "counter", required: { "openclaw.attempt": text } },
  "openclaw.context.tokens": {
    unit: "{token}",
    as: "histogram",
    required: { ...OPENCLAW, "openclaw.context": oneOf("used", "limit") },
  },
  "openclaw.model_call.duration_ms": {
    unit: "ms",
    as: "histogram",
    required: OPENCLAW_CALL,
    more: { ...ERROR, "openclaw.outcome": text },
  },
  "openclaw.model_call.request_bytes": { unit: "By", as: "histogram", required: OPENCLAW_CALL },
  "openclaw.model_call.response_bytes": { unit: "By", as: "histogram", required: OPENCLAW_CALL },
  "openclaw.model_call.time_to_first_byte_ms": { unit: "ms", as: "histogram", required: OPENCLAW_CALL },
};

/** What is of another kind than the table says, or not in it; names of OpenClaw and of our own are passed over. */
export function oddities(attributes: Attributes, table: Conventions, own = /^openclaw\./): string[] {
  const theirs = Object.entries(attributes).filter(([name, value]) => value !== undefined && !own.test(name));
  return theirs
    .filter(([name, value]) => table[name]?.(value) !== true)
    .map(([name, value]) => `${name}=${String(value)}`);
}
