// What telemetry costs, in this process and without a network: the events of one streamed request, told 100,000 times to everybody who
// records in a running gateway, in batches as there. Lines go to a reader that takes everything; spans, at one request in a hundred, to a
// collector beside it.
//   node bench/telemetry.ts [--requests N] [--only metrics|line|page]
import { once } from "node:events";
import { parseArgs } from "node:util";
import { realClock } from "../src/core/clock.ts";
import type { Observer, ProxyEvent } from "../src/core/events.ts";
import { childOf, newTrace, requestIdOf, type TraceContext } from "../src/core/ids.ts";
import { Secret } from "../src/core/secret.ts";
import { createAccessLog } from "../src/telemetry/access-log.ts";
import { createBus } from "../src/telemetry/bus.ts";
import { costUsd } from "../src/telemetry/cost.ts";
import { createDecisionLog } from "../src/telemetry/decision-log.ts";
import { EventBatch } from "../src/telemetry/event-batch.ts";
import { LiveBoard } from "../src/telemetry/live/board.ts";
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
const ROUNDS = 12;

const SECRETS = Array.from({ length: 10 }, (_, at) => `sk-bench-secret-${at}-0123456789abcdef`);
const stated = { ...aTarget("openai/gpt-4o").stated, cost: { input: 2.5, output: 10, cacheRead: 1.25, cacheWrite: 0 } };
const target = aTarget("openai/gpt-4o", { stated });

/** The events of a streamed request that its first candidate answered. */
function storyOf(trace: TraceContext): readonly ProxyEvent[] {
  const usage = { input: 1_204, output: 311, cacheRead: 1_024 };
  const request = told.requestOf({ trace, id: requestIdOf(trace), requested: "openclaw/main" });
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

/** A hundred requests of which one is sampled; few enough to be at hand, as events of a request that has just ended are. */
const STORIES = Array.from({ length: 100 }, (_, at) => storyOf(newTrace(at === 0 ? 1 : 0)));

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
    wall: () => realClock.wall(),
    costOf: ({ stated }, usage) => costUsd(stated.cost, usage),
    running: () => [],
  });
  return (event) => board.hear(event, wall());
}

/** Events on their way to these observers, as in a gateway. */
async function costOf(observersFor: (wall: WallOfEvent) => readonly Observer[]): Promise<number> {
  const bus = createBus();
  const batch = new EventBatch(bus.observe, realClock);
  for (const observer of observersFor(batch.wall)) bus.subscribe(observer);
  const cost = await costOfTelling(batch.observe, batch.deliver);
  if (bus.faults > 0) throw new Error(`${bus.faults} observers threw`);
  return cost;
}

/** CPU of this process per request, in microseconds: the best of several rounds, since a busy machine only adds. */
async function costOfTelling(observe: Observer, settle = (): void => {}): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await tell(observe);
    settle();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / REQUESTS);
  }
  return best;
}

async function tell(observe: Observer): Promise<void> {
  for (let at = 0; at < REQUESTS; at += 1) {
    for (const event of STORIES[at % STORIES.length] ?? []) observe(event);
    if (at % TURN === 0) await yieldTurn();
  }
}

async function withSpans(): Promise<number> {
  // In a process of its own: what it takes to receive spans is not ours.
  const collector = Child.start({ args: [import.meta.filename, "--collect"] });
  const [url] = await collector.line(/http:\S+/);
  const otlp = startOtlp({
    settings: {
      serviceName: null,
      headers: new Secret({}),
      traces: { url: `${url}/v1/traces` },
      metrics: null,
      logs: null,
      flushIntervalMs: 60_000,
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
    print: (line) => void process.stderr.write(`${line}\n`),
  });
  const { observe } = otlp;
  if (observe === null) throw new Error("no traces are exported");
  const cost = await costOf((wall) => [...everybody(wall), observe]);
  await otlp.stop();
  await collector.stop("SIGTERM");
  process.stderr.write(`${collector.lines.at(-1)}\n`);
  return cost;
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

type Row = readonly [what: string, us: number, goal: number | null];

async function rowsOf(only: string | undefined): Promise<readonly Row[]> {
  const none = await costOfTelling(() => {});
  const rows: Row[] = [];
  for (const [what, make] of Object.entries(LISTENERS)) {
    if (only === undefined || only === what) rows.push([what, (await costOf(make)) - none, null]);
  }
  if (only !== undefined) return rows;
  const all = (await costOf(everybody)) - none;
  const spans = (await withSpans()) - none - all;
  return [...rows, ["metrics, line and page", all, 5], ["traces of 1 %, on top", spans, 1]];
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
process.stdout.write(`| telemetry of one streamed request | us CPU | goal |\n|---|---|---|\n`);
for (const [what, us, goal] of await rowsOf(values.only))
  process.stdout.write(`| ${what} | ${us.toFixed(2)} | ${goal === null ? "" : `<= ${goal}`} |\n`);
