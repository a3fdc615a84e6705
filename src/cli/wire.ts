// The only wiring: configuration to observers, corridor and door. Everything that the rooms take as a parameter is chosen here.
import type { Loaded } from "../config/load-snapshot.ts";
import { realClock } from "../core/clock.ts";
import type { SnapshotHolder } from "../core/snapshot.ts";
import type { NotReady } from "../core/standing.ts";
import { HeldBytes } from "../core/held-bytes.ts";
import { Ticker } from "../core/ticker.ts";
import { MockUpstream } from "../mock/mock-upstream.ts";
import { createCorridor } from "../proxy/handle.ts";
import { createDoor } from "../server/door.ts";
import { listen } from "../server/listen.ts";
import type { Listening } from "../server/listening.ts";
import { LoopMonitor } from "../server/loop-monitor.ts";
import { isListenFault, type ListenFault } from "../server/servers.ts";
import type { Log } from "../telemetry/log.ts";
import { HttpUpstream } from "../upstream/client.ts";
import { type ObservingOptions, openObserving } from "./observing.ts";

/** A running gateway. */
export interface Wired {
  readonly listening: Listening;
  readonly log: Log;
  /** Drains; called again it ends at once. Resolves when everything is said and closed. */
  leave(): Promise<void>;
}

/** Wires and listens. */
export async function wire(loaded: Loaded, options: ObservingOptions): Promise<Wired | ListenFault> {
  const { snapshot } = loaded;
  const holder: SnapshotHolder = { current: snapshot };
  const clock = realClock;
  const pulse = new LoopMonitor(clock);
  const observing = await openObserving(holder, pulse, options);
  const { log, observe, redact, health, renderMetrics, board } = observing;
  const onBug = (error: unknown): void => log.error("a bug of the gateway", { error });
  const http = new HttpUpstream({ clock, onBug, answerBytesMax: snapshot.limits.answerBytes });
  const mock = new MockUpstream({ clock, onBug });
  const ticker = new Ticker(clock, onBug);
  const held = new HeldBytes();
  const corridor = createCorridor({ clock, ticker, upstreams: { http, mock }, health, held, observe, redact, onBug });
  const notReady = (now: number): readonly NotReady[] => health.notReady(now);
  const learned = () => health.allLearned(holder.current.targets);
  const { version } = options.terminal;
  const parts = {
    holder,
    corridor,
    observe,
    clock,
    renderMetrics,
    pulse,
    notReady,
    learned,
    pid: process.pid,
    board,
    version,
  };
  const door = createDoor({ ...parts, onBug });
  const listening = await listen(door, snapshot);
  if (isListenFault(listening)) return listening;
  return {
    listening,
    log,
    async leave() {
      await listening.drain();
      pulse.stop();
      await http.destroy();
      await observing.stop();
    },
  };
}
