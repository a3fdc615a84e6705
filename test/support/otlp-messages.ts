// TABLES: the messages of OTLP that tests read, from opentelemetry-proto 1.x (trace, metrics, logs, common, resource).
import type { Message } from "./protobuf.ts";

const ANY_VALUE: Message = {
  1: ["string", "string"],
  2: ["bool", "bool"],
  3: ["int", "varint"],
  4: ["double", "double"],
  5: ["array", () => ARRAY_VALUE],
};
const ARRAY_VALUE: Message = { 1: ["values", () => ANY_VALUE] };
const KEY_VALUE: Message = { 1: ["key", "string"], 2: ["value", () => ANY_VALUE] };
const RESOURCE: Message = { 1: ["attributes", () => KEY_VALUE] };
const SCOPE: Message = { 1: ["name", "string"], 2: ["version", "string"] };

const EVENT: Message = { 1: ["time", "fixed64"], 2: ["name", "string"] };
const STATUS: Message = { 2: ["message", "string"], 3: ["code", "varint"] };
const SPAN: Message = {
  1: ["traceId", "hex"],
  2: ["spanId", "hex"],
  4: ["parentSpanId", "hex"],
  5: ["name", "string"],
  6: ["kind", "varint"],
  7: ["start", "fixed64"],
  8: ["end", "fixed64"],
  9: ["attributes", () => KEY_VALUE],
  11: ["events", () => EVENT],
  15: ["status", () => STATUS],
};
const SCOPE_SPANS: Message = { 1: ["scope", () => SCOPE], 2: ["items", () => SPAN] };
const RESOURCE_SPANS: Message = { 1: ["resource", () => RESOURCE], 2: ["scopes", () => SCOPE_SPANS] };

const NUMBER_POINT: Message = {
  2: ["start", "fixed64"],
  3: ["time", "fixed64"],
  4: ["double", "double"],
  7: ["attributes", () => KEY_VALUE],
};
const HISTOGRAM_POINT: Message = {
  2: ["start", "fixed64"],
  4: ["count", "fixed64"],
  5: ["sum", "double"],
  6: ["buckets", "fixed64s"],
  7: ["bounds", "doubles"],
  9: ["attributes", () => KEY_VALUE],
};
const GAUGE: Message = { 1: ["points", () => NUMBER_POINT] };
const SUM: Message = {
  1: ["points", () => NUMBER_POINT],
  2: ["temporality", "varint"],
  3: ["monotonic", "bool"],
};
const HISTOGRAM: Message = { 1: ["points", () => HISTOGRAM_POINT], 2: ["temporality", "varint"] };
const METRIC: Message = {
  1: ["name", "string"],
  2: ["description", "string"],
  3: ["unit", "string"],
  5: ["gauge", () => GAUGE],
  7: ["sum", () => SUM],
  9: ["histogram", () => HISTOGRAM],
};
const SCOPE_METRICS: Message = { 1: ["scope", () => SCOPE], 2: ["items", () => METRIC] };
const RESOURCE_METRICS: Message = { 1: ["resource", () => RESOURCE], 2: ["scopes", () => SCOPE_METRICS] };

const LOG_RECORD: Message = {
  1: ["time", "fixed64"],
  2: ["severity", "varint"],
  3: ["severityText", "string"],
  5: ["body", () => ANY_VALUE],
  6: ["attributes", () => KEY_VALUE],
  8: ["flags", "fixed32"],
  9: ["traceId", "hex"],
  10: ["spanId", "hex"],
};
const SCOPE_LOGS: Message = { 1: ["scope", () => SCOPE], 2: ["items", () => LOG_RECORD] };
const RESOURCE_LOGS: Message = { 1: ["resource", () => RESOURCE], 2: ["scopes", () => SCOPE_LOGS] };

/** Export requests by the path that they are sent to. */
export const EXPORT_REQUESTS: Readonly<Record<string, Message>> = {
  "/v1/traces": { 1: ["resources", () => RESOURCE_SPANS] },
  "/v1/metrics": { 1: ["resources", () => RESOURCE_METRICS] },
  "/v1/logs": { 1: ["resources", () => RESOURCE_LOGS] },
};
