// What may grow, and what one request or one event costs then: one row per curve. A curve is right when it is flat, or linear in what grows.
import { costed } from "../costed.ts";
import { BODIES, type BodyShape } from "../load/bodies.ts";
import { runStreams } from "../load/streams.ts";
import { runWholes } from "../load/wholes.ts";
import { residentMiB } from "../proc.ts";
import type { Run } from "../rounds.ts";
import { defaultConfig, type EdgeConfig, type EdgeWorld, providerOf } from "../subjects/edge.ts";
import type { Subject } from "../subjects/subject.ts";
import { streamModel, WHOLE_MODEL } from "../upstream/ask.ts";

/** One curve. */
export interface Curve {
  /** What grows, with its unit. */
  readonly grows: string;
  /** What is divided by; also what the figure is per. */
  readonly per: "request" | "event";
  readonly sizes: readonly number[];
  /** The config at a size; absent: the same for all, in one process. */
  readonly config?: (world: EdgeWorld, size: number) => EdgeConfig;
  /** Models that the config must know. */
  readonly models: readonly string[];
  /** The load at a size; `cpu` in microseconds is the figure of the plot. */
  readonly run: (subject: Subject, size: number) => Promise<Run>;
}

/** Requests of one measurement: fewer of big ones. */
function requestsFor(bytes: number): number {
  return Math.max(12, Math.min(1500, Math.round(24_000_000 / bytes)));
}

async function wholes(subject: Subject, shape: BodyShape, requests: number): Promise<Run> {
  const pace = { connections: 4, durationMs: null, rate: null, requests };
  const load = async (): ReturnType<typeof runWholes> => runWholes(subject, { ...pace, shape });
  const [report, cpu] = await costed(subject, load, (done) => done.requests);
  return { figures: { cpu, MiB: residentMiB(subject.pid) ?? Number.NaN }, bad: report.bad };
}

async function streamed(subject: Subject, run: Parameters<typeof runStreams>[1]): Promise<Run> {
  const highest: number[] = [];
  const watch = setInterval(() => highest.push(residentMiB(subject.pid) ?? Number.NaN), 250);
  const [report, cpu] = await costed(
    subject,
    async () => runStreams(subject, run),
    (done) => done.events,
  );
  clearInterval(watch);
  return { figures: { cpu, MiB: Math.max(...highest, residentMiB(subject.pid) ?? 0) }, bad: report.bad };
}

/** A small request, where only the config grows. */
const small = async (subject: Subject): Promise<Run> => wholes(subject, BODIES.small, 1500);

/** So many agents with the same model, the one that is asked for among them. */
function manyAgents(world: EdgeWorld, size: number): EdgeConfig {
  const config = defaultConfig(world);
  const [model] = config.agents.list;
  const more = Array.from({ length: size - 1 }, (_, at) => ({ ...model, id: `agent-${at}` }));
  return { ...config, agents: { list: [...config.agents.list, ...more] } } as EdgeConfig;
}

/** So many providers, each with a model of its own. */
function manyProviders(world: EdgeWorld, size: number): EdgeConfig {
  const config = defaultConfig(world);
  const more = Array.from({ length: size - 1 }, (_, at) => {
    return [`other-${at}`, providerOf({ ...world, models: [`model-${at}`], api: "openai-completions" })] as const;
  });
  return { ...config, models: { providers: { ...config.models.providers, ...Object.fromEntries(more) } } };
}

/** A chain of so many models, the first of which answers: what being armed costs. */
function longChain(world: EdgeWorld, size: number): EdgeConfig {
  const config = manyProviders(world, size);
  const fallbacks = Array.from({ length: size - 1 }, (_, at) => `other-${at}/model-${at}`);
  const list = config.agents.list.map(({ id, model }) => ({ id, model: { ...model, fallbacks } }));
  return { ...config, agents: { list } };
}

const KB = 1024;
const OPEN = { events: 16, paceMs: 500 };
const LENGTHS = [10, 100, 1000, 10_000] as const;
/** Events of all streams of one measurement. */
const EVENTS = 40_000;

/** All curves, in the order of the report. */
export const CURVES = {
  "body size": {
    grows: "KB in a request",
    per: "request",
    sizes: [1, 8, 64, 512, 2048, 8192],
    models: [WHOLE_MODEL],
    run: async (subject, kb) => wholes(subject, { kind: "text", bytes: kb * KB }, requestsFor(kb * KB)),
  },
  "history length": {
    grows: "messages of 200 bytes",
    per: "request",
    sizes: [2, 20, 200, 2000],
    models: [WHOLE_MODEL],
    run: async (subject, messages) => wholes(subject, { kind: "history", messages }, requestsFor(messages * 230)),
  },
  agents: {
    grows: "agents",
    per: "request",
    sizes: [1, 100, 1000, 3000],
    models: [WHOLE_MODEL],
    config: manyAgents,
    run: small,
  },
  providers: {
    grows: "providers",
    per: "request",
    sizes: [1, 100, 1000, 3000],
    models: [WHOLE_MODEL],
    config: manyProviders,
    run: small,
  },
  "chain length": {
    grows: "models in the chain",
    per: "request",
    sizes: [1, 4, 16, 64],
    models: [WHOLE_MODEL],
    config: longChain,
    run: small,
  },
  "stream length": {
    grows: "events in a stream",
    per: "event",
    sizes: LENGTHS,
    models: LENGTHS.map((events) => streamModel(events)),
    run: async (subject, events) =>
      streamed(subject, { events, paceMs: 0, connections: 4, requests: Math.max(4, EVENTS / events) }),
  },
  "open streams": {
    grows: "streams open at once, 2 events a second each",
    per: "event",
    sizes: [100, 500, 1000, 2000, 5000],
    models: [streamModel(OPEN.events, OPEN.paceMs)],
    // A process for each: memory that was taken once is not given back at once.
    config: defaultConfig,
    run: async (subject, streams) =>
      streamed(subject, { ...OPEN, connections: streams, requests: streams, spreadMs: 2000 }),
  },
} as const satisfies Record<string, Curve>;
