import { describe, expect, it } from "vitest";
import { plainText } from "../../../src/core/plain-text.ts";

function read(bytes: Buffer): string | null {
  const framed = Buffer.concat([Buffer.from('"'), bytes, Buffer.from('"')]);
  return plainText(framed, 1, 1 + bytes.length);
}

describe("plainText", () => {
  it.each<[string, string | null, string]>([
    ["", "", "nothing is a text"],
    ["model", "model", "a key"],
    ["openclaw/main:1.5 (a)~", "openclaw/main:1.5 (a)~", "signs of ASCII"],
    ["x".repeat(64), "x".repeat(64), "as long as may be"],
    ["x".repeat(65), null, "longer"],
    ["a\\u0062", null, "a backslash, which stands for something else"],
    ['a"b', null, "a quote"],
    ["a\tb", null, "a control sign, which JSON does not take"],
    ["a\u007fb", null, "a control sign beyond the letters"],
    ["é", null, "two bytes that are one letter"],
  ])("%j is %j: %s", (text, expected, _why) => {
    // The second time it is known, or must not be.
    for (const _time of ["first", "second"]) expect(read(Buffer.from(text))).toBe(expected);
  });

  it("takes a byte beyond ASCII for nothing that it knows", () => {
    expect(read(Buffer.from([0xe9]))).toBeNull();
    expect(read(Buffer.from([0x61, 0xe9]))).toBeNull();
  });

  it("reads thousands of texts as they are, whichever of them share a place", () => {
    const texts = Array.from({ length: 5_000 }, (_, at) => `key-${(at * 7919) % 5_003}`);
    for (const _time of ["first", "second"]) {
      for (const text of texts) expect(read(Buffer.from(text))).toBe(text);
    }
  });
});
