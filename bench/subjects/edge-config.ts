// Parts of configs that more than one way of running is made of.
import type { EdgeConfig } from "./edge.ts";

/** What the mock upstream is shown, as others are too. */
export const KEY = "sk-bench-upstream-key";

/** All telemetry; `logs`: every line goes to the collector as well, a copy of what stdout has. */
export function diagnosticsTo(endpoint: string, { logs = false } = {}): object {
  return { otel: { enabled: true, endpoint, sampleRate: 0.1, logs, metrics: true, traces: true } };
}

/** A config with more of what is this product's own. */
export function withEdge(config: EdgeConfig, more: object): EdgeConfig {
  return { ...config, edge: { ...config.edge, ...more } };
}

/** A model as its provider knows it. */
export function plainName(id: string): string {
  return id.replace(/^claude-/, "");
}
