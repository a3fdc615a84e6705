// Figures become tables: the arithmetic between a measurement and a claim.
import { describe, expect, it } from "vitest";
import { complaints, median, table } from "../../../bench/report.ts";
import type { Run, Scenario } from "../../../bench/scenarios.ts";
import { quantile } from "../../../src/cli/bench/quantile.ts";

const scenario: Scenario = {
  name: "single",
  what: "an example",
  unit: "request",
  columns: ["cpu", "p50"],
  added: ["p50"],
  run: async () => ({ figures: {}, bad: [] }),
};

function runs(...figures: readonly (readonly [cpu: number, p50: number])[]): Run[] {
  return figures.map(([cpu, p50]) => ({ figures: { cpu, p50 }, bad: [] }));
}

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
    // The machine was twice as slow in the second round; the ratio was not.
    const text = table(scenario, {
      direct: runs([10, 100], [20, 200]),
      floor: runs([40, 150], [80, 300]),
      edge: runs([50, 160], [100, 320]),
    });
    expect(text.split("\n").slice(2)).toEqual([
      "|  | cpu/request | p50 | cpu / floor | added p50 | bad |",
      "|---|---|---|---|---|---|",
      "| direct | 15.0 | 150 | – | – | 0 |",
      "| floor | 60.0 | 225 | 1.00 | 75.0 | 0 |",
      "| edge | 75.0 | 240 | 1.25 | 90.0 | 0 |",
    ]);
  });

  it("names every reason not to believe it", () => {
    const bad: Run = { figures: {}, bad: ["1 non2xx"] };
    expect(complaints({ whole: { direct: runs([1, 1]), edge: [bad] } })).toEqual(["whole, edge, round 1: 1 non2xx"]);
  });
});
