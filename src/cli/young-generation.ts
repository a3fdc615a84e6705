// How much memory new objects may fill before they are looked through. V8 lets that grow to 32 MiB, twice over, as soon as it pays in the
// least. A request leaves some 40 KiB behind, of which next to nothing lives on: a quarter of that is as quick (measured).
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import { growYoungGeneration } from "./heap-habits.ts";

/** One of its two halves, in bytes. */
export const YOUNG_BYTES = 8 * 1024 * 1024;

/**
 * By how much it has to grow, at once, to be as large as it should; 1: no more. In small steps it would take thousands of requests, each a
 * quarter dearer (measured). V8 makes it small again while nothing happens.
 */
export function growthTo(wanted: number, now: number): number {
  return Math.max(1, Math.floor(wanted / now));
}

/** Keeps it there from now on. Whoever has said on the command line how large it may be is left in peace. */
export function keepYoungGeneration(options: readonly string[]): { stop(): void } {
  if (options.some((option) => /semi[-_]space/.test(option))) {
    // As V8 has it.
    growYoungGeneration(2);
    return { stop: () => undefined };
  }
  let factor = 0;
  const look = (): void => {
    const next = growthTo(YOUNG_BYTES, youngBytes());
    if (next === factor) return;
    factor = next;
    growYoungGeneration(factor);
  };
  const observer = new PerformanceObserver(look);
  observer.observe({ entryTypes: ["gc"] });
  look();
  return { stop: () => observer.disconnect() };
}

/** The half that is in use; V8 counts both. */
function youngBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  return (space?.space_size ?? 2 * YOUNG_BYTES) / 2;
}
