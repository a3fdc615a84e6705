import { describe, expect, it } from "vitest";
import { hexDigits, seededRandom } from "../../../src/mock/seeded-random.ts";
import { countTokens, loremText, piecesOf } from "../../../src/mock/words.ts";

describe("piecesOf", () => {
  it.each([
    ["words with the space before them", "Hello big world", ["Hello", " big", " world"]],
    ["space at both ends", "  a b  ", ["  a", " b", "  "]],
    ["only space", " \n ", [" \n "]],
    ["nothing", "", []],
    ["long words in parts", "incomprehensibilities", ["incomprehens", "ibilities"]],
    ["characters outside the first plane whole", "😀".repeat(13), ["😀".repeat(12), "😀"]],
  ])("cuts %s", (_what, text, pieces) => {
    expect([...piecesOf(text)]).toEqual(pieces);
    expect([...piecesOf(text)].join("")).toBe(text);
    expect(countTokens(text)).toBe(pieces.length);
  });
});

describe("loremText", () => {
  it("has as many words as are asked for, the same for the same seed", () => {
    const text = loremText(60, seededRandom(3));
    expect(text.split(" ")).toHaveLength(60);
    expect(loremText(60, seededRandom(3))).toBe(text);
    expect(loremText(60, seededRandom(4))).not.toBe(text);
  });
});

describe("seededRandom", () => {
  it("gives the same numbers on every machine", () => {
    const random = seededRandom(1);
    expect([random(), random(), random()].map((value) => value.toFixed(6))).toEqual([
      "0.627074",
      "0.002736",
      "0.527447",
    ]);
  });

  it("spreads evenly over [0, 1)", () => {
    const random = seededRandom(5);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) {
      const tenth = Math.floor(random() * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it("makes hex digits", () => {
    expect(hexDigits(32, seededRandom(1))).toMatch(/^[0-9a-f]{32}$/);
  });
});
