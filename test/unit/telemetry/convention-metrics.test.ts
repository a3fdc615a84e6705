// The metrics of OpenTelemetry's conventions and of OpenClaw beside the ones of our own: what each event adds to which series.
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../src/core/events.ts";
import { failure } from "../../../src/core/failure.ts";
import * as told from "../../support/events.ts";
import { aTarget } from "../../support/snapshot.ts";
import { metricsOf, samplesAfter, scraped } from "./metrics-kit.ts";

const UNKNOWN = aTarget("openai/gpt-4o").stated;
const gpt = aTarget("openai/gpt-4o", {
  stated: { ...UNKNOWN, contextWindow: 128_000, cost: { input: 2, output: 10, cacheRead: 1, cacheWrite: 0 } },
});
const claude = aTarget("anthropic/claude");
const usage = { input: 700, output: 5, cacheRead: 300, reasoning: 2 };
const counted = told.attemptOf(gpt, { told: told.toldOf({ usage }) });
const silent = told.attemptOf(gpt);
const cut = told.attemptOf(gpt, {
  outcome: "cancelled",
  failure: failure("client-closed", "The client left."),
  told: told.toldOf({ usage: { input: 700, output: 1 }, ended: false, finish: null }),
});
const embedding = told.requestOf({ operation: "embeddings", stream: false });
const refused = told.failedAttemptOf(claude, "overloaded");
const call = 'gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt-4o"';
const vectors = 'gen_ai_operation_name="embeddings",gen_ai_provider_name="openai",gen_ai_request_model="gpt-4o"';
const served = 'gen_ai_request_model="openclaw/main",gen_ai_response_model="gpt-4o"';
const server = `gen_ai_operation_name="chat",gen_ai_provider_name="openai",${served}`;
const money = 'agent="main",channel="none",model="gpt-4o",provider="openai"';
const calls = 'api="openai-completions",model="gpt-4o",provider="openai",transport="sse"';
const route = 'http_route="/v1/chat/completions",url_scheme="http"';

const STORIES: readonly (readonly [string, readonly ProxyEvent[], Readonly<Record<string, number>>])[] = [
  [
    "tokens and prices make a cost; cached tokens have their own",
    [told.attemptEnded(counted)],
    { [`openclaw_model_cost_usd_total{${money}}`]: 0.00115 },
  ],
  [
    "tokens without a price cost nothing that anybody knows",
    [told.attemptEnded(told.attemptOf(claude, { told: told.toldOf({ usage }) }))],
    { [`openclaw_model_cost_usd_total{${money.replace("gpt-4o", "claude").replace("openai", "anthropic")}}`]: NaN },
  ],
  [
    "usage of a whole answer is complete",
    [told.attemptEnded(counted)],
    { 'openclaw_edge_usage_reports_total{provider="openai",model="gpt-4o",state="complete"}': 1 },
  ],
  [
    "usage of an answer that was cut is partial, and its tokens count",
    [told.attemptEnded(cut)],
    {
      'openclaw_edge_usage_reports_total{provider="openai",model="gpt-4o",state="partial"}': 1,
      'openclaw_model_tokens_total{agent="main",channel="none",model="gpt-4o",provider="openai",token_type="input"}': 700,
    },
  ],
  [
    "a stream's first chunk is the first that says something: a comment may come at once",
    [told.attemptEnded({ ...counted, startedAt: 11, firstByteAt: 12, committedAt: 2_011 })],
    { [`gen_ai_client_inference_time_to_first_chunk_seconds_sum{${call}}`]: 2 },
  ],
  [
    "embeddings have no tokens of output to be counted",
    [told.attemptEnded(counted, told.requestOf({ operation: "embeddings", stream: false }))],
    {
      [`gen_ai_client_token_usage_count{${call.replace("chat", "embeddings")},gen_ai_token_type="input"}`]: 1,
      [`gen_ai_client_token_usage_count{${call.replace("chat", "embeddings")},gen_ai_token_type="output"}`]: NaN,
    },
  ],
  [
    "no usage is absent, and shows as nothing counted",
    [told.attemptEnded(silent)],
    {
      'openclaw_edge_usage_reports_total{provider="openai",model="gpt-4o",state="absent"}': 1,
      [`gen_ai_client_inference_usage_input_tokens_total{${call},gen_ai_token_modality="unknown"}`]: 0,
    },
  ],
  [
    "a request to count tokens uses none",
    [told.attemptEnded(silent, told.requestOf({ operation: "count-tokens", stream: false }))],
    {
      'openclaw_edge_usage_reports_total{provider="openai",model="gpt-4o",state="absent"}': NaN,
      [`gen_ai_client_inference_duration_seconds_count{${call.replace("chat", "count_tokens")},error_type=""}`]: NaN,
    },
  ],
  [
    "an attempt without an answer has no usage to be known of",
    [told.attemptEnded(refused)],
    { 'openclaw_edge_usage_reports_total{provider="anthropic",model="claude",state="absent"}': NaN },
  ],
  [
    "an inference is told under the newest name and the older one",
    [told.attemptEnded(counted)],
    {
      [`gen_ai_client_inference_duration_seconds_count{${call},error_type=""}`]: 1,
      [`gen_ai_client_operation_duration_seconds_count{${call},error_type=""}`]: 1,
      [`gen_ai_client_inference_duration_seconds_bucket{${call},error_type="",le="0.64"}`]: 0,
      [`gen_ai_client_inference_duration_seconds_bucket{${call},error_type="",le="1.28"}`]: 1,
    },
  ],
  [
    "embeddings are no inference",
    [told.attemptEnded(counted, embedding)],
    {
      [`gen_ai_client_inference_duration_seconds_count{${vectors},error_type=""}`]: NaN,
      [`gen_ai_client_operation_duration_seconds_count{${vectors},error_type=""}`]: 1,
    },
  ],
  [
    "a failed attempt has its kind, a cancelled one has no error",
    [told.attemptEnded(refused), told.attemptEnded(cut)],
    {
      'gen_ai_client_inference_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude",error_type="overloaded"}': 1,
      [`gen_ai_client_inference_duration_seconds_count{${call},error_type=""}`]: 1,
    },
  ],
  [
    "tokens by kind, cached and reasoned ones apart",
    [told.attemptEnded(counted)],
    {
      [`gen_ai_client_inference_usage_input_tokens_total{${call},gen_ai_token_modality="unknown"}`]: 700,
      [`gen_ai_client_inference_usage_output_tokens_total{${call},gen_ai_token_modality="unknown"}`]: 5,
      [`gen_ai_client_inference_usage_cache_read_input_tokens_total{${call},gen_ai_token_modality="unknown"}`]: 300,
      [`gen_ai_client_inference_usage_reasoning_output_tokens_total{${call},gen_ai_token_modality="unknown"}`]: 2,
      [`gen_ai_client_inference_operation_input_tokens_sum{${call}}`]: 700,
      [`gen_ai_client_inference_operation_output_tokens_sum{${call}}`]: 5,
      [`gen_ai_client_token_usage_sum{${call},gen_ai_token_type="input"}`]: 700,
      'openclaw_gen_ai_client_token_usage_sum{model="gpt-4o",provider="openai",token_type="output"}': 5,
      'openclaw_context_tokens_sum{channel="none",context="used",model="gpt-4o",provider="openai"}': 705,
      'openclaw_context_tokens_sum{channel="none",context="limit",model="gpt-4o",provider="openai"}': 128_000,
    },
  ],
  [
    "what the user felt: the whole time, the first token, the time per further token",
    [told.requestEnded([counted])],
    {
      [`gen_ai_server_request_duration_seconds_sum{${server},error_type=""}`]: 1.012,
      [`gen_ai_server_time_to_first_token_seconds_sum{${server}}`]: 0.211,
      [`gen_ai_server_time_per_output_token_seconds_sum{${server}}`]: 0.20025,
    },
  ],
  [
    "OpenClaw's figures of a call",
    [told.attemptStarted(counted), told.attemptEnded(counted)],
    {
      'openclaw_run_attempt_total{attempt="1"}': 1,
      [`openclaw_model_call_request_bytes_sum{${calls}}`]: 120,
      [`openclaw_model_call_response_bytes_sum{${calls}}`]: 900,
      [`openclaw_model_call_time_to_first_byte_seconds_sum{${calls}}`]: 0.189,
    },
  ],
  [
    "HTTP requests by route and status, whoever answered them",
    [
      told.requestEnded([counted]),
      told.requestRefused("unauthorized"),
      told.requestRefused("draining", {}, { method: "BREW" }),
      { type: "request-answered", at: 3, endpoint: "/healthz", method: "GET", status: 200, startedAt: 1 },
    ],
    {
      [`http_server_request_duration_seconds_count{error_type="",http_request_method="POST",http_response_status_code="200",${route}}`]: 1,
      [`http_server_request_duration_seconds_count{error_type="",http_request_method="POST",http_response_status_code="401",${route}}`]: 1,
      [`http_server_request_duration_seconds_count{error_type="draining",http_request_method="_OTHER",http_response_status_code="503",${route}}`]: 1,
      'http_server_request_duration_seconds_sum{error_type="",http_request_method="GET",http_response_status_code="200",http_route="/healthz",url_scheme="http"}': 0.002,
    },
  ],
  [
    "a stream that broke is an error behind its 200; a client that left has no status",
    [
      told.requestFailed([refused], { status: 200 }),
      told.requestEnded([counted], { status: 499, outcome: "cancelled" }),
    ],
    {
      [`http_server_request_duration_seconds_count{error_type="overloaded",http_request_method="POST",http_response_status_code="200",${route}}`]: 1,
      [`http_server_request_duration_seconds_count{error_type="",http_request_method="POST",http_response_status_code="",${route}}`]: 1,
    },
  ],
  [
    "model calls under way",
    [told.requestStarted(), told.requestStarted(), told.requestEnded([counted])],
    { 'http_server_active_requests{http_request_method="POST",url_scheme="http"}': 1 },
  ],
];

describe("metrics by convention", () => {
  it.each(STORIES)("%s", async (_sentence, events, figures) => {
    const samples = await samplesAfter(events);
    for (const [series, figure] of Object.entries(figures)) {
      // NaN: there is no such series.
      if (Number.isNaN(figure)) expect([...samples.keys()]).not.toContain(series);
      else expect(samples.get(series), series).toBeCloseTo(figure, 9);
    }
  });

  it("know a model by its name in the file alone, whatever an answer calls it", async () => {
    const dated = told.attemptOf(gpt, { told: told.toldOf({ usage, id: "chatcmpl-1", model: "gpt-4o-2024-08-06" }) });
    const samples = await samplesAfter([told.attemptEnded(dated), told.requestEnded([dated])]);
    const series = [...samples.keys()].join("\n");
    expect(series).toContain('gen_ai_response_model="gpt-4o"');
    expect(series).not.toMatch(/2024-08-06|chatcmpl-1/);
  });

  it("leave the two older names out when they are not wanted, and embeddings under the one that is still right", async () => {
    const metrics = metricsOf({ legacyGenAi: false });
    const families = await scraped([told.attemptEnded(counted)], metrics);
    expect(families.has("gen_ai_client_token_usage")).toBe(false);
    expect(families.has("gen_ai_client_operation_duration_seconds")).toBe(false);
    const later = metricsOf({ legacyGenAi: false });
    const ofVectors = await scraped([told.attemptEnded(counted, embedding)], later);
    expect(ofVectors.has("gen_ai_client_operation_duration_seconds")).toBe(true);
  });

  it.each([
    ["google", "gcp.gemini"],
    ["xai", "x_ai"],
    ["ollama", "ollama"],
    ["constructor", "constructor"],
  ])("call the provider %s %s", async (provider, name) => {
    const target = aTarget(`${provider}/m`);
    const metrics = metricsOf({ isConfigured: () => true });
    const samples = await samplesAfter([told.attemptEnded(told.attemptOf(target))], metrics);
    expect([...samples.keys()].some((series) => series.includes(`gen_ai_provider_name="${name}"`))).toBe(true);
  });
});
