// What is measured: a table of loads. Each row sends one load to one subject and says what it cost.
import { cpuMicros } from "./proc.ts";
import { quantile } from "../src/cli/bench/quantile.ts";
import type { Subject } from "./processes.ts";
import { runStreams } from "./sse-client.ts";
import { streamModel } from "./streams-text.ts";
import { runLoop, runProbe } from "./whole.ts";

/** Figures of one run, by name; microseconds unless the name says otherwise. */
export type Figures = Readonly<Record<string, number>>;

/** One load against one subject. */
export interface Run {
  readonly figures: Figures;
  /** Everything that makes the figures worthless; must be empty. */
  readonly bad: readonly string[];
}

/** How much: `quick` says whether it works, `full` is what to quote. */
export type Effort = "quick" | "full";

/** A load. */
export interface Scenario {
  readonly name: string;
  readonly what: string;
  /** What processor time is divided by. */
  readonly unit: "request" | "event";
  /** Figures of the report, in order. */
  readonly columns: readonly string[];
  /** Figures whose difference to `direct` is shown. */
  readonly added: readonly string[];
  readonly run: (subject: Subject, effort: Effort) => Promise<Run>;
}

/** Runs a load and divides the subject's processor time by the units done. */
async function costed<T>(subject: Subject, load: () => Promise<T>, units: (report: T) => number): Promise<[T, number]> {
  const before = cpuMicros(subject.pid);
  const report = await load();
  const after = cpuMicros(subject.pid);
  return [report, before === null || after === null ? Number.NaN : (after - before) / units(report)];
}

async function loop(subject: Subject, effort: Effort): Promise<Run> {
  const load = (): ReturnType<typeof runLoop> => runLoop(subject, 32, effort === "quick" ? 2 : 5);
  const [report, cpu] = await costed(subject, load, ({ requests }) => requests);
  return { figures: { "req/s": report.requests / report.seconds, cpu }, bad: report.bad };
}

async function probe(subject: Subject, effort: Effort): Promise<Run> {
  const load = (): ReturnType<typeof runProbe> => runProbe(subject, effort === "quick" ? 1000 : 5000);
  const [report, cpu] = await costed(subject, load, ({ latencyUs }) => latencyUs.length);
  const { latencyUs, bad } = report;
  return { figures: { cpu, p50: quantile(latencyUs, 0.5), p99: quantile(latencyUs, 0.99) }, bad };
}

interface Shape {
  readonly events: number;
  readonly paceMs: number;
  readonly concurrency: number;
  readonly streams: Readonly<Record<Effort, number>>;
}

/** Paced streams start over one second, so that their events do not come in step. */
const SPREAD_MS = 1000;

function streaming(shape: Shape): Scenario["run"] {
  const { events, paceMs, concurrency } = shape;
  const spread = paceMs === 0 ? {} : { spreadMs: SPREAD_MS };
  return async (subject, effort) => {
    const { url, token } = subject;
    const asked = { url, token, model: streamModel(events, paceMs), events };
    const run = { ...asked, concurrency, streams: shape.streams[effort], ...spread };
    const [report, cpu] = await costed(
      subject,
      () => runStreams(run),
      (done) => done.events,
    );
    const figures = {
      "events/s": report.events / report.seconds,
      cpu,
      "first p50": quantile(report.firstEventUs, 0.5),
      "first p99": quantile(report.firstEventUs, 0.99),
      "delay p50": quantile(report.delayUs, 0.5),
      "delay p99": quantile(report.delayUs, 0.99),
    };
    return { figures, bad: report.bad };
  };
}

const PACED: Shape = { events: 100, paceMs: 20, concurrency: 100, streams: { quick: 100, full: 200 } };
const BURST: Shape = { events: 500, paceMs: 0, concurrency: 8, streams: { quick: 64, full: 240 } };
const CROWD: Shape = { events: 100, paceMs: 0, concurrency: 500, streams: { quick: 500, full: 500 } };

/** All loads, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "whole",
    what: "1 KB in, 1 KB out, 32 connections, closed loop",
    unit: "request",
    columns: ["req/s", "cpu"],
    added: [],
    run: loop,
  },
  {
    name: "single",
    what: "the same, one request after the other on one connection",
    unit: "request",
    columns: ["cpu", "p50", "p99"],
    added: ["p50", "p99"],
    run: probe,
  },
  {
    name: "paced",
    what: "100 streams at once, 100 events each, 20 ms apart",
    unit: "event",
    columns: ["events/s", "cpu", "first p50", "first p99", "delay p50", "delay p99"],
    added: ["first p50", "delay p50", "delay p99"],
    run: streaming(PACED),
  },
  {
    name: "burst",
    what: "8 streams at once, 500 events each, as fast as they go",
    unit: "event",
    columns: ["events/s", "cpu", "first p50"],
    added: [],
    run: streaming(BURST),
  },
  {
    name: "crowd",
    what: "500 streams at once, 100 events each, as fast as they go",
    unit: "event",
    columns: ["events/s", "cpu", "first p50", "first p99"],
    added: [],
    run: streaming(CROWD),
  },
];

/** The models that the product must know for all of them. */
export const MODELS: readonly string[] = [
  "whole",
  ...[PACED, BURST, CROWD].map(({ events, paceMs }) => streamModel(events, paceMs)),
];
