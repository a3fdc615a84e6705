// All slow clocks of all requests hang on one shared tick: a request costs one seat instead of a timer per wait,
// and an idle clock costs nothing per chunk (decision 22).
import type { Clock, Repeating } from "./clock.ts";
import { Roster, type Seat } from "./roster.ts";

/** How often waits are looked at, in milliseconds. A wait ends at most this much late. */
export const TICK_MS = 250;

/** Something that waits; it looks at its own instants and acts when one has passed. */
export interface Ticking {
  tick(now: number): void;
}

/** The shared tick. Runs only while somebody waits. */
export class Ticker {
  readonly #clock: Clock;
  readonly #onBug: (error: unknown) => void;
  readonly #waiting = new Roster<Ticking>();
  #running: Repeating | null = null;

  constructor(clock: Clock, onBug: (error: unknown) => void = () => {}) {
    this.#clock = clock;
    this.#onBug = onBug;
  }

  /** How many wait now; 0 when nothing is under way. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Ticks it from now on, until its seat is given back. */
  add(waiting: Ticking): Seat {
    this.#running ??= this.#clock.every(TICK_MS, () => this.#tick());
    return this.#waiting.add(waiting);
  }

  /** Ends its waiting; null and a second time do nothing. */
  remove(seat: Seat | null): void {
    this.#waiting.remove(seat);
  }

  /** A bug in one wait must not end the process, nor the waits of others. */
  #look(waiting: Ticking, { now, seat }: { readonly now: number; readonly seat: Seat }): void {
    try {
      waiting.tick(now);
    } catch (error) {
      this.#waiting.remove(seat);
      this.#onBug(error);
    }
  }

  #tick(): void {
    if (this.#waiting.size === 0) {
      // Stopped here and not in `remove`, so that request after request does not arm and disarm.
      this.#running?.stop();
      this.#running = null;
      return;
    }
    const now = this.#clock.now();
    this.#waiting.forEach((waiting, seat) => this.#look(waiting, { now, seat }));
  }
}
