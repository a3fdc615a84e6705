// A clock that moves only when a test says so. Timers fire in order of their instant, then of their arming.
import type { Clock, Repeating, Timer } from "../../src/core/clock.ts";

interface Armed {
  dueMs: number;
  readonly order: number;
  /** Null for a single call. */
  readonly everyMs: number | null;
  readonly fire: () => void;
}

/** `now` starts at 0 and `wall` at a fixed date, so that stamps in goldens are stable. */
export class FakeClock implements Clock {
  readonly #wallStart: number;
  readonly #armed = new Set<Armed>();
  #now = 0;
  #orders = 0;

  constructor(wallStart = Date.UTC(2026, 0, 2, 3, 4, 5)) {
    this.#wallStart = wallStart;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wallStart + this.#now;
  }

  timer(ms: number, fire: () => void): Timer {
    const armed = this.#arm(ms, null, fire);
    return { cancel: () => void this.#armed.delete(armed) };
  }

  every(ms: number, fire: () => void): Repeating {
    const armed = this.#arm(ms, Math.max(1, ms), fire);
    return { stop: () => void this.#armed.delete(armed) };
  }

  /** How many timers are armed; repeating ones count as one each. */
  get pending(): number {
    return this.#armed.size;
  }

  /** Milliseconds until the next timer fires, or null when none is armed. */
  get nextMs(): number | null {
    const next = this.#next();
    return next === null ? null : Math.max(0, next.dueMs - this.#now);
  }

  /** Lets `ms` pass; fires what falls due, also what is armed on the way. */
  advance(ms: number): void {
    const until = this.#now + ms;
    while (this.#fireNext(until)) {
      // each turn fires one timer
    }
    this.#now = until;
  }

  /** As `advance`, and lets promises and I/O callbacks run before and after each timer. */
  async advanceAsync(ms: number): Promise<void> {
    const until = this.#now + ms;
    await turn();
    while (this.#fireNext(until)) await turn();
    this.#now = until;
  }

  #arm(ms: number, everyMs: number | null, fire: () => void): Armed {
    this.#orders += 1;
    const armed = { dueMs: this.#now + Math.max(0, ms), order: this.#orders, everyMs, fire };
    this.#armed.add(armed);
    return armed;
  }

  #next(): Armed | null {
    let next: Armed | null = null;
    for (const armed of this.#armed) {
      if (next === null || armed.dueMs < next.dueMs || (armed.dueMs === next.dueMs && armed.order < next.order)) {
        next = armed;
      }
    }
    return next;
  }

  #fireNext(until: number): boolean {
    const next = this.#next();
    if (next === null || next.dueMs > until) return false;
    this.#now = Math.max(this.#now, next.dueMs);
    if (next.everyMs === null) this.#armed.delete(next);
    else next.dueMs += next.everyMs;
    next.fire();
    return true;
  }
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
