// Splicing touches what must change and nothing else.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Body, type Edits } from "../../../src/core/body.ts";
import { holdsToken } from "../../../src/core/holds-token.ts";
import { isScanFault } from "../../../src/core/json-scan.ts";
import type { Json } from "../../../src/core/json.ts";

function bodyOf(text: string): Body {
  const body = Body.fromBytes(Buffer.from(text));
  if (isScanFault(body)) throw new Error(body.why);
  return body;
}
const edit = (text: string, edits: Record<string, Json | undefined>) =>
  bodyOf(text)
    .encoded(new Map(Object.entries(edits)))
    .toString();

describe("encoded", () => {
  const rows: readonly [string, string, Record<string, Json | undefined>, string][] = [
    ["nothing to change is the same bytes", '{"a":1}', {}, '{"a":1}'],
    [
      "a value in place, the style around it kept",
      '{ "model" :\t"x" , "n":1E400 }',
      { model: "y" },
      '{ "model" :\t"y" , "n":1E400 }',
    ],
    ["a key written with escapes keeps its spelling", '{"mod\\u0065l":"x"}', { model: "y" }, '{"mod\\u0065l":"y"}'],
    ["an absent key goes to the end", '{"a":1}', { b: 2 }, '{"a":1,"b":2}'],
    ["into an empty object", "{ }", { b: 2 }, '{ "b":2}'],
    ["two absent keys", '{"a":1}', { b: 2, c: [] }, '{"a":1,"b":2,"c":[]}'],
    ["the first member out", '{"a":1, "b":2}', { a: undefined }, '{"b":2}'],
    ["a middle member out", '{"a":1, "b":2 ,"c":3}', { b: undefined }, '{"a":1 ,"c":3}'],
    ["the last member out", '{"a":1, "b":2 }', { b: undefined }, '{"a":1 }'],
    ["the only member out", '{ "a":1 }', { a: undefined }, "{  }"],
    ["all members out", '{"a":1,"b":2,"c":3}', { a: undefined, b: undefined, c: undefined }, "{}"],
    ["two neighbours out", '{"a":1,"b":2,"c":3}', { a: undefined, b: undefined }, '{"c":3}'],
    ["first and last out", '{"a":1,"b":2,"c":3}', { a: undefined, c: undefined }, '{"b":2}'],
    ["an absent key out", '{"a":1}', { z: undefined }, '{"a":1}'],
    ["everything out and one in", '{"a":1,"b":2}', { a: undefined, b: undefined, c: 3 }, '{"c":3}'],
    ["one out, one changed, one in", '{"a":1,"b":2,"c":3}', { a: undefined, b: 9, d: 4 }, '{"b":9,"c":3,"d":4}'],
    [
      "characters of several bytes around it",
      '{"é🦞":"é","model":"x","ü":"🦞"}',
      { model: "ä" },
      '{"é🦞":"é","model":"ä","ü":"🦞"}',
    ],
  ];
  it.each(rows)("%s", (_what, text, edits, expected) => {
    expect(edit(text, edits)).toBe(expected);
  });

  it("law: the result parses to the edited object, and every other member keeps its bytes", () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const keys = fc.constantFrom("a", "b", "model", "é", 'q"', "\\");
    const object = fc.dictionary(keys, value, { maxKeys: 6 });
    const edits = fc.array(fc.tuple(keys, fc.option(value, { nil: undefined })), { maxLength: 4 });
    fc.assert(
      fc.property(object, edits, fc.constantFrom(undefined, 1), (before, list, space) => {
        const source = bodyOf(JSON.stringify(before, null, space));
        const changes: Edits = new Map(list as [string, Json | undefined][]);
        const after = source.with(changes);
        const expected: Record<string, unknown> = JSON.parse(JSON.stringify(before));
        for (const [key, to] of changes) {
          if (to === undefined) delete expected[key];
          else expected[key] = JSON.parse(JSON.stringify(to));
        }
        expect(JSON.parse(after.bytes().toString())).toEqual(expected);
        for (const key of Object.keys(before)) {
          if (changes.has(key)) continue;
          const [was, is] = [source.member(key), after.member(key)];
          expect(was && is && after.raw(is).equals(source.raw(was))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("whether a member holds a word", () => {
  it.each([
    ["a value", '{"a":[{"role":"developer"}]}', true],
    ["a key", '{"a":{"developer":1}}', true],
    ["the member itself", '{"a":"developer"}', true],
    ["a value beside one that starts with an escape", '{"a":["\\u0064","developer"]}', true],
    ["no string that starts so", '{"a":[{"role":"user","content":"a developer"}]}', false],
    ["only strings that start so", '{"a":["develop","d"]}', false],
    ["another member", '{"b":["developer"],"a":["x"]}', false],
    ["no such member", '{"b":["developer"]}', false],
  ])("%s", (_what, text, holds) => {
    expect(bodyOf(text).holds("a", "developer")).toBe(holds);
  });

  it("law: it is what looking through its bytes finds", () => {
    const word = fc.constantFrom("dev", "image", "x", "_y", "0");
    const text = fc.oneof(word, fc.string({ maxLength: 4 }), fc.constantFrom("\u0064ev", "a dev", '"dev"'));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, text, fc.array(tie("tree"), { maxLength: 3 }), fc.dictionary(text, tie("tree"))),
    }));
    fc.assert(
      fc.property(tree, word, (value, sought) => {
        const raw = JSON.stringify(value);
        expect(bodyOf(`{"a":${raw}}`).holds("a", sought)).toBe(holdsToken(Buffer.from(raw), sought));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("reading", () => {
  it("parses one value and leaves the rest alone", () => {
    const body = bodyOf('{"a":{"b":[1]},"c":{broken}}');
    expect(body.get("a")).toEqual({ b: [1] });
    expect(body.get("none")).toBeUndefined();
    expect(() => body.get("c")).toThrow(SyntaxError);
    expect(() => body.tree()).toThrow(SyntaxError);
  });

  it("makes a body of a tree", () => {
    expect(
      Body.fromTree({ a: [1, { b: null }] })
        .bytes()
        .toString(),
    ).toBe('{"a":[1,{"b":null}]}');
  });
});
