// The scanner agrees with JSON.parse about what an object is, and says where its members stand.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isScanFault, type Scan, type ScanFault, scanObject } from "../../../src/core/json-scan.ts";

const scan = (text: string | Buffer, depthMax?: number) => scanObject(Buffer.from(text as string), depthMax);
const members = (result: Scan | ScanFault) => {
  if (isScanFault(result)) throw new Error(`fault: ${result.why} at ${result.at}`);
  return result.members;
};
const nested = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;

describe("what is accepted", () => {
  const rows: readonly [string, string, readonly string[]][] = [
    ["an empty object", "{}", []],
    ["whitespace everywhere", ' \r\n\t{ "a" : 1 , "b" : [ 1 , 2 ] } \n', ["a", "b"]],
    [
      "numbers that no double holds",
      '{"a":12345678901234567890,"b":1E400,"c":-0,"d":0.10000000000000000555}',
      ["a", "b", "c", "d"],
    ],
    ["a key written with escapes, as the key that it spells", '{"mod\\u0065l":"x"}', ["model"]],
    ["quotes, brackets and backslashes inside strings", '{"a":"\\"}]\\\\","b":"{[","c":{"d":"]"}}', ["a", "b", "c"]],
    ["a long string that ends in backslashes", `{"a":"${"x".repeat(200)}\\\\","b":1}`, ["a", "b"]],
    [
      "a long string with an escaped quote at the edge of the walk",
      `{"a":"${"x".repeat(46)}\\"${"y".repeat(60)}","b":1}`,
      ["a", "b"],
    ],
    ["__proto__ as a key like any other", '{"__proto__":1,"constructor":2}', ["__proto__", "constructor"]],
  ];
  it.each(rows)("%s", (_what, text, keys) => {
    expect([...members(scan(text)).keys()]).toEqual(keys);
  });

  it("counts the elements of arrays and knows whether all are objects", () => {
    const found = members(
      scan('{"a":[],"b":[{}],"c":[{},{"x":[1,2,{}]}],"d":[{},1],"e":["x"],"f":{"g":[]},"h":[[{}]]}'),
    );
    const told = [...found.values()].map(({ key, elements, onlyObjects }) => [
      key,
      elements,
      elements > 0 && onlyObjects,
    ]);
    expect(told).toEqual([
      ["a", 0, false],
      ["b", 1, true],
      ["c", 2, true],
      ["d", 2, false],
      ["e", 1, false],
      ["f", -1, false],
      ["h", 1, false],
    ]);
  });
});

describe("what is refused", () => {
  const rows: readonly [string, string | Buffer, ScanFault["why"]][] = [
    ["nothing", "", "empty"],
    ["only whitespace", " \n", "empty"],
    ["an array", "[]", "not-an-object"],
    ["a string", '"x"', "not-an-object"],
    ["null", "null", "not-an-object"],
    ["a byte order mark", Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), "byte-order-mark"],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), "encoding"],
    ["an unfinished object", '{"a":1', "broken"],
    ["an unfinished string", '{"a":"x', "broken"],
    ["a string that ends in an escape", '{"a":"x\\', "broken"],
    ["a wrong bracket", '{"a":[}', "broken"],
    ["a missing colon", '{"a" 1}', "broken"],
    ["a missing comma", '{"a":1 "b":2}', "broken"],
    ["a trailing comma", '{"a":1,}', "broken"],
    ["a key without quotes", "{a:1}", "broken"],
    ["single quotes", "{'a':1}", "broken"],
    ["a number that is none", '{"a":01}', "broken"],
    ["a word that is none", '{"a":nul}', "broken"],
    ["NaN", '{"a":NaN}', "broken"],
    ["an absent value", '{"a":}', "broken"],
    ["a broken escape in a key", '{"\\u00zz":1}', "broken"],
    ["a second object", "{}{}", "trailing"],
    ["text behind the object", '{"a":1} x', "trailing"],
    ["a NUL behind the object", "{}\u0000", "trailing"],
    ["a key twice", '{"a":1,"a":2}', "duplicate-key"],
    ["a key twice in two spellings", '{"model":1,"mod\\u0065l":2}', "duplicate-key"],
  ];
  it.each(rows)("%s", (_what, text, why) => {
    const result = scan(text as string);
    expect(isScanFault(result) && result.why).toBe(why);
  });

  it("nesting beyond the bound, exactly at its edge", () => {
    expect(isScanFault(scan(nested(63), 64))).toBe(false);
    expect(scan(nested(64), 64)).toMatchObject({ why: "too-deep" });
    expect(scan("[".repeat(100_000))).toMatchObject({ why: "not-an-object" });
    expect(scan(`{"a":${"[".repeat(100_000)}`)).toMatchObject({ why: "too-deep" });
  });
});

describe("laws", () => {
  const json = fc.jsonValue({ maxDepth: 5 });
  const object = fc.dictionary(fc.string(), json, { maxKeys: 8 });

  it("every object that JSON.stringify writes is accepted, and each slice is its value", () => {
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        const bytes = Buffer.from(JSON.stringify(value, null, space));
        for (const [key, { start, end }] of members(scanObject(bytes))) {
          expect(JSON.parse(bytes.toString("utf8", start, end))).toEqual(JSON.parse(JSON.stringify(value[key])));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("hostile bytes never throw, and what JSON.parse takes for an object with distinct keys is accepted", () => {
    const alphabet = fc.constantFrom(...'{}[]":,\\ \n0129aeE.+-ntf'.split(""));
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 40 }), (letters) => {
        const text = letters.join("");
        const result = scan(text);
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          return;
        }
        const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
        if (isObject && isScanFault(result)) expect(result.why).toBe("duplicate-key");
        if (!isObject) expect(isScanFault(result)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void scanObject(Buffer.from(bytes))),
      { numRuns: 1_000 },
    );
  });
});

const keys = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(",")}}`;

it("numbers at the top are those of JSON.parse, whatever they look like", () => {
  const near = fc.string({ unit: fc.constantFrom("0", "1", "9", ".", "-", "e", "+"), maxLength: 30 });
  fc.assert(
    fc.property(fc.oneof(near, fc.double().map(String), fc.bigInt().map(String)), (number) => {
      let isNumber = true;
      try {
        JSON.parse(number);
      } catch {
        isNumber = false;
      }
      expect(isScanFault(scan(`{"a":${number}}`))).toBe(!isNumber);
    }),
    { numRuns: 2_000 },
  );
});

describe("bounds", () => {
  it("more than 1024 top-level keys are refused", () => {
    expect(isScanFault(scan(keys(1_024)))).toBe(false);
    expect(scan(keys(1_025))).toMatchObject({ why: "too-many-keys" });
  });

  it.each([
    ["strings", `{"a":["x","x","x"]}`],
    ["objects", `{"a":[{},{},{}]}`],
    ["keys", `{"a":{"x":1,"y":2,"z":3}}`],
    ["values of several members", `{"a":["x"],"b":["x"],"c":["x"]}`],
  ])("%s are counted and bounded", (_what, text) => {
    expect(isScanFault(scanObject(Buffer.from(text), 64, 3))).toBe(false);
    expect(scanObject(Buffer.from(text), 64, 2)).toMatchObject({ why: "too-many-values" });
  });

  it("numbers are not: vectors are full of them", () => {
    expect(isScanFault(scanObject(Buffer.from(`{"a":[1,2.5,null,true,-4e5]}`), 64, 0))).toBe(false);
  });
});
