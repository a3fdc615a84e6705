// What a growth curve looks like, and when it is no longer linear.
import { describe, expect, it } from "vitest";
import { isWorseThanLinear, type Points, shapeOf, shapeWords } from "../../../bench/growth/shape.ts";

describe("the shape of a curve", () => {
  it.each<[string, Points, number, boolean]>([
    [
      "flat",
      [
        [1, 400],
        [100, 410],
        [3000, 405],
      ],
      0,
      false,
    ],
    [
      "proportional",
      [
        [1, 10],
        [8, 80],
        [64, 640],
      ],
      1,
      false,
    ],
    [
      "cheaper by the piece",
      [
        [10, 70],
        [10_000, 3.5],
      ],
      -0.43,
      false,
    ],
    [
      "a quadratic one",
      [
        [1, 1],
        [10, 100],
        [100, 10_000],
      ],
      2,
      true,
    ],
  ])("%s", (_what, points, power, isWorse) => {
    const shape = shapeOf(points);
    expect(shape?.power).toBeCloseTo(power, 1);
    expect(isWorseThanLinear(shape)).toBe(isWorse);
  });

  it("shows where a curve that is flat at first begins to rise", () => {
    const points: Points = [
      [1, 100],
      [10, 100],
      [100, 10_000],
    ];
    expect(shapeOf(points)).toMatchObject({ sizes: 100, costs: 100, power: 1, steepest: 2 });
  });

  it("leaves out what was not measured, and says nothing of a single point", () => {
    expect(
      shapeOf([
        [1, 10],
        [10, Number.NaN],
        [100, 10],
      ]),
    ).toMatchObject({ sizes: 100, power: 0 });
    expect(
      shapeOf([
        [1, 10],
        [10, Number.NaN],
      ]),
    ).toBeNull();
    expect(shapeWords(null)).toBe("not measured");
  });

  it("is said in words", () => {
    expect(
      shapeWords(
        shapeOf([
          [1, 10],
          [100, 20],
        ]),
      ),
    ).toBe("100 x the size costs 2 x: a power of 0.15, 0.15 in the steepest step.");
    expect(
      shapeWords(
        shapeOf([
          [1, 1],
          [10, 100],
        ]),
      ),
    ).toContain("More than linear");
  });
});
