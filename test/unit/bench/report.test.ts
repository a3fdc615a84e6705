// Figures become tables: the arithmetic between a measurement and a claim.
import { describe, expect, it } from "vitest";
import { compared, unlike, worseThan } from "../../../bench/compare.ts";
import { type Figure, FIGURES, standing } from "../../../bench/figures.ts";
import { type Claim, claimsOf, scenarioTable } from "../../../bench/report.ts";
import { complaints, median, type Run } from "../../../bench/rounds.ts";
import type { Scenario } from "../../../bench/scenarios.ts";
import { quantile } from "../../../src/cli/bench/quantile.ts";

const scenario: Scenario = {
  what: "an example",
  unit: "request",
  subjects: ["direct", "nginx", "floor", "edge"],
  columns: ["cpu", "p50"],
  added: ["p50"],
  run: async () => ({ figures: {}, bad: [] }),
};

function runs(...figures: readonly (readonly [cpu: number, p50: number])[]): Run[] {
  return figures.map(([cpu, p50]) => ({ figures: { cpu, p50 }, bad: [] }));
}

/** The machine was twice as slow in the second round; the ratios were not. */
const single = {
  direct: runs([10, 100], [20, 200]),
  nginx: runs([20, 120], [40, 240]),
  floor: runs([40, 150], [80, 300]),
  edge: runs([50, 160], [100, 320]),
};

describe("the report", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[Number.NaN, 7], 7],
    [[], Number.NaN],
  ])("takes the middle of %j", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it("takes quantiles by rank", () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect([quantile(values, 0), quantile(values, 0.5), quantile(values, 0.99)]).toEqual([1, 51, 100]);
  });

  it("compares within a round, not across", () => {
    const text = scenarioTable("single", scenario, { single });
    expect(text.split("\n").slice(2)).toEqual([
      "|  | cpu/request | p50 | cpu / nginx | cpu / floor | added p50 | bad |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      "| direct | 15 | 150 | – | – | – | 0 |",
      "| nginx | 30 | 180 | 1 | 0.50 | 30 | 0 |",
      "| floor | 60 | 225 | 2 | 1 | 75 | 0 |",
      "| edge | 75 | 240 | 2.50 | 1.25 | 90 | 0 |",
    ]);
  });

  it("names every reason not to believe it", () => {
    const bad: Run = { figures: {}, bad: ["1 non2xx"] };
    expect(complaints({ whole: { direct: runs([1, 1]), edge: [bad] } })).toEqual(["whole, edge, round 1: 1 non2xx"]);
  });
});

describe("the claims", () => {
  const valueOf = (what: string, rounds: Parameters<typeof claimsOf>[0]): number | null =>
    claimsOf(rounds).find((claim) => claim.what.startsWith(what))?.value ?? null;

  it("say what we add as a multiple of what nginx adds", () => {
    expect(valueOf("added latency p50", { single })).toBe(3);
  });

  it("divide processor time by that of the other in the same round", () => {
    expect(valueOf("CPU per request, 1 KB whole / floor", { whole: single })).toBe(1.25);
    expect(valueOf("capacity of one core (1 s", { whole: single })).toBe(0.4);
  });

  it("count our wrong answers, not a peer's", () => {
    const bad: Run = { figures: {}, bad: ["1 non2xx"] };
    expect(valueOf("wrong", { whole: { edge: [bad], portkey: [bad, bad] } })).toBe(1);
  });

  it("say nothing of what was not measured", () => {
    const unmeasured = claimsOf({}).filter(({ what }) => !what.startsWith("wrong"));
    expect(new Set(unmeasured.map((claim) => claim.standing))).toEqual(new Set(["not measured"]));
    expect(unmeasured).toHaveLength(FIGURES.length - 1);
  });

  const less: Figure = { what: "x", unit: "x", better: "less", must: 3, aim: 2, of: () => 0 };
  const more: Figure = { ...less, better: "more", must: 2, aim: 3 };

  it.each([
    [less, 2, "aim"],
    [less, 2.5, "must"],
    [less, 3.1, "missed"],
    [more, 3, "aim"],
    [more, 2.5, "must"],
    [more, 1.9, "missed"],
    [{ ...less, aim: null }, 1, "must"],
    [less, Number.NaN, "not measured"],
  ] as const)("%j at %d: %s", (figure, value, how) => {
    expect(standing(figure, value)).toBe(how);
  });
});

describe("compared with an earlier run", () => {
  const claim = (value: number | null, more: Partial<Claim> = {}): Claim => {
    return { what: "x", unit: "x", must: 3, aim: 2, better: "less", standing: "must", value, ...more };
  };

  const GOOD = { better: "more", must: 0.29 } as const;

  it.each([
    ["the same", claim(2), claim(2), 0],
    ["a tenth worse is noise", claim(2), claim(2.2), 0],
    ["half as much again", claim(2), claim(3), 1],
    ["near nothing, by nothing much", claim(0.1), claim(0.4), 0],
    ["fewer of what is good", claim(30, { better: "more", must: 20 }), claim(20, { better: "more", must: 20 }), 1],
    ["half of what is good, and far from what it must be", claim(0.11, GOOD), claim(0.05, GOOD), 1],
    ["a tenth less of it", claim(0.11, GOOD), claim(0.1, GOOD), 0],
    ["not measured now", claim(2), claim(null), 0],
  ])("%s", (_what, was, is, worse) => {
    expect(worseThan([was], [is])).toHaveLength(worse);
  });

  it("says of how many figures it speaks", () => {
    expect(compared([claim(2), claim(null, { what: "y" })], [claim(1), claim(1, { what: "y" })])).toBe(1);
  });

  it.each([
    ["alike", { machine: "a", effort: "quick" }, null],
    ["elsewhere", { machine: "b", effort: "quick" }, /another machine \(b\)/],
    ["longer", { machine: "a", effort: "full" }, /other length \(full\)/],
  ])("says what to make of a run that was made %s", (_what, before, words) => {
    const said = unlike(before, { machine: "a", effort: "quick" });
    expect(said).toEqual(words === null ? null : expect.stringMatching(words));
  });
});
