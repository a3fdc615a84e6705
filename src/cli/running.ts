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
}

/** What came of it: nothing was taken, or these keys wait for a new listener. */
export type Taken = { readonly fault: ListenFault } | { readonly heldBack: readonly string[] };

/** How much of a change is followed. */
export type ReloadMode = Loaded["reload"]["mode"];

/** Takes a configuration into use. */
export async function takeIntoUse(next: Snapshot, mode: ReloadMode, followers: Followers): Promise<Taken> {
  const { holder, doorways, onSwap } = followers;
  const before = holder.current;
  const moved = mode === "hot" ? keysThatDiffer(MOVES, before, next) : [];
  const taken = asStarted(before, moved.length === 0 ? next : stayingAt(before, next));
  for (const [at, doorway] of doorways.entries()) {
    const fault = await doorway.follow(taken);
    if (fault === null) continue;
    for (const followed of doorways.slice(0, at)) await followed.follow(before);
    return { fault };
  }
  holder.current = taken;
  onSwap(taken);
  if (mode === "restart") for (const doorway of doorways) doorway.renewConnections();
  return { heldBack: [...moved, ...keysThatDiffer(STARTED, before, next)] };
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
  "diagnostics.otel": ({ telemetry: { otlp, sampleRate } }) => [otlp, otlp?.headers.reveal(), sampleRate],
  "diagnostics.flags": ({ telemetry }) => telemetry.flags,
  "edge.telemetry.legacyGenAi": ({ telemetry }) => telemetry.legacyGenAi,
} as const satisfies Reads;

/** The new configuration with what the process was started with and cannot change: a snapshot says what is. */
function asStarted({ logging, telemetry }: Snapshot, next: Snapshot): Snapshot {
  const { style, file, maxFileBytes } = logging;
  const { trustTraceContext } = next.telemetry;
  return {
    ...next,
    logging: { ...next.logging, style, file, maxFileBytes },
    telemetry: { ...telemetry, trustTraceContext },
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
