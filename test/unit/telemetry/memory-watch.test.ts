// Looks at memory: histograms of it, and pressure when it begins.
import { expect, it } from "vitest";
import { FakeClock } from "../../support/fake-clock.ts";
import { readExposition } from "./exposition-text.ts";
import { metricsOf } from "./metrics-kit.ts";

const MEBIBYTE = 1_048_576;

it("memory is looked at every 30 s; pressure counts once per time that it begins", async () => {
  const clock = new FakeClock();
  let rss = 100 * MEBIBYTE;
  const memory = () => ({ rss, heapTotal: 0, heapUsed: 64 * MEBIBYTE, external: 0, arrayBuffers: 0 });
  const metrics = metricsOf({ clock, memory });
  for (const mebibytes of [100, 1536, 1600, 100, 3072]) {
    rss = mebibytes * MEBIBYTE;
    clock.advance(30_000);
  }
  const families = readExposition((await metrics.render(null)).body);
  const samples = new Map([...families.values()].flatMap((family) => Array.from(family.samples)));
  expect(samples.get("openclaw_memory_rss_bytes_count")).toBe(5);
  expect(samples.get('openclaw_memory_rss_bytes_bucket{le="134217728"}')).toBe(2);
  expect(samples.get('openclaw_memory_pressure_total{level="warning",reason="rss"}')).toBe(1);
  expect(samples.get('openclaw_memory_pressure_total{level="critical",reason="rss"}')).toBe(1);
  // 1436 MiB and 2972 MiB from one look to the next.
  expect(samples.get('openclaw_memory_pressure_total{level="critical",reason="growth"}')).toBe(2);
  metrics.stop();
  clock.advance(60_000);
  expect(
    readExposition((await metrics.render(null)).body)
      .get("openclaw_memory_rss_bytes")
      ?.samples.get("openclaw_memory_rss_bytes_count"),
  ).toBe(5);
});
