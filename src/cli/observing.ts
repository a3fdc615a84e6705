// Everybody who hears events, and what they need: log, metrics, spans, health. Part of the wiring.
import { realClock } from "../core/clock.ts";
import type { Observer } from "../core/events.ts";
import type { Snapshot, SnapshotHolder } from "../core/snapshot.ts";
import { Health } from "../routing/health.ts";
import type { LoopMonitor } from "../server/loop-monitor.ts";
import { createAccessLog } from "../telemetry/access-log.ts";
import { type Bus, createBus } from "../telemetry/bus.ts";
import { createDecisionLog } from "../telemetry/decision-log.ts";
import { costUsd } from "../telemetry/cost.ts";
import { LiveBoard } from "../telemetry/live/board.ts";
import { flagsOf } from "../telemetry/flags.ts";
import { createLookAlikeLog } from "../telemetry/look-alike-log.ts";
import type { Log } from "../telemetry/log.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";
import { createModelCallLog } from "../telemetry/model-call-log.ts";
import type { OtlpExport } from "../telemetry/otlp/start.ts";
import type { Redact } from "../telemetry/redact.ts";
import { createRemedyLog } from "../telemetry/remedy-log.ts";
import { createStandingLog } from "../telemetry/standing-log.ts";
import type { Terminal } from "./command.ts";
import { LiveRedactor } from "./live-redactor.ts";
import { isColourful, type OpenedLog, openLog } from "./open-log.ts";
import { openFiles } from "./open-files.ts";

const MS_PER_S = 1000;

/** What `serve` was told beside the config. */
export interface ObservingOptions {
  readonly terminal: Terminal;
  /** From the command line; null leaves it to the config. */
  readonly level: string | null;
}

/** The observers, and what others use of them. */
export interface Observing {
  readonly log: Log;
  readonly redact: Redact;
  readonly health: Health;
  readonly observe: Observer;
  readonly renderMetrics: Metrics["render"];
  /** What the status page shows. */
  readonly board: LiveBoard;
  /** Another configuration serves: its secrets are taken out, its levels hold. Exporters and files stay as they were opened. */
  follow(next: Snapshot): void;
  /** Sends and writes what waits; resolves when it is out, or after two seconds. */
  stop(): Promise<void>;
}

/** Opens log and exporters and has everybody listen. */
export async function openObserving(
  holder: SnapshotHolder,
  pulse: LoopMonitor,
  options: ObservingOptions,
): Promise<Observing> {
  const redactor = new LiveRedactor(holder.current);
  const { redact } = redactor;
  const bus = createBus();
  const health = new Health({
    random: Math.random,
    onChange: (change, at) => bus.observe({ type: "standing-changed", at, change }),
    onLearn: bus.observe,
  });
  const metrics = openMetrics(holder, pulse, { health, version: options.terminal.version });
  let opened: OpenedLog | null = null;
  const otlp = await openExport(holder, { metrics, redact, options, log: () => opened?.log ?? null });
  opened = openLog(holder.current, { ...options, redactor, export: otlp?.log ?? null });
  const { log, followLevels } = opened;
  bus.subscribe(metrics.observe);
  if (otlp !== null && otlp.observe !== null) bus.subscribe(otlp.observe);
  subscribeLogs(bus, { log, redact, holder, colour: isColourful(options.terminal) });
  const board = new LiveBoard({ redact, wall, costOf: ({ stated }, usage) => costUsd(stated.cost, usage) });
  bus.subscribe((event) => board.hear(event));
  // Last, so that what it tells of a change comes behind the event that brought it.
  bus.subscribe((event) => health.note(event));
  let stopped: Promise<void> | null = null;
  return {
    log,
    redact,
    health,
    observe: bus.observe,
    renderMetrics: metrics.render,
    board,
    follow(next) {
      redactor.follow(next);
      followLevels(next);
    },
    stop() {
      metrics.stop();
      stopped ??= Promise.all([otlp?.stop(), log.flush()]).then(() => log.flush());
      return stopped;
    },
  };
}

function openMetrics(
  holder: SnapshotHolder,
  pulse: LoopMonitor,
  { health, version }: { readonly health: Health; readonly version: string },
): Metrics {
  const clock = realClock;
  const { telemetry } = holder.current;
  return createMetrics({
    version,
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
    legacyGenAi: telemetry.legacyGenAi,
    tracing: () => (telemetry.otlp?.traces ?? null) !== null,
    notReady: () => health.notReady(clock.now()),
    clock,
    yieldTurn,
  });
}

/** OpenTelemetry costs time and memory: it is loaded only for those who export. */
async function openExport(holder: SnapshotHolder, parts: ExportParts): Promise<OtlpExport | null> {
  const settings = holder.current.telemetry.otlp;
  if (settings === null) return null;
  const { metrics, redact, options, log } = parts;
  const { startOtlp } = await import("../telemetry/otlp/start.ts");
  return startOtlp({
    settings,
    redact,
    clock: realClock,
    version: options.terminal.version,
    scheme: () => (holder.current.gateway.tls === null ? "http" : "https"),
    families: metrics.families,
    yieldTurn,
    watch: {
      note: metrics.noteExport,
      onTrouble: (signal, reason) => log()?.warn("telemetry cannot be exported", { signal, reason }),
      onRecovery: (signal) => log()?.info("telemetry is exported again", { signal }),
    },
  });
}

interface ExportParts {
  readonly metrics: Metrics;
  readonly redact: Redact;
  readonly options: ObservingOptions;
  /** Null until it is open. */
  readonly log: () => Log | null;
}

interface LogListeners {
  readonly log: Log;
  readonly redact: Redact;
  readonly holder: SnapshotHolder;
  readonly colour: boolean;
}

/** Lines that every request pays for are made once per style that somebody reads. */
function subscribeLogs(bus: Bus, { log, redact, holder, colour }: LogListeners): void {
  for (const style of ["json", "pretty"] as const) {
    const write = log.linesFor(style);
    if (write === null) continue;
    bus.subscribe(createAccessLog({ write, wall, redact, style, colour }));
    bus.subscribe(createDecisionLog({ write, wall, redact, style, colour }));
  }
  bus.subscribe(createLookAlikeLog(log.warn));
  bus.subscribe(createRemedyLog(log.warn));
  bus.subscribe(createStandingLog({ warn: log.warn, info: log.info, wall }));
  const flagged = flagsOf(holder.current.telemetry.flags);
  bus.subscribe(createModelCallLog({ warn: log.warn, info: log.info, memory: () => process.memoryUsage(), flagged }));
}

function wall(): number {
  return realClock.wall();
}

function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
