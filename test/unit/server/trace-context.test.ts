// Whose traces are continued, and what a `traceparent` must look like to be one (W3C Trace Context).
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import type { OtlpSettings, TelemetrySettings } from "../../../src/core/telemetry-settings.ts";
import { traceOf } from "../../../src/server/trace-context.ts";
import { aGateway, aSnapshot, aTarget, aTelemetry } from "../../support/snapshot.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT_ID = "b7ad6b7169203331";
const VALID = `00-${TRACE_ID}-${PARENT_ID}-01`;
const LOOPBACK = "127.0.0.1";
const STRANGER = "203.0.113.9";
const PROXY = "10.0.0.7";
const otlp: OtlpSettings = {
  serviceName: null,
  traces: { url: "http://c/v1/traces", headers: new Secret({}) },
  metrics: null,
  logs: null,
  flushIntervalMs: 60_000,
  metricNamePrefix: "openclaw.",
  preloaded: false,
  sdkLogLevel: null,
  logBatch: {},
  latestGenAi: false,
};

interface Calling {
  readonly peer?: string;
  readonly headers?: Record<string, string>;
  readonly telemetry?: Partial<TelemetrySettings>;
}

function called({ peer = LOOPBACK, headers = { traceparent: VALID }, telemetry = {} }: Calling) {
  const base = aGateway();
  const gateway = { ...base, auth: { ...base.auth, trustedProxies: [PROXY] } };
  const snapshot = aSnapshot([aTarget("a/m")], { gateway, telemetry: aTelemetry({ otlp, ...telemetry }) });
  return traceOf({ headers, peer, snapshot });
}

describe("the trace of a caller", () => {
  it.each<readonly [string, Calling, boolean]>([
    ["on this machine is continued", {}, true],
    ["behind a trusted proxy is continued", { peer: PROXY }, true],
    ["from elsewhere is not", { peer: STRANGER }, false],
    [
      "on this machine that speaks for somebody else is not",
      { headers: { traceparent: VALID, "x-forwarded-for": STRANGER } },
      false,
    ],
    [
      "from elsewhere is continued where the file trusts all",
      { peer: STRANGER, telemetry: { trustTraceContext: true } },
      true,
    ],
    ["on this machine is not where it trusts nobody", { telemetry: { trustTraceContext: false } }, false],
    ["without one begins", { headers: {} }, false],
  ])("%s", (_sentence, calling, joined) => {
    const trace = called(calling);
    expect(trace.traceId === TRACE_ID).toBe(joined);
    expect(trace.parentId).toBe(joined ? PARENT_ID : null);
    expect(trace.spanId).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ["of the future with more fields", `cc-${TRACE_ID}-${PARENT_ID}-01-what-comes`, true],
    ["of the future", `01-${TRACE_ID}-${PARENT_ID}-01`, true],
    ["of no version", `ff-${TRACE_ID}-${PARENT_ID}-01`, false],
    ["with a fifth field", `${VALID}-00`, false],
    ["in capitals", VALID.toUpperCase(), false],
    ["of zeros", `00-${"0".repeat(32)}-${PARENT_ID}-01`, false],
    ["with a parent of zeros", `00-${TRACE_ID}-${"0".repeat(16)}-01`, false],
    ["that is short", "00-1-2-01", false],
    ["that was sent twice", `${VALID}, ${VALID}`, false],
    ["with other signs", `00-${TRACE_ID.replace("0", "g")}-${PARENT_ID}-01`, false],
    ["that is empty", "", false],
  ])("%s is heard or not", (_sentence, traceparent, joined) => {
    expect(called({ headers: { traceparent } }).traceId === TRACE_ID).toBe(joined);
  });

  it.each([
    ["sampled stays sampled, whatever our own rate is", VALID, { sampleRate: 0 }, 1],
    ["not sampled stays so", VALID.replace(/01$/, "00"), { sampleRate: 1 }, 0],
    ["other bits are dropped", VALID.replace(/01$/, "ff"), {}, 1],
    ["is not called sampled where nothing is exported", VALID, { otlp: null }, 0],
  ])("that is joined: %s", (_sentence, traceparent, telemetry, flags) => {
    expect(called({ headers: { traceparent }, telemetry }).flags).toBe(flags);
  });

  it("that begins here is sampled at our rate", () => {
    const flagsAt = (sampleRate: number) => called({ headers: {}, telemetry: { sampleRate } }).flags;
    expect([0, 1].map(flagsAt)).toEqual([0, 1]);
  });
});
