// Figures while they are counted: plain numbers in plain objects, found by their label values and added to. Nothing here knows events,
// metrics or the exposition format. prom-client's own labels take 250 to 430 ns each time.
import { isSampled, type TraceContext } from "../core/ids.ts";

/** The last observation of a bucket that can be found again: in a trace, or by the trace id of its log line. */
export interface Mark {
  /** One reference, since every write to an object as old as this one has to be noted for the garbage collector. */
  trace: TraceContext;
  value: number;
  /** Monotonic milliseconds. */
  at: number;
}

/** The figures of one label set. What `count` counts is the affair of the table row. */
export class Cell {
  /** Values in the order of the row's label names. */
  readonly labels: readonly string[];
  count = 0;
  sum = 0;
  /** Observations per bucket, not cumulative; those above the last bound are only in `count`. */
  readonly buckets: Float64Array;
  /** By bucket, the one above the last bound included. */
  readonly marks: (Mark | undefined)[] = [];
  readonly #bounds: readonly number[];

  constructor(labels: readonly string[], bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.buckets = new Float64Array(bounds.length);
  }

  /**
   * Books one observation, and the trace that it was made in at a monotonic instant. Instants of two clocks may disagree by a hair: what
   * is below zero, or no number, is zero.
   */
  observe(value: number, trace: TraceContext | null = null, at = 0): void {
    const observed = value > 0 ? value : 0;
    this.count += 1;
    this.sum += observed;
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && observed > (bounds[bucket] as number)) bucket += 1;
    if (bucket < bounds.length) this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
    if (trace === null) return;
    const mark = this.marks[bucket];
    if (mark === undefined) {
      this.marks[bucket] = { trace, value: observed, at };
    } else if (isSampled(trace) || !isSampled(mark.trace)) {
      // One that has spans is worth more than a later one without.
      mark.trace = trace;
      mark.value = observed;
      mark.at = at;
    }
  }
}

/** How many label sets there may be over all tallies, so that no flood of names can fill memory or a scrape. */
export class LabelSetBudget {
  #left: number;
  #refused = 0;
  readonly #whole: LabelSetBudget | null;

  /** `whole`: the budget that this one is a part of, and draws from. */
  constructor(max: number, whole: LabelSetBudget | null = null) {
    this.#left = max;
    this.#whole = whole;
  }

  /** How often there was no room, in parts of it as well. */
  get refused(): number {
    return this.#refused;
  }

  /** True when there is room for one more. */
  take(): boolean {
    if (this.#left === 0) {
      this.#refuse();
      return false;
    }
    if (this.#whole !== null && !this.#whole.take()) return false;
    this.#left -= 1;
    return true;
  }

  #refuse(): void {
    this.#refused += 1;
    if (this.#whole !== null) this.#whole.#refuse();
  }
}

/** A place on the way to cells: one level per label. */
class Junction {
  readonly ways = new Map<string, Junction>();
  cell: Cell | null = null;
}

/** All label sets of one thing that is counted. The same label values always lead to the same cell. */
export class Tally {
  /** In the order of their first event. */
  readonly cells: Cell[] = [];
  readonly #bounds: readonly number[];
  readonly #budget: LabelSetBudget;
  readonly #root = new Junction();
  /** Takes what has no room; never shown. */
  readonly #void: Cell;

  /** `bounds`: upper bounds of the buckets, ascending; empty for what is only counted. */
  constructor(bounds: readonly number[], budget: LabelSetBudget) {
    this.#bounds = bounds;
    this.#budget = budget;
    this.#void = new Cell([], bounds);
  }

  /** The cell of these label values, in the order of the row's label names. */
  at(...labels: readonly string[]): Cell {
    let place: Junction | undefined = this.#root;
    for (let depth = 0; depth < labels.length && place !== undefined; depth += 1) {
      place = place.ways.get(labels[depth] as string);
    }
    return place?.cell ?? this.#make(labels);
  }

  /** False for the cell of what has no room. */
  keeps(cell: Cell): boolean {
    return cell !== this.#void;
  }

  #make(labels: readonly string[]): Cell {
    if (!this.#budget.take()) return this.#void;
    let place = this.#root;
    for (const label of labels) {
      const next = place.ways.get(label) ?? new Junction();
      place.ways.set(label, next);
      place = next;
    }
    const cell = new Cell(labels, this.#bounds);
    place.cell = cell;
    this.cells.push(cell);
    return cell;
  }
}
