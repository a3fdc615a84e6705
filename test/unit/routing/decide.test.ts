// The whole failover policy as one table: what has happened, and the next step.
import { describe, expect, it } from "vitest";
import { failure, type Failure, type FailureKind } from "../../../src/core/failure.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { FailStep, Step } from "../../../src/core/step.ts";
import { decide, type View } from "../../../src/routing/decide.ts";
import { aPlan, type PlanSketch } from "../../support/plan-sketch.ts";
import { aHistory, aView, type Past, type Standings } from "../../support/view-sketch.ts";

const failed = (kind: FailureKind, more = {}): Failure => failure(kind, kind, more);

function decided(plan: Plan, past: readonly Past[], view: View = aView()): Step {
  return decide(plan, aHistory(plan, past), view);
}

function told(sketch: PlanSketch, past: readonly Past[], view: View = aView()): string {
  const step = decided(aPlan(sketch), past, view);
  if (step.do === "attempt") return `${step.credential.id} ${step.because}`;
  if (step.do === "wait") return step.until === null ? "wait" : `wait until ${step.until}`;
  return `${step.why}: ${step.failure.kind}`;
}

/** The step that ends the request. */
function end(sketch: PlanSketch, past: readonly Past[], view: View): FailStep {
  const step = decided(aPlan(sketch), past, view);
  if (step.do !== "fail") throw new Error(`it goes on: ${step.do}`);
  return step;
}

const two: PlanSketch = { targets: { a: {}, b: {} } };
const keys: PlanSketch = { targets: { a: { keys: 3 }, b: {} } };

describe("decide", () => {
  const rows: readonly [string, PlanSketch, readonly Past[], string][] = [
    ["nothing tried: the first candidate", two, [], "a#1 first"],
    ["an attempt under way: wait", two, [["a#1", "first", null]], "wait"],
    ["connection refused: the next", two, [["a#1", "first", failed("connect-failed")]], "b#1 failover"],
    ["no answer in time: the next", two, [["a#1", "first", failed("commit-timeout")]], "b#1 failover"],
    ["a server error: the next", two, [["a#1", "first", failed("server-error")]], "b#1 failover"],
    ["a missing model: the next", two, [["a#1", "first", failed("model-missing")]], "b#1 failover"],
    ["an empty answer: the next", two, [["a#1", "first", failed("empty-answer")]], "b#1 failover"],
    ["the request is at fault: final", two, [["a#1", "first", failed("rejected")]], "final: rejected"],
    [
      "a complaint of the provider's own: the next",
      two,
      [["a#1", "first", failed("rejected-by-provider")]],
      "b#1 failover",
    ],
    ["too large: final", two, [["a#1", "first", failed("too-large")]], "final: too-large"],
    ["a refusal of content: final", two, [["a#1", "first", failed("content-refused")]], "final: content-refused"],
    ["a bug of ours: final", two, [["a#1", "first", failed("internal")]], "final: internal"],
    ["a rate limit: one other key", keys, [["a#1", "first", failed("rate-limited")]], "a#2 rotate"],
    [
      "a second rate limit: the next target",
      keys,
      [
        ["a#1", "first", failed("rate-limited")],
        ["a#2", "rotate", failed("rate-limited")],
      ],
      "b#1 failover",
    ],
    ["a bad key: another key", keys, [["a#1", "first", failed("auth")]], "a#2 rotate"],
    [
      "two bad keys: the third",
      keys,
      [
        ["a#1", "first", failed("auth")],
        ["a#2", "rotate", failed("billing")],
      ],
      "a#3 rotate",
    ],
    [
      "all keys bad: the next target",
      keys,
      [
        ["a#1", "first", failed("auth")],
        ["a#2", "rotate", failed("auth")],
        ["a#3", "rotate", failed("auth")],
      ],
      "b#1 failover",
    ],
    ["a timeout rotates nothing", keys, [["a#1", "first", failed("commit-timeout")]], "b#1 failover"],
    [
      "a stale socket: the same again",
      two,
      [["a#1", "first", failed("stream-broken", { replaySafe: true })]],
      "a#1 replay",
    ],
    [
      "a stale socket twice: the next",
      two,
      [
        ["a#1", "first", failed("stream-broken", { replaySafe: true })],
        ["a#1", "replay", failed("stream-broken", { replaySafe: true })],
      ],
      "b#1 failover",
    ],
    [
      "too long a context: a larger window",
      { targets: { a: { window: 8 }, b: { window: 8 }, c: { window: 32 } } },
      [["a#1", "first", failed("context-overflow")]],
      "c#1 larger-context",
    ],
    [
      "too long a context and nothing larger: the truth",
      { targets: { a: { window: 8 }, b: {} } },
      [["a#1", "first", failed("context-overflow")]],
      "exhausted: context-overflow",
    ],
    [
      "the chain is exhausted: the last that reached a provider",
      two,
      [
        ["a#1", "first", failed("rate-limited", { phase: "headers" })],
        ["b#1", "failover", failed("connect-failed", { phase: "connect" })],
      ],
      "exhausted: rate-limited",
    ],
    [
      "nobody was reached: the last",
      two,
      [
        ["a#1", "first", failed("connect-failed", { phase: "connect" })],
        ["b#1", "failover", failed("connect-timeout", { phase: "connect" })],
      ],
      "exhausted: connect-timeout",
    ],
    [
      "an empty answer beats an error",
      two,
      [
        ["a#1", "first", failed("empty-answer", { emptyAnswer: new Uint8Array(1) })],
        ["b#1", "failover", failed("server-error", { phase: "headers" })],
      ],
      "exhausted: empty-answer",
    ],
    [
      "an empty answer beats a complaint of the next one's",
      two,
      [
        ["a#1", "first", failed("empty-answer", { emptyAnswer: new Uint8Array(1) })],
        ["b#1", "failover", failed("rejected", { phase: "headers" })],
      ],
      "final: empty-answer",
    ],
    [
      "the bound on attempts holds",
      { ...two, attemptsMax: 1 },
      [["a#1", "first", failed("server-error")]],
      "attempts: server-error",
    ],
    [
      "an exact selection does not move",
      { ...two, failsOver: false },
      [["a#1", "first", failed("server-error")]],
      "exhausted: server-error",
    ],
    ["an exact selection may rotate", { ...keys, failsOver: false }, [["a#1", "first", failed("auth")]], "a#2 rotate"],
    ["no candidate at all", { targets: {} }, [], "exhausted: no-candidate"],
  ];
  it.each(rows)("%s", (_what, sketch, past, expected) => {
    expect(told(sketch, past)).toBe(expected);
  });

  it("a request that is over fails with what ended it, whatever is under way", () => {
    expect(told(two, [["a#1", "first", null]], aView({}, { over: failed("client-closed") }))).toBe(
      "over: client-closed",
    );
  });

  it("at its deadline a request has the empty answer that nobody could better", () => {
    const past: readonly Past[] = [
      ["a#1", "first", failed("empty-answer", { emptyAnswer: new Uint8Array(1) })],
      ["b#1", "failover", null],
    ];
    expect(told(two, past, aView({}, { over: failed("deadline") }))).toBe("over: empty-answer");
  });

  it("a full provider is passed over, and all full is told as ours", () => {
    expect(told(two, [], aView({}, { isFull: ({ id }) => id === "a" }))).toBe("b#1 first");
    expect(told(two, [], aView({}, { isFull: () => true }))).toBe("full: overloaded-here");
  });
});

describe("after a failure", () => {
  const stale = failed("stream-broken", { replaySafe: true });
  const overloaded = failed("overloaded");
  const pausing: PlanSketch = { ...two, limits: { overloadedBackoffMs: 700 } };
  const early = aView({}, { now: 1_199 });
  it.each<[sentence: string, PlanSketch, readonly Past[], View, string]>([
    [
      "as many other keys are tried as config says",
      { ...keys, limits: { rotations: { rate_limit: 2 } } },
      [
        ["a#1", "first", failed("rate-limited")],
        ["a#2", "rotate", failed("rate-limited")],
      ],
      aView(),
      "a#3 rotate",
    ],
    [
      "none is tried where config says so",
      { ...keys, limits: { rotations: { rate_limit: 0 } } },
      [["a#1", "first", failed("rate-limited")]],
      aView(),
      "b#1 failover",
    ],
    [
      "one is tried where config says nothing",
      { ...keys, limits: { rotations: {} } },
      [["a#1", "first", overloaded]],
      aView(),
      "a#2 rotate",
    ],
    [
      "keys that were tried at another target do not count",
      { targets: { a: { keys: 2 }, b: { keys: 2 } } },
      [
        ["a#1", "first", failed("rate-limited")],
        ["a#2", "rotate", failed("rate-limited")],
        ["b#1", "failover", failed("rate-limited")],
      ],
      aView(),
      "b#2 rotate",
    ],
    [
      "the next target is tried where the provider's budget is spent",
      keys,
      [["a#1", "first", failed("auth")]],
      aView({}, { mayRepeat: () => false }),
      "b#1 failover",
    ],
    [
      "a spent budget is told when it was all that was left",
      { targets: { a: {}, b: { provider: "a" } } },
      [["a#1", "first", failed("server-error")]],
      aView({}, { mayRepeat: () => false }),
      "budget: server-error",
    ],
    [
      "a budget is not told where others cool",
      two,
      [["a#1", "first", failed("server-error")]],
      aView({ b: "timeout until 9000" }),
      "exhausted: server-error",
    ],
    [
      "one that was not reached speaks for itself",
      { targets: { a: {} } },
      [["a#1", "first", failed("connect-failed", { phase: "connect" })]],
      aView(),
      "exhausted: connect-failed",
    ],
    [
      "an overload is not followed at once where a pause is configured",
      pausing,
      [["a#1", "first", overloaded]],
      early,
      "wait until 1200",
    ],
    [
      "it is followed after the pause",
      pausing,
      [["a#1", "first", overloaded]],
      aView({}, { now: 1_200 }),
      "b#1 failover",
    ],
    ["other failures need no pause", pausing, [["a#1", "first", failed("server-error")]], early, "b#1 failover"],
    [
      "nothing is waited for when nothing is left",
      pausing,
      [
        ["a#1", "first", failed("server-error")],
        ["b#1", "failover", overloaded],
      ],
      early,
      "exhausted: overloaded",
    ],
    [
      "a stale socket is replayed at the bound on attempts, too",
      { ...two, attemptsMax: 1 },
      [["a#1", "first", stale]],
      aView(),
      "a#1 replay",
    ],
    [
      "and where the model must not change, the provider is full and its budget spent",
      { ...two, failsOver: false },
      [["a#1", "first", stale]],
      aView({ a: "timeout until 9000" }, { isFull: () => true, mayRepeat: () => false }),
      "a#1 replay",
    ],
    [
      "but once a request, whichever target it was",
      two,
      [
        ["a#1", "first", stale],
        ["a#1", "replay", failed("server-error")],
        ["b#1", "failover", stale],
      ],
      aView(),
      "exhausted: stream-broken",
    ],
    [
      "what is final is final, though the other of two ended later with a stale socket",
      two,
      [
        ["a#1", "first", failed("rejected"), { endedAt: 500 }],
        ["b#1", "hedge", stale, { endedAt: 600 }],
      ],
      aView(),
      "final: rejected",
    ],
    [
      "of two that ran side by side the one that ended last decides",
      { targets: { a: { keys: 2 }, b: {}, c: {} } },
      [
        ["a#1", "first", failed("auth"), { endedAt: 600 }],
        ["b#1", "hedge", failed("server-error"), { endedAt: 500 }],
      ],
      aView(),
      "a#2 rotate",
    ],
    [
      "of two that ended together the later one decides",
      { targets: { a: { keys: 2 }, b: {}, c: {} } },
      [
        ["a#1", "first", failed("auth")],
        ["b#1", "hedge", failed("server-error")],
      ],
      aView(),
      "c#1 failover",
    ],
    [
      "while one of two is under way it is waited for",
      two,
      [
        ["a#1", "first", failed("server-error")],
        ["b#1", "hedge", null],
      ],
      aView(),
      "wait",
    ],
    [
      "a larger window stays asked for after another failure",
      { targets: { a: { window: 8 }, b: { window: 32 }, c: { window: 8 }, d: { window: 16 } } },
      [
        ["a#1", "first", failed("context-overflow")],
        ["b#1", "larger-context", failed("server-error")],
      ],
      aView(),
      "d#1 failover",
    ],
    [
      "the largest window that was too small must be exceeded",
      { targets: { a: { window: 8 }, b: { window: 32 }, c: { window: 32 }, d: { window: 33 } } },
      [
        ["a#1", "first", failed("context-overflow")],
        ["b#1", "larger-context", failed("context-overflow")],
      ],
      aView(),
      "d#1 larger-context",
    ],
    [
      "too long for a window that nobody states is too long for all",
      { targets: { a: {}, b: { window: 1_000_000 } } },
      [["a#1", "first", failed("context-overflow")]],
      aView(),
      "exhausted: context-overflow",
    ],
    [
      "of several empty answers the last is sent",
      two,
      [
        ["a#1", "first", failed("empty-answer", { emptyAnswer: new Uint8Array(1) })],
        ["b#1", "failover", failed("empty-answer")],
      ],
      aView(),
      "exhausted: empty-answer",
    ],
    [
      "what failed before it was sent does not speak for the chain",
      two,
      [
        ["a#1", "first", failed("server-error", { phase: "headers" })],
        ["b#1", "failover", failed("bad-payload", { phase: "request" })],
      ],
      aView(),
      "exhausted: server-error",
    ],
    [
      "the last that was reached speaks for the chain",
      two,
      [
        ["a#1", "first", failed("rate-limited", { phase: "headers" })],
        ["b#1", "failover", failed("server-error", { phase: "headers" })],
      ],
      aView(),
      "exhausted: server-error",
    ],
  ])("%s", (_sentence, sketch, past, view, expected) => {
    expect(told(sketch, past, view)).toBe(expected);
  });

  it("a replay is the same attempt again: a probe stays a probe, with its bound", () => {
    const plan = aPlan(two);
    const step = { probe: true, repeat: true, commitMsMax: 10_000 };
    const skipped = [{ target: "b", credential: null, reason: "full", until: null }] as const;
    expect(decided(plan, [["a#1", "first", stale, { step: { ...step, skipped } }]])).toEqual({
      do: "attempt",
      candidate: plan.candidates[0],
      credential: plan.candidates[0]?.target.credentials[0],
      because: "replay",
      remedies: [],
      ...step,
      skipped: [],
    });
  });

  it.each<[sentence: string, PlanSketch, readonly Past[], View]>([
    ["the request is over", two, [], aView({ a: "timeout until 9000" }, { over: failed("client-closed") })],
    ["a failure is final", two, [["a#1", "first", failed("rejected")]], aView()],
    ["the attempts are spent", { ...two, attemptsMax: 1 }, [["a#1", "first", failed("server-error")]], aView()],
    ["another key is tried", keys, [["a#1", "first", failed("auth")]], aView({ b: "timeout until 9000" })],
  ])("nobody is passed over when %s", (_sentence, sketch, past, view) => {
    expect(decided(aPlan(sketch), past, view)).toMatchObject({ skipped: [] });
  });

  it("an attempt says whom it passed over", () => {
    const step = decided(aPlan(two), [], aView({ a: "timeout until 9000" }));
    expect(step).toMatchObject({
      because: "first",
      skipped: [{ target: "a", credential: "a#1", reason: "timeout", until: 9_000 }],
    });
  });
});

describe("when nobody can be asked", () => {
  const limited = "rate_limit until 31000";
  it.each<[sentence: string, Standings, Partial<View>, expected: string, retryAfterMs: number | null]>([
    ["all at their rate limit: 429", { a: limited, b: limited }, {}, "all-cooling: rate-limited", 30_000],
    ["one of them broken: 503", { a: limited, b: "breaker until 21000" }, {}, "all-cooling: no-candidate", 20_000],
    ["all broken: 503", { a: "breaker until 9000", b: "breaker until 8000" }, {}, "all-cooling: no-candidate", 7_000],
    ["the wait is a second at least", { a: "breaker until 1001", b: limited }, {}, "all-cooling: no-candidate", 1_000],
    [
      "one is being probed: in a second",
      { a: "probing until 2000", b: limited },
      {},
      "all-cooling: no-candidate",
      1_000,
    ],
    [
      "one cools and the other is full: 503, in a second",
      { a: limited },
      { isFull: ({ id }) => id === "b" },
      "all-cooling: no-candidate",
      1_000,
    ],
    ["all full: ours", {}, { isFull: () => true }, "full: overloaded-here", null],
  ])("%s", (_sentence, standings, more, expected, retryAfterMs) => {
    const { why, failure: said } = end(two, [], aView(standings, more));
    expect([`${why}: ${said.kind}`, said.retryAfterMs]).toEqual([expected, retryAfterMs]);
  });

  it.each<[message: string, PlanSketch, View]>([
    ["No provider can answer here.", { targets: {} }, aView()],
    ["Every provider of this agent is at its limit here.", two, aView({}, { isFull: () => true })],
    ["The rate limit of every provider of this agent is reached.", two, aView({ a: limited, b: limited })],
    ["Every provider of this agent is recovering from failures.", two, aView({ a: limited, b: "breaker until 9" })],
  ])("the client is told: %s", (message, sketch, view) => {
    expect(end(sketch, [], view).failure.message).toBe(message);
  });

  it("the wait is that of the first key to recover", () => {
    const standings = { "a#1": "billing until 99000", "a#2": limited, "a#3": "rate_limit until 6000", b: limited };
    expect(end(keys, [], aView(standings)).failure.retryAfterMs).toBe(5_000);
  });

  it("the wait is that of the only one that may be asked where the model must not change", () => {
    const { failure: said, skipped } = end({ ...two, failsOver: false }, [], aView({ a: limited }));
    expect([said.kind, said.retryAfterMs, skipped.length]).toEqual(["rate-limited", 30_000, 1]);
  });

  it.each<[sentence: string, kind: FailureKind, b: string, retryAfterMs: number | null]>([
    ["an exhausted chain says when it may be asked again", "rate-limited", "timeout until 9000", 8_000],
    ["at once where another has recovered meanwhile", "overloaded", "ready", 1_000],
    ["nothing where no time was stated and none helps", "server-error", "timeout until 9000", null],
  ])("%s", (_sentence, kind, b, retryAfterMs) => {
    const past: Past[] = [
      ["a#1", "first", failed("server-error", { phase: "headers" })],
      ["b#1", "failover", failed(kind, { phase: "headers" })],
    ];
    const { failure: said } = end(two, past, aView({ a: limited, b }));
    expect([said.kind, said.retryAfterMs]).toEqual([kind, retryAfterMs]);
  });

  it("an exhausted chain keeps what the provider said beside the wait", () => {
    const said = failed("rate-limited", { code: "tokens", retryAfterMs: 99_000, phase: "headers" });
    const view = aView({ a: limited });
    expect(end({ targets: { a: {} } }, [["a#1", "first", said]], view).failure).toEqual({
      ...said,
      retryAfterMs: 30_000,
    });
  });

  it("an end tells whom it passed over", () => {
    expect(end(two, [], aView({ a: limited, b: "probing until 2000" })).skipped).toEqual([
      { target: "a", credential: "a#1", reason: "rate_limit", until: 31_000 },
      { target: "b", credential: "b#1", reason: "probing", until: 2_000 },
    ]);
  });
});

describe("a repeat that the provider's budget does not allow", () => {
  const spent = aView({}, { mayRepeat: (provider) => provider !== "a" });
  const alone: PlanSketch = { targets: { a: { keys: 2 } } };
  const limited: Past = ["a#1", "first", failed("rate-limited")];
  const shape: Past = ["a#1", "first", failed("rejected-by-provider", { remedies: ["no-store"] })];
  const needed: Past = ["a#1", "first", failed("rejected-by-provider", { remedies: ["no-tools"] })];
  it.each<[string, PlanSketch, readonly Past[], View, string]>([
    ["of another key is told with what comes instead", keys, [limited], spent, "b#1 failover | a#2"],
    ["of another key is told as the reason when nothing is left", alone, [limited], spent, "budget | a#2"],
    ["without what was complained of is told as well", two, [shape], spent, "b#1 failover | a#1"],
    ["without what the request needs is none while another has it", two, [needed], spent, "b#1 failover | "],
    ["without what the request needs is told when nobody else is left", alone, [needed], spent, "budget | a#1"],
    [
      "is none where the reason is not worth another key",
      keys,
      [["a#1", "first", failed("server-error")]],
      spent,
      "b#1 failover | ",
    ],
    [
      "is none where no other key stands ready",
      alone,
      [limited],
      aView({ "a#2": "auth until 9000" }, { mayRepeat: () => false }),
      "exhausted | ",
    ],
    ["is none where the budget allows it", keys, [limited], aView(), "a#2 rotate | "],
  ])("%s", (_sentence, sketch, past, view, expected) => {
    const step = decided(aPlan(sketch), past, view);
    if (step.do === "wait") throw new Error("it waits");
    const unpaid = step.skipped.filter(({ reason }) => reason === "budget").map(({ credential }) => credential);
    const next = step.do === "fail" ? step.why : `${step.credential.id} ${step.because}`;
    expect(`${next} | ${unpaid.join(" ")}`).toBe(expected);
  });
});
