// A configuration taken into use while the process serves: listeners first, then the swap, then what hangs on it. All or nothing.
import { isDeepStrictEqual } from "node:util";
import type { Loaded } from "../config/load-snapshot.ts";
import type { GatewaySettings, Snapshot, SnapshotHolder, Target } from "../core/snapshot.ts";
import type { Doorway } from "../server/doorway.ts";
import type { ListenFault } from "../server/servers.ts";

/** The parts of the process that follow the configuration. */
export interface Followers {
  readonly holder: SnapshotHolder;
  /** The doors for clients and for probes. */
  readonly doorways: readonly Doorway[];
  /** Hears of the new one once it serves. */
  readonly onSwap: (next: Snapshot) => void;
  /** One of several processes: whoever started it follows `edge.workers`. */
  readonly isWorker?: boolean;
}

/** What came of it: nothing was taken, or these keys wait for a new listener. */
export type Taken = { readonly fault: ListenFault } | { readonly heldBack: readonly string[] };

/** How much of a change is followed. */
export type ReloadMode = Loaded["reload"]["mode"];

/** A configuration whose listeners are open, and that does not serve yet: one of the two has to be called. */
export interface Prepared {
  /** Keys that wait for a new listener or process. */
  readonly heldBack: readonly string[];
  /** Requests see it from now on. */
  readonly commit: () => void;
  /** Everything as it was. */
  readonly giveUp: () => Promise<void>;
}

/** Takes a configuration into use. */
export async function takeIntoUse(next: Snapshot, mode: ReloadMode, followers: Followers): Promise<Taken> {
  const prepared = await prepare(next, mode, followers);
  if ("fault" in prepared) return prepared;
  prepared.commit();
  return { heldBack: prepared.heldBack };
}

/** Opens the listeners that a configuration needs; a fault leaves everything as it was. */
export async function prepare(
  next: Snapshot,
  mode: ReloadMode,
  { holder, doorways, onSwap, isWorker = false }: Followers,
): Promise<Prepared | { readonly fault: ListenFault }> {
  const before = holder.current;
  const started = isWorker ? { ...before, workers: next.workers } : before;
  const { taken, moved } = reachable(started, next, mode);
  for (const [at, doorway] of doorways.entries()) {
    const fault = await doorway.follow(taken);
    if (fault === null) continue;
    for (const followed of doorways.slice(0, at)) await followed.follow(before);
    return { fault };
  }
  return {
    heldBack: [...moved, ...keysThatDiffer(STARTED, started, next)],
    commit() {
      holder.current = taken;
      onSwap(taken);
      if (mode === "restart") for (const doorway of doorways) doorway.renewConnections();
    },
    async giveUp() {
      for (const doorway of doorways) await doorway.follow(before);
    },
  };
}

/** What of a configuration this process can follow, and the keys of listeners that it may not move. */
export function reachable(before: Snapshot, next: Snapshot, mode: ReloadMode) {
  const moved = mode === "hot" ? keysThatDiffer(MOVES, before, next) : [];
  return { taken: asStarted(before, moved.length === 0 ? next : stayingAt(before, next)), moved };
}

type Reads = Readonly<Record<string, (snapshot: Snapshot) => unknown>>;

/** What makes a listener another one, by the key that says it. */
const MOVES = {
  "gateway.port": ({ gateway }) => gateway.port,
  "gateway.bind": ({ gateway }) => gateway.hosts.join(),
  "gateway.tls": ({ gateway }) => tlsKind(gateway),
  "edge.admin": ({ gateway: { admin } }) => (admin === null ? null : `${admin.hosts.join()} ${admin.port}`),
  "edge.limits.headerBytes": ({ limits }) => limits.headerBytes,
} as const satisfies Reads;

/** What is opened once, at the start, by the key that says it. */
const STARTED = {
  "logging.consoleStyle": ({ logging }) => logging.style,
  "logging.file": ({ logging }) => logging.file,
  "logging.maxFileBytes": ({ logging }) => logging.maxFileBytes,
  "diagnostics.otel": ({ telemetry: { otlp, sampleRate } }) => [
    otlp,
    [otlp?.traces, otlp?.metrics, otlp?.logs].map((signal) => signal?.headers.reveal()),
    sampleRate,
  ],
  "edge.telemetry.legacyGenAi": ({ telemetry }) => telemetry.legacyGenAi,
  "edge.workers": ({ workers }) => workers,
} as const satisfies Reads;

/** The new configuration with what the process was started with and cannot change: a snapshot says what is. */
function asStarted({ logging, telemetry, workers }: Snapshot, next: Snapshot): Snapshot {
  const { style, file, maxFileBytes } = logging;
  const { trustTraceContext, flags } = next.telemetry;
  return {
    ...next,
    workers,
    logging: { ...next.logging, style, file, maxFileBytes },
    telemetry: { ...telemetry, trustTraceContext, flags },
  };
}

function keysThatDiffer(reads: Reads, before: Snapshot, next: Snapshot): readonly string[] {
  return Object.entries(reads).flatMap(([key, of]) => (isDeepStrictEqual(of(before), of(next)) ? [] : [key]));
}

function tlsKind({ tls }: GatewaySettings): string {
  if (tls === null) return "http";
  return tls.clientCa === null ? "https" : "https with client certificates";
}

/** The new configuration at the old place. Its door stays as safe as it was: without authentication only loopback callers are served. */
function stayingAt(before: Snapshot, next: Snapshot): Snapshot {
  const { port, hosts, tls, admin } = before.gateway;
  const keptTls = tlsKind(before.gateway) === tlsKind(next.gateway) ? next.gateway.tls : tls;
  return {
    ...next,
    gateway: { ...next.gateway, port, hosts, tls: keptTls, admin },
    limits: { ...next.limits, headerBytes: before.limits.headerBytes },
  };
}

/** Keys of all connection pools that a configuration uses. */
export function transportKeysOf({ providers, agents, targets }: Snapshot): ReadonlySet<string> {
  const embedding = [...agents.values()].flatMap(({ embeddings }): readonly Target[] =>
    embeddings === null ? [] : [embeddings],
  );
  const all = [...targets.values(), ...embedding, ...[...providers.values()].flatMap((provider) => provider.targets)];
  return new Set(all.map(({ transport }) => transport.key));
}
