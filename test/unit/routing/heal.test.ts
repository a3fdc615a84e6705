// When a complaint of shape is worth a repeat at the same target, and how it is made (decisions 12, 20, 21).
import { describe, expect, it } from "vitest";
import { failure, type Failure } from "../../../src/core/failure.ts";
import type { RemedyName } from "../../../src/core/remedy.ts";
import type { Step } from "../../../src/core/step.ts";
import { decide, type View } from "../../../src/routing/decide.ts";
import { aPlan, type PlanSketch } from "../../support/plan-sketch.ts";
import { aHistory, aView, type Past } from "../../support/view-sketch.ts";

const asks = (...remedies: readonly RemedyName[]): Failure => failure("rejected-by-provider", "No.", { remedies });
const refused = (...remedies: readonly RemedyName[]): Past => ["a#1", "first", asks(...remedies)];
const remedied = (of: Failure | null, ...remedies: readonly RemedyName[]): Past => [
  "a#1",
  "repair",
  of,
  { step: { remedies } },
];
const one: PlanSketch = { targets: { a: {} } };
const two: PlanSketch = { targets: { a: {}, b: {} } };

function decided(sketch: PlanSketch, past: readonly Past[], view: View = aView()): Step {
  const plan = aPlan(sketch);
  return decide(plan, aHistory(plan, past), view);
}

function told(sketch: PlanSketch, past: readonly Past[], view?: View): string {
  const step = decided(sketch, past, view);
  if (step.do === "wait") return "wait";
  if (step.do === "fail") return `${step.why}: ${step.failure.kind}`;
  return [step.credential.id, step.because, ...step.remedies].join(" ");
}

describe("a complaint of shape", () => {
  it.each<[sentence: string, sketch: PlanSketch, past: readonly Past[], expected: string]>([
    ["is healed before another target is asked", two, [refused("no-store")], "a#1 repair no-store"],
    ["may ask for several changes", two, [refused("no-store", "no-metadata")], "a#1 repair no-store no-metadata"],
    [
      "is healed where the model must not change",
      { ...one, failsOver: false },
      [refused("no-store")],
      "a#1 repair no-store",
    ],
    ["is no more than a refusal without a remedy", two, [refused()], "b#1 failover"],
    [
      "is healed once: the same complaint again goes on",
      two,
      [refused("no-store"), remedied(asks("no-store"), "no-store")],
      "b#1 failover",
    ],
    [
      "is healed once: another complaint goes on",
      two,
      [refused("no-store"), remedied(asks("no-seed"), "no-store")],
      "b#1 failover",
    ],
    [
      "is the answer when nothing is left",
      one,
      [refused("no-store"), remedied(asks("no-seed"), "no-store")],
      "exhausted: rejected-by-provider",
    ],
    [
      "is healed at the next target as well",
      two,
      [refused("no-store"), remedied(asks("no-store"), "no-store"), ["b#1", "failover", asks("no-seed")]],
      "b#1 repair no-seed",
    ],
    [
      "is not healed when the attempts are spent",
      { ...two, attemptsMax: 1 },
      [refused("no-store")],
      "attempts: rejected-by-provider",
    ],
    [
      "is not healed when that is switched off",
      { ...two, limits: { heals: false } },
      [refused("no-store")],
      "b#1 failover",
    ],
    [
      "is not healed by what was done already",
      two,
      [["a#1", "first", asks("no-store"), { step: { remedies: ["no-store"] } }]],
      "b#1 failover",
    ],
    [
      "adds to what was learned before",
      two,
      [["a#1", "first", asks("no-seed"), { step: { remedies: ["no-store"] } }]],
      "a#1 repair no-store no-seed",
    ],
    [
      "fails over after a repeat that fails for something else",
      two,
      [refused("no-store"), remedied(failure("server-error", "x"), "no-store")],
      "b#1 failover",
    ],
    [
      "waits for the other one while two are asked",
      two,
      [
        ["a#1", "first", null],
        ["b#1", "hedge", asks("no-store")],
      ],
      "wait",
    ],
  ])("%s", (_sentence, sketch, past, expected) => {
    expect(told(sketch, past)).toBe(expected);
  });

  it.each<[sentence: string, view: View, expected: string]>([
    ["the budget of repeats is spent", aView({}, { mayRepeat: () => false }), "b#1 failover"],
    ["its provider is full", aView({}, { isFull: ({ id }) => id === "a" }), "b#1 failover"],
    ["its key has begun to cool", aView({ a: "rate_limit until 9000?" }), "b#1 failover"],
    ["nothing of the request would change", aView({}, { helpful: () => [] }), "b#1 failover"],
  ])("goes on when %s", (_sentence, view, expected) => {
    expect(told(two, [refused("no-store")], view)).toBe(expected);
  });

  it("is healed by those changes only that make a difference", () => {
    const view = aView({}, { helpful: (_step, remedies) => remedies.filter((name) => name !== "no-store") });
    expect(told(two, [refused("no-store", "no-seed")], view)).toBe("a#1 repair no-seed");
  });

  it("repeats with the same key, as a repeat, as a probe where the target is half-open", () => {
    const past: Past = ["a#1", "first", asks("no-store"), { step: { commitMsMax: 10_000 } }];
    expect(decided(two, [past], aView({ a: "probe" }))).toMatchObject({
      because: "repair",
      probe: true,
      repeat: true,
      commitMsMax: 10_000,
      skipped: [],
    });
  });
});

describe("a complaint of tools", () => {
  it.each<[sentence: string, sketch: PlanSketch, past: readonly Past[], view: View, expected: string]>([
    ["goes to another target first, which may have them", two, [refused("no-tools")], aView(), "b#1 failover"],
    ["is healed when there is no other", one, [refused("no-tools")], aView(), "a#1 repair no-tools"],
    [
      "is healed when no other can be asked",
      two,
      [refused("no-tools")],
      aView({ b: "timeout until 9000" }),
      "a#1 repair no-tools",
    ],
    [
      "is healed where the model must not change",
      { ...two, failsOver: false },
      [refused("no-tools")],
      aView(),
      "a#1 repair no-tools",
    ],
    [
      "is not healed after another target was asked",
      two,
      [refused("no-tools"), ["b#1", "failover", failure("server-error", "x")]],
      aView(),
      "exhausted: server-error",
    ],
  ])("%s", (_sentence, sketch, past, view, expected) => {
    expect(told(sketch, past, view)).toBe(expected);
  });
});

describe("what was learned", () => {
  const learned = aView({}, { learned: ({ id }) => (id === "a" ? ["no-store"] : ["no-seed"]) });

  it.each<[sentence: string, sketch: PlanSketch, past: readonly Past[], expected: string]>([
    ["is done from the start", two, [], "a#1 first no-store"],
    [
      "is done for each target by its own",
      two,
      [["a#1", "first", failure("server-error", "x")]],
      "b#1 failover no-seed",
    ],
    [
      "is done with another key",
      { targets: { a: { keys: 2 } } },
      [["a#1", "first", failure("auth", "x")]],
      "a#2 rotate no-store",
    ],
    [
      "stays done in a replay",
      two,
      [["a#1", "first", failure("stream-broken", "x", { replaySafe: true }), { step: { remedies: ["no-store"] } }]],
      "a#1 replay no-store",
    ],
  ])("%s", (_sentence, sketch, past, expected) => {
    expect(told(sketch, past, learned)).toBe(expected);
  });

  it("is done in a hedge", () => {
    const sketch: PlanSketch = { ...two, limits: { hedge: { afterMs: 100, share: 1 } } };
    expect(told(sketch, [["a#1", "first", null]], { ...learned, mayHedge: true })).toBe("b#1 hedge no-seed");
  });

  it.each<[sentence: string, lacking: string, failsOver: boolean, expected: string]>([
    ["a target that lacks what the request needs is passed over", "a", true, "b#1 first"],
    ["where all lack it the first is asked", "ab", true, "a#1 first"],
    ["where the model must not change the first is asked", "a", false, "a#1 first"],
  ])("%s", (_sentence, lacking, failsOver, expected) => {
    const view = aView({}, { lacks: ({ id }) => lacking.includes(id) });
    expect(told({ ...two, failsOver }, [], view)).toBe(expected);
  });
});
