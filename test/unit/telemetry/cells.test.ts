// Cells: the same labels are the same figures, and there is an end to labels.
import { describe, expect, it } from "vitest";
import { Cell, LabelSetBudget, Tally } from "../../../src/telemetry/cells.ts";

describe("a cell", () => {
  it.each([
    ["a value below the first bound is in the first bucket", 0.5, [1, 0, 0]],
    ["a value on a bound is in the bucket that it bounds", 1, [1, 0, 0]],
    ["a value between bounds is in the upper one's bucket", 3, [0, 1, 0]],
    ["a value above the last bound is in no bucket", 101, [0, 0, 0]],
    ["a value below zero, from clocks that disagree, is zero", -5, [1, 0, 0]],
    ["a value that is no number is zero", Number.NaN, [1, 0, 0]],
  ])("%s", (_sentence, value, buckets) => {
    const cell = new Cell([], [1, 10, 100]);
    cell.observe(value);
    expect([...cell.buckets]).toEqual(buckets);
    expect(cell.count).toBe(1);
    expect(cell.sum).toBe(value > 0 ? value : 0);
  });
});

describe("a tally", () => {
  it("finds the same cell for the same labels and another one for others", () => {
    const tally = new Tally([], new LabelSetBudget(9));
    expect(tally.at("a", "b")).toBe(tally.at("a", "b"));
    expect(tally.at("a", "b")).not.toBe(tally.at("b", "a"));
    expect(tally.cells.map(({ labels }) => labels)).toEqual([
      ["a", "b"],
      ["b", "a"],
    ]);
  });

  it("has one cell when it has no labels", () => {
    const tally = new Tally([], new LabelSetBudget(9));
    tally.at().count += 2;
    expect(tally.at().count).toBe(2);
  });

  it("takes the names of object members for what they are", () => {
    const tally = new Tally([], new LabelSetBudget(9));
    tally.at("__proto__").count += 1;
    expect(tally.at("constructor").count).toBe(0);
  });

  it("shares its budget with others, and what has no room is counted and not shown", () => {
    const budget = new LabelSetBudget(2);
    const one = new Tally([1], budget);
    const other = new Tally([], budget);
    one.at("a");
    other.at("b");
    one.at("c").observe(1);
    other.at("d").count += 1;
    expect(one.cells).toHaveLength(1);
    expect(other.cells).toHaveLength(1);
    expect(budget.refused).toBe(2);
  });

  it("has a part of the budget, which leaves the rest to others", () => {
    const whole = new LabelSetBudget(3);
    const part = new Tally([], new LabelSetBudget(1, whole));
    const rest = new Tally([], whole);
    for (const label of ["a", "b"]) part.at(label).count += 1;
    for (const label of ["a", "b", "c"]) rest.at(label).count += 1;
    expect([part.cells.length, rest.cells.length, whole.refused]).toEqual([1, 2, 2]);
  });

  it("has no room in its part where the whole has none", () => {
    const whole = new LabelSetBudget(1);
    new Tally([], whole).at("a");
    const part = new Tally([], new LabelSetBudget(1, whole));
    part.at("b");
    expect([part.cells.length, whole.refused]).toEqual([0, 1]);
  });

  it("goes on counting known labels when the budget is spent", () => {
    const budget = new LabelSetBudget(1);
    const tally = new Tally([], budget);
    tally.at("a").count += 1;
    tally.at("b").count += 1;
    tally.at("a").count += 1;
    expect(tally.at("a").count).toBe(2);
  });
});
