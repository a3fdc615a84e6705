// TABLE: facts that are read when somebody scrapes; no event is counted for them.
import type { NotReady, StandingChange } from "../core/standing.ts";
import type { Across } from "./exposition.ts";
import type { LabelWords } from "./label-words.ts";
import { LABELS, METRIC } from "./names.ts";
import { PROCESS_METRICS } from "./process-metrics.ts";

/** Where the facts come from; the roof hands them in. */
export interface ProcessFacts {
  readonly version: string;
  /** `process.version`. */
  readonly nodeVersion: string;
  readonly memory: () => NodeJS.MemoryUsage;
  readonly cpu: () => NodeJS.CpuUsage;
  /** Unix seconds. */
  readonly startedAtSeconds: number;
  /** Open file descriptors; null where nobody knows. */
  readonly openFiles: () => number | null;
  /** The event loop over its last window. */
  readonly loop: () => {
    readonly delayP99Seconds: number;
    readonly delayMaxSeconds: number;
    readonly utilization: number;
  };
  /** Everything that cools or is broken now. */
  readonly notReady: () => readonly NotReady[];
  /** Observations dropped because there were too many label sets. */
  readonly seriesDropped: () => number;
  /** Lines that the log threw away because nobody took them. */
  readonly logLinesDropped: () => number;
}

/** One sample: label values in the order of the row's labels. */
export type Sample = readonly [labels: readonly string[], value: number];

/** A row of the table. */
export interface ReadRow {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly labels: readonly string[];
  /** Label sets that were shown once stay: with the value 0 while nothing is read for them. Of several samples the highest is shown. */
  readonly stays?: true;
  /** See `Family.across`. */
  readonly across?: Across;
  readonly read: (facts: ProcessFacts, words: LabelWords) => readonly Sample[];
}

/** Decision 17: load that returns step by step counts as half-open. A credential that cools opens no breaker. */
const BREAKER_STATE: Readonly<Record<StandingChange["state"], number>> = {
  ready: 0,
  cooling: 0,
  "half-open": 1,
  ramping: 1,
  open: 2,
};

/** The rows, in the order of the exposition. */
export const READ_METRICS: readonly ReadRow[] = [
  {
    name: METRIC.cooldownState,
    type: "gauge",
    across: "max",
    help: "Whether a credential is left alone: 1 yes, 0 no more. Model * is one that cools for all models of its provider.",
    labels: LABELS.standing,
    stays: true,
    read: ({ notReady }, words) => standings(notReady(), "credential", words).map(([labels]) => [labels, 1]),
  },
  {
    name: METRIC.breakerState,
    type: "gauge",
    across: "max",
    help: "Breaker of a target: 0 closed, 1 half-open or load returning, 2 open.",
    labels: LABELS.standing,
    stays: true,
    read: ({ notReady }, words) =>
      standings(notReady(), "target", words).map(([labels, { state }]) => [labels, BREAKER_STATE[state]]),
  },
  {
    name: METRIC.loopLag,
    type: "gauge",
    across: "max",
    help: "Event loop delay, 99th percentile of the last window.",
    labels: [],
    read: ({ loop }) => [[[], loop().delayP99Seconds]],
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
    across: "max",
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
  {
    name: METRIC.logLinesDropped,
    type: "counter",
    help: "Lines of the log that were thrown away because their reader had gone or stood still.",
    labels: [],
    read: ({ logLinesDropped }) => [[[], logLinesDropped()]],
  },
  ...PROCESS_METRICS,
];

/** What is not ready of credentials, or of targets, with its labels. */
function standings(
  all: readonly NotReady[],
  whose: StandingChange["of"],
  words: LabelWords,
): (readonly [labels: readonly string[], standing: NotReady])[] {
  return all
    .filter((each) => each.of === whose)
    .map((each) => [[each.provider, words.modelNotReady(each)], each] as const);
}
