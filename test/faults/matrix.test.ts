// No number of the matrix and no default of the door is without a row or a test.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ELSEWHERE, isOf, NUMBERS, type Place } from "./matrix.ts";
import { ROWS } from "./rows/index.ts";
import { SECURITY_DEFAULTS } from "./security-defaults.ts";

const ROOT = new URL("../../", import.meta.url);

function isThere([file, words]: Place): boolean {
  return readFileSync(new URL(file, ROOT), "utf8").includes(words);
}

describe("the matrix", () => {
  it.each(NUMBERS)("plays %s, or names the test that does", (number) => {
    const place = ELSEWHERE[number];
    const isPlayed = ROWS.some(({ id }) => isOf(number, id));
    expect(isPlayed || (place !== undefined && isThere(place))).toBe(true);
  });

  it("has an id of its own for each row", () => {
    expect(new Set(ROWS.map(({ id }) => id)).size).toBe(ROWS.length);
  });
});

describe("security defaults", () => {
  it("are numbered 1 to 48", () => {
    expect(Object.keys(SECURITY_DEFAULTS)).toEqual(Array.from({ length: 48 }, (_, at) => String(at + 1)));
  });

  it.each(Object.entries(SECURITY_DEFAULTS))("%s is tested", (_number, { rows = [], tests = [] }) => {
    expect(rows.filter((row) => !ROWS.some(({ id }) => id === row))).toEqual([]);
    expect(tests.filter((place) => !isThere(place))).toEqual([]);
    expect(rows.length + tests.length).toBeGreaterThan(0);
  });
});
