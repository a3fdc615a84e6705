// When a load's requests start. The clock is the real one: nothing here asserts how long anything took.
import { expect, it } from "vitest";
import { atPace } from "../../../../src/cli/bench/pace.ts";

const yielded = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("a closed load never has more under way than connections, and stops at its number", async () => {
  let under = 0;
  let most = 0;
  let started = 0;
  await atPace({ connections: 3, durationMs: null, rate: null, requests: 20 }, async () => {
    started += 1;
    under += 1;
    most = Math.max(most, under);
    await yielded();
    under -= 1;
  });
  expect([started, most]).toEqual([20, 3]);
});

it("an open load is due at even distances, whenever it starts", async () => {
  const dues: number[] = [];
  const pace = { connections: 1, durationMs: null, rate: 1000, requests: 10 };
  const { missedMs } = await atPace(pace, async (dueMs) => {
    dues.push(dueMs);
    // Longer than the distance: the next ones wait for the connection, and are due when they were.
    await new Promise((resolve) => setTimeout(resolve, 3));
  });
  const distances = dues.slice(1).map((due, at) => due - (dues[at] ?? 0));
  for (const distance of distances) expect(distance).toBeCloseTo(1, 6);
  expect(dues).toHaveLength(10);
  expect(missedMs).toEqual([]);
});

it("what no connection was free for is missed, and said", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const load = atPace({ connections: 1, durationMs: 30, rate: 1000, requests: null }, async () => promise);
  setTimeout(resolve, 60);
  const { missedMs } = await load;
  expect(missedMs.length).toBeGreaterThan(0);
  // Each was due a millisecond behind the one before, and none after the time was over.
  expect(missedMs).toEqual(missedMs.toSorted((a, b) => b - a));
  expect(missedMs.every((ms) => ms >= 0 && ms < 31)).toBe(true);
});

it("a shot that rejects ends the load", async () => {
  const failing = async (): Promise<never> => {
    throw new Error("no");
  };
  await expect(atPace({ connections: 1, durationMs: null, rate: 100, requests: 2 }, failing)).rejects.toThrow("no");
});

it("connections that begin one after the other are due when they were meant to begin, where the client was held up", async () => {
  const dues: number[] = [];
  const startedAt = performance.now();
  const { promise: both, resolve } = Promise.withResolvers<void>();
  const pace = { connections: 2, durationMs: null, rate: null, requests: 2, spreadMs: 20 };
  await atPace(pace, async (dueMs) => {
    dues.push(dueMs - startedAt);
    if (dues.length === 2) resolve();
    while (performance.now() < startedAt + 60);
    await both;
  });
  expect(dues).toHaveLength(2);
  // Meant to begin at 10 ms, and could not before 60.
  expect(dues[1]).toBeGreaterThanOrEqual(10);
  expect(dues[1]).toBeLessThan(50);
});
