import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { stringifyWellFormed } from "../../../src/transforms/well-formed.ts";
import { send, sendText, sendTranslated } from "./rig.ts";

const HALF = "\ud83e";

describe("stringifyWellFormed", () => {
  it.each<[string, JsonObject, string, boolean]>([
    ["leaves whole pairs", { a: "🦞" }, '{"a":"🦞"}', false],
    ["leaves out a high half", { a: `x${HALF}y` }, '{"a":"xy"}', true],
    ["leaves out a low half, however deep", { a: [{ b: "\udd9e" }] }, '{"a":[{"b":""}]}', true],
    ["leaves out a half beside a pair", { a: `${HALF}🦞\udd9e` }, '{"a":"🦞"}', true],
    ["leaves a text that speaks of an escape", { a: "\\ud83e" }, '{"a":"\\\\ud83e"}', false],
  ])("%s", (_what, tree, text, isCleaned) => {
    expect(stringifyWellFormed(tree)).toEqual({ text, isCleaned });
  });
});

describe("a request", () => {
  const tree = { messages: [{ role: "user", content: `a${HALF}b` }] };

  it("of our own making is cleaned, and the client hears of it", () => {
    const sent = sendTranslated(tree, tree, {});
    expect(sent.tree).toEqual({ messages: [{ role: "user", content: "ab" }] });
    expect(sent.adjusted).toEqual(["lone_surrogates"]);
  });

  it("of the client's own bytes stays as it was written, changed members and all", () => {
    expect(send(tree, {}).text).toContain("\\ud83e");
    const text = '{"messages":[{"role":"user","content":[{"type":"text","text":"a\\ud83eb"}]}]}';
    const sent = sendText(text, { compat: { requiresStringContent: true } });
    expect(sent.tree).toEqual(tree);
    expect(sent.adjusted).not.toContain("lone_surrogates");
  });
});
