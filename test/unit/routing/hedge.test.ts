// When a second provider is asked beside the first.
import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import type { PlanLimits } from "../../../src/core/plan.ts";
import type { View } from "../../../src/routing/decide.ts";
import { hedge } from "../../../src/routing/hedge.ts";
import { aPlan, type PlanSketch } from "../../support/plan-sketch.ts";
import { aHistory, aView, type Past, type Standings } from "../../support/view-sketch.ts";

const FAILED = failure("server-error", "It failed.");
const RUNNING: Past = ["a#1", "first", null];
const HEDGE = { afterMs: 300, share: 0.1 };

interface Case {
  readonly targets?: PlanSketch["targets"];
  readonly limits?: Partial<PlanLimits>;
  readonly standings?: Standings;
  readonly past?: readonly Past[];
  readonly view?: Partial<View>;
}

function told({ targets = { a: {}, b: {} }, limits = {}, standings = {}, past = [RUNNING], view = {} }: Case): string {
  const plan = aPlan({ targets, limits: { hedge: HEDGE, ...limits } });
  const step = hedge(plan, aHistory(plan, past), aView(standings, { now: 300, mayHedge: true, ...view }));
  if (step.do === "wait") return step.until === null ? "wait" : `wait until ${step.until}`;
  return step.do === "fail" ? "fail" : `${step.credential.id} ${step.because}`;
}

describe("while an attempt is under way", () => {
  it.each<[sentence: string, of: Case, expected: string]>([
    ["another provider is asked when the time has come", {}, "b#1 hedge"],
    ["it is waited for until then", { view: { now: 299 } }, "wait until 300"],
    [
      "the time counts from the attempt that is under way",
      {
        past: [
          ["a#1", "first", FAILED],
          ["b#1", "failover", null, { startedAt: 200 }],
        ],
      },
      "wait until 500",
    ],
    ["nothing is hedged where that is not configured", { limits: { hedge: null } }, "wait"],
    ["nothing is hedged where the model must not change", { limits: { failsOver: false } }, "wait"],
    ["nothing is hedged beyond the share", { view: { mayHedge: false } }, "wait"],
    ["nothing is hedged beyond the bound on attempts", { limits: { attemptsMax: 1 } }, "wait"],
    ["a request is hedged up to the bound on attempts", { limits: { attemptsMax: 2 } }, "b#1 hedge"],
    [
      "a request is hedged once, though that has failed",
      { targets: { a: {}, b: {}, c: {} }, past: [RUNNING, ["b#1", "hedge", FAILED]] },
      "wait",
    ],
    [
      "a request is hedged once, though only the hedge is left",
      {
        targets: { a: {}, b: {}, c: {} },
        past: [
          ["a#1", "first", FAILED],
          ["b#1", "hedge", null],
        ],
      },
      "wait",
    ],
    ["the same provider is not asked", { targets: { a: {}, b: { provider: "a" }, c: {} } }, "c#1 hedge"],
    [
      "no provider is asked that has failed",
      {
        targets: { a: {}, b: {}, c: {} },
        past: [
          ["a#1", "first", FAILED],
          ["b#1", "failover", null],
        ],
      },
      "c#1 hedge",
    ],
    ["none is asked where there is no other", { targets: { a: {} } }, "wait"],
    ["no full provider is asked", { view: { isFull: ({ id }) => id === "b" } }, "wait"],
    ["no target is asked that cools", { standings: { b: "timeout until 9000?" } }, "wait"],
    ["no target is asked that is half-open", { standings: { b: "probe" } }, "wait"],
    [
      "it is asked with a key that is ready",
      { targets: { a: {}, b: { keys: 2 } }, standings: { "b#1": "auth until 9" } },
      "b#2 hedge",
    ],
    [
      "no model is asked for which the context is too long",
      {
        targets: { a: { window: 8 }, b: { window: 64 }, c: { window: 8 }, d: { window: 9 } },
        past: [
          ["a#1", "first", failure("context-overflow", "Too long.")],
          ["b#1", "larger-context", null],
        ],
      },
      "d#1 hedge",
    ],
  ])("%s", (_sentence, of, expected) => {
    expect(told(of)).toBe(expected);
  });

  it("a hedge is no probe and no repeat, and has no bound of its own", () => {
    const plan = aPlan({ targets: { a: {}, b: {} }, limits: { hedge: HEDGE } });
    expect(hedge(plan, aHistory(plan, [RUNNING]), aView({}, { mayHedge: true }))).toEqual({
      do: "attempt",
      because: "hedge",
      candidate: plan.candidates[1],
      credential: plan.candidates[1]?.target.credentials[0],
      remedies: [],
      probe: false,
      repeat: false,
      commitMsMax: null,
      skipped: [],
    });
  });
});
