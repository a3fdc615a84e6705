// The plot of the growth curves: flat is level, proportional lies on the dashed line.
import { expect, it } from "vitest";
import { plotOf } from "../../../bench/growth/plot.ts";

function placesOf(svg: string): number[][] {
  const points = /points="([^"]*)"/.exec(svg)?.[1] ?? "";
  return points.split(" ").map((place) => place.split(",").map(Number));
}

it("a flat curve is level", () => {
  const places = placesOf(
    plotOf(
      [
        {
          name: "flat",
          points: [
            [1, 40],
            [10, 40],
            [1000, 40],
          ],
        },
      ],
      "t",
    ),
  );
  expect(new Set(places.map(([, y]) => y)).size).toBe(1);
});

it("a proportional curve lies on the dashed line, whatever its units", () => {
  const svg = plotOf(
    [
      {
        name: "linear",
        points: [
          [8, 40],
          [80_000, 400_000],
        ],
      },
    ],
    "t",
  );
  const [, x1, y1, x2, y2] = /<line x1="(\d+)" y1="(\d+)" x2="(\d+)" y2="(\d+)" stroke="#bbb"/.exec(svg) ?? [];
  expect(placesOf(svg)).toEqual([
    [Number(x1), Number(y1)],
    [Number(x2), Number(y2)],
  ]);
});
