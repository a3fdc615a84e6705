// What is measured: a table of loads. Each row sends one load to one subject and says what it cost.
import { quantile } from "../src/cli/bench/quantile.ts";
import { costed } from "./costed.ts";
import { BODIES, type BodyName } from "./load/bodies.ts";
import { runLoop } from "./load/closed-loop.ts";
import { runStreams, type StreamReport, type StreamRun } from "./load/streams.ts";
import { runWholes } from "./load/wholes.ts";
import type { Run } from "./rounds.ts";
import type { SubjectName } from "./subjects/index.ts";
import type { Subject } from "./subjects/subject.ts";
import { streamModel, WHOLE_MODEL } from "./upstream/ask.ts";

/** How much: `warm` only warms up, `quick` says whether it works, `full` is what to quote. */
export type Effort = "warm" | "quick" | "full";

/** A load. */
export interface Scenario {
  readonly what: string;
  /** What processor time is divided by. */
  readonly unit: "request" | "stream" | "event";
  /** Who is asked, beside the upstream itself where `direct` stands. */
  readonly subjects: readonly ("direct" | SubjectName)[];
  /** Figures of the report, in order; microseconds where nothing else is said. */
  readonly columns: readonly string[];
  /** Figures whose difference to `direct` is shown. */
  readonly added: readonly string[];
  readonly run: (subject: Subject, effort: Effort) => Promise<Run>;
  /** Whether its own warm-up is short because `whole` has warmed the same code; where `whole` is not asked for, it is run for that. */
  readonly isWarmedByWhole?: true;
}

const SECONDS: Readonly<Record<Effort, number>> = { warm: 60, quick: 1, full: 3 };
/** A warm-up is a number of requests and not a time: on a busy machine a second would leave who has more code less compiled. */
const WARM_REQUESTS = 8000;
/**
 * Who takes a millisecond and more for a request is warm with fewer; who runs this one load and no other needs what the product gets from the
 * others, or the one with less to do looks dearer: a new process costs 500 us a request at first, and 24,000 requests later what it costs for good.
 */
const WARM_SHARE: Readonly<Record<string, number>> = {
  portkey: 0.2,
  "edge untold": 2,
  "edge traced": 2,
  // Two processes, and each has to compile all of it.
  "edge x2": 4,
};
/** Loads that ask one by one come behind another load of the same requests. */
const WARM_ONE_BY_ONE = 100;

interface Length {
  readonly requests: number | null;
  readonly durationMs: number;
}

function lengthOf({ name }: Subject, effort: Effort, warmRequests = WARM_REQUESTS): Length {
  const warm = Math.ceil(warmRequests * (WARM_SHARE[name] ?? 1));
  return { requests: effort === "warm" ? warm : null, durationMs: SECONDS[effort] * 1000 };
}

function closedLoop(body: BodyName, connections: number, warmRequests = WARM_REQUESTS): Scenario["run"] {
  return async (subject, effort) => {
    const { url, headers } = subject;
    const amount = lengthOf(subject, effort, warmRequests).requests;
    const seconds = SECONDS[effort];
    const run = { url, headers, connections, seconds, amount, shape: BODIES[body], model: WHOLE_MODEL };
    const [report, cpu] = await costed(
      subject,
      async () => runLoop(run),
      ({ requests }) => requests,
    );
    return { figures: { "req/s": report.requests / report.seconds, cpu }, bad: report.bad };
  };
}

function ownClient(connections: number, rate: number | null): Scenario["run"] {
  return async (subject, effort) => {
    const pace = { connections, rate, ...lengthOf(subject, effort, WARM_ONE_BY_ONE) };
    const [report, cpu] = await costed(
      subject,
      async () => runWholes(subject, { ...pace, shape: BODIES.small }),
      ({ requests }) => requests,
    );
    const { latencyUs, bad, requests, seconds } = report;
    const quantiles = { p50: quantile(latencyUs, 0.5), p99: quantile(latencyUs, 0.99) };
    return { figures: { "req/s": requests / seconds, cpu, ...quantiles }, bad };
  };
}

/** A load of streams, divided by streams or by events. */
function streaming(unit: "stream" | "event", runOf: (effort: Effort, subject: Subject) => StreamRun): Scenario["run"] {
  return async (subject, effort) => {
    const unitsOf = (report: StreamReport): number => (unit === "event" ? report.events : report.streams);
    const [report, cpu] = await costed(subject, async () => runStreams(subject, runOf(effort, subject)), unitsOf);
    const { firstUs, delayUs, events, seconds, bad } = report;
    const figures = {
      "events/s": events / seconds,
      cpu,
      "first p50": quantile(firstUs, 0.5),
      "first p99": quantile(firstUs, 0.99),
      "delay p50": quantile(delayUs, 0.5),
      "delay p99": quantile(delayUs, 0.99),
    };
    return { figures, bad };
  };
}

/** Paced streams start over most of a second, so that their events do not come in step. */
const PACED = { paceMs: 20, connections: 250, requests: 250, spreadMs: 800 };
const PACED_EVENTS: Readonly<Record<Effort, number>> = { warm: 50, quick: 50, full: 100 };
const BURST = { events: 500, paceMs: 0, connections: 8 };
const SHORT = { events: 5, paceMs: 0, connections: 32 };
const BURSTS: Readonly<Record<Effort, number>> = { warm: 120, quick: 240, full: 480 };

const burst = (prefix: string): Scenario["run"] =>
  streaming("event", (effort) => ({ ...BURST, prefix, requests: BURSTS[effort] }));

/** All loads, in the order of the report. */
export const SCENARIOS = {
  whole: {
    what: "1 KB in, 1 KB out, 32 connections, closed loop (autocannon)",
    unit: "request",
    subjects: ["direct", "nginx", "floor", "edge", "edge full", "edge untold", "edge traced", "edge x2", "portkey"],
    columns: ["req/s", "cpu"],
    added: [],
    run: closedLoop("small", 32),
  },
  single: {
    what: "the same, one request after the other on one connection (own client)",
    unit: "request",
    subjects: ["direct", "nginx", "floor", "edge", "portkey"],
    columns: ["cpu", "p50", "p99"],
    added: ["p50", "p99"],
    run: ownClient(1, null),
    isWarmedByWhole: true,
  },
  open: {
    what: "the same, 400 a second whether answers are there or not, timed from when each was due",
    unit: "request",
    subjects: ["direct", "nginx", "floor", "edge"],
    columns: ["req/s", "cpu", "p50", "p99"],
    added: ["p50", "p99"],
    run: ownClient(64, 400),
    isWarmedByWhole: true,
  },
  tools: {
    what: "41 KB in with 50 tools, 16 connections, closed loop",
    unit: "request",
    subjects: ["nginx", "floor", "edge"],
    columns: ["req/s", "cpu"],
    added: [],
    run: closedLoop("tools50", 16, 500),
  },
  mb1: {
    what: "1 MB in, 4 connections, closed loop",
    unit: "request",
    subjects: ["nginx", "floor", "edge"],
    columns: ["req/s", "cpu"],
    added: [],
    run: closedLoop("mb1", 4, 40),
  },
  short: {
    what: "streams of 5 events, 32 at once, closed loop",
    unit: "stream",
    subjects: ["nginx", "floor", "edge", "edge full"],
    columns: ["cpu", "first p50"],
    added: [],
    run: streaming("stream", (effort, subject) => ({ ...SHORT, ...lengthOf(subject, effort, 3000) })),
  },
  paced: {
    what: "250 streams at once, 100 events each (quick: 50), 20 ms apart",
    unit: "event",
    subjects: ["direct", "nginx", "floor", "edge", "portkey"],
    columns: ["events/s", "cpu", "first p50", "first p99", "delay p50", "delay p99"],
    added: ["first p50", "delay p50", "delay p99"],
    run: streaming("event", (effort) => ({ ...PACED, events: PACED_EVENTS[effort] })),
    isWarmedByWhole: true,
  },
  burst: {
    what: "8 streams at once, 500 events each, as fast as they go",
    unit: "event",
    subjects: ["nginx", "floor", "edge", "edge full", "portkey"],
    columns: ["events/s", "cpu", "first p50"],
    added: [],
    run: burst(""),
  },
  translated: {
    what: "the same, asked in chat completions and answered by a provider in Anthropic's messages",
    unit: "event",
    subjects: ["edge"],
    columns: ["events/s", "cpu", "first p50"],
    added: [],
    run: burst("claude-"),
  },
} as const satisfies Record<string, Scenario>;

/** A name of the table. */
export type ScenarioName = keyof typeof SCENARIOS;

const burstModel = streamModel(BURST.events);

/** The models that the product must know for all of them. */
export const MODELS: readonly string[] = [
  WHOLE_MODEL,
  streamModel(SHORT.events),
  ...new Set(Object.values(PACED_EVENTS).map((events) => streamModel(events, PACED.paceMs))),
  burstModel,
  `claude-${burstModel}`,
];
