// Lines of the log as OpenTelemetry's log records. They come redacted and as JSON; what they hold becomes attributes, flat.
import { type Attributes, type Context, type Logger, ROOT_CONTEXT, SeverityNumber, trace } from "@opentelemetry/api";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";

const SEVERITY: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};
const NO_SPAN = "0000000000000000";

/** Takes a line of the log, as JSON, and has it exported. */
export function createLogBridge(logger: Logger): (line: string) => void {
  return (line) => {
    const record = parseJson(line);
    if (!isJsonObject(record)) return;
    const { level, time, msg, traceId, spanId, ...fields } = record;
    logger.emit({
      timestamp: typeof time === "string" ? new Date(time) : new Date(0),
      severityNumber: SEVERITY[String(level)] ?? SeverityNumber.UNSPECIFIED,
      severityText: String(level).toUpperCase(),
      body: String(msg),
      attributes: flat(fields),
      context: contextOf(traceId, spanId),
    });
  };
}

/** The trace that the line belongs to; a record without a span has one that is empty. */
function contextOf(traceId: Json | undefined, spanId: Json | undefined): Context {
  if (typeof traceId !== "string") return ROOT_CONTEXT;
  const span = typeof spanId === "string" ? spanId : NO_SPAN;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: span, traceFlags: 0 });
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
