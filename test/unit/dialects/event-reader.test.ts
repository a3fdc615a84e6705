// Events that are read by comparing them with one before: whatever comes, the tree is the parser's.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/json.ts";
import { EventReader } from "../../../src/dialects/event-reader.ts";

const CALL = '"tool_use"';
const delta = (text: string): string => JSON.stringify({ type: "delta", index: 0, delta: { type: "text", text } });

/** What makes JSON of another form, or none. */
const SIGNS = ['"', "}", "]", "{", "[", " ", "\n", "\\", ",", ":", "1", "a", ""];

/** Reads all of these with one reader, and each as the parser does. */
function agree(events: readonly string[]): void {
  const reader = new EventReader(CALL);
  for (const event of events) expect([event, reader.read(event)]).toEqual([event, parsed(event)]);
}

function parsed(event: string): Json | undefined {
  try {
    return JSON.parse(event) as Json;
  } catch {
    return undefined;
  }
}

describe("the reader of a stream's events", () => {
  const open = [delta("a"), delta("b")];
  it.each<[sentence: string, events: readonly string[]]>([
    ["words one behind the other", [...open, delta("cc"), delta(" d"), delta("")]],
    ["the same word again", [delta("a"), delta("a"), delta("b"), delta("b"), delta("a")]],
    ["escapes, in between and first", [delta('"'), ...open, delta("\n"), delta("\\"), delta('\\"'), delta("c")]],
    ["control signs that JSON forbids", [...open, delta("x").replace("x", "\u0001"), delta("x").replace("x", "\n")]],
    ["letters of every kind", [...open, delta("ä"), delta("\u{1f600}"), delta("\u2028"), delta("\ud800")]],
    ["what is cut", [...open, delta("c").slice(0, -1), delta("c").slice(0, -2), delta("c").slice(1)]],
    ["what is longer", [...open, delta("c").replace("}}", '},"more":{"text":"c"}}'), `${delta("c")} `, delta("c")]],
    ["a text that stands there twice", [delta("text"), delta("delta"), delta("type"), delta("0")]],
    ["a text that is a key", ['{"a":"x","b":1}', '{"a":"b","b":1}', '{"a":"c","b":1}', '{"c":"c","b":1}']],
    ["a key that changes", ['{"a":"x"}', '{"b":"x"}', '{"c":"x"}', '{"c":"y"}', '{"d":"y"}']],
    ["a key twice", ['{"a":"x","a":"q"}', '{"a":"y","a":"q"}', '{"a":"z","a":"q"}', '{"a":"z","a":"r"}']],
    ["two texts that change", ['{"a":"1","b":"1"}', '{"a":"2","b":"2"}', '{"a":"3","b":"3"}', '{"a":"4","b":"2"}']],
    ["a text that becomes a number", ['{"a":"1"}', '{"a":"2"}', '{"a":3}', '{"a":null}', '{"a":["x"]}', '{"a":"x"}']],
    ["texts in lists", ['[{"a":["x",1]}]', '[{"a":["y",1]}]', '[{"a":["z",1]}]', '[{"a":["z",2]}]']],
    ["a text alone", ['"a"', '"b"', '"c"', '""', '"\\n"', "1", '"', '"a" ']],
    ["a text written by its numbers", ['{"a":"\\u0068","h":1}', '{"a":"\\u0069","h":1}', '{"a":"j","h":1}']],
    ["blanks that change beside the text", ['{"a": "x"}', '{"a":"y"}', '{"a": "z"}', '{"a":  "z"}', '{"a":"z" }']],
    [
      "blanks in front of the last bracket, as Anthropic has them",
      ["a", "b", "c", "", '"', "d"].map((text, at) => delta(text).replace(/\}$/, `${" ".repeat((at * 7) % 5)}}`)),
    ],
    ["blanks that part a number", ['{"a":"x","b":12}', '{"a":"y","b":12}', '{"a":"z","b":1 2}', '{"a":"z", "b":12}']],
    [
      "a bracket too many or too few, or a tab",
      [
        ...open,
        `${delta("c")}}`,
        delta("c").replace("}}", "}"),
        delta("c").replace("}}", "}\t}"),
        delta("c").replace("}}", "]}"),
      ],
    ],
    ["a prototype's name", ['{"__proto__":"a"}', '{"__proto__":"b"}', '{"__proto__":"c"}']],
    ["one word in all places", ['["a","a"]', '["a","b"]', '["a","c"]', '["b","c"]']],
  ])("%s", (_sentence, events) => agree(events));

  it("keeps nothing of one event in another", () => {
    const reader = new EventReader(CALL);
    const trees = ["a", "b", "c", "d"].map((text) => reader.read(delta(text)));
    expect(trees).toEqual(["a", "b", "c", "d"].map((text) => JSON.parse(delta(text))));
    for (const tree of trees.slice(1)) expect(tree).not.toBe(trees[0]);
  });

  it("parses what is the same but for a text once the place is known, and not before", () => {
    const seen: string[] = [];
    const spied = JSON.parse;
    JSON.parse = (text: string) => {
      seen.push(text);
      return spied(text);
    };
    try {
      const reader = new EventReader(CALL);
      for (const text of ["a", "b", "c", "\n", "d"]) reader.read(delta(text));
      reader.read(delta("e").replace(/\}$/, "   }"));
    } finally {
      JSON.parse = spied;
    }
    expect(seen).toEqual([delta("a"), delta("b"), delta("\n")]);
  });

  it("holds long integers of a call whose announcement is the text that changes", () => {
    const event = (kind: string): string => `{"kind":"${kind}","input":{"id":12345678901234567890}}`;
    const reader = new EventReader(CALL);
    reader.read(event("text"));
    reader.read(event("word"));
    expect(JSON.stringify(reader.read(event("tool_use")))).toBe(event("tool_use"));
  });

  // To look for the text went down level by level, and ended with the stack.
  it.each([
    ["lists", "[", "]"],
    ["objects", '{"":', "}"],
  ])("reads %s in each other, however many", (_what, opening, closing) => {
    const levels = Math.floor(4_080 / (opening + closing).length);
    agree(["a", "b", "c"].map((text) => opening.repeat(levels) + JSON.stringify(text) + closing.repeat(levels)));
  });

  it("gives up a stream in which everything changes, and reads it still", () => {
    agree(
      Array.from({ length: 40 }, (_, at) => JSON.stringify({ kind: "of this stream", at: String(at), as: `${at}` })),
    );
  });

  it("agrees with the parser on any events", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.string({ unit: "binary", maxLength: 3 }),
      fc.constantFrom("a", "b", "tool_use"),
    );
    const tree = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: "small" }, text, fc.integer(), fc.constant(null), tie("list"), tie("object")),
      list: fc.array(tie("any"), { maxLength: 3 }),
      object: fc.dictionary(fc.constantFrom("a", "b", "type", "text"), tie("any"), { maxKeys: 3 }),
    })).object;
    const events = fc
      .tuple(
        tree,
        fc.array(fc.tuple(fc.nat(), text), { maxLength: 8 }),
        fc.boolean(),
        fc.nat(),
        fc.constantFrom(...SIGNS),
      )
      .map(([first, changes, kept, at, sign]) => {
        const whole = streamOf(JSON.stringify(first), changes, kept);
        const last = whole.at(-1) ?? "";
        const from = at % (last.length + 1);
        const broken = last.slice(0, from) + sign + last.slice(from + (at % 2));
        return whole.concat(broken, last);
      });
    fc.assert(fc.property(events, agree), { numRuns: 1_000 });
  });
});

/** An event, and others in which one of its texts, mostly the same, is another. */
function streamOf(first: string, changes: readonly (readonly [number, string])[], kept: boolean): readonly string[] {
  const texts = [...first.matchAll(/"(?:[^"\\]|\\.)*"/g)];
  if (texts.length === 0) return [first, first];
  const place = (at: number) => texts[(kept ? (changes[0]?.[0] ?? 0) : at) % texts.length] as RegExpExecArray;
  return [
    first,
    ...changes.map(([at, text]) => {
      const [written] = place(at);
      const { index } = place(at);
      return first.slice(0, index) + JSON.stringify(text) + first.slice(index + written.length);
    }),
  ];
}
