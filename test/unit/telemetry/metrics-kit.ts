// Metrics of a process that does not exist: events in, families out.
import type { ProxyEvent } from "../../../src/core/events.ts";
import { createMetrics, type Metrics, type MetricsParts } from "../../../src/telemetry/metrics.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { type ReadFamily, readExposition } from "./exposition-text.ts";

/** The targets that the configuration of these tests lists. */
export const CONFIGURED: ReadonlySet<string> = new Set(["openai/gpt-4o", "anthropic/claude", "local/phi", "mock/echo"]);

/** A turn that takes no time. */
export const noTurn = (): Promise<void> => Promise.resolve();

/** Metrics with what a test wants to turn. */
export function metricsOf(more: Partial<MetricsParts> = {}): Metrics {
  return createMetrics({
    version: "1.2.3",
    nodeVersion: "v24.0.0",
    memory: () => ({ rss: 5, heapTotal: 4, heapUsed: 3, external: 2, arrayBuffers: 1 }),
    cpu: () => ({ user: 3_000_000, system: 1_000_000 }),
    startedAtSeconds: 1_700_000_000,
    openFiles: () => 21,
    logLinesDropped: () => 7,
    loop: () => ({ delayP99Seconds: 0.012, delayMaxSeconds: 0.02, utilization: 0.25 }),
    scheme: () => "http",
    legacyGenAi: true,
    tracing: () => false,
    notReady: () => [],
    enabled: () => true,
    isConfigured: (id) => CONFIGURED.has(id),
    isChannel: (name) => name === "team-a",
    clock: new FakeClock(),
    yieldTurn: noTurn,
    ...more,
  });
}

/** What a scraper reads after these events. */
export async function scraped(events: readonly ProxyEvent[], metrics = metricsOf()): Promise<Map<string, ReadFamily>> {
  for (const event of events) metrics.observe(event);
  return readExposition((await metrics.render(null)).body);
}

/** The samples of all families as one map. */
export async function samplesAfter(events: readonly ProxyEvent[], metrics = metricsOf()): Promise<Map<string, number>> {
  const families = await scraped(events, metrics);
  return new Map([...families.values()].flatMap(({ samples }) => Array.from(samples)));
}
