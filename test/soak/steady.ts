// Half an hour at 30 % of what one core carries: whole answers and streams, one request in ten left by its client, a reload every few seconds.
// What must stay flat: memory, files, sockets. What must be right: every answer.
import { setTimeout as after } from "node:timers/promises";
import { costed } from "../../bench/costed.ts";
import { BODIES, bodyOf } from "../../bench/load/bodies.ts";
import { runStreams } from "../../bench/load/streams.ts";
import { runWholes } from "../../bench/load/wholes.ts";
import { openFiles, residentMiB } from "../../bench/proc.ts";
import { defaultConfig, subjectOf } from "../../bench/subjects/edge.ts";
import { startUpstream, type Subject } from "../../bench/subjects/subject.ts";
import { streamModel, WHOLE_MODEL } from "../../bench/upstream/ask.ts";
import { exchange } from "../../src/cli/bench/exchange.ts";
import { atPace } from "../../src/cli/bench/pace.ts";
import { keptConnections } from "../../src/cli/bench/run-load.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { Inspector } from "./inspector.ts";
import { type Point, slopePerTenMinutes } from "./slope.ts";
import type { Soak, SoakFigure, SoakGiven } from "./soak.ts";

/** The part of one core's processor time that the load takes. */
const SHARE = 0.3;
const STREAM = { events: 50, paceMs: 20 };
/** Requests of each kind among a hundred, and how many connections they may take. */
const MIX = { wholes: 60, streams: 30, leavers: 10, connections: 200 };
const LEAVE_AFTER_MS = 150;
const RELOAD_EVERY_MS = 5000;
/** Until idle connections to the provider are closed, too. */
const AFTERMATH_MS = 15_000;
const SAMPLE_EVERY_MS = 10_000;
const PROGRESS_EVERY = 6;
/** The beginning is not looked at: pools fill, code is compiled, the heap finds its size. */
const SETTLING = 1 / 3;

interface Sample {
  readonly seconds: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly files: number;
  readonly sockets: number;
}

/** What runs against one edge. */
interface World {
  readonly edge: Edge;
  readonly subject: Subject;
  readonly config: object;
  readonly inspector: Inspector;
  readonly until: AbortSignal;
}

/** The row. */
export const steady: Soak = {
  what: "L6: 30 % of a core: whole answers, streams, one client in ten leaves, a reload every 5 s; memory, files and sockets stay flat",
  minutes: 30,
  run: runSteady,
};

async function runSteady({ entry, seconds, say }: SoakGiven): Promise<readonly SoakFigure[]> {
  await using upstream = await startUpstream();
  const models = [WHOLE_MODEL, streamModel(STREAM.events, STREAM.paceMs)];
  const config = defaultConfig({ upstreamUrl: upstream.url, models });
  const edge = await startEdge({ config, entry, env: { NODE_OPTIONS: "--inspect=127.0.0.1:0" } });
  const [, inspectorUrl = ""] = await edge.child.line(/(ws:\/\/\S+)/);
  await using subject = subjectOf("edge", edge);
  const before = openFiles(subject.pid);
  const inspector = await Inspector.connect(inspectorUrl);
  const rate = await rateOf(subject);
  say(`${rate.toFixed(0)} requests a second are ${SHARE * 100} % of a core; ${seconds} s of them`);
  const over = new AbortController();
  const world = { edge, subject, config, inspector, until: over.signal };
  const watching = watch(world, say);
  const reloading = reload(world);
  const { bad, requests } = await load(subject, rate, seconds);
  over.abort();
  inspector.close();
  const reloads = await reloading;
  const samples = await watching;
  await after(AFTERMATH_MS);
  const left = (openFiles(subject.pid)?.sockets ?? Number.NaN) - (before?.sockets ?? Number.NaN);
  return figuresOf(samples, { bad, requests, reloads, left });
}

/** Requests a second of the mix that take the share of a core, by the CPU of each kind when warm. */
async function rateOf(subject: Subject): Promise<number> {
  const pace = { connections: 16, durationMs: 3000, rate: null, requests: null };
  await runWholes(subject, { ...pace, shape: BODIES.small });
  const [, whole] = await costed(
    subject,
    async () => runWholes(subject, { ...pace, shape: BODIES.small }),
    (done) => done.requests,
  );
  const [, stream] = await costed(
    subject,
    async () => runStreams(subject, { ...STREAM, ...pace }),
    (done) => done.streams,
  );
  // Who leaves costs a part of a stream; counted as a whole one.
  const cpu = (whole * MIX.wholes + stream * (MIX.streams + MIX.leavers)) / 100;
  return (SHARE * 1e6) / cpu;
}

/** The mix, at its rate. A refusal or a wrong text is bad; leaving is what leavers do. */
async function load(
  subject: Subject,
  rate: number,
  seconds: number,
): Promise<{ bad: readonly string[]; requests: number }> {
  const durationMs = seconds * 1000;
  const paceOf = (hundredths: number): { connections: number; rate: number; durationMs: number; requests: null } => {
    const share = hundredths / 100;
    return { connections: Math.ceil(MIX.connections * share), rate: rate * share, durationMs, requests: null };
  };
  const [wholes, streams, leavers] = await Promise.all([
    runWholes(subject, { ...paceOf(MIX.wholes), shape: BODIES.small }),
    runStreams(subject, { ...STREAM, ...paceOf(MIX.streams) }),
    leave(subject, paceOf(MIX.leavers)),
  ]);
  return { bad: [...wholes.bad, ...streams.bad], requests: wholes.requests + streams.streams + leavers };
}

/** Clients that go away in the middle of a stream. */
async function leave({ url, headers }: Subject, pace: Parameters<typeof atPace>[0]): Promise<number> {
  const target = new URL("/v1/chat/completions", url);
  const agent = keptConnections(target, pace.connections);
  const model = streamModel(STREAM.events, STREAM.paceMs);
  const body = bodyOf({ model, shape: BODIES.small, variant: 0, stream: true });
  let left = 0;
  await atPace(pace, async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const reader = { head: () => undefined, bytes: () => undefined, end: () => resolve() };
    const go = exchange({ url: target, agent, headers, body, timeoutMs: 30_000 }, reader);
    await after(LEAVE_AFTER_MS);
    go();
    await promise;
    left += 1;
  });
  agent.destroy();
  return left;
}

/** Writes another config again and again; what differs is heard by everybody and harms nobody. Answers how often. */
async function reload({ edge, config, until }: World): Promise<number> {
  let reloads = 0;
  while (await waited(RELOAD_EVERY_MS, until)) {
    reloads += 1;
    edge.writeConfig({ ...config, logging: { redactPatterns: [`soak-${reloads}`] } });
  }
  return reloads;
}

async function watch({ subject, inspector, until }: World, say: SoakGiven["say"]): Promise<readonly Sample[]> {
  const startedAt = performance.now();
  const samples: Sample[] = [];
  while (await waited(SAMPLE_EVERY_MS, until)) {
    const heapMiB = await inspector.liveHeapMiB();
    const files = openFiles(subject.pid);
    const sample: Sample = {
      seconds: (performance.now() - startedAt) / 1000,
      residentMiB: residentMiB(subject.pid) ?? Number.NaN,
      heapMiB,
      files: files === null ? Number.NaN : files.all - files.sockets,
      sockets: files?.sockets ?? Number.NaN,
    };
    samples.push(sample);
    if (samples.length % PROGRESS_EVERY === 0) say(wordsOf(sample));
  }
  return samples;
}

/** Whether there is still something to wait for. */
async function waited(ms: number, until: AbortSignal): Promise<boolean> {
  await after(ms, undefined, { signal: until }).catch(() => undefined);
  return !until.aborted;
}

function wordsOf({ seconds, residentMiB: resident, heapMiB, files, sockets }: Sample): string {
  return `${seconds.toFixed(0)} s: resident ${resident.toFixed(1)} MiB, live heap ${heapMiB.toFixed(2)} MiB, ${files} files, ${sockets} sockets`;
}

function figuresOf(
  samples: readonly Sample[],
  { bad, requests, reloads, left }: { bad: readonly string[]; requests: number; reloads: number; left: number },
): readonly SoakFigure[] {
  const away = bad.filter((why) => why.startsWith("status 503"));
  const wrong = bad.filter((why) => !away.includes(why));
  const settled = samples.slice(Math.floor(samples.length * SETTLING));
  const slopeOf = (figure: keyof Sample): number =>
    slopePerTenMinutes(settled.map((sample): Point => ({ seconds: sample.seconds, value: sample[figure] })));
  const last = samples.at(-1);
  return [
    { what: "requests", value: requests, unit: "", atLeast: 1 },
    { what: "reloads", value: reloads, unit: "", atLeast: 1 },
    { what: `wrong, cut or lost answers${wordOf(wrong)}`, value: wrong.length, unit: "", atMost: 0 },
    // At 30 % nobody is: a machine that starves the process of its processor makes it happen, and the run is to be repeated.
    { what: "turned away as overloaded", value: away.length, unit: "", atMost: 0 },
    { what: "live heap, growth per 10 minutes", value: slopeOf("heapMiB"), unit: "MiB", atMost: 1 },
    { what: "resident memory, growth per 10 minutes", value: slopeOf("residentMiB"), unit: "MiB", atMost: 1 },
    { what: "resident memory at the end", value: last?.residentMiB ?? Number.NaN, unit: "MiB" },
    { what: "files, growth per 10 minutes", value: slopeOf("files"), unit: "", atMost: 1 },
    { what: "sockets in use, growth per 10 minutes", value: slopeOf("sockets"), unit: "" },
    { what: "sockets more than before, 15 s after the load", value: left, unit: "", atMost: 2 },
  ];
}

function wordOf([first]: readonly string[]): string {
  return first === undefined ? "" : ` (${first})`;
}
