// Spans of requests that did not go the plain way, made by OpenTelemetry's own tracer; what a plain failover looks like on the wire is
// seen end to end.
import { type Attributes, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../../src/core/events.ts";
import { failure } from "../../../../src/core/failure.ts";
import { MintedIds } from "../../../../src/telemetry/otlp/minted-ids.ts";
import { TraceLog } from "../../../../src/telemetry/otlp/trace-log.ts";
import { createRedactor } from "../../../../src/telemetry/redact.ts";
import { TargetNames } from "../../../../src/telemetry/target-names.ts";
import * as told from "../../../support/events.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { aTarget } from "../../../support/snapshot.ts";

const SECRET = "sk-canary-0123456789abcdef";
const gpt = aTarget("openai/gpt-4o");
const claude = aTarget("anthropic/claude");
const SAMPLED = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", parentId: null, flags: 1 };
const request = told.requestOf({ trace: SAMPLED });

function traced(id: string) {
  return { ...SAMPLED, spanId: id.repeat(16), parentId: SAMPLED.spanId };
}

/** The spans that these events make; `foreign` is an SDK that somebody else has started. */
function spansOf(events: readonly ProxyEvent[], options: { foreign?: boolean; latestGenAi?: boolean } = {}) {
  const { log, spans } = open(options);
  for (const event of events) log.observe(event);
  log.draw();
  return spans();
}

function open({ foreign = false, latestGenAi = false } = {}) {
  const exporter = new InMemorySpanExporter();
  const ids = foreign ? null : new MintedIds();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const provider = new TracerProvider({ spanProcessors, ...(ids !== null && { idGenerator: ids }) });
  const redact = createRedactor([SECRET], []);
  const words = { names: new TargetNames(redact), redact, scheme: () => "https" as const, latestGenAi };
  const clock = new FakeClock();
  let sent = 0;
  const onDrawn = (): void => void (sent += 1);
  const log = new TraceLog({ tracer: provider.getTracer("test"), ids, words, clock, onDrawn });
  return { log, clock, spans: (): ReadableSpan[] => exporter.getFinishedSpans(), sent: () => sent };
}

function attributesOf(events: readonly ProxyEvent[], kind = SpanKind.CLIENT): Attributes {
  return spansOf(events).find((span) => span.kind === kind)?.attributes ?? {};
}

describe("drawing", () => {
  const ended = told.requestEnded([told.attemptOf(gpt, { trace: traced("1") })], { request });

  it("comes with the 64th request, all at once, and has them sent", () => {
    const { log, spans, sent } = open();
    for (let at = 0; at < 63; at += 1) log.observe(ended);
    expect([spans().length, sent()]).toEqual([0, 0]);
    log.observe(ended);
    expect([spans().length, sent()]).toEqual([128, 1]);
  });

  it("comes a second after the first that waits", () => {
    const { log, clock, spans, sent } = open();
    log.observe(ended);
    clock.advance(600);
    log.observe(ended);
    clock.advance(399);
    expect(spans()).toEqual([]);
    clock.advance(1);
    expect([spans().length, sent()]).toEqual([4, 1]);
    clock.advance(5_000);
    expect(sent()).toBe(1);
  });

  it("of nothing sends nothing", () => {
    const { log, sent } = open();
    log.draw();
    expect(sent()).toBe(0);
  });
});

describe("spans", () => {
  it("are made of sampled requests only", () => {
    const unsampled = told.requestOf({ trace: { ...SAMPLED, flags: 0 } });
    expect(
      spansOf([told.requestEnded([told.attemptOf(gpt)], { request: unsampled }), told.requestRefused("forbidden")]),
    ).toEqual([]);
  });

  it("of two attempts side by side stand beside each other; the one that lost is no error", () => {
    const first = told.attemptOf(gpt, {
      trace: traced("1"),
      outcome: "cancelled",
      committedAt: null,
      told: null,
      endedAt: 300,
    });
    const hedge = told.attemptOf(claude, { trace: traced("2"), number: 2, because: "hedge", startedAt: 100 });
    const spans = spansOf([told.requestEnded([first, hedge], { request })]);
    const [server, a, b] = ["00f067aa0ba902b7", "1".repeat(16), "2".repeat(16)].map((id) =>
      spans.find((span) => span.spanContext().spanId === id),
    );
    expect([a, b].map((span) => span?.parentSpanContext?.spanId)).toEqual([SAMPLED.spanId, SAMPLED.spanId]);
    expect(server?.parentSpanContext).toBeUndefined();
    expect([server, a, b].map((span) => span?.status.code)).toEqual([0, 0, 0]);
    expect(a?.attributes).toMatchObject({ "openclaw.outcome": "cancelled" });
    expect(a?.attributes).not.toHaveProperty("error.type");
    expect(b?.attributes).toMatchObject({ "openclaw.attempt.because": "hedge", "openclaw.attempt": 2 });
    expect(b?.attributes).not.toHaveProperty("openclaw.fallback.from");
  });

  it("keep the trace id of the log when somebody else's SDK makes the span ids", () => {
    const attempt = told.attemptOf(gpt, { trace: traced("1") });
    const [server, client] = ["POST /v1/chat/completions", "chat gpt-4o"].map((name) =>
      spansOf([told.requestEnded([attempt], { request })], { foreign: true }).find((span) => span.name === name),
    );
    expect(server?.spanContext().traceId).toBe(SAMPLED.traceId);
    expect(client?.spanContext().traceId).toBe(SAMPLED.traceId);
    expect(client?.parentSpanContext).toBeDefined();
  });

  it.each([
    [
      "a stream that broke is an error behind its 200",
      told.requestFailed([told.failedAttemptOf(gpt, "stream-broken")], { request, status: 200 }),
      SpanStatusCode.ERROR,
    ],
    [
      "a 502 is an error",
      told.requestFailed([told.failedAttemptOf(gpt, "connect-failed")], { request }),
      SpanStatusCode.ERROR,
    ],
    [
      "a 400 is the client's own",
      told.requestFailed([told.failedAttemptOf(gpt, "rejected")], { request }),
      SpanStatusCode.UNSET,
    ],
    [
      "nor is a 429 an error of the server",
      told.requestFailed([told.failedAttemptOf(gpt, "rate-limited")], { request }),
      SpanStatusCode.UNSET,
    ],
    [
      "a client that left is no error",
      told.requestEnded([told.attemptOf(gpt)], {
        request,
        status: 499,
        outcome: "cancelled",
        failure: failure("client-closed", "x"),
      }),
      SpanStatusCode.UNSET,
    ],
    [
      "a refusal is the client's own",
      told.requestRefused("unauthorized", {}, { trace: SAMPLED }),
      SpanStatusCode.UNSET,
    ],
    [
      "a refusal for want of room is ours",
      told.requestRefused("draining", {}, { trace: SAMPLED }),
      SpanStatusCode.ERROR,
    ],
  ] as const)("%s", (_sentence, event, code) => {
    const server = spansOf([event]).find((span) => span.kind === SpanKind.SERVER);
    expect(server?.status.code).toBe(code);
  });

  it("say nothing that was never sent: no status for a client that has gone, no path that it chose", () => {
    const gone = told.requestEnded([told.attemptOf(gpt)], { request, status: 499, outcome: "cancelled" });
    expect(attributesOf([gone], SpanKind.SERVER)).not.toHaveProperty("http.response.status_code");
    const odd = told.requestRefused("not-found", {}, { trace: SAMPLED, endpoint: "other", method: "BREW" });
    const [span] = spansOf([odd]);
    expect(span?.name).toBe("HTTP");
    expect(span?.attributes).toMatchObject({ "http.request.method": "_OTHER", "url.path": "/", "url.scheme": "https" });
    expect(span?.attributes).not.toHaveProperty("http.route");
  });

  it("tell of a connection that the network broke in OpenClaw's words", () => {
    const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    const broken = told.attemptOf(gpt, {
      trace: traced("1"),
      outcome: "failed",
      failure: failure("stream-broken", "It broke.", { cause }),
      upstreamRequestId: "chatcmpl-1",
      told: told.toldOf({ usage: { input: 7, output: 1 }, finish: null, ended: false }),
    });
    expect(attributesOf([told.requestFailed([broken], { request })])).toMatchObject({
      "error.type": "stream-broken",
      "openclaw.errorCategory": "Error",
      "openclaw.failureKind": "connection_reset",
      "openclaw.usage": "partial",
      "gen_ai.response.finish_reasons": ["error"],
      "gen_ai.usage.output_tokens": 1,
      "openclaw.provider.request_id_hash": expect.stringMatching(/^sha256:[0-9a-f]{12}$/),
    });
  });

  it("leave unknown counts out, and the older names where only the newest are wanted", () => {
    const end = told.requestEnded([told.attemptOf(gpt, { trace: traced("1") })], { request });
    expect(Object.keys(attributesOf([end])).filter((name) => name.startsWith("gen_ai.usage"))).toEqual([]);
    const [client] = spansOf([end], { latestGenAi: true });
    expect(spansOf([end], { latestGenAi: true }).flatMap(({ attributes }) => Object.keys(attributes))).not.toContain(
      "gen_ai.system",
    );
    expect(client?.spanContext().traceFlags).toBe(1);
  });

  it("tell what the request asked for, words redacted and bounded", () => {
    const asked = { maxTokens: 64, choiceCount: 2, reasoningLevel: SECRET, stopSequences: ["END", "x".repeat(200)] };
    const end = told.requestEnded([told.attemptOf(gpt, { trace: traced("1") })], { request: { ...request, asked } });
    expect(attributesOf([end])).toMatchObject({
      "gen_ai.request.max_tokens": 64,
      "gen_ai.request.choice.count": 2,
      "gen_ai.request.reasoning.level": "***",
      "gen_ai.request.stop_sequences": ["END", "x".repeat(128)],
    });
  });

  it("hold no secret that a provider wrote", () => {
    const attempt = told.attemptOf(gpt, { trace: traced("1"), told: told.toldOf({ finish: `stop ${SECRET}` }) });
    const all = JSON.stringify(
      spansOf([told.requestEnded([attempt], { request })]).map(({ attributes }) => attributes),
    );
    expect(all).not.toContain(SECRET);
  });
});
