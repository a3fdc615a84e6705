// The only wiring: configuration to observers, corridor and door. Everything that the rooms take as a parameter is chosen here.
import type { Loaded } from "../config/load-snapshot.ts";
import { realClock } from "../core/clock.ts";
import type { SnapshotHolder } from "../core/snapshot.ts";
import type { NotReady } from "../core/standing.ts";
import { HeldBytes } from "../core/held-bytes.ts";
import { Ticker } from "../core/ticker.ts";
import { MockUpstream } from "../mock/mock-upstream.ts";
import { createCorridor } from "../proxy/handle.ts";
import { Health } from "../routing/health.ts";
import { createDoor } from "../server/door.ts";
import { listen } from "../server/listen.ts";
import type { Listening } from "../server/listening.ts";
import { LoopMonitor } from "../server/loop-monitor.ts";
import { isListenFault, type ListenFault } from "../server/servers.ts";
import { createAccessLog } from "../telemetry/access-log.ts";
import { createBus } from "../telemetry/bus.ts";
import { createDecisionLog } from "../telemetry/decision-log.ts";
import { createLookAlikeLog } from "../telemetry/look-alike-log.ts";
import { createLog, type Log } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { createRedactor } from "../telemetry/redact.ts";
import { createRemedyLog } from "../telemetry/remedy-log.ts";
import { createStandingLog } from "../telemetry/standing-log.ts";
import { HttpUpstream } from "../upstream/client.ts";
import type { Terminal } from "./command.ts";
import { openFiles } from "./open-files.ts";

const MS_PER_S = 1000;

/** A running gateway. */
export interface Wired {
  readonly listening: Listening;
  readonly log: Log;
  /** Drains; called again it ends at once. Resolves when everything is said and closed. */
  leave(): Promise<void>;
}

/** What `serve` was told beside the config. */
export interface WireOptions {
  readonly terminal: Terminal;
  /** From the command line; null leaves it to the config. */
  readonly level: string | null;
}

/** Wires and listens. */
export async function wire(loaded: Loaded, options: WireOptions): Promise<Wired | ListenFault> {
  const { snapshot } = loaded;
  const holder: SnapshotHolder = { current: snapshot };
  const clock = realClock;
  const pulse = new LoopMonitor(clock);
  const observers = observersOf(holder, pulse, options);
  const { log, observe, redact, health, renderMetrics } = observers;
  const onBug = (error: unknown): void => log.error("a bug of the gateway", { error });
  const http = new HttpUpstream({ clock, onBug, answerBytesMax: snapshot.limits.answerBytes });
  const mock = new MockUpstream({ clock, onBug });
  const ticker = new Ticker(clock, onBug);
  const held = new HeldBytes();
  const corridor = createCorridor({ clock, ticker, upstreams: { http, mock }, health, held, observe, redact, onBug });
  const notReady = (now: number): readonly NotReady[] => health.notReady(now);
  const learned = () => health.allLearned(holder.current.targets);
  const parts = { holder, corridor, observe, clock, renderMetrics, pulse, notReady, learned, pid: process.pid, onBug };
  const door = createDoor(parts);
  const listening = await listen(door, snapshot);
  if (isListenFault(listening)) return listening;
  return {
    listening,
    log,
    async leave() {
      await listening.drain();
      pulse.stop();
      await http.destroy();
      await log.flush();
    },
  };
}

/** Everybody who hears events, and what they need: log, metrics, health. */
function observersOf(holder: SnapshotHolder, pulse: LoopMonitor, { terminal, level }: WireOptions) {
  const clock = realClock;
  const { logging, secrets } = holder.current;
  const redact = createRedactor(secrets.reveal(), logging.redact ? logging.redactPatterns : null);
  const isTerminal = terminal.stdout.isTTY === true;
  const style = (logging.style ?? (isTerminal ? "pretty" : "json")) === "json" ? "json" : "pretty";
  const colour = isTerminal && terminal.env["NO_COLOR"] === undefined;
  const log = createLog({ level: level ?? logging.level, style, colour, destination: terminal.stdout, redact, clock });
  const metrics = createMetrics({
    version: terminal.version,
    nodeVersion: process.version,
    isConfigured: (id) => holder.current.targets.has(id.toLowerCase()),
    enabled: () => holder.current.metricsEnabled,
    memory: () => process.memoryUsage(),
    cpu: () => process.cpuUsage(),
    startedAtSeconds: Math.round(clock.wall() / MS_PER_S - process.uptime()),
    openFiles,
    loop: () => ({
      delayP99Seconds: pulse.reading.delayP99Ms / MS_PER_S,
      delayMaxSeconds: pulse.reading.delayMaxMs / MS_PER_S,
      utilization: pulse.reading.utilization,
    }),
    scheme: () => (holder.current.gateway.tls === null ? "http" : "https"),
    legacyGenAi: true,
    tracing: () => false,
    notReady: () => health.notReady(clock.now()),
    clock,
    yieldTurn: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const bus = createBus();
  const health = new Health({
    random: Math.random,
    onChange: (change, at) => bus.observe({ type: "standing-changed", at, change }),
    onLearn: bus.observe,
  });
  bus.subscribe(metrics.observe);
  const wall = (): number => clock.wall();
  bus.subscribe(createAccessLog({ write: log.line, wall, redact, style, colour }));
  bus.subscribe(createDecisionLog({ write: log.line, wall, redact, style, colour }));
  bus.subscribe(createStandingLog({ warn: log.warn, info: log.info, wall }));
  bus.subscribe(createLookAlikeLog(log.warn));
  bus.subscribe(createRemedyLog(log.warn));
  // Last, so that what it tells of a change comes behind the event that brought it.
  bus.subscribe((event) => health.note(event));
  return { log, redact, health, observe: bus.observe, renderMetrics: metrics.render };
}
