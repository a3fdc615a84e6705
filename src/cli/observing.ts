// Everybody who hears events, and what they need: log, metrics, spans, health. Part of the wiring.
import type { Running } from "../core/call.ts";
import { realClock } from "../core/clock.ts";
import type { Observer } from "../core/events.ts";
import type { Snapshot, SnapshotHolder } from "../core/snapshot.ts";
import type { OtlpSettings } from "../core/telemetry-settings.ts";
import { Health, type HealthNews } from "../routing/health.ts";
import type { LoopMonitor } from "../server/loop-monitor.ts";
import { createAccessLog } from "../telemetry/access-log.ts";
import { type Bus, createBus } from "../telemetry/bus.ts";
import { createDecisionLog } from "../telemetry/decision-log.ts";
import { costUsd } from "../telemetry/cost.ts";
import { EventBatch } from "../telemetry/event-batch.ts";
import { hearing } from "../telemetry/hearing.ts";
import { BOARD_EVENTS, LiveBoard } from "../telemetry/live/board.ts";
import { flagsOf } from "../telemetry/flags.ts";
import { createLookAlikeLog } from "../telemetry/look-alike-log.ts";
import type { Log } from "../telemetry/log.ts";
import { createMetrics, type Gathering, type Metrics } from "../telemetry/metrics.ts";
import { createModelCallLog } from "../telemetry/model-call-log.ts";
import type { OtlpExport } from "../telemetry/otlp/start.ts";
import type { Destination } from "../telemetry/line-writer.ts";
import type { Redact } from "../telemetry/redact.ts";
import type { RotatingFileParts } from "../telemetry/rotating-file.ts";
import { createRemedyLog } from "../telemetry/remedy-log.ts";
import { createStandingLog } from "../telemetry/standing-log.ts";
import type { Terminal } from "./command.ts";
import { LiveRedactor } from "./live-redactor.ts";
import { type LogOutlet, type OpenedLog, openLog } from "./open-log.ts";
import { openFiles } from "./open-files.ts";
import { isColourful } from "./paint.ts";

const MS_PER_S = 1000;
/** Unix milliseconds of the start of the process: one instant, however often exporters are opened. */
const STARTED_AT = realClock.wall() - process.uptime() * MS_PER_S;

/** Leaving waits no longer for a collector. */
const EXPORT_STOP_MS = 2_000;
/** Workers leave before who started them, and each has its own wait. */
const LEAVING_IN_TURN = 2;

/** What `serve` was told beside the config. */
export interface ObservingOptions {
  readonly terminal: Terminal;
  /** From the command line; null leaves it to the config. */
  readonly level: string | null;
  /** One of several processes: what it leaves to the others, and what it tells them. */
  readonly role?: ObservingRole;
  /** Requests under way, for the status page; absent where none are carried. */
  readonly running?: () => readonly Running[];
  /** Hears what health finds out. */
  readonly onNews?: (news: HealthNews) => void;
}

/** What is different for one of several processes. */
export interface ObservingRole {
  /** What of the exports is its own. */
  readonly exports: (settings: OtlpSettings) => OtlpSettings;
  /** By how much the clock that all share is ahead of its own. */
  readonly aheadMs: number;
  /** Puts the figures of the others to its own. */
  readonly gathering?: Gathering;
  /** Writes the log file, where others write to it as well. */
  readonly file?: (parts: RotatingFileParts) => Destination;
  /** How its lines go out; absent for the process that has the terminal and the file itself. */
  readonly outlet?: LogOutlet;
}

/** The observers, and what others use of them. */
export interface Observing {
  readonly log: Log;
  readonly redact: Redact;
  /** For words of providers that go to a client. */
  readonly relayed: Redact;
  readonly health: Health;
  readonly observe: Observer;
  readonly renderMetrics: Metrics["render"];
  /** Of this process alone. */
  readonly families: Metrics["families"];
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
  // Health decides about the next request, and hears at once; all others record, and hear a moment later.
  const records = createBus();
  const batch = new EventBatch(records.observe, realClock);
  const { deliver: catchUp, wall: wallOfEvent } = batch;
  bus.subscribe(batch.observe);
  const health = new Health({
    random: Math.random,
    onChange: (change, at) => bus.observe({ type: "standing-changed", at, change }),
    onLearn: bus.observe,
    sharers: () => holder.current.workers,
    ...(options.onNews !== undefined && { onNews: options.onNews }),
  });
  let opened: OpenedLog | null = null;
  const metrics = openMetrics(holder, pulse, { health, options, logLinesDropped: () => opened?.log.dropped ?? 0 });
  const otlp = await openExport(holder, { metrics, redact, catchUp, options, log: () => opened?.log ?? null });
  const telling = { redactor, catchUp, wall: wallOfEvent, export: otlp?.log ?? null };
  opened = openLog(holder.current, { ...options, ...fileOf(options), ...telling });
  const { log, followLevels } = opened;
  records.subscribe(metrics.observe);
  if (otlp !== null && otlp.observe !== null) records.subscribe(otlp.observe);
  const colour = options.role?.outlet?.colour ?? isColourful(options.terminal, "stdout");
  const followFlags = subscribeLogs(records, { log, redact, holder, colour, wall: wallOfEvent });
  const board = new LiveBoard({
    redact,
    wall: wallOfEvent,
    catchUp,
    costOf: ({ stated }, usage) => costUsd(stated.cost, usage),
    running: options.running ?? (() => []),
    ...(options.role !== undefined && { aheadMs: options.role.aheadMs }),
  });
  records.subscribe(hearing(BOARD_EVENTS, (event) => board.hear(event)));
  // Last, so that what it tells of a change comes behind the event that brought it.
  bus.subscribe((event) => health.note(event));
  let stopped: Promise<void> | null = null;
  return {
    log,
    redact,
    relayed: redactor.relayed,
    health,
    observe: bus.observe,
    renderMetrics(accept) {
      catchUp();
      return metrics.render(accept);
    },
    get families() {
      catchUp();
      return metrics.families;
    },
    board,
    follow(next) {
      // What was told before is said as the configuration before would have it.
      catchUp();
      redactor.follow(next);
      followLevels(next);
      followFlags(next);
    },
    stop() {
      catchUp();
      metrics.stop();
      stopped ??= Promise.all([otlp?.stop(), log.flush()]).then(() => log.flush());
      return stopped;
    },
  };
}

function fileOf({ role }: ObservingOptions): Pick<ObservingRole, "file"> {
  return role?.file === undefined ? {} : { file: role.file };
}

interface MetricsSources {
  readonly health: Health;
  readonly options: ObservingOptions;
  readonly logLinesDropped: () => number;
}

function openMetrics(
  holder: SnapshotHolder,
  pulse: LoopMonitor,
  { health, options, logLinesDropped }: MetricsSources,
): Metrics {
  const clock = realClock;
  const { telemetry } = holder.current;
  const gathering = options.role?.gathering;
  return createMetrics({
    version: options.terminal.version,
    nodeVersion: process.version,
    isConfigured: (id) => holder.current.targets.has(id.toLowerCase()),
    isChannel: (name) => holder.current.telemetry.channels.has(name),
    enabled: () => holder.current.metrics === "all",
    memory: () => process.memoryUsage(),
    cpu: () => process.cpuUsage(),
    startedAtSeconds: Math.round(STARTED_AT / MS_PER_S),
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
    logLinesDropped,
    clock,
    yieldTurn,
    ...(gathering !== undefined && { gathering }),
  });
}

/** OpenTelemetry costs time and memory: it is loaded only for those who export. */
async function openExport(holder: SnapshotHolder, parts: ExportParts): Promise<OtlpExport | null> {
  const written = holder.current.telemetry.otlp;
  if (written === null) return null;
  const { metrics, redact, catchUp, options, log } = parts;
  const settings = options.role?.exports(written) ?? written;
  if (settings.traces === null && settings.metrics === null && settings.logs === null) return null;
  const { startOtlp } = await import("../telemetry/otlp/start.ts");
  return startOtlp({
    settings,
    redact,
    clock: realClock,
    countedSince: STARTED_AT,
    version: options.terminal.version,
    scheme: () => (holder.current.gateway.tls === null ? "http" : "https"),
    families() {
      catchUp();
      return metrics.gather();
    },
    yieldTurn,
    stopMs: options.role === undefined ? EXPORT_STOP_MS : EXPORT_STOP_MS / LEAVING_IN_TURN,
    print: (line) => void options.terminal.stderr.write(`${line}\n`),
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
  readonly catchUp: () => void;
  /** Null until it is open. */
  readonly log: () => Log | null;
}

interface LogListeners {
  readonly log: Log;
  readonly redact: Redact;
  readonly holder: SnapshotHolder;
  readonly colour: boolean;
  readonly wall: () => number;
}

/** Lines that every request pays for are made once per style that somebody reads. The flags of another configuration hold when it is told. */
function subscribeLogs(bus: Bus, { log, redact, holder, colour, wall }: LogListeners): (next: Snapshot) => void {
  for (const style of ["json", "pretty"] as const) {
    const write = log.linesFor(style);
    if (write === null) continue;
    bus.subscribe(createAccessLog({ write, wall, redact, style, colour }));
    bus.subscribe(createDecisionLog({ write, wall, redact, style, colour }));
  }
  bus.subscribe(createLookAlikeLog(log.warn));
  bus.subscribe(createRemedyLog(log.warn));
  bus.subscribe(createStandingLog({ warn: log.warn, info: log.info, wall }));
  let isOn = flagsOf(holder.current.telemetry.flags);
  const flagged = (name: string): boolean => isOn(name);
  bus.subscribe(createModelCallLog({ warn: log.warn, info: log.info, memory: () => process.memoryUsage(), flagged }));
  return ({ telemetry }) => {
    isOn = flagsOf(telemetry.flags);
  };
}

function yieldTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
