// Whether something grows, and whether a figure reaches its bound: the arithmetic of a soak's verdict.
import { expect, it } from "vitest";
import { slopePerTenMinutes } from "../../soak/slope.ts";
import { reaches } from "../../soak/soak.ts";

const points = (...values: readonly number[]): { seconds: number; value: number }[] =>
  values.map((value, at) => ({ seconds: at * 60, value }));

it.each([
  ["flat", points(5, 5, 5, 5), 0],
  ["one a minute", points(1, 2, 3, 4), 10],
  ["shrinking", points(4, 3, 2, 1), -10],
  ["a saw without growth", points(1, 3, 3, 1), 0],
])("%s", (_what, samples, slope) => {
  expect(slopePerTenMinutes(samples)).toBeCloseTo(slope, 9);
});

it("no growth is known of one sample", () => {
  expect(slopePerTenMinutes(points(1))).toBeNaN();
});

it.each([
  [{ value: 1, atMost: 1 }, true],
  [{ value: 1.1, atMost: 1 }, false],
  [{ value: 0, atLeast: 1 }, false],
  [{ value: 5 }, true],
  [{ value: Number.NaN, atMost: 1 }, false],
])("%j reaches its bound: %s", (figure, good) => {
  expect(reaches({ what: "x", unit: "", ...figure })).toBe(good);
});
