// What metrics are called on their way to a collector.
import { describe, expect, it } from "vitest";
import { prefixed, pushedAttribute, pushedName } from "../../../../src/telemetry/otlp/metric-names.ts";

describe("a pushed metric", () => {
  it.each([
    ["openclaw_model_tokens_total", "openclaw.tokens", "{token}", 1],
    ["openclaw_run_duration_seconds", "openclaw.run.duration_ms", "ms", 1000],
    ["gen_ai_client_token_usage", "gen_ai.client.token.usage", "{token}", 1],
    ["openclaw_edge_failovers_total", "openclaw.edge.failovers", "1", 1],
    ["openclaw_edge_overhead_seconds", "openclaw.edge.overhead", "s", 1],
    ["openclaw_memory_bytes", "openclaw.memory", "By", 1],
    ["process_cpu_seconds_total", "process.cpu", "s", 1],
    ["nodejs_eventloop_utilization", "nodejs.eventloop_utilization", "1", 1],
    ["constructor", "constructor", "1", 1],
  ])("%s is %s in %s", (prometheus, name, unit, scale) => {
    expect(pushedName(prometheus)).toEqual({ name, unit, scale });
  });

  it("is left out where another says the same", () => {
    expect(pushedName("openclaw_gen_ai_client_token_usage")).toBeNull();
  });

  it.each([
    ["openclaw_model_tokens_total", "acme/", "acme/tokens"],
    ["openclaw_edge_failovers_total", "", "edge.failovers"],
    ["gen_ai_client_token_usage", "acme.", "gen_ai.client.token.usage"],
    ["openclaw_model_tokens_total", "openclaw.", "openclaw.tokens"],
  ])("has %s with the prefix '%s' as %s", (family, prefix, name) => {
    expect(prefixed(pushedName(family), prefix)?.name).toBe(name);
  });

  it.each([
    ["token_type", "openclaw.token"],
    ["gen_ai_request_model", "gen_ai.request.model"],
    ["error_category", "error.type"],
    ["provider", "openclaw.provider"],
    ["toString", "openclaw.toString"],
  ])("has the label %s as %s", (label, attribute) => {
    expect(pushedAttribute(label)).toBe(attribute);
  });
});
