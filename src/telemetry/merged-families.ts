// The figures of several processes as one: counters and histograms added up, gauges as their rows say, exemplars the newest. What a process
// has counted stays when it has gone, so that no counter ever falls. Pure; instants come in the receiver's time.
import { Cell, type Mark } from "./cells.ts";
import type { Across, Family } from "./exposition.ts";

/** The label sets of one metric of one process, as they travel. */
export interface FamilyFigures {
  readonly name: string;
  readonly cells: readonly Pick<Cell, "labels" | "count" | "sum" | "buckets" | "marks">[];
}

export type Figures = readonly FamilyFigures[];

/** Figures by a clock that is behind by so many milliseconds. */
export function figuresBack(figures: Figures, byMs: number): Figures {
  return figures.map(({ name, cells }) => ({
    name,
    cells: cells.map((cell) => ({ ...cell, marks: cell.marks.map((mark) => mark && { ...mark, at: mark.at - byMs }) })),
  }));
}

/** What a process tells of its own metrics. `aheadMs`: by how much the receiver's clock is ahead. */
export function figuresOf(families: readonly Family[], aheadMs: number): Figures {
  return families.map(({ name, cells }) => ({
    name,
    cells: cells().map(({ labels, count, sum, buckets, marks }) => ({
      labels,
      count,
      sum,
      buckets,
      marks: marks.map((mark) => mark && { ...mark, at: mark.at + aheadMs }),
    })),
  }));
}

const JOINED: Readonly<Record<Across, (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  max: Math.max,
  min: Math.min,
};

/** The receiver's own families with the figures of others put in. Metrics that it does not know are left out. */
export function mergedFamilies(own: readonly Family[], others: readonly Figures[]): Family[] {
  return withFigures(own, others, (family) => family.cells());
}

function withFigures(
  own: readonly Family[],
  others: readonly Figures[],
  first: (family: Family) => readonly Cell[],
): Family[] {
  const told = others.map((figures) => new Map(figures.map((each) => [each.name, each.cells])));
  return own.map((family) => {
    const cells = new Map<string, Cell>();
    for (const cell of first(family)) put(cells, cell, family);
    for (const each of told) for (const cell of each.get(family.name) ?? []) put(cells, cell, family);
    const all = [...cells.values()];
    const { name, help, type, labelNames, bounds, across = "sum" } = family;
    return { name, help, type, labelNames, bounds, across, cells: () => all };
  });
}

/** What stays of a process that has gone: what it had counted, but nothing that was true of it only while it ran. */
export function retired(own: readonly Family[], before: Figures, last: Figures): Figures {
  const counted = own.filter(({ type }) => type !== "gauge");
  return withFigures(counted, [before, last], none).map(({ name, cells }) => ({ name, cells: cells() }));
}

function none(): readonly Cell[] {
  return [];
}

function put(cells: Map<string, Cell>, from: FamilyFigures["cells"][number], { bounds, across = "sum" }: Family): void {
  const key = JSON.stringify(from.labels);
  const known = cells.get(key);
  const cell = known ?? new Cell(from.labels, bounds);
  cells.set(key, cell);
  cell.count = known === undefined ? from.count : JOINED[across](cell.count, from.count);
  cell.sum += from.sum;
  for (const [at, count] of from.buckets.entries()) cell.buckets[at] = (cell.buckets[at] ?? 0) + count;
  for (const [at, mark] of from.marks.entries()) cell.marks[at] = newer(cell.marks[at], mark);
}

function newer(a: Mark | undefined, b: Mark | undefined): Mark | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.at > a.at ? b : a;
}
