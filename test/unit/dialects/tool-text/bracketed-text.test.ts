// The grammar of calls in brackets, piece by piece: what is one, what is none, and how soon that is known.
import { describe, expect, it } from "vitest";
import { BracketedText } from "../../../../src/dialects/tool-text/bracketed-text.ts";

const CALL = '[get_weather]\n{"city":"Rome"}\n[END_TOOL_REQUEST]';

function read(text: string, size = text.length): readonly (readonly [string, string | null])[] | null {
  const reader = new BracketedText();
  for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
  return reader.end()?.map(({ name, json }) => [name, json] as const) ?? null;
}

const BLOCKS: readonly (readonly [
  what: string,
  text: string,
  blocks: readonly (readonly [string, string | null])[],
])[] = [
  ["OpenClaw's own example", CALL, [["get_weather", '{"city":"Rome"}']]],
  ["an end that names the tool", "[f]\n{}\n[/f]", [["f", "{}"]]],
  [
    "space around and between",
    `\n  ${CALL}\n\n[f] \t\r\n  {"a":{"b":[1]}}[/f] \n`,
    [
      ["get_weather", '{"city":"Rome"}'],
      ["f", '{"a":{"b":[1]}}'],
    ],
  ],
  ["braces, brackets and quotes in strings", '[f]\n{"a":"}[/f]{\\"\\\\"}\n[/f]', [["f", '{"a":"}[/f]{\\"\\\\"}']]],
  ["JSON that is broken", "[f]\n{city: Rome}\n[/f]", [["f", null]]],
  ["JSON without its last brace", '[f]\n{"city":"Rome"\n[END_TOOL_REQUEST]', [["f", null]]],
  ["a number for a name", "[1]\n{}\n[/1]", [["1", "{}"]]],
];

const TEXTS: readonly (readonly [what: string, text: string, knownAt: number])[] = [
  ["plain text", "Hello", 1],
  ["a footnote", "[1] According to", 5],
  ["a link", "[docs](https://example.com)", 7],
  ["a list", '["a","b"]', 2],
  ["a checkbox", "[ ] to do", 2],
  ["an empty name", "[]\n{}", 2],
  ["a name and prose", "[note]\nThis is", 8],
  ["a list of objects", "[f]\n[{}]", 5],
  ["prose behind the object", "[f]\n{}\nSure!", 8],
  ["another tool's end", "[f]\n{}\n[/g]", 10],
  ["prose behind a block", `${CALL}\nDone.`, CALL.length + 2],
  ["a name of 129 letters", `[${"a".repeat(129)}]`, 130],
];

describe("blocks", () => {
  it.each(BLOCKS)("%s", (_what, text, blocks) => {
    for (let size = 1; size <= text.length; size += 1) expect(read(text, size)).toEqual(blocks);
  });
});

describe("text", () => {
  it.each(TEXTS)("%s, let go as soon as it cannot be a block", (_what, text, knownAt) => {
    const reader = new BracketedText();
    const at = text.split("").findIndex((character) => !reader.push(character));
    expect([at + 1, reader.end()]).toEqual([knownAt, null]);
    expect(read(text)).toBeNull();
  });

  it.each([
    ["nothing", ""],
    ["space", " \n"],
    ["half a name", "[get_"],
    ["half an object", '[f]\n{"a":'],
    ["half an end", "[f]\n{}\n[END_TOOL"],
  ])("%s is none when it ends there", (_what, text) => {
    expect(read(text)).toBeNull();
  });

  it("is let go when its object is longer than 256000 characters", () => {
    const reader = new BracketedText();
    expect(reader.push(`[f]\n{"a":"${"x".repeat(255_000)}`)).toBe(true);
    expect(reader.push("x".repeat(1_000))).toBe(false);
  });
});
