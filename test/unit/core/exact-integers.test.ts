import { describe, expect, it } from "vitest";
import { numberOf, parseExactIntegers, readExactIntegers } from "../../../src/core/exact-integers.ts";
import type { JsonObject } from "../../../src/core/json.ts";

describe("integers that a double cannot hold", () => {
  it.each([
    '{"id":1234567890123456789}',
    "[-9223372036854775808,18446744073709551615,1]",
    '{"a":{"b":[{"c":12345678901234567890}]},"text":"as: 1234567890123456789, \\"so\\""}',
    '{"safe":9007199254740991}',
  ])("%s is written as it was", (text) => {
    expect(JSON.stringify(parseExactIntegers(text))).toBe(text);
  });

  it.each<[string, string]>([
    ['{"a":1.0,"b":1234567890123456789.5,"c":1e20}', '{"a":1,"b":1234567890123456800,"c":100000000000000000000}'],
    ['{"a" : 12345678901234567}', '{"a":12345678901234567}'],
  ])("%s is %s", (text, written) => {
    expect(JSON.stringify(parseExactIntegers(text))).toBe(written);
  });

  it("are numbers for those who read them, as near as ours come", () => {
    const tree = parseExactIntegers('{"seed":12345678901234567890,"n":2,"text":"12345678901234567890"}') as JsonObject;
    expect([tree["seed"], tree["n"], tree["text"], tree["none"]].map(numberOf)).toEqual([
      12345678901234567000,
      2,
      null,
      null,
    ]);
  });

  it("what is no JSON is none", () => {
    expect(readExactIntegers('{"id":1234567890123456789')).toBeUndefined();
    expect(() => parseExactIntegers('{"id":1234567890123456789')).toThrow(SyntaxError);
  });
});
