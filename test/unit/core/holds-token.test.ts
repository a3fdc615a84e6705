import { describe, expect, it } from "vitest";
import { holdsToken } from "../../../src/core/holds-token.ts";

describe("a word in JSON text", () => {
  it.each([
    ["a value", '{"role":"developer"}', "developer", true],
    ["a key", '{"image":{}}', "image", true],
    ["a short word", '{"n":"id"}', "id", true],
    ["a word as long as what is looked for first", '{"a":"files"}', "files", true],
    ["one behind others that begin like it", '["develop","devel","developer"]', "developer", true],
    ["others that begin like it", '["develop","developers"]', "developer", false],
    ["a part of a text", '{"content":"a developer spoke"}', "developer", false],
    ["the word quoted in a text", '{"content":"the \\"developer\\" role"}', "developer", false],
    ["nothing", "", "developer", false],
  ])("%s", (_what, json, token, holds) => {
    expect(holdsToken(Buffer.from(json), token)).toBe(holds);
  });
});
