// The only wiring: configuration to observers, corridor and door. Everything that the rooms take as a parameter is chosen here.
import type { Corridor } from "../core/call.ts";
import { realClock } from "../core/clock.ts";
import { HeldBytes } from "../core/held-bytes.ts";
import type { Snapshot, SnapshotHolder } from "../core/snapshot.ts";
import type { NotReady } from "../core/standing.ts";
import { Ticker } from "../core/ticker.ts";
import { MockUpstream } from "../mock/mock-upstream.ts";
import { createCorridor } from "../proxy/handle.ts";
import type { Health, HealthNews, ProbeSubject } from "../routing/health.ts";
import { connectionsMax } from "../server/connections-max.ts";
import { createAdminDoor, createDoor } from "../server/door.ts";
import { Doorway } from "../server/doorway.ts";
import type { DoorParts, ReloadStanding, RenderMetrics, WorkersStanding } from "../server/lobby.ts";
import { LoopMonitor } from "../server/loop-monitor.ts";
import type { RateLimiter } from "../server/rate-limiter.ts";
import type { ListenFault } from "../server/servers.ts";
import { HttpUpstream } from "../upstream/client.ts";
import { type Observing, type ObservingOptions, openObserving } from "./observing.ts";
import { keepHouse } from "./heap-habits.ts";
import { openFilesMax } from "./open-files.ts";
import { pidSpace } from "./pid-space.ts";
import { type Followers, transportKeysOf } from "./running.ts";

/** What a gateway shares with other processes that serve the same port. */
export interface Shared {
  /** Of the process that signals go to. */
  readonly pid: number;
  readonly limiter: RateLimiter;
  readonly renderMetrics: RenderMetrics;
  readonly workers: () => WorkersStanding;
  readonly failing: NonNullable<DoorParts["failing"]>;
  readonly sight: NonNullable<DoorParts["sight"]>;
  /** Monotonic instant. */
  readonly servedSince: number;
  readonly mayProbe: (subject: ProbeSubject) => Promise<boolean>;
  readonly onNews: (news: HealthNews) => void;
}

/** What a gateway is made of. */
export interface GatewayParts extends ObservingOptions {
  readonly snapshot: Snapshot;
  readonly reloads: () => ReloadStanding;
  /** Null for a process that serves alone. */
  readonly shared: Shared | null;
  /** Called before anybody is let in. */
  readonly onHealth?: (health: Health) => void;
}

/** A gateway that serves. */
export interface Gateway {
  readonly observing: Observing;
  readonly followers: Followers & { readonly doorways: readonly Doorway[] };
  /** How late its event loop is. */
  readonly loopDelayMs: number;
  /** URLs for clients, and of the admin door. */
  readonly addresses: { readonly door: readonly string[]; readonly admin: readonly string[] };
  /** Drains; called again it ends at once. Resolves when everything is said and closed. */
  leave(): Promise<void>;
}

/** Wires and listens. */
export async function openGateway(parts: GatewayParts): Promise<Gateway | ListenFault> {
  const { snapshot, shared } = parts;
  const holder: SnapshotHolder = { current: snapshot };
  const clock = realClock;
  const pulse = new LoopMonitor(clock);
  let carried: Corridor | null = null;
  const observing = await openObserving(holder, pulse, {
    ...parts,
    running: () => carried?.underWay() ?? [],
    ...(shared !== null && { onNews: shared.onNews }),
  });
  const { log, observe, relayed, health, renderMetrics, board } = observing;
  const onBug = (error: unknown): void => log.error("a bug of the gateway", { error });
  const http = new HttpUpstream({ clock, onBug, answerBytesMax: () => holder.current.limits.answerBytes });
  const corridor = createCorridor({
    clock,
    ticker: new Ticker(clock, onBug),
    upstreams: { http, mock: new MockUpstream({ clock, onBug }) },
    health,
    held: new HeldBytes(),
    observe,
    redact: relayed,
    onBug,
    ...(shared !== null && { mayProbe: shared.mayProbe }),
  });
  carried = corridor;
  const doors = doorwaysOf({
    holder,
    corridor,
    observe,
    clock,
    renderMetrics,
    pulse,
    notReady: (now: number): readonly NotReady[] => health.notReady(now),
    learned: () => health.allLearned(holder.current.targets),
    pid: process.pid,
    pidSpace: pidSpace(),
    board,
    version: parts.terminal.version,
    connectionsMax: connectionsMax(openFilesMax()),
    onBug,
    reloads: parts.reloads,
    ...shared,
  });
  const onSwap = (next: Snapshot): void => {
    http.keep(transportKeysOf(next));
    observing.follow(next);
  };
  parts.onHealth?.(health);
  const fault = (await doors.door.follow(snapshot)) ?? (await doors.admin.follow(snapshot));
  if (fault !== null) {
    pulse.stop();
    return fault;
  }
  const house = keepHouse([...process.execArgv, parts.terminal.env["NODE_OPTIONS"] ?? ""]);
  return {
    observing,
    followers: { holder, doorways: [doors.door, doors.admin], onSwap, isWorker: shared !== null },
    get loopDelayMs() {
      return pulse.reading.delayP99Ms;
    },
    addresses: { door: doors.door.addresses, admin: doors.admin.addresses },
    async leave() {
      // The admin door stays open until the end: who probes wants to see us go.
      await doors.door.drain();
      const adminClosed = doors.admin.end();
      pulse.stop();
      house.stop();
      await http.destroy();
      await adminClosed;
      await observing.stop();
    },
  };
}

/** The doors for clients and for probes, in one lobby. */
function doorwaysOf(parts: DoorParts) {
  const door = createDoor(parts);
  return {
    door: new Doorway(door, ({ gateway }) => gateway),
    admin: new Doorway(createAdminDoor(door), ({ gateway: { admin } }) => admin && { ...admin, tls: null }),
  };
}
