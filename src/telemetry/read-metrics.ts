// TABLE: facts of the process that no event tells; read when somebody scrapes, kept nowhere.
import { METRIC } from "./names.ts";

/** Where the facts come from; the roof hands them in. */
export interface ProcessFacts {
  readonly version: string;
  /** `process.version`. */
  readonly nodeVersion: string;
  readonly memory: () => NodeJS.MemoryUsage;
  /** Event loop delay in seconds, p99 of the last window. */
  readonly loopLag: () => number;
  /** Observations dropped because there were too many label sets. */
  readonly seriesDropped: () => number;
}

/** One sample: label values in the order of the row's labels. */
export type Sample = readonly [labels: readonly string[], value: number];

/** A row of the table. */
export interface ReadRow {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly labels: readonly string[];
  readonly read: (facts: ProcessFacts) => readonly Sample[];
}

/** The rows, in the order of the exposition. */
export const READ_METRICS: readonly ReadRow[] = [
  {
    name: METRIC.loopLag,
    type: "gauge",
    help: "Event loop delay, 99th percentile of the last window.",
    labels: [],
    read: ({ loopLag }) => [[[], loopLag()]],
  },
  {
    name: METRIC.memory,
    type: "gauge",
    help: "Memory of the process.",
    labels: ["kind"],
    read: ({ memory }) => {
      const { rss, heapTotal, heapUsed, external, arrayBuffers } = memory();
      return [
        [["rss"], rss],
        [["heap_total"], heapTotal],
        [["heap_used"], heapUsed],
        [["external"], external],
        [["array_buffers"], arrayBuffers],
      ];
    },
  },
  {
    name: METRIC.build,
    type: "gauge",
    help: "Always 1; the labels say what runs.",
    labels: ["version", "node"],
    read: ({ version, nodeVersion }) => [[[version, nodeVersion], 1]],
  },
  {
    name: METRIC.seriesDropped,
    type: "counter",
    help: "Observations dropped because there were too many label sets.",
    labels: [],
    read: ({ seriesDropped }) => [[[], seriesDropped()]],
  },
];
