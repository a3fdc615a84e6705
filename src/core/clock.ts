// Time comes in as a parameter. The one file below the roof that knows the real clock.
import { performance } from "node:perf_hooks";

/** A repeating call that can be stopped. */
export interface Repeating {
  stop(): void;
}

/** A single call in the future that can be cancelled. */
export interface Timer {
  cancel(): void;
}

/** Where time comes from. `now` is monotonic milliseconds (for durations), `wall` is Unix milliseconds (for stamps and HTTP dates). */
export interface Clock {
  now(): number;
  wall(): number;
  /** Calls `fire` once after `ms`; does not keep the process alive. */
  timer(ms: number, fire: () => void): Timer;
  /** Calls `fire` every `ms`; does not keep the process alive. */
  every(ms: number, fire: () => void): Repeating;
}

/** Node's timers hold 31 bits and fire at once beyond: a wait of 25 days and more, which files write to mean none, ends there. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The process's own clock. */
export const realClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  timer(ms, fire) {
    const handle = setTimeout(fire, Math.min(ms, TIMER_MS_MAX)).unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(ms, fire) {
    const handle = setInterval(fire, Math.min(ms, TIMER_MS_MAX)).unref();
    return { stop: () => clearInterval(handle) };
  },
};
