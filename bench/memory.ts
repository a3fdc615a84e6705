// Memory: at listening, after a warm-up, and with a thousand streams open, each in a process that has done nothing else.
import { setTimeout as after } from "node:timers/promises";
import { BODIES } from "./load/bodies.ts";
import { runStreams } from "./load/streams.ts";
import { runWholes } from "./load/wholes.ts";
import { residentMiB } from "./proc.ts";
import type { Run } from "./rounds.ts";
import type { Subject } from "./subjects/subject.ts";
import { streamModel } from "./upstream/ask.ts";

/** Streams that are open at once. */
export const OPEN_STREAMS = 1000;
const SPREAD_MS = 1500;
/** One event a second: what counts is that they are open. */
const STREAM = { events: 3, paceMs: 1000 };
const SAMPLE_MS = 100;
const WARM_UP = { connections: 16, durationMs: null, rate: null, requests: 1000, shape: BODIES.small };

/** The model that the product must know. */
export const MEMORY_MODEL = streamModel(STREAM.events, STREAM.paceMs);

/** Measures a subject that has just started. MiB. */
export async function memoryOf(subject: Subject, streams = OPEN_STREAMS): Promise<Run> {
  const listening = residentMiB(subject.pid) ?? Number.NaN;
  const warm = await runWholes(subject, WARM_UP);
  const idle = residentMiB(subject.pid) ?? Number.NaN;
  const done = new AbortController();
  const highest = highestOf(subject.pid, done.signal);
  const report = await runStreams(subject, { ...STREAM, connections: streams, requests: streams, spreadMs: SPREAD_MS });
  done.abort();
  const open = await highest;
  const figures = { listening, idle, open, "per 1000 streams": ((open - idle) * 1000) / streams };
  return { figures, bad: [...warm.bad, ...report.bad] };
}

async function highestOf(pid: number, signal: AbortSignal): Promise<number> {
  let highest = Number.NaN;
  while (!signal.aborted) {
    const now = residentMiB(pid);
    if (now !== null && !(highest > now)) highest = now;
    await after(SAMPLE_MS);
  }
  return highest;
}
