// Ends that differ in one thing count where they count alone, whatever ended before them.
import { beforeAll, describe, expect, it } from "vitest";
import type { AttemptEnd, ProxyEvent, RequestEnd } from "../../../src/core/events.ts";
import { failure } from "../../../src/core/failure.ts";
import { LabelWords } from "../../../src/telemetry/label-words.ts";
import { ATTEMPT_SHAPE, REQUEST_SHAPE, ShapeBook } from "../../../src/telemetry/shapes.ts";
import * as told from "../../support/events.ts";
import { aTarget } from "../../support/snapshot.ts";
import { metricsOf, samplesAfter } from "./metrics-kit.ts";

const cost = { input: 2, output: 8, cacheRead: 1, cacheWrite: 0 };
const stated = { ...aTarget("openai/gpt-4o").stated, cost, contextWindow: 128_000 };
const gpt = aTarget("openai/gpt-4o", { stated });
const claude = aTarget("anthropic/claude", { api: "anthropic-messages" });
const responses = aTarget("openai/gpt-4o", { api: "openai-responses" });
const unlisted = aTarget("openai/whatever");
const unlistedToo = aTarget("openai/another");
const mock = aTarget("mock/echo", { via: "mock" });
const usage = { input: 7, output: 5, cacheRead: 3 };
const answered = told.attemptOf(gpt, { told: told.toldOf({ usage }), requestBytes: 100, responseBytes: 200 });
const cut = failure("stream-broken", "The provider ended in the middle.", { phase: "stream" });

const ENDS: readonly (readonly [string, ProxyEvent])[] = [
  ["an attempt that answered", told.attemptEnded(answered)],
  ["one of another agent", told.attemptEnded(answered, told.requestOf({ agent: "coder" }))],
  ["one on a channel", told.attemptEnded(answered, told.requestOf({ channel: "slack" }))],
  ["one on a channel that nobody knows", told.attemptEnded(answered, told.requestOf({ channel: "my-own" }))],
  ["one of a whole answer", told.attemptEnded(answered, told.requestOf({ stream: false }))],
  ["one of embeddings", told.attemptEnded(answered, told.requestOf({ operation: "embeddings", stream: false }))],
  ["one of another target", told.attemptEnded(told.attemptOf(claude))],
  ["one of the same target by another API", told.attemptEnded(told.attemptOf(responses))],
  ["one of a model that is not listed", told.attemptEnded(told.attemptOf(unlisted))],
  ["one of another such model", told.attemptEnded(told.attemptOf(unlistedToo))],
  ["one of the mock", told.attemptEnded(told.attemptOf(mock))],
  ["one that was cut", told.attemptEnded({ ...answered, outcome: "failed", failure: cut })],
  ["one that was cancelled", told.attemptEnded({ ...answered, outcome: "cancelled" })],
  ["one without usage", told.attemptEnded({ ...answered, told: told.toldOf() })],
  ["one whose usage is a part", told.attemptEnded({ ...answered, told: told.toldOf({ usage, ended: false }) })],
  ["one that failed before", told.attemptEnded(told.failedAttemptOf(gpt, "rate-limited", { status: 429 }))],
  ["one that failed for another reason", told.attemptEnded(told.failedAttemptOf(gpt, "auth", { status: 401 }))],
  ["a request that was answered", told.requestEnded([answered])],
  ["a request of another agent", ended({ request: told.requestOf({ agent: "coder", requested: "openclaw/coder" }) })],
  ["a request that names its target", ended({ request: told.requestOf({ requested: "openai/gpt-4o" }) })],
  ["a request that names what is not listed", ended({ request: told.requestOf({ requested: "openai/secret" }) })],
  ["a request on a channel", ended({ request: told.requestOf({ channel: "slack" }) })],
  ["a request of a whole answer", ended({ request: told.requestOf({ stream: false }) })],
  ["a request by Responses", ended({ request: told.requestOf({ operation: "responses" }) })],
  ["a request that was cancelled", ended({ outcome: "cancelled", status: 499 })],
  ["a request with another status", ended({ status: 201 })],
  ["a request that another target answered", told.requestEnded([told.attemptOf(claude)])],
  ["a request that failed", told.requestFailed([told.failedAttemptOf(gpt, "rate-limited", { status: 429 })])],
  ["a request that nobody was asked for", told.requestFailed([])],
];

function ended(more: Partial<RequestEnd>): RequestEnd {
  return told.requestEnded([answered], more);
}

type Samples = ReadonlyMap<string, number>;
let none: Samples;
const alone = new Map<ProxyEvent, Samples>();
beforeAll(async () => {
  none = await samplesAfter([]);
  for (const [, event] of ENDS) alone.set(event, await samplesAfter([event]));
});

/** What these events add, by what each adds alone. */
function sumOf(events: readonly ProxyEvent[]): Samples {
  const sum = new Map(none);
  for (const event of events) {
    for (const [name, value] of alone.get(event) ?? []) {
      sum.set(name, (sum.get(name) ?? 0) + value - (none.get(name) ?? 0));
    }
  }
  return sum;
}

function rounded(samples: Samples): Record<string, number> {
  const entries = [...samples].map(([name, value]): [string, number] => [name, Math.round(value * 1e6) / 1e6]);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

describe("what ends", () => {
  it.each(ENDS)("is counted as if it were alone, before and behind %s", async (_what, event) => {
    const others = ENDS.map(([, other]) => other);
    const all = others.flatMap((other) => [event, other]);
    expect(rounded(await samplesAfter(all))).toEqual(rounded(sumOf(all)));
  });

  it("is counted by the scheme of its time", async () => {
    let scheme: "http" | "https" = "http";
    const metrics = metricsOf({ scheme: () => scheme });
    metrics.observe(told.requestEnded([answered]));
    scheme = "https";
    const samples = await samplesAfter([told.requestEnded([answered])], metrics);
    const counted = [...samples].filter(([name]) => name.startsWith("http_server_request_duration_seconds_count"));
    expect(counted.map(([, value]) => value)).toEqual([1, 1]);
  });
});

describe("shapes", () => {
  const words = new LabelWords({ isConfigured: () => true, isChannel: () => false, scheme: () => "http" });
  const attempt = (agent: string): AttemptEnd => told.attemptEnded(answered, told.requestOf({ agent }));

  it("are learned once", () => {
    let made = 0;
    const book = new ShapeBook(ATTEMPT_SHAPE, words, () => (made += 1));
    for (let round = 0; round < 3; round += 1) for (let at = 0; at < 20; at += 1) book.of(attempt(`agent-${at}`));
    expect(made).toBe(20);
  });

  it("are the same for targets of two configurations that are named the same", () => {
    const book = new ShapeBook(REQUEST_SHAPE, words, ({ target }) => target);
    const again = told.requestEnded([told.attemptOf(aTarget("openai/gpt-4o", { stated }))]);
    expect(book.of(again)).toBe(book.of(told.requestEnded([answered])));
  });

  it("are forgotten when there are too many, and learned anew", () => {
    const made: string[] = [];
    const book = new ShapeBook(ATTEMPT_SHAPE, words, ({ agent }) => {
      made.push(agent);
      return agent;
    });
    for (let at = 0; at <= 1_024; at += 1) expect(book.of(attempt(`agent-${at}`))).toBe(`agent-${at}`);
    expect(book.of(attempt("agent-0"))).toBe("agent-0");
    expect(book.of(attempt("agent-1024"))).toBe("agent-1024");
    expect(made.slice(1_024)).toEqual(["agent-1024", "agent-0"]);
  });
});
