// The process's own clock: what Node's timers cannot hold.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { realClock } from "../../../src/core/clock.ts";

describe("a wait", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("ends when it should, once", () => {
    const fire = vi.fn<() => void>();
    realClock.timer(1_000, fire);
    vi.advanceTimersByTime(999);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(fire).toHaveBeenCalledOnce();
  });

  it.each([2 ** 31, 99_999_999_000, Number.POSITIVE_INFINITY])("of %d ms is long, not over at once", (ms) => {
    const fire = vi.fn<() => void>();
    const timer = realClock.timer(ms, fire);
    const repeating = realClock.every(ms, fire);
    vi.advanceTimersByTime(10_000);
    expect(fire).not.toHaveBeenCalled();
    timer.cancel();
    repeating.stop();
  });
});

describe("monotonic time", () => {
  it.each([3_600_000, -3_600_000])("does not jump with the wall (X42): %i ms", (jump) => {
    const before = realClock.now();
    const wall = Date.now();
    const spy = vi.spyOn(Date, "now").mockReturnValue(wall + jump);
    expect(realClock.now() - before).toBeGreaterThanOrEqual(0);
    expect(realClock.now() - before).toBeLessThan(60_000);
    spy.mockRestore();
  });
});
