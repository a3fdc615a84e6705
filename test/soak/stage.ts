// What most soaks run against: the mock upstream and one edge, with figures of the edge's process.
import { residentMiB } from "../../bench/proc.ts";
import { defaultConfig, subjectOf } from "../../bench/subjects/edge.ts";
import { startUpstream, type Subject } from "../../bench/subjects/subject.ts";
import { type Edge, startEdge } from "../support/edge.ts";

/** A running pair. */
export interface Stage {
  readonly edge: Edge;
  readonly subject: Subject;
  readonly upstream: Subject;
  readonly config: object;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts both; `more` is laid over `edge` of the config. */
export async function openStage(entry: string, models: readonly string[], more: object = {}): Promise<Stage> {
  const upstream = await startUpstream();
  const base = defaultConfig({ upstreamUrl: upstream.url, models });
  const config = { ...base, edge: { ...base.edge, ...more } };
  const edge = await startEdge({ config, entry });
  const subject = subjectOf("edge", edge);
  const close = async (): Promise<void> => {
    await subject[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  };
  return { edge, subject, upstream, config, [Symbol.asyncDispose]: close };
}

const LOOK_EVERY_MS = 200;

/** Looks at the resident memory of a process until asked for the most that it was, in MiB. */
export function memoryPeak(pid: number): { readonly base: number; stop(): number } {
  const base = residentMiB(pid) ?? Number.NaN;
  let peak = base;
  const timer = setInterval(() => (peak = Math.max(peak, residentMiB(pid) ?? 0)), LOOK_EVERY_MS);
  return {
    base,
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** A quantile of measured microseconds, in milliseconds; NaN of nothing. */
export function quantileMs(us: readonly number[], share: number): number {
  const sorted = us.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) / 1_000;
}
