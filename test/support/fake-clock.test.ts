import { describe, expect, it } from "vitest";
import { FakeClock } from "./fake-clock.ts";

describe("FakeClock", () => {
  it("fires in order of the instant, then of arming, each at its own now", () => {
    const clock = new FakeClock();
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
    clock.timer(20, note("b"));
    clock.timer(10, note("a"));
    clock.timer(20, note("c"));
    clock.every(15, note("e"));
    clock.advance(30);
    expect(fired).toEqual(["a@10", "e@15", "b@20", "c@20", "e@30"]);
    expect([clock.now(), clock.pending, clock.nextMs]).toEqual([30, 1, 15]);
  });

  it("fires what is armed on the way, and nothing that was cancelled", () => {
    const clock = new FakeClock();
    const fired: number[] = [];
    let rounds = 0;
    const cancelled = clock.timer(5, () => fired.push(-1));
    const repeating = clock.every(10, () => {
      fired.push(clock.now());
      rounds += 1;
      if (rounds === 2) repeating.stop();
      clock.timer(1, () => fired.push(clock.now()));
    });
    cancelled.cancel();
    clock.advance(100);
    expect(fired).toEqual([10, 11, 20, 21]);
    expect(clock.pending).toBe(0);
  });

  it("lets promises run between timers", async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    const wait = async () => {
      for (let round = 0; round < 3; round += 1) {
        const { promise, resolve } = Promise.withResolvers<void>();
        clock.timer(10, resolve);
        await promise;
        seen.push(clock.now());
      }
    };
    const done = wait();
    await clock.advanceAsync(100);
    await done;
    expect(seen).toEqual([10, 20, 30]);
  });

  it("moves wall time along", () => {
    const clock = new FakeClock(1000);
    clock.advance(5);
    expect(clock.wall()).toBe(1005);
  });
});
