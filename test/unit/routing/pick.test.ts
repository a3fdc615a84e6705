// Which candidate and which key come next, by how they stand.
import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import type { Skip } from "../../../src/core/step.ts";
import type { View } from "../../../src/routing/decide.ts";
import { askable, type Pick, pickNext, pickOther, PROBE_COMMIT_MS_MAX } from "../../../src/routing/pick.ts";
import { aPlan, type PlanSketch } from "../../support/plan-sketch.ts";
import { aHistory, aView, type Past, type Standings } from "../../support/view-sketch.ts";

const FAILED = failure("server-error", "It failed.");

/** `a#1`, and what is special about it: `a#1 probe repeat within 10000`. */
function words(pick: Pick | null): string {
  if (pick === null) return "none";
  const { credential, probe, repeat, commitMsMax } = pick;
  const within = commitMsMax === null ? "" : ` within ${commitMsMax}`;
  return `${credential.id}${probe ? " probe" : ""}${repeat ? " repeat" : ""}${within}`;
}

/** `b#1 rate_limit 5000, c full`. */
function skips(skipped: readonly Skip[]): string {
  const told = ({ target, credential, reason, until }: Skip): string =>
    [credential ?? target, reason, until].filter((each) => each !== null).join(" ");
  return skipped.map(told).join(", ");
}

interface Case {
  readonly targets?: PlanSketch["targets"];
  readonly failsOver?: boolean;
  readonly standings?: Standings;
  readonly past?: readonly Past[];
  readonly view?: Partial<View>;
}

const THREE = { a: {}, b: {}, c: {} };
const within = `within ${PROBE_COMMIT_MS_MAX}`;

function next({ targets = THREE, failsOver = true, standings = {}, past = [], view = {} }: Case): string {
  const plan = aPlan({ targets, failsOver });
  const { pick, skipped } = pickNext({ plan, tried: aHistory(plan, past), view: aView(standings, view) });
  return [words(pick), skips(skipped)].filter((part) => part !== "").join(" | ");
}

describe("the next candidate", () => {
  const out = "timeout until 9000";
  it.each<[sentence: string, of: Case, expected: string]>([
    ["is the first of the plan", {}, "a#1"],
    ["is the first that has not been tried", { past: [["a#1", "first", FAILED]] }, "b#1"],
    ["is none when all have been tried", { targets: { a: {} }, past: [["a#1", "first", FAILED]] }, "none"],
    ["is the first healthy one", { standings: { a: out } }, "b#1 | a#1 timeout 9000"],
    [
      "is the first healthy one even where a cooling one might be asked",
      { standings: { a: `${out}?`, b: "breaker until 1500?" } },
      "c#1 | a#1 timeout 9000, b#1 breaker 1500",
    ],
    ["is a half-open one in its place, but not for long", { standings: { a: "probe" } }, `a#1 probe ${within}`],
    [
      "is a half-open one before healthy ones behind it, whatever cools between",
      { standings: { a: out, b: "probe" } },
      `b#1 probe ${within} | a#1 timeout 9000`,
    ],
    ["is no half-open one behind a healthy one", { standings: { b: "probe" } }, "a#1"],
    ["is the first of several half-open ones", { standings: { a: "probe", b: "probe" } }, `a#1 probe ${within}`],
    [
      "is a half-open one without a bound where nothing is healthy",
      { standings: { a: out, b: "probe", c: `${out}?` } },
      "b#1 probe | a#1 timeout 9000, c#1 timeout 9000",
    ],
    [
      "is the one that recovers first where all cool",
      { standings: { a: "timeout until 9000?", b: "timeout until 3000?", c: "timeout until 5000?" } },
      "b#1 probe | a#1 timeout 9000, c#1 timeout 5000",
    ],
    [
      "is the earlier of two that recover together",
      { standings: { a: "timeout until 9000?", b: "timeout until 3000?", c: "timeout until 3000?" } },
      "b#1 probe | a#1 timeout 9000, c#1 timeout 3000",
    ],
    [
      "is none that must not be asked before its time",
      { standings: { a: "rate_limit until 2000", b: "timeout until 3000", c: "timeout until 5000?" } },
      "c#1 probe | a#1 rate_limit 2000, b#1 timeout 3000",
    ],
    [
      "is none where all must be waited for",
      { standings: { a: "rate_limit until 2000", b: "billing until 3000", c: "probing until 2000" } },
      "none | a#1 rate_limit 2000, b#1 billing 3000, c#1 probing 2000",
    ],
    ["is none at a full provider", { view: { isFull: ({ id }) => id !== "c" } }, "c#1 | a full, b full"],
    [
      "is no sibling of what failed where the budget of its provider is spent",
      {
        targets: { a: {}, b: { provider: "a" }, c: {} },
        past: [["a#1", "first", FAILED]],
        view: { mayRepeat: () => false },
      },
      "c#1 | b budget",
    ],
    [
      "is a sibling of what failed within the budget, and known as a repeat",
      { targets: { a: {}, b: { provider: "a" } }, past: [["a#1", "first", FAILED]] },
      "b#1 repeat",
    ],
    [
      "is told as full where budget and slots are spent",
      {
        targets: { a: {}, b: { provider: "a" } },
        past: [["a#1", "first", FAILED]],
        view: { mayRepeat: () => false, isFull: () => true },
      },
      "none | b full",
    ],
    [
      "needs no budget at another provider",
      { past: [["a#1", "first", FAILED]], view: { mayRepeat: () => false } },
      "b#1",
    ],
    [
      "is not another where the model must not change",
      { failsOver: false, standings: { a: out } },
      "none | a#1 timeout 9000",
    ],
    [
      "is none of too small a window after an overflow",
      {
        targets: { a: { window: 8 }, b: { window: 8 }, c: { window: 9 } },
        past: [["a#1", "first", failure("context-overflow", "Too long.")]],
      },
      "c#1",
    ],
    ["is none without a key", { targets: { a: { keys: 0 }, b: {} } }, "b#1"],
  ])("%s", (_sentence, of, expected) => {
    expect(next(of)).toBe(expected);
  });
});

describe("the key of the next candidate", () => {
  const targets = { a: { keys: 3 } };
  it.each<[sentence: string, of: Case, expected: string]>([
    ["is the first in order", {}, "a#1"],
    ["is the first ready one", { standings: { "a#1": "auth until 9000?" } }, "a#2"],
    [
      "is the first that may find out where none is ready",
      { standings: { "a#1": "auth until 1500?", "a#2": "probe", "a#3": "probe" } },
      "a#2 probe",
    ],
    ["is a ready one rather than one that would find out", { standings: { "a#1": "probe" } }, "a#2"],
    [
      "is one that may find out rather than one that cools, whichever comes first",
      { standings: { "a#1": "probe", "a#2": "auth until 1500?", "a#3": "auth until 1500?" } },
      "a#1 probe",
    ],
    [
      "is the one that recovers first where all cool",
      { standings: { "a#1": "auth until 9000?", "a#2": "auth until 3000?", "a#3": "auth until 4000?" } },
      "a#2 probe",
    ],
    [
      "is one that may be asked, though another that may not recovers before",
      { standings: { "a#1": "rate_limit until 2000", "a#2": "auth until 9000", "a#3": "auth until 5000?" } },
      "a#3 probe",
    ],
    [
      "stays one that may be asked when those behind may not",
      { standings: { "a#1": "auth until 9000?", "a#2": "rate_limit until 2000", "a#3": "rate_limit until 2000" } },
      "a#1 probe",
    ],
    [
      "is told by the first to recover where none may be asked",
      { standings: { "a#1": "billing until 9000", "a#2": "rate_limit until 2000", "a#3": "rate_limit until 4000" } },
      "none | a#2 rate_limit 2000",
    ],
    [
      "is the first in the order of health, not of the file",
      { view: { order: ({ credentials }) => credentials.toReversed() } },
      "a#3",
    ],
  ])("%s", (_sentence, of, expected) => {
    expect(next({ targets, ...of })).toBe(expected);
  });
});

describe("another key of the same target", () => {
  const targets = { a: { keys: 3 }, b: {} };
  function other({ standings = {}, past = [], view = {} }: Case): string {
    const plan = aPlan({ targets });
    const tried = aHistory(plan, [["a#1", "first", FAILED], ...past]);
    const [candidate] = plan.candidates;
    if (candidate === undefined) throw new Error("the plan has a candidate");
    return words(pickOther({ plan, tried, view: aView(standings, view) }, candidate));
  }
  it.each<[sentence: string, of: Case, expected: string]>([
    ["is the next untried one, a repeat", {}, "a#2 repeat"],
    ["is none that was tried", { past: [["a#2", "rotate", FAILED]] }, "a#3 repeat"],
    [
      "is none when all were tried",
      {
        past: [
          ["a#2", "rotate", FAILED],
          ["a#3", "rotate", FAILED],
        ],
      },
      "none",
    ],
    ["is a ready one", { standings: { "a#2": "auth until 9000?" } }, "a#3 repeat"],
    ["is none that would only find out", { standings: { "a#2": "probe", "a#3": "auth until 9000?" } }, "none"],
    ["is told whatever the budget allows", { view: { mayRepeat: () => false } }, "a#2 repeat"],
    ["is none at a full provider", { view: { isFull: ({ id }) => id === "a" } }, "none"],
    ["does not depend on what was tried elsewhere", { past: [["b#1", "failover", FAILED]] }, "a#2 repeat"],
  ])("%s", (_sentence, of, expected) => {
    expect(other(of)).toBe(expected);
  });
});

it("another key may have been tried at a sibling with the same keys", () => {
  const plan = aPlan({ targets: { a: { keys: 2 }, b: { provider: "a" } } });
  const [a, b] = plan.candidates;
  if (a === undefined || b === undefined) throw new Error("the plan has two candidates");
  const shared = { ...b, target: { ...b.target, credentials: a.target.credentials } };
  const sharing = { ...plan, candidates: [a, shared] };
  const past: Past[] = [
    ["a#2", "first", FAILED],
    ["b#1", "failover", FAILED],
  ];
  expect(words(pickOther({ plan: sharing, tried: aHistory(sharing, past), view: aView() }, shared))).toBe("a#2 repeat");
});

describe("who may be asked", () => {
  it.each<[sentence: string, failsOver: boolean, expected: string]>([
    ["is every candidate", true, "a b c"],
    ["is the first where the model must not change", false, "a"],
  ])("%s", (_sentence, failsOver, expected) => {
    expect(
      askable(aPlan({ targets: THREE, failsOver }), aView())
        .map(({ target }) => target.id)
        .join(" "),
    ).toBe(expected);
  });
});
