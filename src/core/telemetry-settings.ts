// What is told of requests beside the log, and to whom: part of the snapshot.
import type { Secret } from "./secret.ts";

/** One kind of telemetry on its way to a collector. */
export interface OtlpSignal {
  /** The whole URL. */
  readonly url: string;
  readonly headers: Secret<Readonly<Record<string, string>>>;
}

/** The usual beginning of pushed names that are OpenClaw's or ours. */
export const METRIC_PREFIX = "openclaw.";

/** Export by OTLP over HTTP. */
export interface OtlpSettings {
  /** Null leaves it to OTEL_RESOURCE_ATTRIBUTES, then to our own name. */
  readonly serviceName: string | null;
  /** Null where a signal is not exported. */
  readonly traces: OtlpSignal | null;
  readonly metrics: OtlpSignal | null;
  readonly logs: OtlpSignal | null;
  readonly flushIntervalMs: number;
  /** In front of the names of metrics that are ours or OpenClaw's. */
  readonly metricNamePrefix: string;
  /** Somebody else has started an SDK in this process: spans go there, and nothing is started. */
  readonly preloaded: boolean;
  /** Only the newest names of the GenAI conventions on spans. */
  readonly latestGenAi: boolean;
  /** OTEL_LOG_LEVEL: from which level on the SDK speaks of itself; null where it is silent. */
  readonly sdkLogLevel: string | null;
  /** OTEL_BLRP_*: how log records are batched; what is left out is as the SDK has it. */
  readonly logBatch: LogBatch;
}

/** Bounds of a batch of log records, in the SDK's words. */
export type LogBatch = Readonly<Partial<Record<LogBatchBound, number>>>;
type LogBatchBound = "scheduledDelayMillis" | "exportTimeoutMillis" | "maxQueueSize" | "maxExportBatchSize";

/** What is told of requests beside the log. */
export interface TelemetrySettings {
  readonly legacyGenAi: boolean;
  /** Whose traces are continued: everybody's, nobody's, or (null) those of programs of this machine and of trusted proxies. */
  readonly trustTraceContext: boolean | null;
  /** Part of new traces that are sampled, 0 to 1; 0 where no traces are exported. */
  readonly sampleRate: number;
  /** Null: nothing is exported. */
  readonly otlp: OtlpSettings | null;
  /** Names of extra diagnostics, `*` for any part. */
  readonly flags: readonly string[];
  /** Names of OpenClaw's channels that the file lists, in lower case: requests may name one, and metrics tell it. */
  readonly channels: ReadonlySet<string>;
}

/** What scrapers get: the figures, nothing (diagnostics are off), or not even a path (OpenClaw's plugin is off; OpenClaw §6.1). */
export type MetricsShown = "all" | "nothing" | "no-path";
