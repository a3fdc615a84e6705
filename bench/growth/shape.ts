// What a curve looks like, in a number: the power of the size by which the cost grew. 0 is flat, 1 is proportional.

import { shown } from "../report.ts";

/** A curve's points, smallest size first. */
export type Points = readonly (readonly [size: number, cost: number])[];

/** How a curve went. */
export interface Shape {
  /** How often the largest size is the smallest, and the same of their costs. */
  readonly sizes: number;
  readonly costs: number;
  /** From the smallest to the largest. */
  readonly power: number;
  /** Of the steepest step between neighbours, which is where a curve that is flat at first begins to rise; noise is in it, too. */
  readonly steepest: number;
}

/** Beyond proportional by more than what a busy machine does to a curve of a factor of a thousand. */
const POWER_MAX = 1.1;

/** Looks at the points that were measured; null of fewer than two. */
export function shapeOf(points: Points): Shape | null {
  const known = points.filter(([, cost]) => Number.isFinite(cost));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || known.length < 2) return null;
  const steps = known.slice(1).map((point, at) => powerOf(known[at] ?? first, point));
  return {
    sizes: last[0] / first[0],
    costs: last[1] / first[1],
    power: powerOf(first, last),
    steepest: Math.max(...steps),
  };
}

function powerOf(from: Points[number], to: Points[number]): number {
  return Math.log(to[1] / from[1]) / Math.log(to[0] / from[0]);
}

/** Whether something costs more than in proportion to its size. What was not measured does not. */
export function isWorseThanLinear(shape: Shape | null): boolean {
  return shape !== null && shape.power > POWER_MAX;
}

/** A shape in words. */
export function shapeWords(shape: Shape | null): string {
  if (shape === null) return "not measured";
  const { sizes, costs, power, steepest } = shape;
  const words = `${shown(sizes)} x the size costs ${shown(costs)} x: a power of ${power.toFixed(2)}, ${steepest.toFixed(2)} in the steepest step`;
  return isWorseThanLinear(shape) ? `${words}. **More than linear.**` : `${words}.`;
}
