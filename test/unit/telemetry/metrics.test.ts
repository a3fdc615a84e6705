// What each event adds to which series. Every row: the events of one story, and what a scraper then reads.
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../src/core/events.ts";
import { failure } from "../../../src/core/failure.ts";
import { GENAI_METRIC } from "../../../src/telemetry/genai-names.ts";
import { HTTP_METRIC } from "../../../src/telemetry/http-metrics.ts";
import { METRIC } from "../../../src/telemetry/names.ts";
import { PROCESS_METRICS } from "../../../src/telemetry/process-metrics.ts";
import * as told from "../../support/events.ts";
import { aTarget } from "../../support/snapshot.ts";
import { metricsOf, samplesAfter, scraped } from "./metrics-kit.ts";

const OF_PROCESS = PROCESS_METRICS.map(({ name }) => name);
const gpt = aTarget("openai/gpt-4o");
const claude = aTarget("anthropic/claude", { api: "anthropic-messages" });
const unlisted = aTarget("openai/whatever-the-client-wrote");
const mock = aTarget("mock/echo", { via: "mock" });
const good = told.attemptOf(gpt);
const whole = told.requestOf({ stream: false });
const broken = told.attemptOf(gpt, {
  outcome: "failed",
  failure: failure("stream-broken", "The provider ended in the middle.", { phase: "stream" }),
});
const unopened = told.failedAttemptOf(gpt, "commit-timeout", { status: 200 });
const refusedConnect = told.failedAttemptOf(gpt, "connect-failed");
const usage = told.attemptOf(gpt, { told: told.toldOf({ usage: { input: 7, output: 5 } }) });
const cached = told.attemptOf(gpt, {
  told: told.toldOf({ usage: { input: 7, output: 5, cacheRead: 3, cacheWrite: 2, reasoning: 1 } }),
});

function run(labels: string): string {
  return `${METRIC.runCompleted}{${labels}}`;
}

function call(labels: string): string {
  return `${METRIC.modelCall}{${labels}}`;
}

const STORIES: readonly (readonly [string, readonly ProxyEvent[], Readonly<Record<string, number>>])[] = [
  [
    "a completed request counts once, with the target that served",
    [told.requestEnded([good])],
    { [run(`channel="none",model="gpt-4o",outcome="completed",provider="openai",trigger="http"`)]: 1 },
  ],
  [
    "its duration is from the head to the end, in seconds",
    [told.requestEnded([good])],
    {
      [`${METRIC.runDuration}_sum{channel="none",model="gpt-4o",outcome="completed",provider="openai",trigger="http"}`]: 1.012,
      [`${METRIC.runDuration}_bucket{channel="none",model="gpt-4o",outcome="completed",provider="openai",trigger="http",le="1"}`]: 0,
      [`${METRIC.runDuration}_bucket{channel="none",model="gpt-4o",outcome="completed",provider="openai",trigger="http",le="2.5"}`]: 1,
    },
  ],
  [
    "a failed request counts with the target that failed last",
    [told.requestFailed([refusedConnect, told.failedAttemptOf(claude, "overloaded")])],
    { [run(`channel="none",model="claude",outcome="failed",provider="anthropic",trigger="http"`)]: 1 },
  ],
  [
    "a request that found no candidate has neither model nor provider",
    [told.requestFailed([])],
    { [run(`channel="none",model="none",outcome="failed",provider="none",trigger="http"`)]: 1 },
  ],
  [
    "a cancelled request is neither completed nor failed",
    [told.requestEnded([good], { outcome: "cancelled" })],
    { [run(`channel="none",model="gpt-4o",outcome="cancelled",provider="openai",trigger="http"`)]: 1 },
  ],
  [
    "the channel that the client names is a label",
    [told.requestEnded([good], { request: told.requestOf({ channel: "slack" }) })],
    { [run(`channel="slack",model="gpt-4o",outcome="completed",provider="openai",trigger="http"`)]: 1 },
  ],
  [
    "a model that the file does not list is `other`, its provider is told",
    [told.requestEnded([told.attemptOf(unlisted)])],
    { [run(`channel="none",model="other",outcome="completed",provider="openai",trigger="http"`)]: 1 },
  ],
  [
    "an attempt that completed has the category none",
    [told.attemptEnded(good)],
    {
      [call(
        `api="openai-completions",error_category="none",model="gpt-4o",outcome="completed",provider="openai",transport="sse"`,
      )]: 1,
    },
  ],
  [
    "an attempt that failed has its kind for a category, whatever its status was",
    [told.attemptEnded(told.failedAttemptOf(claude, "auth", { status: 401 }))],
    {
      [call(
        `api="anthropic-messages",error_category="auth",model="claude",outcome="failed",provider="anthropic",transport="sse"`,
      )]: 1,
    },
  ],
  [
    "a whole answer travels by http",
    [told.attemptEnded(good, whole)],
    {
      [call(
        `api="openai-completions",error_category="none",model="gpt-4o",outcome="completed",provider="openai",transport="http"`,
      )]: 1,
    },
  ],
  [
    "the mock travels by nothing",
    [told.attemptEnded(told.attemptOf(mock))],
    {
      [call(
        `api="openai-completions",error_category="none",model="echo",outcome="completed",provider="mock",transport="mock"`,
      )]: 1,
    },
  ],
  [
    "the duration of an attempt is from its dispatch to its end",
    [told.attemptEnded(good)],
    {
      [`${METRIC.modelCallDuration}_sum{api="openai-completions",error_category="none",model="gpt-4o",outcome="completed",provider="openai",transport="sse"}`]: 1,
    },
  ],
  [
    "tokens count by type, and total is input and output",
    [told.attemptEnded(cached, told.requestOf({ agent: "coder", channel: "web" }))],
    {
      [`${METRIC.modelTokens}{agent="coder",channel="web",model="gpt-4o",provider="openai",token_type="input"}`]: 7,
      [`${METRIC.modelTokens}{agent="coder",channel="web",model="gpt-4o",provider="openai",token_type="output"}`]: 5,
      [`${METRIC.modelTokens}{agent="coder",channel="web",model="gpt-4o",provider="openai",token_type="cache_read"}`]: 3,
      [`${METRIC.modelTokens}{agent="coder",channel="web",model="gpt-4o",provider="openai",token_type="cache_write"}`]: 2,
      [`${METRIC.modelTokens}{agent="coder",channel="web",model="gpt-4o",provider="openai",token_type="total"}`]: 12,
    },
  ],
  [
    "tokens of several attempts add up",
    [told.attemptEnded(usage), told.attemptEnded(usage)],
    { [`${METRIC.modelTokens}{agent="main",channel="none",model="gpt-4o",provider="openai",token_type="total"}`]: 24 },
  ],
  [
    "a stream that breaks after its commit is an error of its stream",
    [told.attemptEnded(broken)],
    { [`${METRIC.streamErrors}{provider="openai",phase="stream"}`]: 1 },
  ],
  [
    "a stream that begins and says nothing is an error before its first event",
    [told.attemptEnded(unopened)],
    { [`${METRIC.streamErrors}{provider="openai",phase="first-event"}`]: 1 },
  ],
  [
    "a client that leaves counts with the phase that it left in",
    [
      told.requestEnded([good], {
        status: 499,
        outcome: "cancelled",
        failure: failure("client-closed", "The client closed the connection."),
        phase: "first-event",
      }),
    ],
    { [`${METRIC.clientAborts}{phase="first-event"}`]: 1 },
  ],
  [
    "a client that stops reading has left as well",
    [
      told.requestEnded([good], {
        outcome: "cancelled",
        failure: failure("write-idle", "The client stopped reading."),
        phase: "stream",
      }),
    ],
    { [`${METRIC.clientAborts}{phase="stream"}`]: 1 },
  ],
  [
    "a client that leaves while it sends counts too",
    [told.requestRefused("client-closed")],
    { [`${METRIC.clientAborts}{phase="request"}`]: 1 },
  ],
  [
    "a wrong token is an auth failure, by the log's word for why",
    [told.requestRefused("unauthorized", { detail: "token_mismatch" })],
    { [`${METRIC.authFailures}{reason="token_mismatch"}`]: 1 },
  ],
  [
    "one that says no more goes by its kind",
    [told.requestRefused("unauthorized")],
    { [`${METRIC.authFailures}{reason="unauthorized"}`]: 1 },
  ],
  [
    "why is a word, or `other`",
    [told.requestRefused("forbidden", { detail: "text of\nsomebody" })],
    { [`${METRIC.authFailures}{reason="other"}`]: 1 },
  ],
  ["so is a lockout", [told.requestRefused("auth-lockout")], { [`${METRIC.authFailures}{reason="auth-lockout"}`]: 1 }],
  ["so is a foreign origin", [told.requestRefused("forbidden")], { [`${METRIC.authFailures}{reason="forbidden"}`]: 1 }],
  [
    "a request that is turned away counts by what was full",
    [told.requestRefused("overloaded-here", { detail: "event_loop" })],
    { [`${METRIC.shed}{reason="event_loop"}`]: 1 },
  ],
  [
    "a reason for turning away that is none of ours is `other`",
    [told.requestRefused("overloaded-here", { detail: "text of\nsomebody" })],
    { [`${METRIC.shed}{reason="other"}`]: 1 },
  ],
  [
    "a request while we leave is turned away",
    [told.requestRefused("draining")],
    { [`${METRIC.shed}{reason="draining"}`]: 1 },
  ],
  [
    "so is one that no provider had room for",
    [told.requestFailed([], { failure: failure("overloaded-here", "The gateway is overloaded.") })],
    { [`${METRIC.shed}{reason="provider_inflight"}`]: 1 },
  ],
  [
    "so is one whose answer found no room",
    [
      told.requestFailed([], {
        failure: failure("overloaded-here", "The gateway is overloaded.", { detail: "bytes" }),
      }),
    ],
    { [`${METRIC.shed}{reason="bytes"}`]: 1 },
  ],
  [
    "so is one for which there was no descriptor, which is no provider's limit",
    [told.requestFailed([], { failure: failure("overloaded-here", "No connections left.", { detail: "EMFILE" }) })],
    { [`${METRIC.shed}{reason="other"}`]: 1 },
  ],
  [
    "repairs of an answer count by name",
    [told.attemptEnded(told.attemptOf(gpt, { told: told.toldOf({ repairs: ["done-added", "usage-removed"] }) }))],
    {
      [`${METRIC.repairs}{provider="openai",repair="done-added"}`]: 1,
      [`${METRIC.repairs}{provider="openai",repair="usage-removed"}`]: 1,
    },
  ],
  [
    "what is learned counts by provider and remedy",
    [told.remedyLearned(), told.remedyLearned({ remedy: "no-seed" }), told.remedyLearned()],
    {
      [`${METRIC.remediesLearned}{provider="openai",remedy="no-store"}`]: 2,
      [`${METRIC.remediesLearned}{provider="openai",remedy="no-seed"}`]: 1,
    },
  ],
  [
    "adjusted fields count by name",
    [told.requestAdjusted(claude, ["seed", "stream_options.include_usage"])],
    {
      [`${METRIC.adjusted}{provider="anthropic",field="seed"}`]: 1,
      [`${METRIC.adjusted}{provider="anthropic",field="stream_options.include_usage"}`]: 1,
    },
  ],
  [
    "requests under way are counted up and down",
    [
      told.requestStarted(),
      told.requestStarted(),
      told.requestStarted(told.requestOf({ operation: "embeddings" })),
      told.requestEnded([good]),
    ],
    { [`${METRIC.inflight}{endpoint="chat"}`]: 1, [`${METRIC.inflight}{endpoint="embeddings"}`]: 1 },
  ],
  [
    "reloads count by what came of them, and a swap is a new generation",
    [told.configReloaded("swapped"), told.configReloaded("rejected"), told.configReloaded("unchanged")],
    {
      [`${METRIC.configReloads}{result="swapped"}`]: 1,
      [`${METRIC.configReloads}{result="rejected"}`]: 1,
      [`${METRIC.configReloads}{result="unchanged"}`]: 1,
      [METRIC.configGeneration]: 2,
    },
  ],
  [
    "overhead is the time to the first dispatch and from the commit to the first write",
    [told.requestEnded([good], { firstWriteAt: 212 })],
    { [`${METRIC.overhead}_count`]: 1, [`${METRIC.overhead}_sum`]: 0.003 },
  ],
  [
    "and the gaps between attempts",
    [
      told.requestEnded([
        told.failedAttemptOf(claude, "overloaded", { startedAt: 11, endedAt: 20 }),
        told.attemptOf(gpt, { startedAt: 25 }),
      ]),
    ],
    { [`${METRIC.overhead}_sum`]: 0.007 },
  ],
  [
    "but not the time in which another attempt ran",
    [
      told.requestEnded([
        told.attemptOf(claude, { startedAt: 11, endedAt: 500, committedAt: null, outcome: "cancelled" }),
        told.attemptOf(claude, { startedAt: 100, endedAt: 400, committedAt: null, outcome: "cancelled" }),
        told.attemptOf(gpt, { startedAt: 450, endedAt: 900 }),
      ]),
    ],
    { [`${METRIC.overhead}_sum`]: 0.002 },
  ],
  [
    "the process tells its version, its memory and its loop",
    [],
    {
      [`${METRIC.build}{version="1.2.3",node="v24.0.0"}`]: 1,
      [`${METRIC.memory}{kind="rss"}`]: 5,
      [`${METRIC.memory}{kind="heap_total"}`]: 4,
      [`${METRIC.memory}{kind="heap_used"}`]: 3,
      [`${METRIC.memory}{kind="external"}`]: 2,
      [`${METRIC.memory}{kind="array_buffers"}`]: 1,
      [METRIC.loopLag]: 0.012,
      [METRIC.configGeneration]: 1,
      [METRIC.seriesDropped]: 0,
      [METRIC.logLinesDropped]: 7,
    },
  ],
];

const NOTHING_TO_COUNT: readonly (readonly [string, readonly ProxyEvent[], string])[] = [
  ["unknown usage counts no tokens", [told.attemptEnded(good)], METRIC.modelTokens],
  [
    "a figure that a provider left out is no series",
    [told.attemptEnded(usage)],
    `${METRIC.modelTokens}{agent="main",channel="none",model="gpt-4o",provider="openai",token_type="cache_read"}`,
  ],
  ["an attempt that never got an answer is no stream error", [told.attemptEnded(refusedConnect)], METRIC.streamErrors],
  [
    "an error status is no stream error",
    [told.attemptEnded(told.failedAttemptOf(gpt, "overloaded", { status: 503 }))],
    METRIC.streamErrors,
  ],
  ["a whole answer that broke is no stream error", [told.attemptEnded(broken, whole)], METRIC.streamErrors],
  [
    "a hedge that lost to the first is no stream error",
    [told.attemptEnded(told.attemptOf(gpt, { because: "hedge", outcome: "cancelled" }))],
    METRIC.streamErrors,
  ],
  [
    "a stream that its client left is no stream error",
    [
      told.attemptEnded(
        told.attemptOf(gpt, { outcome: "cancelled", failure: failure("client-closed", "The client is gone.") }),
      ),
    ],
    METRIC.streamErrors,
  ],
  ["a provider's failure is no client's leaving", [told.requestFailed([refusedConnect])], METRIC.clientAborts],
  ["a refusal for the body's sake is no auth failure", [told.requestRefused("request-invalid")], METRIC.authFailures],
  ["nor is it a turning away", [told.requestRefused("body-too-large")], METRIC.shed],
  ["a refusal is no run: nothing ran", [told.requestRefused("request-invalid")], METRIC.runCompleted],
  ["a request that asked nobody has no overhead to compare", [told.requestFailed([])], METRIC.overhead],
];

describe("metrics", () => {
  it.each(STORIES)("%s", async (_sentence, events, expected) => {
    const samples = await samplesAfter(events);
    for (const [series, value] of Object.entries(expected)) {
      expect([...samples.keys()]).toContain(series);
      expect(samples.get(series)).toBeCloseTo(value, 9);
    }
  });

  it.each(NOTHING_TO_COUNT)("%s", async (_sentence, events, series) => {
    const samples = await samplesAfter(events);
    expect([...samples.keys()].filter((key) => key.startsWith(series))).toEqual([]);
  });

  it("shows a family only once it has something to show", async () => {
    const families = await scraped([]);
    expect([...families.keys()].sort()).toEqual(
      [
        METRIC.build,
        METRIC.configGeneration,
        METRIC.logLinesDropped,
        METRIC.loopLag,
        METRIC.memory,
        METRIC.seriesDropped,
        ...OF_PROCESS,
      ].sort(),
    );
  });

  it("bears only names that are written down, each with words of help", async () => {
    const families = await scraped([told.requestEnded([good]), told.attemptEnded(cached), told.requestStarted()]);
    const written = [METRIC, GENAI_METRIC, HTTP_METRIC].flatMap((names) => Object.values<string>(names));
    const known: readonly string[] = [...written, ...OF_PROCESS];
    for (const [name, { help }] of families) {
      expect(known).toContain(name);
      expect(help).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("counts a target of a new configuration where it counted the old one's", async () => {
    const samples = await samplesAfter([
      told.requestEnded([told.attemptOf(aTarget("openai/gpt-4o"))]),
      told.requestEnded([told.attemptOf(aTarget("openai/gpt-4o"))]),
    ]);
    expect(samples.get(run(`channel="none",model="gpt-4o",outcome="completed",provider="openai",trigger="http"`))).toBe(
      2,
    );
  });

  it("asks once per compiled target whether it is configured", async () => {
    const asked: string[] = [];
    const metrics = metricsOf({ isConfigured: (id) => asked.push(id) > 0 });
    await samplesAfter([told.attemptEnded(good), told.requestEnded([good]), told.requestEnded([good])], metrics);
    expect(asked).toEqual(["openai/gpt-4o"]);
  });
});
