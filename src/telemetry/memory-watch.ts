// Looks at the memory of the process now and then: OpenClaw's histograms of it, and how often it came under pressure (OpenClaw §6.2).
import type { Clock, Repeating } from "../core/clock.ts";
import { type LabelSetBudget, Tally } from "./cells.ts";
import type { Family } from "./exposition.ts";
import { BUCKETS, METRIC } from "./names.ts";

/** How often memory is looked at, in milliseconds. */
const LOOK_MS = 30_000;
const MEBIBYTE = 1_048_576;

/** OpenClaw's thresholds, in bytes; growth is that of the resident set since the look before. */
const THRESHOLDS = [
  { reason: "rss", warning: 1536 * MEBIBYTE, critical: 3072 * MEBIBYTE },
  { reason: "heap", warning: 1024 * MEBIBYTE, critical: 2048 * MEBIBYTE },
  { reason: "growth", warning: 512 * MEBIBYTE, critical: 1024 * MEBIBYTE },
] as const;

type Level = "warning" | "critical";

/** A watch over the memory; counts until it is stopped. */
export class MemoryWatch {
  readonly families: readonly Family[];
  readonly #read: () => NodeJS.MemoryUsage;
  readonly #rss: Tally;
  readonly #heap: Tally;
  readonly #pressure: Tally;
  readonly #repeating: Repeating;
  /** Levels that are told already; pressure counts when it begins. */
  readonly #told = new Map<string, Level | null>();
  #lastRss: number | null = null;

  constructor(read: () => NodeJS.MemoryUsage, clock: Clock, budget: LabelSetBudget) {
    this.#read = read;
    this.#rss = new Tally(BUCKETS.memoryBytes, budget);
    this.#heap = new Tally(BUCKETS.memoryBytes, budget);
    this.#pressure = new Tally([], budget);
    this.families = [
      histogram(METRIC.memoryRss, "Resident memory of the process, looked at every 30 s.", this.#rss),
      histogram(METRIC.memoryHeapUsed, "Heap in use, looked at every 30 s.", this.#heap),
      {
        name: METRIC.memoryPressure,
        help: "Times that memory passed a threshold.",
        type: "counter",
        labelNames: ["level", "reason"],
        bounds: [],
        cells: () => this.#pressure.cells,
      },
    ];
    this.#repeating = clock.every(LOOK_MS, () => this.#look());
  }

  stop(): void {
    this.#repeating.stop();
  }

  #look(): void {
    const { rss, heapUsed } = this.#read();
    this.#rss.at().observe(rss);
    this.#heap.at().observe(heapUsed);
    const figures = { rss, heap: heapUsed, growth: rss - (this.#lastRss ?? rss) };
    this.#lastRss = rss;
    for (const { reason, warning, critical } of THRESHOLDS) {
      const bytes = figures[reason];
      const level = bytes >= critical ? "critical" : bytes >= warning ? "warning" : null;
      if (level !== null && level !== this.#told.get(reason)) this.#pressure.at(level, reason).count += 1;
      this.#told.set(reason, level);
    }
  }
}

function histogram(name: string, help: string, tally: Tally): Family {
  return { name, help, type: "histogram", labelNames: [], bounds: BUCKETS.memoryBytes, cells: () => tally.cells };
}
