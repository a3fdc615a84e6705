// Ten minutes in rings: what is added where, what is forgotten when, and how near a percentile comes.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { msOf, percentile, SLOTS, slotOf } from "../../../../src/telemetry/live/log-slots.ts";
import { STEP_MS, STEPS, Timeline } from "../../../../src/telemetry/live/timeline.ts";

const RING_MS = STEPS * STEP_MS;

describe("slots", () => {
  it("have a middle within a twelfth of every duration between a hundredth of a millisecond and a quarter of an hour", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0101, max: 900_000, noNaN: true }), (ms) => {
        expect(Math.abs(msOf(slotOf(ms)) / ms - 1)).toBeLessThan(0.0906);
      }),
    );
  });

  it.each([
    ["nothing", 0],
    ["a clock that disagrees", -3],
    ["no number", Number.NaN],
    ["less than the first slot", 0.001],
  ])("take %s into the first", (_what, ms) => {
    expect(slotOf(ms)).toBe(0);
  });

  it("take what is too long into the last", () => {
    expect(slotOf(1e12)).toBe(SLOTS - 1);
  });

  it("tell percentiles, and nothing of nothing", () => {
    const counts = new Uint32Array(SLOTS);
    expect(percentile(counts, 0.5)).toBeNull();
    for (let ms = 1; ms <= 100; ms += 1) counts[slotOf(ms)] = (counts[slotOf(ms)] ?? 0) + 1;
    expect((percentile(counts, 0.5) ?? 0) / 50).toBeCloseTo(1, 0);
    expect((percentile(counts, 0.95) ?? 0) / 95).toBeCloseTo(1, 0);
  });
});

describe("the timeline", () => {
  it("puts each amount into the step of its instant, oldest first", () => {
    const timeline = new Timeline();
    timeline.add("ended", 1, 100);
    timeline.add("ended", 2, STEP_MS + 1);
    timeline.add("ended", 4, 3 * STEP_MS);
    expect(timeline.sums("ended", 3 * STEP_MS).slice(-4)).toEqual([1, 2, 0, 4]);
    expect(timeline.total("ended", 2, 3 * STEP_MS)).toBe(4);
  });

  it.each([
    ["a step behind its end", RING_MS + STEP_MS],
    ["long after", 10 * RING_MS],
  ])("forgets what is %s", (_when, now) => {
    const timeline = new Timeline();
    timeline.add("failed", 1, 0);
    timeline.observe("ttft", 20, 0);
    expect(timeline.total("failed", STEPS, RING_MS - 1)).toBe(1);
    expect(timeline.total("failed", STEPS, now)).toBe(0);
    expect(timeline.percentile("ttft", 0.5, { steps: STEPS, now })).toBeNull();
  });

  it("drops what comes too late for the ring and takes what is only late", () => {
    const timeline = new Timeline();
    timeline.level(0, 2 * RING_MS);
    timeline.add("ended", 1, 2 * RING_MS - 2 * STEP_MS);
    timeline.add("ended", 1, 0);
    expect(timeline.total("ended", STEPS, 2 * RING_MS)).toBe(1);
  });

  it("remembers a step's peak, and begins the next one where the last one ended", () => {
    const timeline = new Timeline();
    timeline.level(7, 10);
    timeline.level(3, 20);
    expect(timeline.peaks(2 * STEP_MS).slice(-3)).toEqual([7, 3, 3]);
  });

  it("spreads an amount over the time in which it came, and loses nothing of it", () => {
    const timeline = new Timeline();
    timeline.addOver("tokensOut", 400, { from: 2_500, until: 22_500 });
    expect(timeline.sums("tokensOut", 22_500).slice(-5)).toEqual([50, 100, 100, 100, 50]);
  });

  it("gives of what began before the ring only the part that lies in it", () => {
    const timeline = new Timeline();
    const until = 3 * RING_MS;
    timeline.addOver("tokensOut", 300, { from: 0, until });
    expect(timeline.total("tokensOut", STEPS, until)).toBeCloseTo(100, -1);
  });

  it("keeps sums whole, whatever the order and the spans", () => {
    const span = fc.tuple(fc.nat(RING_MS - STEP_MS), fc.nat(60_000), fc.nat(1_000));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), (spans) => {
        const timeline = new Timeline();
        for (const [until, ms, amount] of spans) timeline.addOver("tokensOut", amount, { from: until - ms, until });
        const inside = spans.filter(([until, ms]) => until - ms >= 0 && ms > 0);
        const told = timeline.total("tokensOut", STEPS, RING_MS - STEP_MS);
        expect(told).toBeGreaterThanOrEqual(inside.reduce((all, [, , amount]) => all + amount, 0) - 0.001);
        expect(told).toBeLessThanOrEqual(spans.reduce((all, [, , amount]) => all + amount, 0) + 0.001);
      }),
    );
  });

  it("knows its age, at most the ring's length", () => {
    const timeline = new Timeline();
    expect(timeline.age(500)).toBe(0);
    timeline.level(1, 1_000);
    expect(timeline.age(4_000)).toBe(3_000);
    expect(timeline.age(9 * RING_MS)).toBe(RING_MS);
  });
});
