// What telemetry costs, in this process and without a network: the events of one streamed request, told 100,000 times to everybody who
// records in a running gateway, in batches as there. Lines go to a reader that takes everything; spans, at one request in a hundred, to a
// collector beside it. All are told in turns, round after round, and each round in windows: a shared machine has quick and slow minutes,
// and a figure of the one must not be compared with a figure of the other.
//   node bench/telemetry.ts [--requests N] [--only metrics|line|page]
import { once } from "node:events";
import { parseArgs } from "node:util";
import { realClock } from "../src/core/clock.ts";
import type { Observer, ProxyEvent } from "../src/core/events.ts";
import { childOf, newTrace, requestIdOf, type TraceContext } from "../src/core/ids.ts";
import { Secret } from "../src/core/secret.ts";
import type { Target } from "../src/core/snapshot.ts";
import { createAccessLog } from "../src/telemetry/access-log.ts";
import { createBus } from "../src/telemetry/bus.ts";
import { costUsd } from "../src/telemetry/cost.ts";
import { createDecisionLog } from "../src/telemetry/decision-log.ts";
import { EventBatch } from "../src/telemetry/event-batch.ts";
import { hearing } from "../src/telemetry/hearing.ts";
import { BOARD_EVENTS, LiveBoard } from "../src/telemetry/live/board.ts";
import { createLog } from "../src/telemetry/log.ts";
import { createMetrics, type Metrics } from "../src/telemetry/metrics.ts";
import { createModelCallLog } from "../src/telemetry/model-call-log.ts";
import { startOtlp } from "../src/telemetry/otlp/start.ts";
import { createRedactor } from "../src/telemetry/redact.ts";
import { Child } from "../test/support/child.ts";
import { Collector } from "../test/support/collector.ts";
import * as told from "../test/support/events.ts";
import { aTarget } from "../test/support/snapshot.ts";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "100000" }, only: { type: "string" }, collect: { type: "boolean" } },
});
const REQUESTS = Number(values.requests);
/** Told in turns, so that timers and exports go on as they do in a gateway. */
const TURN = 500;
/** Requests of a window: 50 ms of work, a few collections of young objects included. */
const WINDOW = 5_000;
const ROUNDS = 12;

const SECRETS = Array.from({ length: 10 }, (_, at) => `sk-bench-secret-${at}-0123456789abcdef`);
const stated = { ...aTarget("openai/gpt-4o").stated, cost: { input: 2.5, output: 10, cacheRead: 1.25, cacheWrite: 0 } };

/** The events of a streamed request of an agent that its first candidate answered. */
function storyOf(trace: TraceContext, { agent, target }: Asker): readonly ProxyEvent[] {
  const usage = { input: 1_204, output: 311, cacheRead: 1_024 };
  const request = told.requestOf({ trace, id: requestIdOf(trace), agent, requested: `openclaw/${agent}` });
  const attempt = told.attemptOf(target, {
    trace: childOf(trace),
    told: told.toldOf({
      usage,
      repairs: ["usage-removed"],
      id: "chatcmpl-AbCdEf0123456789",
      model: "gpt-4o-2024-08-06",
    }),
  });
  const { plan } = told.requestStarted(request);
  const candidate = {
    target,
    position: 0,
    dialect: "openai-chat",
    path: "/v1/chat/completions",
    request: "patch",
    response: "relay",
  } as const;
  const step = told.stepTo({ ...plan, candidates: [candidate] }, attempt);
  return [
    told.requestStarted(request),
    told.requestDecided(plan, step, { request }),
    told.attemptStarted(attempt, { request }),
    told.attemptCommitted(attempt, request),
    told.attemptEnded(attempt, request),
    told.requestEnded([attempt], { request }),
  ];
}

/** An agent and the target that answers it. */
interface Asker {
  readonly agent: string;
  readonly target: Target;
}

/**
 * A hundred requests of these agents in turns, of which one is sampled; few enough to be at hand, as events of a request that has just ended
 * are.
 */
function storiesOf(askers: readonly Asker[]): readonly (readonly ProxyEvent[])[] {
  return Array.from({ length: 100 }, (_, at) =>
    storyOf(newTrace(at === 0 ? 1 : 0), askers[at % askers.length] as Asker),
  );
}

const ONE = storiesOf([{ agent: "main", target: aTarget("openai/gpt-4o", { stated }) }]);
/** What is remembered of the request before helps none of these. */
const CROWD = storiesOf(
  Array.from({ length: 16 }, (_, at) => ({
    agent: `agent-${at}`,
    target: aTarget(`openai/gpt-4o-${at}`, { stated }),
  })),
);

function metricsOf(): Metrics {
  return createMetrics({
    version: "bench",
    nodeVersion: process.version,
    memory: () => process.memoryUsage(),
    cpu: () => process.cpuUsage(),
    startedAtSeconds: 0,
    openFiles: () => null,
    logLinesDropped: () => 0,
    loop: () => ({ delayP99Seconds: 0, delayMaxSeconds: 0, utilization: 0 }),
    scheme: () => "http",
    legacyGenAi: true,
    tracing: () => true,
    notReady: () => [],
    enabled: () => true,
    isConfigured: () => true,
    isChannel: () => false,
    clock: realClock,
    yieldTurn,
  });
}

/** Tells when the event was that is being delivered, in Unix milliseconds. */
type WallOfEvent = () => number;

/** Access, decision and call lines, and the log that takes them. */
function lines(wall: WallOfEvent): readonly Observer[] {
  const redact = createRedactor(SECRETS, []);
  const to = { write: (_text: string, done: () => void) => done(), on: () => undefined };
  const redactValues = createRedactor(SECRETS, null);
  const log = createLog({ readers: [{ style: "json", level: "info", to }], redact, redactValues, clock: realClock });
  const write = log.linesFor("json") ?? (() => undefined);
  const parts = { write, wall, redact, style: "json" } as const;
  const { warn, info } = log;
  const calls = createModelCallLog({ warn, info, memory: () => process.memoryUsage(), flagged: () => false });
  return [createAccessLog(parts), createDecisionLog(parts), calls];
}

/** What the status page remembers while nobody looks. */
function page(wall: WallOfEvent): Observer {
  const board = new LiveBoard({
    redact: createRedactor(SECRETS, []),
    wall,
    costOf: ({ stated }, usage) => costUsd(stated.cost, usage),
    running: () => [],
  });
  return hearing(BOARD_EVENTS, (event) => board.hear(event));
}

/** Who is told, and what was measured of it, in microseconds of this process a request. */
interface Subject {
  readonly stories: readonly (readonly ProxyEvent[])[];
  readonly observe: Observer;
  readonly settle: () => void;
  /** Sees that nobody threw, and ends what was begun. */
  readonly close: () => Promise<void>;
  readonly windows: number[];
  readonly rounds: number[];
}

const NOTHING = { stories: ONE, settle: () => {}, close: async () => {} } as const;

/** Events on their way to these observers, as in a gateway. */
function subjectOf(
  observersFor: (wall: WallOfEvent) => readonly Observer[],
  { stories, close }: Pick<Subject, "stories" | "close"> = NOTHING,
): Subject {
  const bus = createBus();
  const batch = new EventBatch(bus.observe, realClock);
  for (const observer of observersFor(batch.wall)) bus.subscribe(observer);
  return {
    stories,
    observe: batch.observe,
    settle: batch.deliver,
    close: async () => {
      await close();
      if (bus.faults > 0) throw new Error(`${bus.faults} observers threw`);
    },
    windows: [],
    rounds: [],
  };
}

/** Tells all requests once, and notes what it took as a whole and window by window. */
async function playRound(subject: Subject): Promise<void> {
  const { settle, windows, rounds } = subject;
  let all = 0;
  for (let told = 0; told < REQUESTS; told += WINDOW) {
    const requests = Math.min(WINDOW, REQUESTS - told);
    const before = process.cpuUsage();
    await tell(subject, requests);
    settle();
    const { user, system } = process.cpuUsage(before);
    windows.push((user + system) / requests);
    all += user + system;
  }
  rounds.push(all / REQUESTS);
}

async function tell({ observe, stories }: Subject, requests: number): Promise<void> {
  for (let at = 0; at < requests; at += 1) {
    for (const event of stories[at % stories.length] ?? []) observe(event);
    if (at % TURN === 0) await yieldTurn();
  }
}

async function withSpans(): Promise<Subject> {
  // In a process of its own: what it takes to receive spans is not ours.
  const collector = Child.start({ args: [import.meta.filename, "--collect"] });
  const [url] = await collector.line(/http:\S+/);
  const otlp = startOtlp({
    settings: {
      serviceName: null,
      traces: { url: `${url}/v1/traces`, headers: new Secret({}) },
      metrics: null,
      logs: null,
      flushIntervalMs: 60_000,
      metricNamePrefix: "openclaw.",
      preloaded: false,
      latestGenAi: false,
      sdkLogLevel: null,
      logBatch: {},
    },
    countedSince: Date.now(),
    version: "bench",
    clock: realClock,
    redact: createRedactor(SECRETS, []),
    scheme: () => "http",
    families: async () => [],
    watch: { note: () => undefined, onTrouble: () => undefined, onRecovery: () => undefined },
    yieldTurn,
    stopMs: 2_000,
    print: (line) => void process.stderr.write(`${line}\n`),
  });
  const { observe } = otlp;
  if (observe === null) throw new Error("no traces are exported");
  return subjectOf((wall) => [...everybody(wall), observe], {
    stories: ONE,
    close: async () => {
      await otlp.stop();
      await collector.stop("SIGTERM");
      process.stderr.write(`${collector.lines.at(-1)}\n`);
    },
  });
}

function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Everybody who listens to every request, by what they are for. */
const LISTENERS: Readonly<Record<string, (wall: WallOfEvent) => readonly Observer[]>> = {
  metrics: () => [metricsOf().observe],
  line: lines,
  page: (wall) => [page(wall)],
};

function everybody(wall: WallOfEvent): readonly Observer[] {
  return Object.values(LISTENERS).flatMap((make) => make(wall));
}

type Row = readonly [what: string, quick: number, usual: number, goal: number | null];

const ALL = "metrics, line and page";
const MANY = "the same, sixteen agents and targets in turns";
const SPANS = "traces of 1 %, on top";
/** What the telemetry of a request may take, in microseconds. */
const GOALS: Readonly<Record<string, number>> = { [ALL]: 5, [MANY]: 5, [SPANS]: 1 };

async function rowsOf(only: string | undefined): Promise<readonly Row[]> {
  const none: Subject = { ...NOTHING, observe: () => {}, windows: [], rounds: [] };
  const parts = Object.entries(LISTENERS).filter(([what]) => only === undefined || only === what);
  const subjects = new Map(parts.map(([what, make]) => [what, subjectOf(make)]));
  if (only === undefined) {
    subjects.set(ALL, subjectOf(everybody));
    subjects.set(MANY, subjectOf(everybody, { ...NOTHING, stories: CROWD }));
    subjects.set(SPANS, await withSpans());
  }
  const all = [none, ...subjects.values()];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of round % 2 === 0 ? all : all.toReversed()) await playRound(subject);
  }
  for (const subject of all) await subject.close();
  return [...subjects].map(([what, subject]) => rowOf(what, subject, subjects.get(ALL) ?? none, none));
}

/** Spans leave in batches, so that only a round knows what they cost: the quickest of them, on top of the quickest without. */
function rowOf(what: string, { windows, rounds }: Subject, told: Subject, none: Subject): Row {
  if (what === SPANS)
    return [
      what,
      least(rounds, 0) - least(told.rounds, 0),
      least(rounds, 0.5) - least(told.rounds, 0.5),
      GOALS[what] ?? null,
    ];
  const [quick, usual] = [0.25, 0.5].map((share) => least(windows, share) - least(none.windows, share));
  return [what, quick ?? Number.NaN, usual ?? Number.NaN, GOALS[what] ?? null];
}

/** The figure that this share of them stays below. */
function least(figures: readonly number[], share: number): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(share * (figures.length - 1))] ?? Number.NaN;
}

/** Receives spans until it is told to stop, and says how many there were. */
async function collect(): Promise<never> {
  const collector = await Collector.listen();
  process.stdout.write(`${collector.url}\n`);
  await once(process, "SIGTERM");
  process.stdout.write(`${collector.items("/v1/traces").length} spans arrived\n`);
  process.exit(0);
}

if (values.collect === true) await collect();
process.stdout.write(
  `| telemetry of one streamed request | us CPU, quick windows | median | goal |\n|---|---|---|---|\n`,
);
for (const [what, quick, usual, goal] of await rowsOf(values.only))
  process.stdout.write(
    `| ${what} | ${quick.toFixed(2)} | ${usual.toFixed(2)} | ${goal === null ? "" : `<= ${goal}`} |\n`,
  );
