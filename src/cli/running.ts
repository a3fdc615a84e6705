// A configuration taken into use while the process serves: listeners first, then the swap, then what hangs on it. All or nothing.
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
  const heldBack = mode === "hot" ? movedKeys(before, next) : [];
  const taken = heldBack.length === 0 ? next : stayingAt(before, next);
  for (const [at, doorway] of doorways.entries()) {
    const fault = await doorway.follow(taken);
    if (fault === null) continue;
    for (const moved of doorways.slice(0, at)) await moved.follow(before);
    return { fault };
  }
  holder.current = taken;
  onSwap(taken);
  if (mode === "restart") for (const doorway of doorways) doorway.renewConnections();
  return { heldBack };
}

/** What makes a listener another one, by the key that says it. */
const MOVES = {
  "gateway.port": ({ gateway }) => gateway.port,
  "gateway.bind": ({ gateway }) => gateway.hosts.join(),
  "gateway.tls": ({ gateway }) => tlsKind(gateway),
  "edge.admin": ({ gateway: { admin } }) => (admin === null ? null : `${admin.hosts.join()} ${admin.port}`),
  "edge.limits.headerBytes": ({ limits }) => limits.headerBytes,
} as const satisfies Record<string, (snapshot: Snapshot) => unknown>;

function movedKeys(before: Snapshot, next: Snapshot): readonly string[] {
  return Object.entries(MOVES).flatMap(([key, of]) => (of(before) === of(next) ? [] : [key]));
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
