import { describe, expect, it } from "vitest";
import { Cell } from "../../../src/telemetry/cells.ts";
import type { Across, Family } from "../../../src/telemetry/exposition.ts";
import { figuresOf, mergedFamilies, retired } from "../../../src/telemetry/merged-families.ts";

function family(name: string, type: Family["type"], counts: Record<string, number>, across: Across = "sum"): Family {
  const cells = Object.entries(counts).map(([label, count]) => Object.assign(new Cell([label], []), { count }));
  return { name, help: "", type, labelNames: ["l"], bounds: [], across, cells: () => cells };
}

function histogram(...seconds: readonly number[]): Family {
  const cell = new Cell([], [1, 10]);
  const trace = { traceId: "t", spanId: "s", flags: 1 } as never;
  for (const [at, value] of seconds.entries()) cell.observe(value, trace, at);
  return { name: "h", help: "", type: "histogram", labelNames: [], bounds: [1, 10], cells: () => [cell] };
}

const counts = (families: readonly Family[]) =>
  families.map(({ cells }) => Object.fromEntries(cells().map(({ labels, count }) => [labels[0] ?? "", count])));

describe("the figures of several processes", () => {
  it.each<[across: Across, expected: Record<string, number>]>([
    ["sum", { x: 5, y: 4, z: 7 }],
    ["max", { x: 3, y: 4, z: 7 }],
    ["min", { x: 2, y: 4, z: 7 }],
  ])("become one by their %s, label set by label set", (across, expected) => {
    const own = [family("g", "gauge", { x: 2, y: 4 }, across)];
    const others = [figuresOf([family("g", "gauge", { x: 3, z: 7 })], 0)];
    expect(counts(mergedFamilies(own, others))).toEqual([expected]);
    expect(counts(own), "and their own stay").toEqual([{ x: 2, y: 4 }]);
  });

  it("of a histogram add up bucket by bucket, with the newest exemplar", () => {
    const [merged] = mergedFamilies([histogram(0.5, 5)], [figuresOf([histogram(0.7, 50)], 100)]);
    const [cell] = merged?.cells() ?? [];
    expect([cell?.count, [...(cell?.buckets ?? [])], cell?.sum]).toEqual([4, [2, 1], 56.2]);
    expect(cell?.marks[0]).toMatchObject({ value: 0.7, at: 100 });
  });

  it("of a process that has gone stay where they were counted, and go where they were only true", () => {
    const own = [family("c", "counter", { x: 1 }), family("g", "gauge", { x: 1 })];
    const last = figuresOf([family("c", "counter", { x: 5 }), family("g", "gauge", { x: 5 })], 0);
    const gone = retired(own, retired(own, [], last), last);
    expect(counts(mergedFamilies(own, [gone]))).toEqual([{ x: 11 }, { x: 1 }]);
  });

  it("that nobody here knows are left out", () => {
    const others = [figuresOf([family("strange", "counter", { x: 1 })], 0)];
    expect(counts(mergedFamilies([family("c", "counter", { x: 1 })], others))).toEqual([{ x: 1 }]);
  });
});
