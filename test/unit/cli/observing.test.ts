// The wiring of those who only record: what they hear a moment later is told as if they had heard it at once.
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { openObserving } from "../../../src/cli/observing.ts";
import { realClock } from "../../../src/core/clock.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../../src/core/json.ts";
import type { Snapshot } from "../../../src/core/snapshot.ts";
import { LoopMonitor } from "../../../src/server/loop-monitor.ts";
import { MODEL_CALL_FLAG } from "../../../src/telemetry/model-call-log.ts";
import { attemptOf, attemptStarted, requestEnded } from "../../support/events.ts";
import { aSnapshot, aTarget } from "../../support/snapshot.ts";

const target = aTarget("acme/large");

async function observingOf(more: Partial<Snapshot> = {}) {
  const snapshot: Snapshot = { ...aSnapshot([target]), ...more };
  const pulse = new LoopMonitor(realClock);
  const stdout = new PassThrough();
  const terminal = { env: {}, cwd: "/", home: "/", version: "1.2.3", program: "openclaw-edge" };
  const stream = stdout as unknown as NodeJS.WriteStream;
  const observing = await openObserving({ current: snapshot }, pulse, {
    terminal: { ...terminal, stdout: stream, stderr: stream },
    level: null,
  });
  const lines = async (): Promise<JsonObject[]> => {
    await observing.stop();
    pulse.stop();
    const all = String(stdout.read() ?? "").split("\n");
    return all.map((line) => parseJson(line)).filter((line) => isJsonObject(line));
  };
  return { observing, snapshot, lines };
}

it("a line that is said of an event bears the time of the event", async () => {
  const { telemetry } = aSnapshot([target]);
  const { observing, lines } = await observingOf({ telemetry: { ...telemetry, flags: [MODEL_CALL_FLAG] } });
  const startedAt = realClock.now() - 60_000;
  const expected = realClock.wall() - 60_000;
  observing.observe(attemptStarted(attemptOf(target, { startedAt })));
  const [line] = await lines();
  expect(line).toMatchObject({ event: "model.call.started" });
  expect(Math.abs(Date.parse(String(line?.["time"])) - expected)).toBeLessThan(10_000);
});

it("what was told before a reload is said as the configuration before would have it", async () => {
  const { observing, snapshot, lines } = await observingOf();
  observing.observe(requestEnded([attemptOf(target)], { at: realClock.now() }));
  observing.follow({ ...snapshot, logging: { ...snapshot.logging, level: "error" } });
  observing.observe(requestEnded([attemptOf(target)], { at: realClock.now() }));
  expect(await lines()).toHaveLength(1);
});
