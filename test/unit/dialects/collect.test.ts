import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import { collect, collectEvent, noted, startCollecting, textOf } from "../../../src/dialects/collect.ts";
import { answer, block, START, USAGE } from "./answer-samples.ts";

describe("collect", () => {
  it("joins the pieces of each block, however they come by turns", () => {
    const { blocks, usage, finish, lastEnded } = collect(
      answer(
        "tool-calls",
        { type: "block-start", block: 0, kind: "text" },
        { type: "block-start", block: 1, kind: "tool-call", id: "call_1", name: "f" },
        { type: "block-delta", block: 0, text: "a" },
        { type: "block-delta", block: 1, text: "{" },
        { type: "block-delta", block: 0, text: "b" },
        { type: "block-delta", block: 1, text: "}" },
        { type: "block-end", block: 1 },
        { type: "block-end", block: 0 },
        USAGE,
      ),
    );
    expect(blocks).toEqual([
      { block: 0, kind: "text", id: null, name: null, text: "ab", notes: [] },
      { block: 1, kind: "tool-call", id: "call_1", name: "f", text: "{}", notes: [] },
    ]);
    expect({ usage, finish, last: lastEnded?.block }).toEqual({
      usage: { input: 9, output: 4 },
      finish: "tool-calls",
      last: 0,
    });
  });

  it("takes the last of several usages", () => {
    const later = { type: "usage", usage: { input: 9, output: 40 } } as const;
    expect(collect(answer("stop", USAGE, later)).usage?.output).toBe(40);
  });

  it("keeps usage unknown when nobody told it", () => {
    expect(collect(answer("stop")).usage).toBeNull();
  });

  it("gives a silent tool call empty arguments, and nothing else", () => {
    const { blocks } = collect(answer("stop", ...block(0, "tool-call"), ...block(1, "text")));
    expect(blocks.map(({ text }) => text)).toEqual(["{}", ""]);
  });

  it("notes a failure", () => {
    const broken = failure("stream-broken", "It broke.");
    const begun = startCollecting();
    collectEvent(begun, { type: "failure", failure: broken });
    expect(begun.failure).toBe(broken);
  });

  it.each([
    ["an answer without end", [START]],
    ["text of a block that never started", answer("stop", { type: "block-delta", block: 0, text: "a" })],
  ])("takes %s for a bug", (_what, events) => {
    expect(() => collect(events)).toThrow(/^bug: /);
  });

  it("gives the text of a kind, or null where there is none", () => {
    const collected = collect(
      answer("stop", ...block(0, "text", "a"), ...block(1, "reasoning"), ...block(2, "text", "b")),
    );
    expect([textOf(collected, "text"), textOf(collected, "reasoning"), textOf(collected, "refusal")]).toEqual([
      "ab",
      "",
      null,
    ]);
  });

  it("gives the notes of one dialect", () => {
    const notes = [
      { origin: "openai-chat", annotation: { a: 1 } },
      { origin: "openai-responses", annotation: { b: 2 } },
      { origin: "openai-chat", signature: "s" },
    ] as const;
    expect(noted(notes, "openai-chat", "annotation")).toEqual([{ a: 1 }]);
  });
});
