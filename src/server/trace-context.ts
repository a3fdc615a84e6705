// The trace that a request belongs to: one that a trusted caller has begun (W3C `traceparent`), else a new one. What strangers say of
// traces is not heard: they could write into those of others and have everything sampled. `tracestate` and `baggage` are read by nobody.
import { joinedTrace, newTrace, type TraceContext } from "../core/ids.ts";
import type { TelemetrySettings } from "../core/telemetry-settings.ts";
import { isLocalDirect } from "./client-address.ts";
import { field } from "./fields.ts";
import { gateOf } from "./gate.ts";
import type { Visit } from "./visit.ts";

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values: version 00 has four fields, later ones may have more. */
const TRACEPARENT =
  /^(?:00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})|(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?)$/;
const ZEROS = /^0+$/;

/** A visit before it has a trace. */
type Caller = Pick<Visit, "headers" | "peer" | "snapshot">;

/** The trace of a request. */
export function traceOf(caller: Caller): TraceContext {
  const { headers, snapshot } = caller;
  const { telemetry } = snapshot;
  const joined = headers["traceparent"] !== undefined && isTrusted(caller, telemetry) ? parentOf(caller) : null;
  return joined ?? newTrace(telemetry.sampleRate);
}

function isTrusted({ headers, peer, snapshot }: Caller, { trustTraceContext }: TelemetrySettings): boolean {
  return trustTraceContext ?? (isLocalDirect(headers, peer) || gateOf(snapshot.gateway).trust.trustedProxies.has(peer));
}

/** Null when the field is no valid one; sent twice, it is none. */
function parentOf({ headers, snapshot }: Caller): TraceContext | null {
  const match = TRACEPARENT.exec(field(headers, "traceparent") ?? "");
  if (match === null) return null;
  const traceId = match[1] ?? match[4] ?? "";
  const parentId = match[2] ?? match[5] ?? "";
  if (ZEROS.test(traceId) || ZEROS.test(parentId)) return null;
  // Without an exporter nothing is recorded, and nobody is told that it was.
  const records = (snapshot.telemetry.otlp?.traces ?? null) !== null;
  return joinedTrace(traceId, parentId, records ? Number.parseInt(match[3] ?? match[6] ?? "0", 16) : 0);
}
