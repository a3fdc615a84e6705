// The time of the fuzzer is shared evenly, whatever a case of a target costs.
import { describe, expect, it } from "vitest";
import type { Broken, FuzzTarget } from "./target.ts";
import { fuzz, type Fuzzed } from "./turns.ts";

/** Targets whose cases take so many milliseconds on a clock of their own; `breaks` is the batch that breaks the law. */
class Range {
  #nowMs = 0;
  readonly runs: string[] = [];

  target(name: string, caseMs: number, { cost = 1, breaks = -1 } = {}): FuzzTarget {
    const run = async (cases: number, seed: number): Promise<Broken | null> => {
      this.#nowMs += cases * caseMs;
      this.runs.push(`${name} ${cases} of ${seed}`);
      return seed - SEED === breaks ? { input: "1", because: "it broke" } : null;
    };
    return { name, says: "", cost, run, replay: async () => 0 };
  }

  async play(targets: readonly FuzzTarget[], more: { cases?: number; from?: number; endsAtMs?: number } = {}) {
    const order = { cases: 4_000, seed: SEED, from: 0, endsAtMs: Infinity, now: () => this.#nowMs, ...more };
    const found = new Map<string, Fuzzed>();
    for await (const fuzzed of fuzz(targets, order)) found.set(fuzzed.target.name, fuzzed);
    return found;
  }
}
const SEED = 70;

describe("the fuzzer's time", () => {
  it("is the same for cheap targets and for dear ones when it ends early", async () => {
    const range = new Range();
    const found = await range.play([range.target("dear", 10), range.target("cheap", 1)], {
      cases: 1_000_000,
      endsAtMs: 200_000,
    });
    expect([...found.values()].map(({ cases, spentMs }) => [cases, spentMs])).toEqual([
      [10_000, 100_000],
      [100_000, 100_000],
    ]);
  });

  it("goes to the others when one needs no more", async () => {
    const range = new Range();
    const found = await range.play([range.target("dear", 10), range.target("cheap", 1)], { endsAtMs: 34_000 });
    expect(found.get("cheap")).toMatchObject({ cases: 4_000, next: null });
    expect(found.get("dear")).toMatchObject({ cases: 3_000, next: 3 });
  });

  it("ends between batches, and a target says which one is next", async () => {
    const range = new Range();
    const found = await range.play([range.target("one", 1)], { endsAtMs: 1_500 });
    expect(found.get("one")).toMatchObject({ cases: 2_000, next: 2, broken: null });
  });
});

describe("a target", () => {
  it("that costs more has fewer cases, in smaller batches, each of its own seed", async () => {
    const range = new Range();
    const found = await range.play([range.target("dear", 1, { cost: 10 })]);
    expect(range.runs).toEqual([70, 71, 72, 73].map((seed) => `dear 100 of ${seed}`));
    expect(found.get("dear")).toMatchObject({ cases: 400, next: null });
  });

  it("goes on where it is told to", async () => {
    const range = new Range();
    const found = await range.play([range.target("one", 1)], { from: 3 });
    expect(range.runs).toEqual(["one 1000 of 73"]);
    expect(found.get("one")).toMatchObject({ cases: 1_000, next: null });
  });

  it("whose law broke ends with that batch, and the others go on", async () => {
    const range = new Range();
    const found = await range.play([range.target("weak", 1, { breaks: 1 }), range.target("one", 1)]);
    expect(found.get("weak")).toMatchObject({ cases: 1_000, next: 1, broken: { because: "it broke" } });
    expect(found.get("one")).toMatchObject({ cases: 4_000, next: null });
  });
});
