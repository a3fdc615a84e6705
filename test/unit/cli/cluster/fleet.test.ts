// A fleet for which the system has no process.
import { beforeEach, expect, it } from "vitest";
import { Fleet } from "../../../../src/cli/cluster/fleet.ts";
import type { Log } from "../../../../src/telemetry/log.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

let clock: FakeClock;
let fleet: Fleet;
let asked: number[];

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  fleet = new Fleet({
    clock,
    log: { error: () => undefined } as unknown as Log,
    enlist: (at) => {
      asked.push(at);
      // As Node tells of what is no matter of its `error` event.
      throw Object.assign(new Error("spawn ENOMEM"), { code: "ENOMEM", syscall: "spawn" });
    },
    patience: () => ({ patienceMs: 0, drainMs: 0 }),
    onEnd: () => undefined,
    onStanding: () => undefined,
    tellStanding: () => Promise.resolve(),
  });
});

const FAULT = { code: "ENOMEM", message: "a worker could not be started (ENOMEM)" };

it("says so when it cannot start, and is no bug", async () => {
  expect(await fleet.start(2)).toEqual(FAULT);
  expect(fleet.members).toEqual([]);
});

it("that is to grow tries again, later each time", async () => {
  expect(await fleet.resize(2)).toEqual(FAULT);
  expect(asked).toEqual([0, 1]);
  for (const [waitMs, times] of [
    [100, 2],
    [200, 3],
    [400, 4],
  ] as const) {
    clock.advance(waitMs);
    await expect.poll(() => asked.length).toBe(2 * times);
  }
  await fleet.leave(0);
  clock.advance(60_000);
  await expect.poll(() => asked.length).toBe(8);
});
