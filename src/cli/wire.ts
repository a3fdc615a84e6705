// The only wiring: configuration to observers, corridor and door. Everything that the rooms take as a parameter is chosen here.
import type { Loaded, LoadResult } from "../config/load-snapshot.ts";
import { realClock } from "../core/clock.ts";
import type { Snapshot, SnapshotHolder } from "../core/snapshot.ts";
import type { NotReady } from "../core/standing.ts";
import { HeldBytes } from "../core/held-bytes.ts";
import { Ticker } from "../core/ticker.ts";
import { MockUpstream } from "../mock/mock-upstream.ts";
import { createCorridor } from "../proxy/handle.ts";
import { createAdminDoor, createDoor } from "../server/door.ts";
import { connectionsMax } from "../server/connections-max.ts";
import { Doorway } from "../server/doorway.ts";
import type { DoorParts, ReloadStanding } from "../server/lobby.ts";
import { LoopMonitor } from "../server/loop-monitor.ts";
import type { ListenFault } from "../server/servers.ts";
import type { Log } from "../telemetry/log.ts";
import { HttpUpstream } from "../upstream/client.ts";
import { type ObservingOptions, openObserving } from "./observing.ts";
import { pidSpace } from "./pid-space.ts";
import { openFilesMax } from "./open-files.ts";
import { Reloader } from "./reloader.ts";
import { takeIntoUse, transportKeysOf } from "./running.ts";

/** A running gateway. */
export interface Wired {
  /** URLs for clients, and of the admin door. */
  readonly addresses: { readonly door: readonly string[]; readonly admin: readonly string[] };
  readonly log: Log;
  readonly reloader: Reloader;
  /** Drains; called again it ends at once. Resolves when everything is said and closed. */
  leave(): Promise<void>;
}

/** What `serve` was told beside the config. */
export interface WireOptions extends ObservingOptions {
  /** Reads the configuration again. */
  readonly load: () => Promise<LoadResult>;
}

/** Wires and listens. */
export async function wire(first: Loaded, options: WireOptions): Promise<Wired | ListenFault> {
  const holder: SnapshotHolder = { current: first.snapshot };
  const clock = realClock;
  const pulse = new LoopMonitor(clock);
  const observing = await openObserving(holder, pulse, options);
  const { log, observe, redact, health, renderMetrics, board } = observing;
  const onBug = (error: unknown): void => log.error("a bug of the gateway", { error });
  const http = new HttpUpstream({ clock, onBug, answerBytesMax: () => holder.current.limits.answerBytes });
  const mock = new MockUpstream({ clock, onBug });
  const ticker = new Ticker(clock, onBug);
  const held = new HeldBytes();
  const corridor = createCorridor({ clock, ticker, upstreams: { http, mock }, health, held, observe, redact, onBug });
  const notReady = (now: number): readonly NotReady[] => health.notReady(now);
  const reloads = (): ReloadStanding => reloader.standing;
  const learned = () => health.allLearned(holder.current.targets);
  const { pid } = process;
  const { version } = options.terminal;
  const doors = doorwaysOf({
    holder,
    corridor,
    observe,
    clock,
    renderMetrics,
    pulse,
    notReady,
    learned,
    pid,
    pidSpace: pidSpace(),
    board,
    version,
    connectionsMax: connectionsMax(openFilesMax()),
    onBug,
    reloads,
  });
  const onSwap = (next: Snapshot): void => {
    http.keep(transportKeysOf(next));
    observing.follow(next);
  };
  const followers = { holder, doorways: [doors.door, doors.admin], onSwap };
  const reloader = new Reloader({
    first,
    load: options.load,
    take: (next, mode) => takeIntoUse(next, mode, followers),
    log,
    observe,
    clock,
  });
  const fault = (await doors.door.follow(first.snapshot)) ?? (await doors.admin.follow(first.snapshot));
  if (fault !== null) {
    pulse.stop();
    return fault;
  }
  return {
    addresses: { door: doors.door.addresses, admin: doors.admin.addresses },
    log,
    reloader,
    async leave() {
      reloader.stop();
      // The admin door stays open until the end: who probes wants to see us go.
      await doors.door.drain();
      const adminClosed = doors.admin.drain();
      pulse.stop();
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
