// Entities in tool arguments: decoded in place, whole and in fragments alike.
import { describe, expect, it } from "vitest";
import { decodeEntities, EntityDecoder } from "../../../src/dialects/html-entities.ts";

const ROWS: readonly (readonly [what: string, before: string, after: string])[] = [
  ["an ampersand", '{"q":"a &amp; b"}', '{"q":"a & b"}'],
  ["brackets", '{"q":"&lt;b&gt;"}', '{"q":"<b>"}'],
  ["a quote, escaped as JSON wants it", '{"q":"say &quot;hi&quot;"}', '{"q":"say \\"hi\\""}'],
  ["a line end by its number", '{"q":"a&#10;b"}', '{"q":"a\\nb"}'],
  ["a backslash by its number", '{"q":"a&#x5c;b"}', '{"q":"a\\\\b"}'],
  ["a lobster by its number", '{"q":"&#x1F99E;"}', '{"q":"🦞"}'],
  ["an entity once only", '{"q":"&amp;lt;"}', '{"q":"&lt;"}'],
  ["no unknown entity", '{"q":"&zz; &constructor; &#0; &#9999999;"}', '{"q":"&zz; &constructor; &#0; &#9999999;"}'],
  ["no lone ampersand", '{"q":"a & b &"}', '{"q":"a & b &"}'],
  ["nothing around it", '{ "n" : 1E400,"q":"&#39;" }', `{ "n" : 1E400,"q":"'" }`],
];

describe("entities in arguments", () => {
  it.each(ROWS)("%s", (_what, before, after) => {
    expect(decodeEntities(before)).toBe(after);
  });

  it.each(ROWS)("in fragments, wherever they are cut: %s", (_what, before, after) => {
    for (let cut = 0; cut <= before.length; cut += 1) {
      const decoder = new EntityDecoder();
      const parts = [before.slice(0, cut), before.slice(cut)].map((part) => decoder.push(part));
      expect(parts.join("") + decoder.end()).toBe(after);
    }
  });

  it("in fragments of one character", () => {
    const decoder = new EntityDecoder();
    const text = [...'{"q":"&amp;&#38;"}'].map((part) => decoder.push(part)).join("");
    expect(text + decoder.end()).toBe('{"q":"&&"}');
  });
});
