// The last ten minutes in steps of five seconds: sums, a level and two distributions per step, in rings of plain numbers that are made
// once. Adding is an addition; nothing here knows events. Instants are monotonic milliseconds.
import { percentile, SLOTS, slotOf } from "./log-slots.ts";

/** Length of a step in milliseconds. */
export const STEP_MS = 5_000;
/** Steps that are remembered. */
export const STEPS = 120;

/** What is summed per step. */
export const SUMS = { ended: 0, failed: 1, tokensIn: 2, tokensOut: 3, usd: 4, priced: 5 } as const;
/** The name of a sum. */
export type Sum = keyof typeof SUMS;
const WIDTH = Object.keys(SUMS).length;

/** What is distributed per step. */
export type Spread = "ttft" | "overhead";

/** A time, in monotonic milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** What rings hold, to be added to those of another process. */
export interface TimelineState {
  readonly newest: number;
  readonly first: number | null;
  readonly sums: Float64Array;
  readonly peaks: Float64Array;
  readonly spreads: Readonly<Record<Spread, Uint32Array>>;
}

/** Rings of sums, the level's peak, and distributions. */
export class Timeline {
  readonly #sums = new Float64Array(STEPS * WIDTH);
  readonly #peaks = new Float64Array(STEPS);
  readonly #spreads: Readonly<Record<Spread, Uint32Array>> = {
    ttft: new Uint32Array(STEPS * SLOTS),
    overhead: new Uint32Array(STEPS * SLOTS),
  };
  /** Number of the newest step, counted from the clock's zero; -1 before the first. */
  #newest = -1;
  #first: number | null = null;
  #level = 0;

  /** Milliseconds since the first thing that was told, at most the ring's length. */
  age(now: number): number {
    return this.#first === null ? 0 : Math.min(STEPS * STEP_MS, now - this.#first);
  }

  /** Adds to a sum at an instant; what is older than the ring is dropped. */
  add(sum: Sum, amount: number, at: number): void {
    const place = this.#place(at);
    if (place < 0) return;
    const index = place * WIDTH + SUMS[sum];
    this.#sums[index] = (this.#sums[index] as number) + amount;
  }

  /** Adds to a sum evenly over a time: a stream's tokens came while it ran, not when it ended. */
  addOver(sum: Sum, amount: number, { from, until }: Stretch): void {
    this.#turn(until);
    const start = Math.max(from, (this.#newest - STEPS + 1) * STEP_MS);
    if (!(until - start > STEP_MS)) {
      this.add(sum, amount, until);
      return;
    }
    const perMs = amount / (until - from);
    for (let at = start; at < until;) {
      const next = Math.min(until, (Math.floor(at / STEP_MS) + 1) * STEP_MS);
      this.add(sum, perMs * (next - at), at);
      at = next;
    }
  }

  /** Books one duration. */
  observe(spread: Spread, ms: number, at: number): void {
    const place = this.#place(at);
    if (place < 0) return;
    const counts = this.#spreads[spread];
    const index = place * SLOTS + slotOf(ms);
    counts[index] = (counts[index] as number) + 1;
  }

  /** Says how high the level is from now on; a step remembers its peak. */
  level(value: number, now: number): void {
    const place = this.#place(now);
    this.#level = value;
    if (place >= 0 && value > (this.#peaks[place] as number)) this.#peaks[place] = value;
  }

  /** What the rings hold now. The arrays are the rings themselves: whoever gets them only reads. */
  state(now: number): TimelineState {
    this.#turn(now);
    return {
      newest: this.#newest,
      first: this.#first,
      sums: this.#sums,
      peaks: this.#peaks,
      spreads: this.#spreads,
    };
  }

  /** Adds what another one by the same clock holds, as far as both remember it; levels add up. */
  absorb({ newest, first, sums, peaks, spreads }: TimelineState): void {
    this.#turn(newest * STEP_MS);
    if (first !== null) this.#first = Math.min(first, this.#first ?? first);
    for (let step = this.#newest - STEPS + 1; step <= newest; step += 1) {
      const place = placeOf(step);
      this.#peaks[place] = (this.#peaks[place] as number) + (peaks[place] as number);
      addPart(this.#sums, sums, [place * WIDTH, WIDTH]);
      addPart(this.#spreads.ttft, spreads.ttft, [place * SLOTS, SLOTS]);
      addPart(this.#spreads.overhead, spreads.overhead, [place * SLOTS, SLOTS]);
    }
  }

  /** A sum per step, oldest first, the step under way last. */
  sums(sum: Sum, now: number): number[] {
    return this.#each(now, (place) => this.#sums[place * WIDTH + SUMS[sum]] as number);
  }

  /** The level's peak per step, oldest first. */
  peaks(now: number): number[] {
    return this.#each(now, (place) => this.#peaks[place] as number);
  }

  /** A percentile per step, oldest first; null where nothing was observed. */
  percentiles(spread: Spread, part: number, now: number): (number | null)[] {
    const counts = this.#spreads[spread];
    return this.#each(now, (place) => percentile(counts.subarray(place * SLOTS, (place + 1) * SLOTS), part));
  }

  /** A sum over the newest steps, the one under way included. */
  total(sum: Sum, steps: number, now: number): number {
    return this.sums(sum, now)
      .slice(-steps)
      .reduce((all, each) => all + each, 0);
  }

  /** A percentile over the newest steps; null where nothing was observed. */
  percentile(spread: Spread, part: number, { steps, now }: { readonly steps: number; readonly now: number }) {
    this.#turn(now);
    const counts = this.#spreads[spread];
    const all = new Uint32Array(SLOTS);
    for (let back = 0; back < steps; back += 1) {
      const start = placeOf(this.#newest - back) * SLOTS;
      for (let slot = 0; slot < SLOTS; slot += 1) all[slot] = (all[slot] as number) + (counts[start + slot] as number);
    }
    return percentile(all, part);
  }

  /** The ring's place for an instant, or -1 when it lies before the ring. */
  #place(at: number): number {
    const step = Math.floor(at / STEP_MS);
    if (step > this.#newest) this.#turn(at);
    return step > this.#newest - STEPS ? placeOf(step) : -1;
  }

  /** Turns the ring to now: passed steps are emptied, and each begins at the level that the last one ended with. */
  #turn(now: number): void {
    this.#first ??= now;
    const step = Math.floor(now / STEP_MS);
    if (step <= this.#newest) return;
    for (let each = Math.max(this.#newest + 1, step - STEPS + 1); each <= step; each += 1) this.#clear(placeOf(each));
    this.#newest = step;
  }

  #clear(place: number): void {
    this.#sums.fill(0, place * WIDTH, (place + 1) * WIDTH);
    this.#peaks[place] = this.#level;
    for (const counts of Object.values(this.#spreads)) counts.fill(0, place * SLOTS, (place + 1) * SLOTS);
  }

  #each<T>(now: number, read: (place: number) => T): T[] {
    this.#turn(now);
    return Array.from({ length: STEPS }, (_none, index) => read(placeOf(this.#newest - STEPS + 1 + index)));
  }
}

interface Numbers {
  [at: number]: number;
}

function addPart(to: Numbers, from: Readonly<Numbers>, [start, length]: readonly [number, number]): void {
  for (let at = start; at < start + length; at += 1) to[at] = (to[at] as number) + (from[at] as number);
}

function placeOf(step: number): number {
  return ((step % STEPS) + STEPS) % STEPS;
}
