// Numbers that a double cannot hold, or that are written in another way, go out as they came in.
import { describe, expect, it } from "vitest";
import { parseExactJson } from "../../../src/dialects/exact-json.ts";

describe("exact JSON", () => {
  it.each([
    '{"a":0.1234567890123456789,"b":[12345678901234567890,1]}',
    '{"a":1E400,"b":-1e-7}',
    '{"text":"1e5 and 12345678901234567890","n":1.5}',
    '{"a":1,"b":-0.5,"c":null}',
  ])("%s is written as it was", (text) => {
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
  });
  it("leaves plain numbers to be read", () => {
    expect(parseExactJson('{"big":12345678901234567890,"index":2}')).toMatchObject({ index: 2 });
  });
  it.each(["", "{", "[1e5", "text 1e5"])("%j is none", (text) => {
    expect(parseExactJson(text)).toBeUndefined();
  });
});
