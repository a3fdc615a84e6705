// Numbers that are written again as their author wrote them: the same as the engine's own way, and in the time of parsing.
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import { keptSource, parseKeeping } from "../../../src/core/source-json.ts";

const isLong = (value: number, source: string): boolean => !Number.isSafeInteger(value) && /^-?\d+$/.test(source);
const isOdd = (value: number, source: string): boolean => String(value) !== source;

/** What the engine makes of the text when it is asked about each value. */
function asTheEngineHasIt(text: string, keeps: typeof isOdd): string {
  type Revive = (key: string, value: Json, context: { readonly source?: string }) => Json;
  const engine = JSON as unknown as { parse(text: string, revive: Revive): Json; rawJSON(source: string): Json };
  const tree = engine.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && keeps(value, source) ? engine.rawJSON(source) : value,
  );
  return JSON.stringify(tree);
}

describe("numbers that are kept", () => {
  it.each([
    "1234567890123456789",
    " [ -1234567890123456789 , 1e400,1.50,-0,0,-1,12,true,null ] ",
    String.raw`{"a\"1234567890123456789":"1234567890123456789\\","b":{"c":[[1234567890123456789]]}}`,
    '{"a":1234567890123456789,"a":2,"1":1234567890123456780,"0":{}}',
    '{"__proto__":12345678901234567890,"constructor":{"__proto__":[1.0]}}',
    "[1E5,1e+5,1E-05,1.0e0,0.1,-0.0,100000000000000000000,9007199254740993]",
    '{"k" : 1234567890123456789\n, "l":\t[9223372036854775807]}',
  ])("are those of the engine in %s", (text) => {
    for (const keeps of [isLong, isOdd]) {
      expect(JSON.stringify(parseKeeping(text, keeps))).toBe(asTheEngineHasIt(text, keeps));
    }
  });

  it("are members as all others, also where they are called as a prototype is", () => {
    const tree = parseKeeping('{"__proto__":12345678901234567890}', isLong);
    expect([Object.keys(tree as object), Object.getPrototypeOf(tree)]).toEqual([["__proto__"], Object.prototype]);
    expect(keptSource(Object.values(tree as object)[0])).toBe("12345678901234567890");
  });

  it.each([
    "{1234567890123456789:1}",
    "{1234567890123456789 \n:1}",
    "[01234567890123456789]",
    "[1234567890123456789 1]",
    "[1234567890123456789x]",
    "[1234567890123456789-1]",
    "[--1234567890123456789]",
    "[1234567890123456789.]",
    "[.1234567890123456789]",
    "[+1234567890123456789]",
    "[1e]",
    "[-]",
    '["1234567890123456789',
    '["a"1234567890123456789]',
    "",
  ])("make no broken text whole: %s", (text) => {
    expect(() => parseKeeping(text, isOdd)).toThrow(SyntaxError);
  });

  it("say of broken text what the engine says", () => {
    const text = "[1234567890123456789,]";
    let words = "";
    try {
      JSON.parse(text);
    } catch (error) {
      words = (error as Error).message;
    }
    expect(() => parseKeeping(text, isLong)).toThrow(words);
  });

  it("are asked about where they may be odd, and nowhere else: a long one among millions is found in the time of parsing", () => {
    const asked: string[] = [];
    const text = `[${"1,".repeat(1_000_000)}1234567890123456789,"2.5",2.5]`;
    parseKeeping(text, (_value, source) => asked.push(source) < 0);
    expect(asked).toEqual(["1234567890123456789", "2.5"]);
  });

  it("are fifty thousand at most", () => {
    const list = parseKeeping(`[${"1234567890123456789,".repeat(60_000)}0]`, isLong) as Json[];
    expect(list.filter((each) => keptSource(each) !== null).length).toBe(50_000);
    expect(list[50_000]).toBe(Number("1234567890123456789"));
  });
});
