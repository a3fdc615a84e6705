// A load's report: what was good counts, what was bad is named, and worse is worse only beyond a fifth.
import { describe, expect, it } from "vitest";
import type { Sample } from "../../../../src/cli/bench/asking.ts";
import { type LoadReport, loadReport, otherLoad, regressions } from "../../../../src/cli/bench/load-report.ts";

const NAMES = { url: "http://h", model: "m", stream: true, connections: 2, rate: null };
/** Ends 5 ms behind its last content. */
const good = (firstMs: number, wholeMs: number, parts: number): Sample => ({
  status: 200,
  firstMs,
  lastMs: wholeMs - 5,
  wholeMs,
  parts,
  bad: null,
  said: "",
});
const bad = (why: string): Sample => ({
  status: 500,
  firstMs: null,
  lastMs: null,
  wholeMs: 1,
  parts: 0,
  bad: why,
  said: "",
});

describe("the report", () => {
  it("measures good answers only, and names the others", () => {
    const samples = [good(10, 115, 11), good(20, 45, 3), bad("status 500"), bad("status 500"), bad("truncated text")];
    expect(loadReport(NAMES, { samples, seconds: 2, missedMs: [] })).toMatchObject({
      requests: 5,
      good: 2,
      bad: { "status 500": 2, "truncated text": 1 },
      missed: 0,
      requestsPerSecond: 1,
      partsPerSecond: 7,
      ttftMs: { p50: 20, max: 20 },
      latencyMs: { p50: 115, max: 115 },
      tpotMs: { p50: 10, max: 10 },
    });
  });

  it("has no pace and no first content for whole answers, and none of nothing", () => {
    const nothing = { p50: null, p90: null, p99: null, max: null };
    const whole = loadReport({ ...NAMES, stream: false }, { samples: [good(5, 9, 1)], seconds: 1, missedMs: [] });
    expect(whole).toMatchObject({ ttftMs: nothing, tpotMs: nothing, latencyMs: { p50: 9 } });
    expect(loadReport(NAMES, { samples: [], seconds: 0, missedMs: [] })).toMatchObject({
      requestsPerSecond: 0,
      latencyMs: nothing,
    });
  });
});

it("counts what starts without a connection had waited, to the first content and to the end, and not as answers", () => {
  const report = loadReport({ ...NAMES, rate: 10 }, { samples: [good(10, 20, 2)], seconds: 1, missedMs: [900, 800] });
  expect(report).toMatchObject({
    requests: 1,
    missed: 2,
    ttftMs: { p50: 800, max: 900 },
    latencyMs: { p50: 800, max: 900 },
    tpotMs: { p50: 5, max: 5 },
  });
});

it.each([
  ["nothing that is said", {}, null],
  ["the same", NAMES, null],
  ["another server and model", { ...NAMES, url: "http://other", model: "other" }, null],
  ["whole answers", { ...NAMES, stream: false }, "whole answers, and this is streams"],
  ["a rate", { ...NAMES, rate: 5 }, "5/s, and this is no rate"],
  ["more connections", { ...NAMES, connections: 9 }, "9 at once, and this is 2"],
])("is compared with %s", (_what, before, why) => {
  expect(otherLoad(NAMES, before)).toBe(why);
});

describe("worse than before", () => {
  const report = (p50: number, perSecond: number): LoadReport => {
    const base = loadReport(NAMES, { samples: [good(p50, p50, 1)], seconds: 1, missedMs: [] });
    return { ...base, requestsPerSecond: perSecond };
  };

  it.each([
    ["the same", 100, 100, 0],
    ["a tenth slower", 110, 91, 0],
    ["half as slow again", 150, 100, 2],
    ["half as many", 100, 50, 1],
    ["faster", 10, 1000, 0],
  ])("%s", (_what, p50, perSecond, worse) => {
    expect(regressions(report(p50, perSecond), report(100, 100))).toHaveLength(worse);
  });
});
