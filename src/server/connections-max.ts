// How many clients may be connected (decision 23): so many that their requests, providers and files still find a descriptor each. Those
// on which nothing is under way make room; above the cap and a reserve for health, connections are ended at once. A process without
// descriptors could answer nobody.
import type { Server } from "node:http";
import type { Clock } from "../core/clock.ts";

/** Beside clients and their providers: log, config, resolver, listeners, the metrics' own look at them. */
const FILES_BESIDE = 64;
/** A request in flight holds the client's socket and the provider's. */
const FILES_PER_CLIENT = 2;
/** Above the cap model calls are turned away and health is answered, on so many connections more. */
const RESERVED = 8;
const LEAST = 8;
const MOST = 10_000;
/** Looking for idle ones costs as many steps as there are connections. */
const ROOM_EVERY_MS = 250;

/** The cap for so many open files; null or Infinity leave it at the most that one process should hold. */
export function connectionsMax(openFilesMax: number | null): number {
  const files = openFilesMax ?? Infinity;
  return Math.min(MOST, Math.max(LEAST, Math.floor((files - FILES_BESIDE) / FILES_PER_CLIENT)));
}

/** Caps a server. `makeRoom` ends connections on which nothing is under way; it is called when there are too many. */
export function capConnections(server: Server, { max, clock, isFull, makeRoom }: Cap): void {
  server.maxConnections = max + RESERVED;
  // A worker would else send it back to the first process, which sends it on to the next one, round and round while all are full.
  // Node's types do not know it yet: https://nodejs.org/api/net.html#serverdropmaxconnection
  Object.assign(server, { dropMaxConnection: true });
  let roomAt = -Infinity;
  const full = (): void => {
    const now = clock.now();
    if (now - roomAt < ROOM_EVERY_MS) return;
    roomAt = now;
    makeRoom();
  };
  server.on("connection", () => {
    if (isFull()) full();
  });
  server.on("drop", full);
}

/** What a cap needs. */
export interface Cap {
  readonly max: number;
  readonly clock: Clock;
  readonly isFull: () => boolean;
  readonly makeRoom: () => void;
}
