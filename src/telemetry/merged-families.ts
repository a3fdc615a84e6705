// The figures of several processes as one: counters and histograms added up, gauges as their rows say, exemplars the newest. What a process
// has counted stays when it has gone, so that no counter ever falls. Pure; instants come in the receiver's time.
import { Cell, type Mark } from "./cells.ts";
import type { Across, Family } from "./exposition.ts";
import { LABEL_SETS_MAX, STANDING_LABEL_SETS_MAX } from "./names.ts";

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

/**
 * Which label sets are shown of all that processes count: each has its own bound, and those of several are not the same sets. First come
 * are shown, and then for good, so that no counter falls.
 */
export class ShownSets {
  readonly #shown = new Map<string, Set<string>>();
  /** What counts leaves room for what tells that a provider fails. */
  readonly #left = { counted: LABEL_SETS_MAX - STANDING_LABEL_SETS_MAX, gauge: STANDING_LABEL_SETS_MAX };
  #refused = 0;

  /** The most that were left out at once. */
  get refused(): number {
    return this.#refused;
  }

  /** Begins another picture; the result takes a label set, and is false where it has to be left out. */
  picture(): (family: Family, key: string) => boolean {
    const left = new Set<string>();
    return ({ name, type }, key) => {
      const shown = this.#shown.get(name) ?? new Set();
      this.#shown.set(name, shown);
      if (shown.has(key)) return true;
      const room = type === "gauge" ? "gauge" : "counted";
      if (this.#left[room] === 0) {
        this.#refused = Math.max(this.#refused, left.add(`${name} ${key}`).size);
        return false;
      }
      this.#left[room] -= 1;
      shown.add(key);
      return true;
    };
  }
}

/** The receiver's own families with the figures of others put in. Metrics that it does not know are left out. */
export function mergedFamilies(own: readonly Family[], others: readonly Figures[], sets: ShownSets): Family[] {
  return withFigures(own, others, { first: (family) => family.cells(), sets });
}

interface Merging {
  readonly first: (family: Family) => readonly Cell[];
  readonly sets: ShownSets;
}

function withFigures(own: readonly Family[], others: readonly Figures[], { first, sets }: Merging): Family[] {
  const told = others.map((figures) => new Map(figures.map((each) => [each.name, each.cells])));
  const takes = sets.picture();
  return own.map((family) => {
    const cells = new Map<string, Cell>();
    for (const of of [first(family), ...told.map((each) => each.get(family.name) ?? [])]) {
      for (const cell of of) {
        const key = JSON.stringify(cell.labels);
        if (takes(family, key)) put(cells, { key, cell }, family);
      }
    }
    const all = [...cells.values()];
    const { name, help, type, labelNames, bounds, across = "sum" } = family;
    return { name, help, type, labelNames, bounds, across, cells: () => all };
  });
}

/** What stays of a process that has gone: what it had counted, but nothing that was true of it only while it ran. */
export function retired(own: readonly Family[], gone: readonly Figures[], sets: ShownSets): Figures {
  const counted = own.filter(({ type }) => type !== "gauge");
  return withFigures(counted, gone, { first: none, sets }).map(({ name, cells }) => ({ name, cells: cells() }));
}

function none(): readonly Cell[] {
  return [];
}

interface Keyed {
  readonly key: string;
  readonly cell: FamilyFigures["cells"][number];
}

function put(cells: Map<string, Cell>, { key, cell: from }: Keyed, { bounds, across = "sum" }: Family): void {
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
