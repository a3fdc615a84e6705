import { describe, expect, it } from "vitest";
import { Cell } from "../../../src/telemetry/cells.ts";
import type { Across, Family } from "../../../src/telemetry/exposition.ts";
import {
  type Figures,
  figuresOf,
  mergedFamilies as merged,
  retired,
  ShownSets,
} from "../../../src/telemetry/merged-families.ts";
import { LABEL_SETS_MAX, STANDING_LABEL_SETS_MAX } from "../../../src/telemetry/names.ts";

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

const mergedFamilies = (own: readonly Family[], others: readonly Figures[]) => merged(own, others, new ShownSets());

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
    const [one] = mergedFamilies([histogram(0.5, 5)], [figuresOf([histogram(0.7, 50)], 100)]);
    const [cell] = one?.cells() ?? [];
    expect([cell?.count, [...(cell?.buckets ?? [])], cell?.sum]).toEqual([4, [2, 1], 56.2]);
    expect(cell?.marks[0]).toMatchObject({ value: 0.7, at: 100 });
  });

  it("of a process that has gone stay where they were counted, and go where they were only true", () => {
    const own = [family("c", "counter", { x: 1 }), family("g", "gauge", { x: 1 })];
    const last = figuresOf([family("c", "counter", { x: 5 }), family("g", "gauge", { x: 5 })], 0);
    const gone = retired(own, [last, last], new ShownSets());
    expect(counts(mergedFamilies(own, [gone]))).toEqual([{ x: 11 }, { x: 1 }]);
  });

  it.each([
    ["counter", LABEL_SETS_MAX - STANDING_LABEL_SETS_MAX],
    ["gauge", STANDING_LABEL_SETS_MAX],
  ] as const)(
    "are no more label sets of a %s than one process may have: %i; those that are shown stay, whoever tells them",
    (type, max) => {
      const setsOf = (from: number, count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`set ${from + at}`, 1]));
      const own = [family("c", type, setsOf(0, 10)), family("other", type === "gauge" ? "counter" : "gauge", { x: 1 })];
      const [a, b] = [0, 100].map((from) => figuresOf([family("c", type, setsOf(from, max))], 0)) as [Figures, Figures];
      const sets = new ShownSets();
      const first = counts(merged(own, [a, b], sets));
      expect([Object.keys(first[0] ?? {}).length, first[1], sets.refused]).toEqual([max, { x: 1 }, 100]);
      const again = counts(merged(own, [b, a], sets));
      expect([again, sets.refused]).toEqual([first, 100]);
    },
  );

  it("of processes that have gone are bounded as well, however many came and went", () => {
    const own = [family("c", "counter", {})];
    const sets = new ShownSets();
    let gone: Figures = [];
    for (let each = 0; each < 10; each += 1) {
      const counted = Array.from({ length: 300 }, (_, at) => [`set ${each} ${at}`, 1]);
      gone = retired(own, [gone, figuresOf([family("c", "counter", Object.fromEntries(counted))], 0)], sets);
    }
    expect(gone[0]?.cells).toHaveLength(LABEL_SETS_MAX - STANDING_LABEL_SETS_MAX);
  });

  it("that nobody here knows are left out", () => {
    const others = [figuresOf([family("strange", "counter", { x: 1 })], 0)];
    expect(counts(mergedFamilies([family("c", "counter", { x: 1 })], others))).toEqual([{ x: 1 }]);
  });
});
