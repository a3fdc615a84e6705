// Custom tools for providers that know functions only: out as a function of one text, back as plain text, whole and piece by piece.
import { assert, integer, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  argsOfInput,
  customFunction,
  InputReader,
  inputOfArgs,
} from "../../../../src/dialects/openai-family/custom-tools.ts";
import { RequestNotes } from "../../../../src/dialects/request-notes.ts";

const inPieces = (args: string, size: number): string => {
  const reader = new InputReader();
  let said = "";
  for (let at = 0; at < args.length; at += size) said += reader.push(args.slice(at, at + size));
  return said + reader.end();
};

describe("a custom tool is a function of one text", () => {
  it("that is told of its grammar, which nobody holds it to", () => {
    const notes = new RequestNotes();
    const format = { type: "grammar", syntax: "lark", definition: "start: patch" };
    expect(customFunction({ name: "apply_patch", description: "Edits.", format }, notes)).toEqual({
      name: "apply_patch",
      description: "Edits.",
      parameters: {
        type: "object",
        properties: {
          input: { type: "string", description: "The whole input of the tool, by this lark grammar:\nstart: patch" },
        },
        required: ["input"],
        additionalProperties: false,
      },
    });
    expect(notes.lost).toEqual(["tools.format"]);
    // Chat completions have the grammar one level down.
    const nested = customFunction(
      { name: "p", format: { type: "grammar", grammar: { syntax: "regex", definition: "a+" } } },
      notes,
    );
    expect(JSON.stringify(nested)).toContain("by this regex grammar:\\na+");
  });

  it("and without a name it is none", () => {
    expect(customFunction({ format: { type: "text" } }, new RequestNotes())).toBeNull();
  });
});

describe("arguments are an input", () => {
  it.each<[string, string, string]>([
    ["as asked for", '{"input":"*** Begin Patch\\n+a\\"b\\"\\n"}', '*** Begin Patch\n+a"b"\n'],
    ["with space between", ' { "input" : "x" } ', "x"],
    ["with characters of two units", '{"input":"\\ud83e\\udd9e \\u00fc 🦞"}', "🦞 ü 🦞"],
    ["with half a pair", '{"input":"a\\ud83eb\\ud83e"}', "a\ud83eb\ud83e"],
    ["empty", '{"input":""}', ""],
    ["of none", "{}", ""],
    ["of another name", '{"patch":"x"}', "x"],
    ["with more beside", '{"why":"because","input":"x"}', "x"],
    ["of plain text", "*** Begin Patch", "*** Begin Patch"],
    ["of no text", '{"input":{"a":1}}', '{"input":{"a":1}}'],
    ["cut in the middle", '{"input":"half', "half"],
    ["with line ends as they are beside escapes", '{"input":"a\n\\"b\\"\\tc\\u00fc\\\\"}', 'a\n"b"\tcü\\'],
    [
      "with escapes that JSON does not know",
      '{"input":"C:\\users\\dir \\ud83e\\u12 \\n"}',
      "C:\\users\\dir \ud83e\\u12 \n",
    ],
  ])("%s", (_what, args, input) => {
    for (const size of [1, 2, 3, 7, args.length]) {
      expect([size, inPieces(args, size)]).toEqual([size, input]);
    }
    expect(inputOfArgs(args)).toBe(inPieces(args, 1));
  });

  it("there and back, whatever it is and however it is cut", () => {
    assert(
      property(string({ unit: "binary" }), integer({ min: 1, max: 9 }), (input, size) => {
        expect(inPieces(argsOfInput(input), size)).toBe(input);
        expect(inputOfArgs(argsOfInput(input))).toBe(input);
      }),
    );
  });

  it("of a long text in many pieces, each of which is read once", () => {
    const input = 'line "of" a patch\n'.repeat(50_000);
    expect(inPieces(argsOfInput(input), 4)).toBe(input);
  });
});
