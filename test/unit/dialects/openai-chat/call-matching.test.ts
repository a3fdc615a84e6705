import { describe, expect, it } from "vitest";
import { ArgumentsSoFar } from "../../../../src/dialects/openai-chat/call-matching.ts";

describe("arguments so far", () => {
  it.each<[string, string[], boolean]>([
    ["nothing", [], false],
    ["an object", ['{"a":1}'], true],
    ["an object in pieces, with space behind it", ['{"a"', ":1", "}", " \n", ""], true],
    ["an object of which an inner one has ended", ['{"a":{"b":1}'], false],
    ["an object with a brace in a text", ['{"a":"}'], false],
    ["two objects", ['{"a":1}', '{"b":2}'], false],
    ["no object", ["[1]"], false],
  ])("%s", (_what, pieces, isWhole) => {
    const args = new ArgumentsSoFar();
    for (const piece of pieces) args.add(piece);
    expect([args.text, args.isWhole]).toEqual([pieces.join(""), isWhole]);
  });
});
