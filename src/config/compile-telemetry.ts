// `diagnostics` and `edge.telemetry`, with the variables of OpenTelemetry: what is exported, where to, and whose traces are continued.
import { Secret } from "../core/secret.ts";
import {
  type LogBatch,
  METRIC_PREFIX,
  type OtlpSettings,
  type OtlpSignal,
  type TelemetrySettings,
} from "../core/telemetry-settings.ts";
import { envValue } from "./env-keys.ts";
import type { Environment } from "./environment.ts";
import { mayRun } from "./may-run.ts";
import type { Report } from "./report.ts";
import type { Config } from "./schema/root.ts";
import { holdsReference } from "./substitute.ts";

type OtelConfig = Config["diagnostics"]["otel"];

const SIGNALS = {
  traces: { path: "/v1/traces", variable: "TRACES", key: "tracesEndpoint" },
  metrics: { path: "/v1/metrics", variable: "METRICS", key: "metricsEndpoint" },
  logs: { path: "/v1/logs", variable: "LOGS", key: "logsEndpoint" },
} as const;
type SignalName = keyof typeof SIGNALS;

const SHARED_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";
const ENDPOINT_VARIABLES = [
  SHARED_VARIABLE,
  ...Object.values(SIGNALS).map(({ variable }) => `OTEL_EXPORTER_OTLP_${variable}_ENDPOINT`),
];
/** Where collectors listen (OTLP). */
const COLLECTOR_DEFAULT = "http://localhost:4318";
const PROTOCOL = "http/protobuf";
const FLUSH_DEFAULT_MS = 60_000;
const FLUSH_MIN_MS = 1_000;
const PRELOADED = "OPENCLAW_OTEL_PRELOADED";
const LATEST_GENAI = "gen_ai_latest_experimental";

/** Compiles what is told of requests beside the log. */
export function compileTelemetry(config: Config, env: Environment, report: Report): TelemetrySettings {
  const { diagnostics, edge } = config;
  const otlp = exports(config, env, report) ? otlpSettings(diagnostics.otel, env, report) : null;
  return {
    legacyGenAi: edge.telemetry.legacyGenAi,
    trustTraceContext: edge.telemetry.trustTraceContext ?? null,
    sampleRate: otlp === null || otlp.traces === null ? 0 : (diagnostics.otel.sampleRate ?? sampledBy(env, report)),
    otlp,
    channels: new Set(channelsOf(config.channels)),
    flags: [...(diagnostics.flags ?? []), ...listed(envValue(env, "OPENCLAW_DIAGNOSTICS"))],
  };
}

/** The rest of that root is OpenClaw's, and may look as it likes. */
function channelsOf(written: unknown): string[] {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return [];
  return Object.keys(written).map((name) => name.toLowerCase());
}

function exports({ diagnostics, plugins }: Config, env: Environment, report: Report): boolean {
  const allowed = diagnostics.enabled && mayRun("diagnostics-otel", plugins) && !isTrue(env, "OTEL_SDK_DISABLED");
  if (!allowed || diagnostics.otel.enabled === false) return false;
  reportEndpoints(env, report);
  const isAsked = isTrue(env, PRELOADED) || ENDPOINT_VARIABLES.some((name) => envUrl(env, name) !== null);
  return diagnostics.otel.enabled ?? isAsked;
}

/** Mostly the `http://` is missing: SDKs that speak gRPC take `collector:4317`. The value may hold a credential and is not repeated. */
function reportEndpoints(env: Environment, report: Report): void {
  for (const source of ENDPOINT_VARIABLES) {
    if (envValue(env, source) === null || envUrl(env, source) !== null) continue;
    const message = "is no URL with http:// or https:// in front, and counts as not set";
    report({ severity: "warning", code: "wrong_value", path: [], message, source });
  }
}

function otlpSettings(otel: OtelConfig, env: Environment, report: Report): OtlpSettings {
  reportProtocol(otel, env, report);
  return {
    serviceName: envValue(env, "OTEL_SERVICE_NAME") ?? otel.serviceName ?? null,
    traces: signalOf("traces", otel, env),
    metrics: signalOf("metrics", otel, env),
    logs: signalOf("logs", otel, env),
    flushIntervalMs: flushInterval(otel, env, report),
    metricNamePrefix: otel.metricNamePrefix ?? METRIC_PREFIX,
    preloaded: isTrue(env, PRELOADED),
    latestGenAi: listed(envValue(env, "OTEL_SEMCONV_STABILITY_OPT_IN")).includes(LATEST_GENAI),
    sdkLogLevel: envValue(env, "OTEL_LOG_LEVEL"),
    logBatch: logBatch(env),
  };
}

/** Null where the file or OTEL_<SIGNAL>_EXPORTER switches the signal off. */
function signalOf(name: SignalName, otel: OtelConfig, env: Environment): OtlpSignal | null {
  const { variable } = SIGNALS[name];
  const isElsewhere = name === "logs" && otel.logsExporter === "stdout";
  if (!otel[name] || isElsewhere || listed(envValue(env, `OTEL_${variable}_EXPORTER`)).includes("none")) return null;
  return { url: urlOf(name, otel, env), headers: new Secret(headersOf(name, otel, env)) };
}

/** The file's before the variable's of the signal before the one of all signals. */
function headersOf(name: SignalName, { headers }: OtelConfig, env: Environment): Record<string, string> {
  const own = `OTEL_EXPORTER_OTLP_${SIGNALS[name].variable}_HEADERS`;
  return { ...headersOfVariable(env, "OTEL_EXPORTER_OTLP_HEADERS"), ...headersOfVariable(env, own), ...headers };
}

/** The signal's own URL stands as it is, the file's before the variable's; behind a shared one comes the signal's path (OpenClaw §6.2). */
function urlOf(name: SignalName, otel: OtelConfig, env: Environment): string {
  const { key, path, variable } = SIGNALS[name];
  const own = filled(otel[key]) ?? envUrl(env, `OTEL_EXPORTER_OTLP_${variable}_ENDPOINT`);
  if (own !== null) return own;
  const shared = envUrl(env, SHARED_VARIABLE) ?? filled(otel.endpoint) ?? COLLECTOR_DEFAULT;
  return /\/v1\/(?:traces|metrics|logs)\b/.test(shared) ? shared : shared.replace(/\/*$/, path);
}

/** A URL of the file; one with a variable that is not set counts as not written, and the variable is told of with all others. */
function filled(url: string | undefined): string | null {
  return url === undefined || holdsReference(url) ? null : url;
}

/** A variable that is no URL is no reason not to start; it counts as not set. */
function envUrl(env: Environment, name: string): string | null {
  const value = envValue(env, name);
  return value !== null && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : null;
}

/** Only protobuf over HTTP is spoken, as in OpenClaw. */
function reportProtocol(otel: OtelConfig, env: Environment, report: Report): void {
  const variable = "OTEL_EXPORTER_OTLP_PROTOCOL";
  const asked = envValue(env, variable);
  const wrong = asked ?? otel.protocol;
  if (wrong === PROTOCOL) return;
  const source = asked === null ? {} : { source: variable };
  const message = `"${wrong}" is not spoken; ${PROTOCOL} is used`;
  const path = asked === null ? ["diagnostics", "otel", "protocol"] : [];
  report({ severity: "warning", code: "wrong_value", path, message, ...source });
}

function flushInterval({ flushIntervalMs }: OtelConfig, env: Environment, report: Report): number {
  const variable = Number(envValue(env, "OTEL_METRIC_EXPORT_INTERVAL") ?? Number.NaN);
  const asked = flushIntervalMs ?? (variable > 0 ? variable : FLUSH_DEFAULT_MS);
  if (asked >= FLUSH_MIN_MS) return asked;
  if (flushIntervalMs !== undefined) {
    const path = ["diagnostics", "otel", "flushIntervalMs"];
    report({ severity: "warning", code: "wrong_value", path, message: `is below ${FLUSH_MIN_MS}, which is used` });
  }
  return FLUSH_MIN_MS;
}

/** What the SDK reads of spans by itself it leaves to us for log records. */
const LOG_BATCH = {
  OTEL_BLRP_SCHEDULE_DELAY: "scheduledDelayMillis",
  OTEL_BLRP_EXPORT_TIMEOUT: "exportTimeoutMillis",
  OTEL_BLRP_MAX_QUEUE_SIZE: "maxQueueSize",
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "maxExportBatchSize",
} as const satisfies Record<string, keyof LogBatch>;

/** A variable that is no positive number counts as not set. */
function logBatch(env: Environment): LogBatch {
  const given = Object.entries(LOG_BATCH).map(
    ([name, key]) => [key, Number(envValue(env, name) ?? Number.NaN)] as const,
  );
  return Object.fromEntries(given.filter(([, value]) => value > 0));
}

const SAMPLER = "OTEL_TRACES_SAMPLER";
const SAMPLER_ARG = "OTEL_TRACES_SAMPLER_ARG";

/** OTEL_TRACES_SAMPLER as a rate; a joined trace follows its parent whatever the sampler is called. What is not understood samples all. */
function sampledBy(env: Environment, report: Report): number {
  const told = (source: string, message: string): 1 => {
    report({
      severity: "warning",
      code: "wrong_value",
      path: [],
      message: `${message}; all requests are traced`,
      source,
    });
    return 1;
  };
  const sampler = envValue(env, SAMPLER)?.replace(/^parentbased_/, "") ?? "always_on";
  switch (sampler) {
    case "always_on":
      return 1;
    case "always_off":
      return 0;
    case "traceidratio": {
      const rate = Number(envValue(env, SAMPLER_ARG) ?? "1");
      return rate >= 0 && rate <= 1 ? rate : told(SAMPLER_ARG, "is no number from 0 to 1");
    }
    default:
      return told(SAMPLER, `"${sampler}" is no sampler that is known here`);
  }
}

/** `name=value,name=value`, percent-encoded (OpenTelemetry, exporter specification). */
function headersOfVariable(env: Environment, name: string): Record<string, string> {
  const pairs = listed(envValue(env, name)).map((pair) => {
    const end = pair.indexOf("=");
    return end <= 0 ? null : ([pair.slice(0, end).trim(), decoded(pair.slice(end + 1).trim())] as const);
  });
  return Object.fromEntries(pairs.filter((pair) => pair !== null));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function listed(text: string | null): readonly string[] {
  const parts = text?.split(",").map((part) => part.trim()) ?? [];
  return parts.filter((part) => part !== "");
}

function isTrue(env: Environment, name: string): boolean {
  return /^(?:1|true)$/i.test(envValue(env, name) ?? "");
}
