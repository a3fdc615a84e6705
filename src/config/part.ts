// The part of the whole gateway's limits that one of its processes has: together they allow what the file says. Pure.
import { type Bounds, bytesInFlightOf, largestBodyOf, processesOf } from "./memory-share.ts";
import type { Config } from "./schema/root.ts";

/** Which of how many processes, counted from 0. */
export interface Part {
  readonly at: number;
  readonly of: number;
}

type Edge = Config["edge"];

/** `edge` with the caps of one process; `memoryBytes` is what all of them may use, null where only the machine limits it. */
export function partOf(bounds: Bounds, part: Part, memoryBytes: number | null): Edge {
  const { edge } = bounds;
  const { limits } = edge;
  const bytesInFlight = bytesInFlightOf(bounds, { bytes: memoryBytes, processes: processesOf(part.of) });
  const whole = Math.max(largestBodyOf(bounds), limits.answerBytes);
  return {
    ...edge,
    limits: {
      ...limits,
      inflight: shareOf(limits.inflight, part),
      inflightPerProvider: shareOf(limits.inflightPerProvider, part),
      // What one request may need is never divided: the largest body and the largest answer pass through every process.
      bytesInFlight: Math.max(shareOf(bytesInFlight, part), Math.min(bytesInFlight, whole)),
    },
    providers: Object.fromEntries(
      Object.entries(edge.providers).map(([id, { inflight, ...rest }]) => [
        id,
        { ...rest, ...(inflight !== undefined && { inflight: shareOf(inflight, part) }) },
      ]),
    ),
  };
}

/** Shares add up to the whole, but no process is left without any. */
export function shareOf(whole: number, { at, of }: Part): number {
  return Math.max(1, Math.floor(whole / of) + (at < whole % of ? 1 : 0));
}
