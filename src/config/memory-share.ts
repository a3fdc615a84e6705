// How many bytes of bodies the memory of this process holds. Decides only where the file does not say: a container that is given less
// than a busy process needs would otherwise be ended by the system, with every stream, where new requests should hear 503. Pure.
import { BYTES_IN_FLIGHT } from "./schema/edge-bounds.ts";
import type { Config } from "./schema/root.ts";

const MiB = 1_048_576;

/** What a process that has worked holds without any body, 250 open streams with it (`deploy/scale.md`). */
const PROCESS_BYTES = 176 * MiB;
/** What a byte of a body costs until the provider has it: as it came, as it goes out, and what nobody has cleared away yet (2.3 to 2.9, measured). */
const COPIES = 3;

/** What the processes of a gateway have together. */
export interface Memory {
  /** Null where only the machine limits it. */
  readonly bytes: number | null;
  /** Those that serve and the one that starts them. */
  readonly processes: number;
}

/** What says how large bodies may be. */
export type Bounds = Pick<Config, "edge" | "gateway">;

/** The largest body that any endpoint takes: two may have bounds of their own. */
export function largestBodyOf({ edge, gateway }: Bounds): number {
  const { chatCompletions, responses } = gateway.http.endpoints;
  return Math.max(edge.limits.bodyBytes, chatCompletions.maxBodyBytes ?? 0, responses.maxBodyBytes ?? 0);
}

/** `edge.limits.bytesInFlight` as it counts. No less than the largest body, which nobody could send otherwise. */
export function bytesInFlightOf(bounds: Bounds, memory: Memory): number {
  const { bytesInFlight } = bounds.edge.limits;
  if (bytesInFlight !== undefined) return bytesInFlight;
  const { bytes, processes } = memory;
  const room = bytes === null ? BYTES_IN_FLIGHT : Math.floor((bytes - processes * PROCESS_BYTES) / COPIES);
  return Math.max(largestBodyOf(bounds), Math.min(BYTES_IN_FLIGHT, room));
}

/** How many processes so many workers make: one worker is the process itself. */
export function processesOf(workers: number): number {
  return workers > 1 ? workers + 1 : 1;
}
