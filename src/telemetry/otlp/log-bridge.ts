// Lines of the log as OpenTelemetry's log records. They come redacted and as JSON; what they hold becomes attributes, flat.
import {
  type Attributes,
  type Context,
  type Logger,
  ROOT_CONTEXT,
  SeverityNumber,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { isJsonObject, type JsonObject, parseJson } from "../../core/json.ts";

const SEVERITY: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};
const NO_SPAN = "0000000000000000";
/** The flags of a trace that has spans, as lines write them. */
const SAMPLED = "01";

/** Takes a line of the log, as JSON, and has it exported. */
export function createLogBridge(logger: Logger): (line: string) => void {
  return (line) => {
    const record = parseJson(line);
    if (!isJsonObject(record)) return;
    const { traceId = null, spanId = null, traceFlags = null, ...rest } = record;
    const { level, time, msg, ...fields } = rest;
    logger.emit({
      timestamp: typeof time === "string" ? new Date(time) : new Date(0),
      severityNumber: SEVERITY[String(level)] ?? SeverityNumber.UNSPECIFIED,
      severityText: String(level).toUpperCase(),
      body: String(msg),
      attributes: flat(fields),
      context: contextOf({ traceId, spanId, traceFlags }),
    });
  };
}

/** The trace that the line belongs to; a record without a span has one that is empty. */
function contextOf({ traceId, spanId, traceFlags }: JsonObject): Context {
  if (typeof traceId !== "string") return ROOT_CONTEXT;
  const span = typeof spanId === "string" ? spanId : NO_SPAN;
  const flags = traceFlags === SAMPLED ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: span, traceFlags: flags });
}

/** Objects as JSON texts: most backends cannot look into them. */
function flat(fields: JsonObject): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) continue;
    attributes[name] = typeof value === "object" ? JSON.stringify(value) : value;
  }
  return attributes;
}
