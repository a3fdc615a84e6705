// A fleet for which the system has no process.
import { expect, it } from "vitest";
import { Fleet } from "../../../../src/cli/cluster/fleet.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import type { Log } from "../../../../src/telemetry/log.ts";

it("says so when it cannot start, and is no bug", async () => {
  const fleet = new Fleet({
    clock: new FakeClock(),
    log: {} as Log,
    enlist: () => {
      // As Node tells of what is no matter of its `error` event.
      throw Object.assign(new Error("spawn ENOMEM"), { code: "ENOMEM", syscall: "spawn" });
    },
    patienceMs: () => 0,
    onEnd: () => undefined,
    onStanding: () => undefined,
  });
  expect(await fleet.start(2)).toEqual({ code: "ENOMEM", message: "a worker could not be started (ENOMEM)" });
  expect(fleet.members).toEqual([]);
});
