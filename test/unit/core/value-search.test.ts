// A search for many texts at once finds what a search for each of them finds.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ValueSearch } from "../../../src/core/value-search.ts";

const KEY = "sk-proj-0123456789abcdef";
const OTHER = "9f3c51d07be24a68-0123456789";

describe("a value", () => {
  it.each([
    ["at the beginning", `${KEY} and more`],
    ["at the end", `something before ${KEY}`],
    ["alone", KEY],
    ["behind a part of itself", `sk-proj-01${KEY}`],
    ["behind most of another one", `${OTHER.slice(0, -1)}${KEY}`],
    ["among signs of two bytes", `„Grüße“ 漢字 🦞 ${KEY} ✓`],
    ["that is short", "a hunter2 b"],
  ])("%s is found", (_where, text) => {
    expect(new ValueSearch([KEY, OTHER, "hunter2"]).hits(text)).toBe(true);
  });

  it.each([
    ["an empty text", ""],
    ["a text shorter than any value", "sk-proj"],
    ["a value that lacks its last sign", KEY.slice(0, -1)],
    ["a value that lacks its first sign", KEY.slice(1)],
    ["a value with another sign in the middle", KEY.replace("56", "66")],
  ])("is not found in %s", (_what, text) => {
    expect(new ValueSearch([KEY, OTHER]).hits(text)).toBe(false);
  });

  it("is not found where none is sought", () => {
    expect(new ValueSearch([]).hits("anything at all, however long it may be, and longer than every window")).toBe(
      false,
    );
  });
});

/** Few letters, so that beginnings, ends and pairs of signs meet often. */
const text = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom("a", "b", "-", "Z", "ü", "漢"), minLength: least, maxLength: most });

it("agrees with a search for each value, whatever they are", () => {
  const parts = fc.array(fc.oneof(text(0, 40), fc.constant(null)), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(text(6, 90), { maxLength: 6 }), parts, fc.nat(), (values, around, which) => {
      const sought = values[which % Math.max(1, values.length)] ?? "";
      const whole = around.map((part) => part ?? sought).join("");
      expect(new ValueSearch(values).hits(whole)).toBe(values.some((value) => whole.includes(value)));
    }),
    { numRuns: 2_000 },
  );
});
