// `logging` and `diagnostics`: what is told about requests, and to whom.
import { z } from "../zod.ts";
import { safePattern } from "../../core/safe-pattern.ts";
import { count, countOrZero, httpUrl, ignored, ignoredKeys, share, text } from "./fields.ts";
import { plainHeaders } from "./secret-ref.ts";

/** Levels of log lines, quietest first. */
export const logLevel = z.enum(["silent", "fatal", "error", "warn", "info", "debug", "trace"]);

/** What keeps a pattern from being used; null when nothing does. */
function patternFault(written: string): string | null {
  if (safePattern(written) !== null) return null;
  const literal = /^\/(.*)\/([a-z]*)$/s.exec(written);
  try {
    return (
      RegExp(literal?.[1] ?? written, literal?.[2] ?? "gi") && "repeats a repetition, which can take exponential time"
    );
  } catch {
    return "is not a regular expression";
  }
}

const pattern = text.refine((written) => patternFault(written) === null, {
  error: ({ input }) => patternFault(String(input)) ?? "",
});

/** `logging`. */
export const logging = z.strictObject({
  level: logLevel
    .default("info")
    .describe("Least severe level that is written. OPENCLAW_LOG_LEVEL and `--log-level` win."),
  consoleStyle: z
    .enum(["pretty", "compact", "json"])
    .optional()
    .describe("Default: `pretty` on a terminal, else `json`."),
  redactSensitive: z
    .enum(["tools", "off"])
    .default("tools")
    .describe("`tools` masks what looks like a secret; `off` does not."),
  redactPatterns: z
    .array(pattern)
    .optional()
    .describe("Regular expressions (`/re/flags` or the source) that replace the built-in list of what to mask."),
  consoleLevel: logLevel.optional().describe("Level for the console when it differs from `level`."),
  file: text
    .optional()
    .describe("File to write to besides the console, as JSON lines; its folder is made. Absent: no file."),
  maxFileBytes: count
    .optional()
    .describe("Size at which the file is rotated, in bytes; five older ones are kept. Default: 100 MiB."),
  audit: ignored("OpenClaw's record of its agents' runs."),
});

const endpoint = (signal: string) => httpUrl.optional().describe(`Where ${signal} go, as a whole URL.`);
const signal = (name: string) => z.boolean().default(true).describe(`Export ${name}.`);

const otel = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe("Export by OTLP. Default: when OTEL_EXPORTER_OTLP_ENDPOINT or the one of a signal is set."),
  endpoint: httpUrl.optional().describe("The collector. OTEL_EXPORTER_OTLP_ENDPOINT wins."),
  tracesEndpoint: endpoint("traces"),
  metricsEndpoint: endpoint("metrics"),
  logsEndpoint: endpoint("logs"),
  protocol: z.enum(["http/protobuf", "grpc"]).default("http/protobuf").describe("`grpc` is accepted and not used."),
  serviceName: text.optional().describe("`service.name`. OTEL_SERVICE_NAME wins."),
  headers: plainHeaders.optional().describe("Headers for the collector, such as its key."),
  traces: signal("traces"),
  metrics: signal("metrics"),
  logs: signal("logs"),
  logsExporter: z
    .enum(["otlp", "stdout", "both"])
    .default("otlp")
    .describe("Where exported logs go; `stdout`: only to the log itself, which has a line of JSON for each."),
  metricNamePrefix: z
    .string()
    .regex(/^(?:[A-Za-z][\w.\-/]{0,127})?$/, "must be up to 128 letters, digits, `_`, `.`, `-`, `/`, a letter first")
    .optional()
    .describe("Stands in front of pushed metrics in place of `openclaw.`; may be empty."),
  sampleRate: share
    .optional()
    .describe("Part of the requests that are traced, 0 to 1. Default: what OTEL_TRACES_SAMPLER says, else all."),
  flushIntervalMs: countOrZero.optional().describe("Time between exports of metrics, in milliseconds; at least 1000."),
  ...ignoredKeys(["captureContent"], "Prompts and answers never leave by telemetry."),
  ...ignoredKeys(["mcp"], "Tracing of MCP servers."),
});

/** `diagnostics`. */
export const diagnostics = z.strictObject({
  enabled: z.boolean().default(true).describe("Keep metrics; false: `/api/diagnostics/prometheus` is empty."),
  flags: z
    .array(text)
    .optional()
    .describe(
      "Names of extra diagnostics, `*` for any part; also OPENCLAW_DIAGNOSTICS. `model.call` tells of every call of a provider.",
    ),
  otel: otel.prefault({}).describe("Export by OpenTelemetry."),
  cacheTrace: ignored("Traces of OpenClaw's prompt cache."),
  memoryPressureSnapshot: ignored("Heap snapshots of OpenClaw."),
  ...ignoredKeys(["stuckSessionWarnMs", "stuckSessionAbortMs"], "OpenClaw's sessions."),
});
