import { describe, expect, it } from "vitest";
import { DEPTH_MAX, readJson5 } from "../../../src/config/json5.ts";
import { shapeProblem } from "../../../src/config/json5-shape.ts";
import { settle } from "../../../src/config/settle.ts";

const FILE = "/c/openclaw.json";

function read(text: string): { tree: unknown; said: string[] } {
  const { root, complaints } = readJson5({ text, file: FILE, path: [] });
  const said = complaints.map(
    (complaint) => `${complaint.line}:${complaint.column} ${complaint.path} ${complaint.message}`,
  );
  return { tree: settle(root, {}).tree, said };
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("JSON5", () => {
  it.each<[string, string, unknown]>([
    ["bare keys, comments, trailing commas", `{ a: 1, /* b */ 'c': [2,], // d\n }`, { a: 1, c: [2] }],
    ["hexadecimal, signs, bare fractions", `{ a: +0x10, b: .5, c: -5. }`, { a: 16, b: 0.5, c: -5 }],
    ["Infinity and NaN", `[Infinity, -Infinity, NaN]`, [Infinity, -Infinity, Number.NaN]],
    ["single quotes and escapes", String.raw`['a\'b', "\u0041\x41\q"]`, ["a'b", "AAq"]],
    ["a line continuation", `["a\\\nb"]`, ["ab"]],
    ["comment marks inside texts", `["http://x/*y*/", '// no']`, ["http://x/*y*/", "// no"]],
    ["a byte order mark", `\uFEFF{ a: null }`, { a: null }],
    ["brackets inside texts and comments", `{ a: "}]", /* [ */ b: '{' } // {`, { a: "}]", b: "{" }],
    ["plain JSON", `{"a":{"b":[true,false,null,"x",1e3]}}`, { a: { b: [true, false, null, "x", 1000] } }],
    ["nesting up to the bound", nested(DEPTH_MAX), JSON.parse(nested(DEPTH_MAX))],
  ])("reads %s", (_sentence, text, tree) => {
    expect(read(text)).toEqual({ tree, said: [] });
  });

  it.each<[string, string, string]>([
    ["an empty file", "", "1:1  is not JSON5: the text ends too early"],
    ["only a comment", "// nothing", "1:1  is not JSON5: the text ends too early"],
    ["a missing comma", `{ a: 1\n  b: 2 }`, "2:3  is not JSON5: a word where none can stand; texts need quotes"],
    ["two commas", `{ a: 1,, }`, `1:8  is not JSON5: unexpected ","`],
    [
      "a word without quotes",
      `{\n  a: sk-secret }`,
      "2:6  is not JSON5: a word where none can stand; texts need quotes",
    ],
    ["a brace that is never closed", `{\n  a: {\n    b: 1\n`, `2:6  this "{" is never closed`],
    ["a bracket that closes nothing", `{ a: 1 ] }`, `1:8  this "]" closes nothing`],
    ["an extra brace at the end", `{ a: 1 }\n}`, `2:1  this "}" closes nothing`],
    [
      "a text that is not closed on its line",
      `{\r\n  a: "x,\r\n  b: "y" }`,
      "2:6  this string is not closed on its line",
    ],
    ["a comment that is never closed", `{ /* a: 1 }`, "1:3  this comment is never closed"],
    ["nesting beyond the bound", nested(DEPTH_MAX + 1), `1:33  is nested deeper than 32 levels`],
    ["nesting that would exhaust the stack", "[".repeat(200_000), `1:33  is nested deeper than 32 levels`],
  ])("refuses %s and says where", (_sentence, text, said) => {
    expect(read(text)).toEqual({ tree: {}, said: [said] });
  });

  it("shows nothing of the text but one character", () => {
    expect(JSON.stringify(read(`{ apiKey: sk_live_1234567890 }`))).not.toContain("sk_live");
  });

  it.each<[string, string, unknown, string[]]>([
    ["a key that is written twice", `{ a: 1,\n  a: 2 }`, { a: 2 }, ["2:3 a is written twice; this one counts"]],
    [
      "keys that reach a prototype",
      `{ a: { __proto__: { polluted: 1 },\n "constructor": 2, prototype: 3, b: 4 } }`,
      { a: { b: 4 } },
      ["1:8 a.__proto__ is dropped", "2:2 a.constructor is dropped", "2:20 a.prototype is dropped"],
    ],
  ])("warns of %s", (_sentence, text, tree, said) => {
    expect(read(text)).toEqual({ tree, said });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe("the outline of a text", () => {
  it("takes long texts with many escapes in its stride", () => {
    expect(shapeProblem(`["${String.raw`\n`.repeat(200_000)}"]`, 4)).toBeNull();
  });

  it("lets an escaped Windows line break continue a text", () => {
    expect(shapeProblem(`["a\\\r\nb"]`, 4)).toBeNull();
  });
});
