// A worker for which there is no process: the system had no room for one, or refused it.
import cluster from "node:cluster";
import { afterEach, expect, it } from "vitest";
import { Member } from "../../../../src/cli/cluster/member.ts";
import { realClock } from "../../../../src/core/clock.ts";

const silent = { write: (): void => undefined };

afterEach(() => cluster.setupPrimary({ cwd: process.cwd() }));

it("that could not be started ends, and says why", async () => {
  // As `EAGAIN` (no more processes), this is told by an event, and there is no exit.
  cluster.setupPrimary({ cwd: "/no/such/folder", stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"] });
  const member = new Member({
    at: 0,
    env: {},
    outputs: { stdout: silent, stderr: silent, file: silent },
    clock: realClock,
    onBug: (error) => expect.unreachable(String(error)),
    hearers: () => ({}) as never,
  });
  expect(await member.started).toEqual({ code: "ended", message: "a worker ended while it started (ENOENT)" });
  expect(await member.ended).toEqual({ code: null, signal: "ENOENT" });
});
