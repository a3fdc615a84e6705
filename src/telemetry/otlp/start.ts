// Starts OpenTelemetry's SDK and hangs our observers on it. Loaded only when something is to be exported: it costs about 180 ms and
// 45 MB. Whatever happens to the collector, requests do not notice, and leaving waits two seconds at most.
import { context, diag, logs, metrics, propagation, ProxyTracerProvider, trace } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import {
  defaultResource,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { BatchLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { AlwaysOnSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Clock } from "../../core/clock.ts";
import type { Observer } from "../../core/events.ts";
import type { OtlpSettings, OtlpSignal } from "../../core/telemetry-settings.ts";
import type { Family } from "../exposition.ts";
import type { Redact } from "../redact.ts";
import { TargetNames } from "../target-names.ts";
import { dropMeter } from "./drop-meter.ts";
import { createLogBridge } from "./log-bridge.ts";
import { MetricBridge } from "./metric-bridge.ts";
import { MintedIds } from "./minted-ids.ts";
import { hearSdk } from "./sdk-words.ts";
import { createSpanExporter } from "./span-exporter.ts";
import { type ExportWatch, QUEUE_FULL, tellExports } from "./told-exporter.ts";
import { TraceLog } from "./trace-log.ts";

/** What exporting needs. */
export interface OtlpParts {
  readonly settings: OtlpSettings;
  readonly version: string;
  readonly clock: Clock;
  /** Unix milliseconds from which on everything is counted. */
  readonly countedSince: number;
  readonly redact: Redact;
  readonly scheme: () => "http" | "https";
  readonly families: () => Promise<readonly Family[]>;
  readonly watch: ExportWatch;
  /** Takes a line of what the SDK says of itself, redacted. */
  readonly print: (line: string) => void;
  /** Leaving waits no longer for a collector. */
  readonly stopMs: number;
  readonly yieldTurn: () => Promise<void>;
}

/** Telemetry on its way to a collector. */
export interface OtlpExport {
  /** Makes spans; null when no traces are exported. */
  readonly observe: Observer | null;
  /** Takes lines of the log, as JSON; null when they are not exported. */
  readonly log: ((line: string) => void) | null;
  /** Sends what waits; resolves when it is out, or when `stopMs` are over. */
  stop(): Promise<void>;
}

const SCOPE = "openclaw-edge";
const SERVICE_DEFAULT = "openclaw-edge";
const EXPORT_TIMEOUT_MS = 10_000;

/** Starts exporting. Never throws for anything that a collector does. */
export function startOtlp(parts: OtlpParts): OtlpExport {
  const { settings, version, clock, redact, scheme } = parts;
  const ids = settings.preloaded ? null : new MintedIds();
  const sdk = ids === null ? null : openSdk(parts, ids);
  const words = { names: new TargetNames(redact), redact, scheme, latestGenAi: settings.latestGenAi };
  const tracer = trace.getTracer(SCOPE, version);
  const onDrawn = sdk === null ? atTheirPace : sendSpans;
  const traces = settings.traces === null ? null : new TraceLog({ tracer, ids, words, clock, onDrawn });
  return {
    observe: traces?.observe ?? null,
    log: settings.logs === null ? null : createLogBridge(logs.getLogger(SCOPE, version)),
    stop() {
      traces?.draw();
      return sdk === null ? Promise.resolve() : stopped(sdk, parts);
    },
  };
}

function openSdk(parts: OtlpParts, ids: MintedIds): NodeSDK {
  const { settings, version, redact, print } = parts;
  const own = { "service.name": SERVICE_DEFAULT, "service.version": version };
  const sdk = new NodeSDK({
    resource: defaultResource().merge(resourceFromAttributes(own)),
    // The others tell of the machine, its user and the command line.
    resourceDetectors: [resourceAttributesEnvDetector, serviceInstanceIdDetector],
    ...(settings.serviceName !== null && { serviceName: settings.serviceName }),
    instrumentations: [],
    // We read and write `traceparent` ourselves; nothing else may travel.
    textMapPropagator: null,
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    ...spanExport(parts),
    metricReaders: metricReaders(parts),
    logRecordProcessors: logProcessors(parts),
  });
  // The SDK has named its own speaker by now.
  if (settings.sdkLogLevel !== null) hearSdk(settings.sdkLogLevel, redact, print);
  sdk.start();
  return sdk;
}

/** Somebody else's SDK sends when it likes. */
function atTheirPace(): void {}

/** Sends what has been drawn, rather than have it wait for more; how that went is told by the exporter. */
function sendSpans(): void {
  const provider = trace.getTracerProvider();
  const own = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
  if (own instanceof TracerProvider) own.forceFlush().catch(() => undefined);
}

/** The SDK itself batches what it is given this way; OTEL_BSP_* bound a batch and its time. */
function spanExport({ settings, watch }: OtlpParts) {
  if (settings.traces === null) return { spanProcessors: [] };
  const traceExporter = createSpanExporter(exporterOptions(settings.traces));
  tellExports(traceExporter, "traces", watch);
  return { traceExporter };
}

function metricReaders({ settings, families, version, clock, countedSince, yieldTurn, watch }: OtlpParts) {
  if (settings.metrics === null) return [];
  const exportTimeoutMillis = Math.min(EXPORT_TIMEOUT_MS, settings.flushIntervalMs);
  const options = exporterOptions(settings.metrics);
  // An export that takes longer than the time to the next one is given up, repeats included.
  const bound = exportTimeoutMillis < EXPORT_TIMEOUT_MS ? { timeoutMillis: exportTimeoutMillis } : {};
  const exporter = new OTLPMetricExporter({ ...options, ...bound });
  tellExports(exporter, "metrics", watch);
  const scope = { name: SCOPE, version };
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: settings.flushIntervalMs,
    exportTimeoutMillis,
    metricProducers: [
      new MetricBridge({
        families,
        prefix: settings.metricNamePrefix,
        scope,
        countedSince,
        wall: () => clock.wall(),
        yieldTurn,
      }),
    ],
  });
  return [reader];
}

function logProcessors({ settings, watch }: OtlpParts) {
  if (settings.logs === null) return [];
  const exporter = new OTLPLogExporter(exporterOptions(settings.logs));
  tellExports(exporter, "logs", watch);
  const selfObsMeterProvider = dropMeter(() => watch.note("logs", "dropped", QUEUE_FULL));
  return [new BatchLogRecordProcessor({ ...settings.logBatch, exporter, selfObsMeterProvider })];
}

function exporterOptions({ url, headers }: OtlpSignal) {
  return { url, headers: { ...headers.reveal() } };
}

/** Everything out and everything global taken back, or time is up. */
async function stopped(sdk: NodeSDK, { clock, stopMs }: OtlpParts): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = clock.timer(stopMs, resolve);
  // What could not be sent has been told of by its exporter.
  await Promise.race([sdk.shutdown().catch(() => undefined), late]);
  timer.cancel();
  for (const api of [trace, metrics, logs, context, propagation, diag]) api.disable();
}
