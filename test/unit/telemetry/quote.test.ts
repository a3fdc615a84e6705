// Texts of others as JSON: the same text back, and nothing in between that acts.
import { assert, integer, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "../../../src/telemetry/iso-time.ts";
import { quote } from "../../../src/telemetry/quote.ts";

describe("a quoted text", () => {
  it.each([
    ["plain words", "gpt-4o (mini) a/b:c", `"gpt-4o (mini) a/b:c"`],
    ["nothing", "", `""`],
    ["quotes and backslashes", `a"b\\`, `"a\\"b\\\\"`],
    ["line feeds", "a\nb\r", `"a\\nb\\r"`],
    ["a terminal escape", "\u001b[2J", `"\\u001b[2J"`],
    ["DEL", "\u007f", `"\\u007f"`],
    ["the one-byte escape of old terminals", "\u009b2J", `"\\u009b2J"`],
    ["line separators", "\u2028\u2029", `"\\u2028\\u2029"`],
    ["marks that turn text round", "\u202e\u2066", `"\\u202e\\u2066"`],
    ["a lone surrogate", "\ud800", `"\\ud800"`],
    ["letters of all kinds", "größe 模型 🙂", `"größe 模型 🙂"`],
  ])("of %s", (_what, text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });

  it("is read as the text that it was", () => {
    assert(
      property(string({ unit: "binary" }), (text) => {
        expect(JSON.parse(quote(text))).toBe(text);
      }),
    );
  });
});

describe("a time stamp", () => {
  it("is what a date says, also when instants go to and fro", () => {
    assert(
      property(integer({ min: 0, max: Date.UTC(2100, 0) }), (ms) => {
        expect(isoTime(ms)).toBe(new Date(ms).toISOString());
      }),
    );
  });

  it("drops parts of a millisecond", () => {
    expect(isoTime(1_999.999)).toBe("1970-01-01T00:00:01.999Z");
  });
});
