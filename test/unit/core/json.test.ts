// JSON of others: what is parsed, and what would take far more than its length.
import { describe, expect, it } from "vitest";
import { isBounded, JSON_VALUES_MAX, parseJson } from "../../../src/core/json.ts";

const list = (value: string, count: number): string => `[${`${value},`.repeat(count - 1)}${value}]`;
const nested = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;
/** Makes a text long enough to be looked at. */
const padded = (text: string): string => `{"pad":"${"x".repeat(5_000)}","of":${text}}`;

describe("bounds of JSON", () => {
  it.each([
    ["objects up to the bound", list("{}", JSON_VALUES_MAX - 1), true],
    ["one object more", list("{}", JSON_VALUES_MAX), false],
    ["strings up to the bound", list('"a"', JSON_VALUES_MAX - 1), true],
    ["one string more", list('"a"', JSON_VALUES_MAX), false],
    ["a vector of two million numbers", list("0.5", 2_000_000), true],
    ["one long string with brackets in it", `"${"[{".repeat(300_000)}"`, true],
    ["a string with escaped quotes and brackets", `"${'\\"['.repeat(300_000)}"`, true],
    ["a string that ends in a backslash of its own", `["${"x".repeat(5_000)}\\\\",${nested(600)}]`, false],
    ["a text that is cut inside a string", `["${"x".repeat(5_000)}`, true],
    ["510 levels", padded(nested(510)), true],
    ["600 levels", padded(nested(600)), false],
    ["levels one behind the other", padded(list("[[]]", 2_000)), true],
    ["a short text of any shape", nested(1_500), true],
  ])("%s", (_what, text, fits) => {
    expect(isBounded(text)).toBe(fits);
  });

  it("what has none is no JSON", () => {
    expect(parseJson(padded(nested(600)))).toBeUndefined();
    expect(parseJson(padded(nested(500)))).toBeDefined();
  });

  it("what is written again does not end the stack", () => {
    const tree = parseJson(nested(2_048));
    expect(JSON.stringify(tree)).toBe(nested(2_048));
  });
});
