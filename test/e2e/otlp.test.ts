// Telemetry on its way to a collector: decoded from the bytes that a running gateway sends, and held against the conventions.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Collector, type Item, plain } from "../support/collector.ts";
import { CLIENT_SPAN, METRICS, oddities, REQUIRED, SERVER_SPAN } from "../support/conventions.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import type { Read } from "../support/protobuf.ts";

const messages = [{ role: "user", content: "prompt-canary-77" }];
const SERVER = 2;
const CLIENT = 3;
const UNSET = 0;
const ERROR = 2;
const CUMULATIVE = 2;
const PARENT = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };

let first: Provider;
let second: Provider;

beforeAll(async () => {
  [first, second] = await Promise.all([startProvider(), startProvider()]);
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
});

interface Exporting {
  readonly otel?: object;
  readonly more?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** An edge that exports to the collector; `a` fails with a 500, `b` answers. */
async function exporting(collector: Collector, { otel = {}, more = {}, env = {} }: Exporting = {}): Promise<Edge> {
  first.on("m", play.status(500));
  second.on("m", play.answer());
  const on = {
    enabled: true,
    endpoint: collector.url,
    flushIntervalMs: 60_000,
    headers: { "x-collector-key": "ck-canary-1234567" },
  };
  const cost = { input: 1, output: 2 };
  const chain = chainConfig({ a: first.url, b: { url: second.url, model: { cost } } }, more);
  return startEdge({ config: { ...chain, diagnostics: { otel: { ...on, ...otel } } }, env });
}

async function ask(edge: Edge, body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  const response = await edge.post("/v1/chat/completions", { messages, ...body }, { headers });
  await response.text();
  return response;
}

function points(metric: Item | undefined, kind: "sum" | "gauge" | "histogram"): readonly Read[] {
  const whole = (metric?.[kind] as readonly Read[] | undefined)?.[0];
  return (whole?.["points"] ?? []) as readonly Read[];
}

describe("a request that failed over", () => {
  let collector: Collector;
  let edge: Edge;
  let spans: readonly Item[];
  let requestId: string;

  beforeAll(async () => {
    collector = await Collector.listen();
    edge = await exporting(collector);
    requestId = (await ask(edge, { stream: true, temperature: 0.5, n: 1 })).headers.get("x-request-id") ?? "";
    expect(await edge.stop()).toBe(0);
    spans = collector.items("/v1/traces");
  });
  afterAll(() => collector[Symbol.asyncDispose]());

  it("is one SERVER span with the ids that the client was told", () => {
    const server = spans.filter(({ kind }) => kind === SERVER);
    expect(server).toHaveLength(1);
    expect(server[0]).toMatchObject({ name: "POST /v1/chat/completions", traceId: requestId.slice(4) });
    expect(server[0]?.["parentSpanId"]).toBeUndefined();
    expect(server[0]?.["status"]).toEqual([{ code: UNSET }]);
    expect(server[0]?.attributes).toMatchObject({
      "http.request.method": "POST",
      "http.route": "/v1/chat/completions",
      "url.path": "/v1/chat/completions",
      "url.scheme": "http",
      "http.response.status_code": 200,
      "gen_ai.response.model": "m",
      "openclaw.request_id": requestId,
      "openclaw.outcome": "completed",
      "openclaw.provider": "b",
      "openclaw.attempts": 2,
      "openclaw.cost.usd": 0.000017,
    });
  });

  it("has a CLIENT span for each attempt, beside each other, with what led to it", () => {
    const server = spans.find(({ kind }) => kind === SERVER);
    const attempts = spans.filter(({ kind }) => kind === CLIENT);
    expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([server?.["spanId"], server?.["spanId"]]);
    expect(attempts.map(({ name }) => name)).toEqual(["chat m", "chat m"]);
    expect(attempts[0]?.["status"]).toEqual([{ code: ERROR }]);
    expect(attempts[0]?.attributes).toMatchObject({
      "error.type": "server-error",
      "http.response.status_code": 500,
      "openclaw.attempt": 1,
      "openclaw.attempt.because": "first",
      "openclaw.provider": "a",
    });
    expect(attempts[1]?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "b",
      "gen_ai.system": "b",
      "gen_ai.request.model": "m",
      "gen_ai.request.stream": true,
      "gen_ai.request.temperature": 0.5,
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 7,
      "gen_ai.usage.output_tokens": 5,
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(second.url).port),
      "http.request.resend_count": 1,
      "openclaw.attempt": 2,
      "openclaw.attempt.because": "failover",
      "openclaw.fallback.from": "a/m",
      "openclaw.fallback.reason": "timeout",
      "openclaw.usage": "complete",
      "openclaw.transport": "sse",
    });
    const ttfc = attempts[1]?.attributes["gen_ai.response.time_to_first_chunk"];
    expect(ttfc).toBeGreaterThan(0);
    expect(ttfc).toBeLessThan(10);
  });

  it("tells each provider of its own span", () => {
    const ids = spans.filter(({ kind }) => kind === CLIENT).map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
    const told = [first, second].map(({ requests }) => requests.at(-1)?.headers["traceparent"]);
    expect(told).toEqual(ids);
  });

  it("lies in time as it happened", () => {
    const [a, b] = spans.filter(({ kind }) => kind === CLIENT);
    const server = spans.find(({ kind }) => kind === SERVER);
    const times = [server?.["start"], a?.["start"], a?.["end"], b?.["start"]] as number[];
    expect(times).toEqual(times.toSorted((x, y) => x - y));
    // The client has its whole answer with `[DONE]`; the provider's body may end a moment later. Both end after the last attempt began.
    for (const end of [b?.["end"], server?.["end"]]) expect(end).toBeGreaterThan(times.at(-1) ?? 0);
    expect(Math.abs((times[0] ?? 0) / 1e6 - Date.now())).toBeLessThan(600_000);
    expect(((b?.["events"] ?? []) as Read[]).map(({ name }) => name)).toEqual([
      "openclaw.connected",
      "openclaw.first_byte",
      "openclaw.committed",
    ]);
  });

  it("comes from a resource that tells nothing of the machine", () => {
    const resource = collector.scopes("/v1/traces")[0]?.resource ?? {};
    expect(Object.keys(resource).toSorted()).toEqual([
      "service.instance.id",
      "service.name",
      "service.version",
      "telemetry.sdk.language",
      "telemetry.sdk.name",
      "telemetry.sdk.version",
    ]);
    expect(resource["service.name"]).toBe("openclaw-edge");
  });

  it("is counted once in the metrics that are pushed, in OpenClaw's and OpenTelemetry's names and units", () => {
    const metrics = new Map(collector.items("/v1/metrics").map((metric) => [String(metric["name"]), metric]));
    const duration = points(metrics.get("gen_ai.client.inference.duration"), "histogram");
    expect(metrics.get("gen_ai.client.inference.duration")?.["unit"]).toBe("s");
    expect(duration.map(({ count }) => count)).toEqual([1, 1]);
    expect(plain(duration[1]?.["attributes"] as Read[])).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "b",
      "gen_ai.request.model": "m",
    });
    const run = metrics.get("openclaw.run.duration_ms");
    const [point] = points(run, "histogram");
    expect(run?.["unit"]).toBe("ms");
    expect(((run?.["histogram"] ?? []) as Read[])[0]?.["temporality"]).toBe(CUMULATIVE);
    expect(((point?.["buckets"] ?? []) as number[]).reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(((point?.["bounds"] ?? []) as number[])[0]).toBe(50);
    const tokens = points(metrics.get("openclaw.tokens"), "sum").map((each) => {
      return [plain(each["attributes"] as Read[])["openclaw.token"], each["double"]];
    });
    expect(tokens).toEqual([
      ["input", 7],
      ["output", 5],
      ["total", 12],
    ]);
    expect(points(metrics.get("openclaw.edge.failovers"), "sum")).toHaveLength(1);
    expect(metrics.has("http.server.request.duration")).toBe(true);
    // What comes and goes is a sum that may fall (HTTP conventions).
    const active = metrics.get("http.server.active_requests");
    expect(points(active, "sum").map(({ double }) => double)).toEqual([0]);
    expect(((active?.["sum"] ?? []) as Read[])[0]?.["monotonic"] ?? false).toBe(false);
    const calls = points(metrics.get("openclaw.model_call.duration_ms"), "histogram");
    expect(calls.map(({ attributes }) => plain(attributes as Read[])["error.type"])).toEqual([
      "server-error",
      undefined,
    ]);
  });

  it("is told in log records that belong to its trace", () => {
    const records = collector.items("/v1/logs");
    const line = records.find(({ body }) => (body as Read[])[0]?.["string"] === "request");
    expect(line).toMatchObject({ severityText: "INFO", severity: 9, traceId: requestId.slice(4) });
    expect(line?.["spanId"]).toBe(spans.find(({ kind }) => kind === SERVER)?.["spanId"]);
    expect(line?.["flags"]).toBe(1);
    expect(line?.attributes).toMatchObject({ status: 200, served: "b/m", requestId });
    const decision = records.find(({ body }) => (body as Read[])[0]?.["string"] === "model fallback decision");
    expect(decision?.["spanId"]).toBe(line?.["spanId"]);
  });

  it("comes with the collector's headers, and without prompts and keys", () => {
    const headers = collector.exports.map((each) => each.headers["x-collector-key"]);
    expect(new Set(headers)).toEqual(new Set(["ck-canary-1234567"]));
    const all = Buffer.concat(collector.exports.map(({ body }) => body)).toString("latin1");
    for (const canary of ["prompt-canary-77", "sk-upstream-", edge.token, "ck-canary"])
      expect(all).not.toContain(canary);
    expect(edge.child.lines.join("\n")).not.toContain("ck-canary");
  });
});

describe("everything that is exported", () => {
  let spans: readonly Item[];
  let metrics: readonly Item[];

  beforeAll(async () => {
    await using collector = await Collector.listen();
    const edge = await exporting(collector);
    const settings = {
      temperature: 0.5,
      n: 2,
      stop: ["x"],
      max_tokens: 9,
      seed: 7,
      response_format: { type: "json_object" },
    };
    for (const stream of [true, false]) await ask(edge, { ...settings, stream });
    await (await edge.post("/v1/embeddings", { model: "openclaw", input: "x" })).text();
    await ask(edge, { messages: 1 });
    await (await edge.get("/v1/models", { authorization: "Bearer wrong" })).text();
    second.on("m", play.status(500), play.cutAfterEvents(3, "reset", { usage: "every-chunk" }));
    for (const stream of [false, true]) await ask(edge, { stream });
    expect(await edge.stop()).toBe(0);
    spans = collector.items("/v1/traces");
    metrics = collector
      .items("/v1/metrics")
      .filter(({ name }) => /^(?:gen_ai|http)\.|^openclaw\.(?!edge\.)/.test(String(name)));
  });

  it.each([
    ["SERVER", SERVER, SERVER_SPAN, REQUIRED.server, 7],
    ["CLIENT", CLIENT, CLIENT_SPAN, REQUIRED.client, 9],
  ] as const)(
    "in a %s span is in the table of the conventions, and of its kind",
    (_name, kind, table, required, many) => {
      const those = spans.filter((span) => span["kind"] === kind);
      expect(those.length).toBeGreaterThanOrEqual(many);
      for (const { attributes } of those) {
        expect(oddities(attributes, table)).toEqual([]);
        expect(Object.keys(attributes)).toEqual(expect.arrayContaining([...required]));
      }
    },
  );

  it("as a metric that has a name elsewhere has its unit, its kind, its buckets and its attributes", () => {
    const told = new Map(metrics.map((metric) => [String(metric["name"]), metric]));
    // Nothing of caches and of reasoning was told, and the memory has not been looked at.
    const silent = /cache_|reasoning/;
    const expected = Object.keys(METRICS).filter((name) => !silent.test(name));
    expect([...told.keys()]).toEqual(expect.arrayContaining(expected));
    for (const [name, { unit, as, required, more = {}, bounds = [] }] of Object.entries(METRICS)) {
      const metric = told.get(name);
      if (metric === undefined) continue;
      const all = points(metric, as === "histogram" ? "histogram" : "sum");
      expect([metric["unit"], all.length > 0], name).toEqual([unit, true]);
      const sum = ((metric["sum"] ?? []) as Read[])[0];
      if (as !== "histogram") expect(sum?.["monotonic"] ?? false, name).toBe(as === "counter");
      for (const point of all) {
        const attributes = plain((point["attributes"] ?? []) as Read[]);
        expect(oddities(attributes, { ...required, ...more }, /^$/), name).toEqual([]);
        expect(Object.keys(attributes), name).toEqual(expect.arrayContaining(Object.keys(required)));
        expect(((point["bounds"] ?? []) as number[]).slice(0, bounds.length), name).toEqual(bounds);
      }
    }
  });
});

describe("what is exported", () => {
  it("is nothing of requests that are not sampled, whose providers are told so", async () => {
    await using collector = await Collector.listen();
    const edge = await exporting(collector, { otel: { sampleRate: 0 } });
    await ask(edge);
    await edge.stop();
    expect(collector.items("/v1/traces")).toEqual([]);
    expect(second.requests.at(-1)?.headers["traceparent"]).toMatch(/-00$/);
  });

  it("joins the trace of a program of this machine, and forwards neither its state nor its baggage", async () => {
    await using collector = await Collector.listen();
    const edge = await exporting(collector, { otel: { sampleRate: 0 } });
    const traceparent = `00-${PARENT.traceId}-${PARENT.spanId}-01`;
    await ask(edge, {}, { traceparent, tracestate: "vendor=canary", baggage: "user=canary" });
    await edge.stop();
    const server = collector.items("/v1/traces").find(({ kind }) => kind === SERVER);
    expect(server).toMatchObject({ traceId: PARENT.traceId, parentSpanId: PARENT.spanId });
    const headers = second.requests.at(-1)?.headers ?? {};
    expect(String(headers["traceparent"])).toContain(PARENT.traceId);
    expect(Object.keys(headers)).not.toContain("tracestate");
    expect(Object.keys(headers)).not.toContain("baggage");
  });

  it.each([
    ["a caller who comes through somebody unknown", {}, { "x-forwarded-for": "203.0.113.9" }],
    ["anybody, when the file trusts nobody", { trustTraceContext: false }, {}],
  ])("begins a trace of its own for %s", async (_who, telemetry, headers) => {
    await using collector = await Collector.listen();
    const providers = { a: { dialects: ["openai-chat"] } };
    const edge = await exporting(collector, { more: { edge: { telemetry, providers } } });
    await ask(edge, {}, { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01`, ...headers });
    await edge.stop();
    const server = collector.items("/v1/traces").find(({ kind }) => kind === SERVER);
    expect(server?.["traceId"]).not.toBe(PARENT.traceId);
  });

  it("goes where the variables say, under the name that they give", async () => {
    await using collector = await Collector.listen();
    await using other = await Collector.listen();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${other.url}/v1/logs`,
      OTEL_METRICS_EXPORTER: "none",
      OTEL_SERVICE_NAME: "front-door",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test,service.name=loses",
      OTEL_SEMCONV_STABILITY_OPT_IN: "http,gen_ai_latest_experimental",
    };
    const edge = await exporting(collector, { otel: { endpoint: "http://127.0.0.1:1", serviceName: "other" }, env });
    await ask(edge);
    await edge.stop();
    const resource = collector.scopes("/v1/traces")[0]?.resource;
    expect(resource).toMatchObject({ "service.name": "front-door", "deployment.environment.name": "test" });
    expect(new Set(collector.exports.map(({ path }) => path))).toEqual(new Set(["/v1/traces"]));
    expect(new Set(other.exports.map(({ path }) => path))).toEqual(new Set(["/v1/logs"]));
    const client = collector.items("/v1/traces").find(({ kind }) => kind === CLIENT);
    expect(Object.keys(client?.attributes ?? {})).not.toContain("gen_ai.system");
  });
});

it.each<[when: string, otel: object, isLoaded: boolean]>([
  ["is not loaded where nothing is exported", { enabled: false }, false],
  ["is loaded where something is", {}, true],
])("OpenTelemetry's SDK %s", async (_when, otel, isLoaded) => {
  await using collector = await Collector.listen();
  // By its name in the source, by words of its own in the bundle, where it has no name.
  const tell =
    'load(url, context, next) { const got = next(url, context); if (/@opentelemetry.sdk-/.test(url) || String(got.source).includes("OTEL_BSP_SCHEDULE_DELAY")) console.error("loaded", url); return got; }';
  const hook = `import { registerHooks } from "node:module"; registerHooks({ ${tell} });`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
  const edge = await exporting(collector, { otel, env });
  expect((await ask(edge)).status).toBe(200);
  expect(await edge.stop()).toBe(0);
  expect(edge.child.stderr.some((line) => line.startsWith("loaded "))).toBe(isLoaded);
});

it("is left to an SDK that runs already: it gets the spans, and none of our own is started", async () => {
  await using collector = await Collector.listen();
  const sdk = new URL("../support/preloaded-sdk.ts", import.meta.url).href;
  const env = { OPENCLAW_OTEL_PRELOADED: "1", NODE_OPTIONS: `--import=${sdk}` };
  const edge = await exporting(collector, { env });
  const id = (await ask(edge)).headers.get("x-request-id") ?? "";
  const server = await edge.logged(({ span }) => span === "POST /v1/chat/completions", "the request's span");
  expect(server).toMatchObject({ traceId: id.slice(4), attributes: { "openclaw.request_id": id } });
  await edge.child.until(() => edge.logs.filter(({ span }) => span === "chat m").length === 2, "a span per attempt");
  const calls = edge.logs.filter(({ span }) => span === "chat m");
  expect(calls.map(({ traceId, parent }) => [traceId, parent])).toEqual(
    calls.map(() => [server["traceId"], server["spanId"]]),
  );
  expect(await edge.stop()).toBe(0);
  expect(collector.exports).toEqual([]);
});

describe("a collector that", () => {
  it.each([
    ["hangs", "hang"],
    ["refuses", "refuse"],
  ] as const)("%s changes nothing for requests and does not keep the gateway from leaving", async (_what, manners) => {
    await using collector = await Collector.listen();
    collector.manners = manners;
    const edge = await exporting(collector, { otel: { flushIntervalMs: 1_000 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(edge, { stream: true })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await collector.until(() => collector.exports.length > 0, "an export");
    expect((await ask(edge)).status).toBe(200);
    expect(await edge.stop()).toBe(0);
  });

  it("tells our key back in its refusal is quoted without it, however loud the SDK is told to be", async () => {
    await using collector = await Collector.listen();
    collector.manners = "echo";
    const env = { OTEL_LOG_LEVEL: "all" };
    const edge = await exporting(collector, { otel: { flushIntervalMs: 1_000 }, env });
    await ask(edge);
    await edge.child.line(/^opentelemetry error: .*x-collector-key/);
    expect(await edge.stop()).toBe(0);
    expect(edge.child.lines.join("\n")).not.toContain("ck-canary");
    // Whoever reads the log gets lines of it; the SDK's own speaker has said that it is there before ours took its place.
    const others = edge.child.stdout.filter((line) => !line.startsWith("{"));
    expect(others).toEqual([expect.stringContaining("Registered a global for diag")]);
  });

  it("is not there is told of once, and counted", async () => {
    await using collector = await Collector.listen();
    const edge = await exporting(collector, { otel: { endpoint: "http://127.0.0.1:1", flushIntervalMs: 1_000 } });
    const line = await edge.logged(({ msg }) => msg === "telemetry cannot be exported", "trouble with the collector");
    expect(line).toMatchObject({ level: "warn", reason: "unreachable" });
    expect((await ask(edge)).status).toBe(200);
    const scrape = await (await edge.get("/api/diagnostics/prometheus")).text();
    expect(scrape).toMatch(
      /openclaw_telemetry_exporter_total\{exporter="otlp",reason="unreachable",signal="metrics",status="failure"\} \d/,
    );
    expect(await edge.stop()).toBe(0);
  });
});
