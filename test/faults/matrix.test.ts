// No number of the matrix and no default of the door is without a row or a test.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ELSEWHERE, isOf, NUMBERS, type Place } from "./matrix.ts";
import { ROWS } from "./rows/index.ts";
import { SECURITY_DEFAULTS } from "./security-defaults.ts";
import { titlesOf } from "./titles.ts";

const ROOT = new URL("../../", import.meta.url);

function isThere([file, words]: Place): boolean {
  return titlesOf(file, readFileSync(new URL(file, ROOT), "utf8")).some((title) => title.includes(words));
}

describe("the matrix", () => {
  it.each(NUMBERS)("plays %s, or names the test that does", (number) => {
    const places = ELSEWHERE[number] ?? [];
    const isPlayed = ROWS.some(({ id }) => isOf(number, id));
    expect(isPlayed || places.length > 0).toBe(true);
    expect(places.filter((place) => !isThere(place))).toEqual([]);
  });

  it.each([
    ["a title", 'it("the words", () => {});', true],
    ["a title of a group", 'describe.runIf(true)("the words (X01)", () => {});', true],
    ["a title with a value in it", "it(`the words of ${one}`, () => {});", true],
    ["a row of a table", 'it.each<[string, number]>([["the words", 1]])("%s", () => {});', true],
    ["what a row of the matrix wants", 'const row = { id: "X01", wants: "the words" };', true],
    ["a comment", '// the words\n/* the words */ it("others", () => {});', false],
    ["code", 'import "./the words.ts"; expect("the words").toBe(1);', false],
    ["a test that is skipped", 'it.skip("the words", () => {}); describe.todo("the words");', false],
  ])("takes %s for a test, or not", (_what, text, isOne) => {
    expect(titlesOf("any.test.ts", text).some((title) => title.includes("the words"))).toBe(isOne);
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
