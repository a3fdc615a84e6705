// OpenTelemetry's SDK as we start it, in front of a collector that does not keep up: what is lost is counted, and leaving waits two seconds.
import { afterEach, describe, expect, it } from "vitest";
import { Secret } from "../../../../src/core/secret.ts";
import type { LogBatch } from "../../../../src/core/telemetry-settings.ts";
import type { NoteExport } from "../../../../src/telemetry/export-counts.ts";
import { type OtlpExport, startOtlp } from "../../../../src/telemetry/otlp/start.ts";
import { Collector } from "../../../support/collector.ts";
import { attemptOf, requestEnded, requestOf } from "../../../support/events.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { aTarget } from "../../../support/snapshot.ts";

type Noted = Record<string, number>;

const SAMPLED = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7", parentId: null, flags: 1 };
const ended = requestEnded([attemptOf(aTarget("openai/gpt-4o"))], { request: requestOf({ trace: SAMPLED }) });
const LINE = `{"level":"info","time":"2026-11-22T12:00:00.000Z","msg":"request"}`;
/** Requests whose spans are sent at once. */
const DRAWN = 64;
/** Exports of one signal that may be under way. */
const UNDER_WAY_MAX = 30;
/** Log records that wait at most, and those that may be on their way meanwhile. */
const RECORDS_MAX = 2_048 + 512;

let collector: Collector;
let otlp: OtlpExport;
let clock: FakeClock;
let noted: Noted;

async function start(manners: Collector["manners"], logBatch: LogBatch = {}): Promise<void> {
  collector = await Collector.listen();
  collector.manners = manners;
  clock = new FakeClock();
  noted = {};
  const note: NoteExport = (signal, status, reason = "none") => {
    const key = `${signal} ${status} ${reason}`;
    noted[key] = (noted[key] ?? 0) + 1;
  };
  otlp = startOtlp({
    settings: {
      serviceName: null,
      traces: { url: `${collector.url}/v1/traces`, headers: new Secret({}) },
      metrics: null,
      logs: { url: `${collector.url}/v1/logs`, headers: new Secret({}) },
      flushIntervalMs: 60_000,
      metricNamePrefix: "openclaw.",
      preloaded: false,
      latestGenAi: false,
      sdkLogLevel: null,
      logBatch,
    },
    version: "1.2.3",
    clock,
    countedSince: 0,
    redact: (text) => text,
    scheme: () => "http",
    families: async () => [],
    watch: { note, onTrouble: () => undefined, onRecovery: () => undefined },
    print: () => undefined,
    stopMs: 2_000,
    yieldTurn: () => Promise.resolve(),
  });
}

/** Stops without waiting for what a collector may still do. */
afterEach(async () => {
  const stopped = otlp.stop();
  clock.advance(2_000);
  await stopped;
  await collector[Symbol.asyncDispose]();
});

describe("leaving", () => {
  it("waits two seconds for a collector that hangs, and not longer", async () => {
    await start("hang");
    for (let each = 0; each < DRAWN; each += 1) otlp.observe?.(ended);
    await collector.until(() => collector.exports.length > 0, "an export");
    let isOver = false;
    const stopped = otlp.stop().then(() => (isOver = true));
    await clock.advanceAsync(1_999);
    expect(isOver).toBe(false);
    clock.advance(1);
    expect(await stopped).toBe(true);
  });

  it("does not wait for the clock where everything is taken, and has sent it all", async () => {
    await start("take");
    otlp.observe?.(ended);
    otlp.log?.(LINE);
    await otlp.stop();
    expect([collector.items("/v1/traces").length, collector.items("/v1/logs").length]).toEqual([2, 1]);
    expect(noted).toEqual({ "traces success none": 1, "logs success none": 1 });
  });
});

describe("what a collector is too slow for", () => {
  it("is dropped export by export, of spans, once as many are under way as may be", async () => {
    await start("hang");
    for (let each = 0; each < DRAWN * (UNDER_WAY_MAX + 3); each += 1) otlp.observe?.(ended);
    await collector.until(() => collector.exports.length === UNDER_WAY_MAX, "all that may be under way");
    expect(noted).toEqual({ "traces dropped queue_full": 3 });
  });

  it("is dropped at the bound that is set for records", async () => {
    await start("hang", { maxQueueSize: 8, maxExportBatchSize: 4 });
    for (let each = 0; each < 100; each += 1) otlp.log?.(LINE);
    expect(noted["logs dropped queue_full"]).toBeGreaterThanOrEqual(100 - 8 - 4);
  });

  it("is dropped record by record, of lines, once as many wait as may, and none goes uncounted", async () => {
    await start("hang");
    for (let each = 0; each < RECORDS_MAX + 1_000; each += 1) otlp.log?.(LINE);
    const dropped = noted["logs dropped queue_full"] ?? 0;
    expect(dropped).toBeGreaterThanOrEqual(1_000);
    expect(RECORDS_MAX + 1_000 - dropped).toBeGreaterThanOrEqual(2_048);
  });
});
