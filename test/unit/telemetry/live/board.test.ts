// From events to the picture: counts, courses, chains, rows; and what may never be in it.
import { describe, expect, it } from "vitest";
import type { AttemptRef, ProxyEvent } from "../../../../src/core/events.ts";
import { ROUTES } from "../../../../src/core/names.ts";
import type { NotReady } from "../../../../src/core/standing.ts";
import { ADMIN_ENDPOINTS, ENDPOINTS } from "../../../../src/server/endpoints.ts";
import { type LiveBoard, ROWS } from "../../../../src/telemetry/live/board.ts";
import { stateOf } from "../../../../src/telemetry/live/chains.ts";
import * as told from "../../../support/events.ts";
import { carriedBoard } from "../../../support/running.ts";
import { aCredential, anAgent, aSnapshot, aTarget } from "../../../support/snapshot.ts";

const WALL = Date.UTC(2026, 0, 2, 3, 4, 5);
const FIRST = aTarget("acme/large");
const SECOND = aTarget("other/small");
const SNAPSHOT = aSnapshot([FIRST, SECOND]);
const NOW = 2_000;

function board(events: readonly ProxyEvent[] = [], costOf: () => number | null = () => null): LiveBoard {
  const made = carriedBoard({ redact: (text) => text.replaceAll("canary", "***"), wall: () => WALL, costOf });
  for (const event of events) made.hear(event);
  return made;
}

function picture(made: LiveBoard, now = NOW, notReady: readonly NotReady[] = []) {
  return made.picture({ snapshot: SNAPSHOT, notReady }, now);
}

/** A whole request as the corridor tells it. */
function whole(attempts: Parameters<typeof told.requestEnded>[0], more: Parameters<typeof told.requestEnded>[1] = {}) {
  const request = more.request ?? told.requestOf();
  const tries = attempts.flatMap((attempt) => [
    told.attemptStarted(attempt, { request }),
    told.attemptEnded(attempt, request),
  ]);
  return [told.requestStarted(request), ...tries, told.requestEnded(attempts, { request, ...more })];
}

const PATHS = new Set([...ENDPOINTS, ...ADMIN_ENDPOINTS].map(({ template }) => template));
/** The page, health, metrics, and what is nothing. */
const OTHER_PATHS = [...PATHS, "other"].filter((template) => !template.startsWith("/v1/"));

const usage = { input: 100, output: 40 };
const served = told.attemptOf(FIRST, { told: told.toldOf({ usage }) });

describe("figures", () => {
  it("are nothing, not zero, where there is nothing to tell", () => {
    const { gauges } = picture(board());
    expect([gauges.errors.now, gauges.ttft.p50, gauges.overhead.now, gauges.cost.now]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([gauges.inFlight.now, gauges.perSecond.now, gauges.tokens.out]).toEqual([0, 0, 0]);
    expect(new Set(gauges.errors.course)).toEqual(new Set([null]));
  });

  it("tell a completed stream: its first token, our overhead, its tokens", () => {
    const { gauges } = picture(board(whole([served])));
    expect(gauges.errors).toMatchObject({ now: 0, failed: 0, ended: 1 });
    expect((gauges.ttft.p50 ?? 0) / 211).toBeCloseTo(1, 0);
    expect((gauges.overhead.now ?? 0) / 2).toBeCloseTo(1, 0);
    expect(gauges.tokens.out).toBeGreaterThan(0);
    expect(gauges.inFlight).toMatchObject({ now: 0 });
    expect(gauges.inFlight.course.at(-1)).toBe(1);
  });

  it.each([
    ["a whole answer", { request: told.requestOf({ stream: false }) }],
    ["a stream that never began", { firstWriteAt: null }],
  ])("say nothing of the first token of %s", (_what, more) => {
    expect(picture(board(whole([served], more))).gauges.ttft.p50).toBeNull();
  });

  it("count failures, and refusals that are ours; a client's leaving is neither", () => {
    const failed = told.failedAttemptOf(FIRST, "server-error");
    const events = [
      ...whole([failed], { outcome: "failed", status: 502, failure: failed.failure }),
      ...whole([served], { outcome: "cancelled", status: 499 }),
      told.requestRefused("overloaded-here"),
      told.requestRefused("unauthorized"),
    ];
    expect(picture(board(events)).gauges.errors).toMatchObject({ failed: 2, ended: 3 });
  });

  it.each([
    ["a provider's 400", "rejected", 400, 0],
    ["a provider's 413", "too-large", 413, 0],
    ["a 429: nobody would take it", "rate-limited", 429, 1],
    ["a 502", "server-error", 502, 1],
    ["a stream that was cut behind its 200", "stream-broken", 200, 1],
  ] as const)("count %s as the alert rules do", (_sentence, kind, status, failed) => {
    const attempt = told.failedAttemptOf(FIRST, kind);
    const made = board(whole([attempt], { outcome: "failed", status, failure: attempt.failure }));
    expect(picture(made).gauges.errors).toMatchObject({ failed, ended: 1 });
    expect(made.rows.after(0)).toMatchObject([{ outcome: "failed", status, kind }]);
  });

  it("tell cost only where it is known", () => {
    expect(picture(board(whole([served]), () => 0.5)).gauges.cost.now).toBeGreaterThan(0);
    expect(picture(board(whole([served]), () => 0)).gauges.cost.now).toBe(0);
    expect(picture(board(whole([served]))).gauges.cost.now).toBeNull();
  });

  it("show requests under way by where they are", () => {
    const [one, two] = [told.requestOf({ id: "1" }), told.requestOf({ id: "2", startedAt: 900 })];
    const waiting = told.attemptOf(FIRST, { committedAt: null });
    const answering = told.attemptOf(FIRST);
    const made = board([
      told.requestStarted(one),
      told.requestStarted(two),
      told.attemptStarted(waiting, { request: one }),
      told.attemptStarted(answering, { request: two }),
      told.requestStarted(told.requestOf({ id: "3", agent: "fast", startedAt: 1_500 })),
    ]);
    expect(picture(made).running).toEqual([
      { agent: "main", target: "acme/large", count: 2, awaited: 1, oldestMs: 2_000 },
      { agent: "fast", target: null, count: 1, awaited: 1, oldestMs: 500 },
    ]);
  });
});

describe("chains", () => {
  it("share an agent's answers among its targets, those outside the chain included", () => {
    const failed = told.failedAttemptOf(FIRST, "rate-limited");
    const after = told.attemptOf(SECOND, { number: 2, because: "failover" });
    const elsewhere = told.attemptOf(aTarget("named/model"));
    const { chains } = picture(board([...whole([failed, after]), ...whole([served]), ...whole([elsewhere])]));
    expect(chains).toMatchObject([
      {
        agent: "main",
        isDefault: true,
        elsewhere: 1,
        links: [
          { target: "acme/large", attempts: 2, failed: 1, served: 1, share: 1 / 3, lastFailure: "rate-limited" },
          { target: "other/small", attempts: 1, failed: 0, served: 1, share: 1 / 3, waitMs: 199, lastFailure: null },
        ],
      },
    ]);
  });

  it("know who is busy, and forget after ten minutes", () => {
    const made = board([...whole([served]), told.requestStarted(), told.attemptStarted(served)]);
    expect(picture(made).chains[0]?.links[0]).toMatchObject({ running: 1, served: 1 });
    expect(picture(made, 700_000).chains[0]?.links[0]).toMatchObject({ running: 1, served: 0, share: null });
  });

  it("come with the default agent first", () => {
    const agents = new Map(["a", "main"].map((id) => [id, anAgent(id, [FIRST])]));
    const snapshot = aSnapshot([FIRST], { agents });
    expect(
      board()
        .picture({ snapshot, notReady: [] }, NOW)
        .chains.map(({ agent }) => agent),
    ).toEqual(["main", "a"]);
  });

  const two = aTarget("acme/large", { credentials: [aCredential("acme#1"), aCredential("acme#2")] });
  const cooling: NotReady = {
    of: "credential",
    provider: "acme",
    target: null,
    credential: "acme#1",
    state: "cooling",
    reason: "auth",
    until: NOW + 5_000,
    failures: 1,
  };
  const broken: NotReady = {
    ...cooling,
    of: "target",
    target: "acme/large",
    credential: null,
    state: "open",
    reason: "breaker",
    until: NOW + 9_000,
  };

  it.each<[string, readonly NotReady[], object]>([
    ["nothing is wrong", [], { state: "ready", recoversInMs: 0, keysReady: 2 }],
    ["one of its keys cools", [cooling], { state: "ready", keysReady: 1 }],
    [
      "all its keys cool: until the first one is back",
      [cooling, { ...cooling, credential: "acme#2", until: NOW + 3_000, reason: "rate_limit" }],
      { state: "cooling", reason: "rate_limit", recoversInMs: 3_000, keysReady: 0 },
    ],
    [
      "keys cool on another model",
      [cooling, { ...cooling, credential: "acme#2", target: "acme/small" }],
      { state: "ready", keysReady: 1 },
    ],
    ["its circuit is open", [broken], { state: "open", reason: "breaker", recoversInMs: 9_000, keysReady: 2 }],
    ["it is probed", [{ ...broken, state: "half-open", until: NOW - 5 }], { state: "half-open", recoversInMs: 0 }],
    ["another target is broken", [{ ...broken, target: "acme/small" }], { state: "ready" }],
  ])("tell how a target stands when %s", (_sentence, notReady, expected) => {
    expect(stateOf(two, notReady, NOW)).toMatchObject({ keys: 2, ...expected });
  });

  it("say why a target is not to be had", () => {
    const target = aTarget("acme/large", { unavailable: "missing_credential" });
    expect(stateOf(target, [], NOW)).toMatchObject({ state: "unavailable", reason: "missing_credential" });
  });
});

describe("rows", () => {
  it("hold names, figures and fixed words of a request and its attempts", () => {
    const failed = told.failedAttemptOf(FIRST, "rate-limited", { endedAt: 60, status: 429 });
    const after = told.attemptOf(SECOND, { number: 2, because: "failover", told: told.toldOf({ usage }) });
    const [row] = board(whole([failed, after]), () => 0.02).rows.after(0);
    expect(row).toMatchObject({
      wall: WALL,
      operation: "chat",
      agent: "main",
      served: "other/small",
      status: 200,
      outcome: "completed",
      reason: null,
      ms: 1_012,
      ttftMs: 211,
      bodyMs: 10,
      tokensIn: 100,
      tokensOut: 40,
      usd: 0.02,
      attempts: [
        { target: "acme/large", credential: "acme#1", outcome: "failed", reason: "rate_limit", status: 429, end: 60 },
        { target: "other/small", because: "failover", start: 11, opened: 12, firstByte: 200, commit: 210, end: 1_011 },
      ],
    });
  });

  it("hold refusals of requests to models", () => {
    const endpoints = [...Object.values(ROUTES), "/v1/models", "/v1/models/{id}"];
    const made = board(endpoints.map((endpoint) => told.requestRefused("unauthorized", {}, { endpoint })));
    const rows = made.rows.after(0);
    expect(rows.map(({ operation }) => operation)).toEqual(endpoints);
    for (const row of rows)
      expect(row).toMatchObject({ outcome: "refused", status: 401, kind: "unauthorized", agent: null });
  });

  // A scraper with an old token pushed all requests out within an hour.
  it.each(OTHER_PATHS)("hold no refusal of %s, and no figure counts it", (endpoint) => {
    const refusals = (["unauthorized", "overloaded-here"] as const).map((kind) =>
      told.requestRefused(kind, {}, { endpoint }),
    );
    const made = board(refusals);
    expect(made.rows.after(0)).toEqual([]);
    expect(picture(made).gauges.errors.ended).toBe(0);
  });

  it("are the last 200, and those behind a number", () => {
    const made = board(Array.from({ length: ROWS + 50 }, () => told.requestRefused("unauthorized")));
    expect(made.rows.count).toBe(ROWS + 50);
    expect(made.rows.after(0)).toHaveLength(ROWS);
    expect(made.rows.after(ROWS + 48)).toHaveLength(2);
    expect(made.rows.after(ROWS + 50)).toEqual([]);
  });

  it.each([
    ["as the provider wrote it", "length", "length"],
    ["without secrets", "stop canary", "stop ***"],
    ["no longer than a word once it is clean", "canary".repeat(21), "***".repeat(21)],
    ["of the words only: nothing longer is kept", "x".repeat(129), null],
    ["not where none was told", null, null],
    ["not where it is empty", "", null],
  ])("tell why an answer ended: %s", (_sentence, finish, expected) => {
    const attempt = told.attemptOf(FIRST, { told: told.toldOf({ finish }) });
    const lost = told.attemptOf(FIRST, {
      told: told.toldOf({ finish }),
      failure: told.failedAttemptOf(FIRST, "stream-broken").failure,
      outcome: "failed",
    });
    const made = board([...whole([attempt]), ...whole([lost], { outcome: "failed", failure: lost.failure })]);
    expect(made.rows.after(0).map((row) => row.finish)).toEqual([expected, expected]);
  });

  it.each<[string, Partial<AttemptRef>, string | null]>([
    ["complete where the answer is", { told: told.toldOf({ usage }) }, "complete"],
    ["partial where it was cut", { told: told.toldOf({ usage, ended: false }), outcome: "failed" }, "partial"],
    ["absent where an answer told none, which is not 0", { told: told.toldOf({ usage: null }) }, "absent"],
  ])("say what is known of tokens: %s", (_sentence, more, state) => {
    const [row] = board(whole([told.attemptOf(FIRST, more)])).rows.after(0);
    expect(row?.usage).toBe(state);
    expect(row?.tokensOut).toBe(state === "absent" ? null : usage.output);
  });

  it("tell of no ending where nobody answered", () => {
    const silent = told.failedAttemptOf(FIRST, "server-error");
    const ends = [...whole([silent], { outcome: "failed", status: 502, failure: silent.failure })];
    const made = board([...ends, told.requestRefused("unauthorized"), told.requestEnded([served])]);
    expect(made.rows.after(0).map(({ finish }) => finish)).toEqual([null, null, "stop"]);
  });

  it("hold no word of providers or clients, and names only when they are cleaned", () => {
    const target = aTarget("acme/canary-model");
    const because = told.failedAttemptOf(target, "server-error").failure;
    const failure = because === null ? null : { ...because, message: "canary", detail: "canary", code: "canary" };
    const attempt = told.failedAttemptOf(target, "server-error", {
      failure,
      upstreamRequestId: "canary",
      told: told.toldOf({ finish: "canary" }),
    });
    const events = whole([attempt], { outcome: "failed", failure, request: told.requestOf({ channel: "canary" }) });
    const refusal = told.requestRefused("request-invalid", { detail: "canary", param: "canary" }, { method: "canary" });
    const made = board([...events, refusal, told.requestStarted(), told.attemptStarted(attempt)]);
    expect(JSON.stringify([made.rows.after(0), picture(made)])).not.toContain("canary");
  });
});

it("tells the last reload", () => {
  expect(picture(board()).reloaded).toBeNull();
  expect(picture(board([told.configReloaded("rejected")])).reloaded).toEqual({
    result: "rejected",
    wall: WALL,
    complaints: 0,
  });
});
