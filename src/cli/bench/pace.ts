// When the requests of a load start: so many at once, each connection asking again when its answer is there, or at a steady rate whether
// answers are there or not. Knows nothing of what is asked.
import { setTimeout as after } from "node:timers/promises";

/** How much, for how long. */
export interface Pace {
  /** Requests under way at once, at most. */
  readonly connections: number;
  /** No request starts after this; null: `requests` alone ends the load. */
  readonly durationMs: number | null;
  /** Requests per second; null: as fast as answers come. */
  readonly rate: number | null;
  /** Stops early after so many requests; null: by time alone. */
  readonly requests: number | null;
  /** Without a rate: the connections begin evenly over so many milliseconds, as independent clients do. Default 0, all at once. */
  readonly spreadMs?: number;
}

/** How it went. */
export interface Paced {
  readonly seconds: number;
  /**
   * Starts that a rate asked for and that found no free connection before the time was over: how long each had waited by then, in
   * milliseconds. Without them the slowest server would have the best times.
   */
  readonly missedMs: readonly number[];
}

/** Sends one request that was due at `dueMs` (`performance.now()`); settles when it is over. */
export type Shoot = (dueMs: number) => Promise<void>;

/** Runs a load. A shot that rejects ends it. */
export async function atPace(pace: Pace, shoot: Shoot): Promise<Paced> {
  const load = new PacedLoad(pace, shoot);
  return pace.rate === null ? load.closed() : load.open(pace.rate);
}

/** So late is a timer by itself; to count that would drown what is measured in microseconds. */
const TIMER_LATE_MS = 2;

class PacedLoad {
  readonly #pace: Pace;
  readonly #shoot: Shoot;
  readonly #startedAt = performance.now();
  #started = 0;

  constructor(pace: Pace, shoot: Shoot) {
    this.#pace = pace;
    this.#shoot = shoot;
  }

  /** Each connection asks again as soon as it has its answer. */
  async closed(): Promise<Paced> {
    const { connections, spreadMs = 0 } = this.#pace;
    const worker = async (index: number): Promise<void> => {
      const meantMs = this.#startedAt + (index * spreadMs) / connections;
      if (spreadMs > 0) await after(Math.max(0, meantMs - performance.now()));
      let lateMs = spreadMs > 0 ? performance.now() - meantMs : 0;
      while (this.#goesOn()) {
        this.#started += 1;
        // A client that was held up began too late, and the server is not to gain by that.
        await this.#shoot(lateMs > TIMER_LATE_MS ? meantMs : performance.now());
        lateMs = 0;
      }
    };
    await Promise.all(Array.from({ length: connections }, async (_, index) => worker(index)));
    return { seconds: this.#seconds(), missedMs: [] };
  }

  /** Starts at even distances. What finds no free connection waits for one, and its waiting is part of its time: a slow server cannot slow the clock. */
  async open(rate: number): Promise<Paced> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const dueMs = (index: number): number => this.#startedAt + (index * 1000) / rate;
    let due = 0;
    let under = 0;
    const fill = (): void => {
      if (this.#goesOn()) due = Math.floor(this.#seconds() * rate) + 1;
      while (this.#started < due && under < this.#pace.connections && this.#goesOn()) {
        under += 1;
        const over = this.#shoot(dueMs(this.#started)).then(() => (under -= 1));
        this.#started += 1;
        over.then(fill, reject);
      }
      if (under === 0 && !this.#goesOn()) resolve();
    };
    const wake = (): void => {
      fill();
      if (this.#goesOn()) at(Math.min(dueMs(due), this.#endMs()), wake);
    };
    wake();
    await promise;
    const overMs = Math.min(performance.now(), this.#endMs());
    const missed = Math.max(0, Math.min(due, this.#pace.requests ?? due) - this.#started);
    const missedMs = Array.from({ length: missed }, (_, at) => Math.max(0, overMs - dueMs(this.#started + at)));
    return { seconds: this.#seconds(), missedMs };
  }

  #endMs(): number {
    return this.#startedAt + (this.#pace.durationMs ?? Number.POSITIVE_INFINITY);
  }

  #goesOn(): boolean {
    const { requests } = this.#pace;
    return performance.now() < this.#endMs() && (requests === null || this.#started < requests);
  }

  #seconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }
}

/** Calls back then: by a timer for whole milliseconds, by turns of the loop for the rest, because a timer is up to one late. */
function at(thenMs: number, call: () => void): void {
  const restMs = thenMs - performance.now();
  if (restMs > 1.5) setTimeout(() => at(thenMs, call), restMs - 1);
  else if (restMs > 0) setImmediate(() => at(thenMs, call));
  else setImmediate(call);
}
