// Header fields as the client wrote them: what one says, and how often it was sent.
import { describe, expect, it } from "vitest";
import { field, fieldCount } from "../../../src/server/fields.ts";

describe("a field", () => {
  it.each<[sentence: string, value: string | string[] | undefined, said: string | null]>([
    ["that was not sent says nothing", undefined, null],
    ["that is empty says nothing", "", null],
    ["of spaces says nothing", " \t ", null],
    ["says its text without margins", " \t a b \t", "a b"],
    ["keeps a last byte that only Unicode takes for a blank", "voil\xc3\xa0", "voil\xc3\xa0"],
    ["that Node lists is joined as HTTP has it", ["a=1", "b=2"], "a=1, b=2"],
    ["that Node lists may be empty", [], null],
  ])("%s", (_sentence, value, said) => {
    expect(field(value === undefined ? {} : { "set-cookie": value as string[] }, "set-cookie")).toBe(said);
  });
});

describe("how often a field was sent", () => {
  it.each<[sentence: string, raw: readonly string[], count: number]>([
    ["never", [], 0],
    ["once, in any case", ["Authorization", "x"], 1],
    ["twice, in two cases", ["authorization", "x", "host", "h", "AUTHORIZATION", "y"], 2],
    ["not by a value of that name", ["x-name", "authorization"], 0],
    ["not by another name of that length", ["authorizatiom", "x"], 0],
    ["not by a longer name", ["authorizations", "x", "x-authorization", "y"], 0],
  ])("%s", (_sentence, raw, count) => {
    expect(fieldCount(raw, "authorization")).toBe(count);
  });
});
