import { describe, expect, it } from "vitest";
import { wordOf } from "../../../src/telemetry/word-of.ts";

describe("a word of somebody else", () => {
  it("is redacted, then cut", () => {
    expect(wordOf(`${"a".repeat(120)}secret${"b".repeat(20)}`, (text) => text.replace("secret", "***"))).toBe(
      `${"a".repeat(120)}***bbbbb`,
    );
  });

  it("is not looked through to its end: it may be as long as an event, and redaction reads all that it is given", () => {
    const read: number[] = [];
    wordOf("a".repeat(8_000_000), (text) => {
      read.push(text.length);
      return text;
    });
    expect(read).toEqual([16_384]);
  });
});
