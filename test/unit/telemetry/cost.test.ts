// What answers cost, by prices as files state them.
import { describe, expect, it } from "vitest";
import type { Usage } from "../../../src/core/lane.ts";
import type { Cost } from "../../../src/core/snapshot.ts";
import { costUsd } from "../../../src/telemetry/cost.ts";

const flat: Cost = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
const long = { input: 6, output: 22.5, cacheRead: 0.6, cacheWrite: 7.5 };
const tiered: Cost = { ...flat, tiers: [{ ...long, from: 200_000, below: Number.POSITIVE_INFINITY }] };
const million = 1_000_000;

const ROWS: readonly (readonly [string, Cost | null, Usage | null, number | null])[] = [
  ["unknown prices cost an unknown sum", null, { input: 1, output: 1 }, null],
  ["unknown tokens cost an unknown sum", flat, null, null],
  ["no tokens cost nothing", flat, { input: 0, output: 0 }, 0],
  ["input and output have their prices per million", flat, { input: million, output: million }, 18],
  ["what the cache held is part of the input", flat, { input: million, output: 0, cacheRead: million }, 0.3],
  [
    "what went into the cache as well",
    flat,
    { input: million, output: 0, cacheRead: million / 2, cacheWrite: million / 2 },
    2.025,
  ],
  ["more cached than read is no credit", flat, { input: 0, output: 0, cacheRead: million }, 0.3],
  ["reasoning is part of the output", flat, { input: 0, output: million, reasoning: million }, 15],
  ["a short prompt stays below the tier", tiered, { input: 199_999, output: 0 }, 0.599997],
  ["a long one is billed in its tier, all of it", tiered, { input: 200_000, output: million }, 23.7],
  ["the flex tier costs half (OpenClaw §5.7)", flat, { input: million, output: 0, serviceTier: "flex" }, 1.5],
  ["the priority tier twice", flat, { input: million, output: 0, serviceTier: "priority" }, 6],
];

describe("the cost of an answer", () => {
  it.each(ROWS)("%s", (_sentence, cost, usage, usd) => {
    const sum = costUsd(cost, usage);
    if (usd === null) expect(sum).toBeNull();
    else expect(sum).toBeCloseTo(usd, 9);
  });

  it("takes the first tier that fits, and the flat prices where none does", () => {
    const tiers = [
      { ...long, input: 1, from: 10, below: 20 },
      { ...long, input: 2, from: 10, below: 30 },
    ];
    const of = (input: number) => (costUsd({ ...flat, tiers }, { input, output: 0 }) ?? 0) * million;
    expect([9, 10, 25, 30].map(of).map(Math.round)).toEqual([27, 10, 50, 90]);
  });
});
