// What a relay costs and how it ends: nothing is copied that may go on as it is, what goes on counts, and what comes behind the end is
// dropped and bounded.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import type { Pipe } from "../../../src/core/lane.ts";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import { chatChunk, responseEvents, sseEvent, usageChunk } from "../../support/answers.ts";

const context = { wantsUsage: false, eventBytesMax: 1_000, redact: (text: string) => text };
const open = (): Pipe => openaiChat.relay(context);
const WORD = sseEvent(chatChunk("m", { content: "x" }));
const STOP = sseEvent(chatChunk("m", {}, "stop"));
const USAGE = sseEvent(usageChunk("m"));
const DONE = "data: [DONE]\n\n";
const push = (pipe: Pipe, text: string): string | null => {
  const out = pipe.push(Buffer.from(text));
  return out === null ? null : Buffer.from(out).toString();
};

describe("without a copy", () => {
  it.each([
    ["a word goes on", WORD],
    ["several do", WORD + WORD + WORD],
    ["an event that is looked at does", STOP],
    ["one behind words does", WORD + WORD + STOP],
    ["words with CRLF do", (WORD + WORD).replaceAll("\n", "\r\n")],
    ["events in lines that end differently do", WORD + WORD.replaceAll("\n", "\r\n")],
    ["a comment does", `: ping\n\n${WORD}`],
    ["the end does", STOP + DONE],
  ])("%s", (_sentence, text) => {
    const run = Buffer.from(text);
    expect(open().push(run)).toBe(run);
  });
});

describe("what is left when an event in the middle goes", () => {
  it.each([
    ["the first", USAGE + WORD + STOP, WORD + STOP],
    ["the middle one", WORD + USAGE + STOP, WORD + STOP],
    ["the last", WORD + STOP + USAGE, WORD + STOP],
    ["two", WORD + USAGE + USAGE + STOP, WORD + STOP],
    ["all", USAGE, null],
  ])("is the others: %s", (_which, text, left) => {
    expect(push(open(), text)).toBe(left);
  });
});

describe("progress", () => {
  it.each([
    ["a word is some", [WORD], 1],
    ["so is each piece that goes on", [WORD, WORD], 2],
    ["an event that is dropped is none", [USAGE], 0],
    ["nor is a comment", [": ping\n\n"], 0],
    ["nor is half an event", [WORD.slice(0, -3)], 0],
    ["nor is what comes behind the end", [STOP, DONE, WORD], 2],
  ])("%s", (_sentence, pieces, progress) => {
    const pipe = open();
    for (const piece of pieces) pipe.push(Buffer.from(piece));
    expect(pipe.told.progress).toBe(progress);
  });
});

describe("a cut", () => {
  it.each([
    ["at the start", ""],
    ["between events", WORD],
    ["within an event", WORD + STOP.slice(0, 20)],
    ["behind an event that is no JSON", `${WORD}data: {"choices":[{"finish_reason":"stop"}`],
  ])("%s is told as one", (_where, text) => {
    const pipe = open();
    pipe.push(Buffer.from(text));
    expect(pipe.end()).toMatchObject({
      kind: "stream-broken",
      phase: "stream",
      message: "The provider's stream ended before the answer was complete.",
    });
    expect(pipe.told.ended).toBe(false);
  });

  it("is none where nothing but the terminator is missing", () => {
    const pipe = open();
    push(pipe, WORD + STOP);
    const last = pipe.end();
    expect(isFailure(last) ? "" : Buffer.from(last ?? []).toString()).toBe(DONE);
    expect(pipe.told).toMatchObject({ ended: true, repairs: ["done-added"] });
    expect(pipe.end()).toBeNull();
  });

  it.each([
    ["a comment", ": half a comm", DONE],
    ["a terminator with a space", "data: [DONE] ", "data: [DONE] \n\n"],
    ["words and JSON behind them", 'data: x\n{"a":1}', DONE],
  ])("of a whole answer behind which stands %s leaves a whole answer", (_what, rest, end) => {
    const pipe = open();
    push(pipe, WORD + STOP);
    push(pipe, rest);
    expect(Buffer.from((pipe.end() as Uint8Array | null) ?? []).toString()).toBe(end);
  });

  it.each(["\n", "\r\n", "\r"])("is none where the last blank line is missing in part (%j)", (eol) => {
    const text = (STOP + DONE).replaceAll("\n", eol);
    for (const missing of [1, 2]) {
      const pipe = open();
      const out = push(pipe, text.slice(0, -missing * eol.length)) ?? "";
      const last = pipe.end();
      const whole = out + (isFailure(last) ? last.kind : Buffer.from(last ?? []).toString());
      expect(whole.replaceAll("\r\n", "\n").replaceAll("\r", "\n")).toBe(STOP + DONE);
    }
  });
});

describe("an event beyond the bound", () => {
  it("may be as long as the bound", () => {
    const pipe = open();
    expect(push(pipe, "x".repeat(1_000))).toBeNull();
    expect(pipe.told.ended).toBe(false);
    expect(pipe.betweenEvents).toBe(false);
  });

  it("ends the stream in the client's words", () => {
    const pipe = open();
    expect(push(pipe, "x".repeat(1_001))).toContain('"error"');
    expect(pipe.told).toMatchObject({ ended: true, failure: { kind: "bad-payload", phase: "stream" } });
    expect(pipe.told.failure?.detail ?? pipe.told.failure?.message).toContain("an event is larger than the bound");
  });
});

describe("behind the end", () => {
  it.each<[sentence: string, more: readonly string[], repairs: readonly string[] | null]>([
    ["another terminator is no alteration", [DONE], null],
    ["a word is dropped, and told", [WORD], ["after-end-dropped"]],
    ["a comment is dropped without a word", [": bye\n\n"], null],
    ["half an event is nothing", [WORD.slice(0, 9)], null],
    ["an event without its end is nothing", ['data: {"late":1}'], null],
    ["a terminator with a space is one", ["data: [DONE] \n\n"], null],
  ])("%s", (_sentence, more, repairs) => {
    const pipe = open();
    push(pipe, STOP + DONE);
    for (const text of more) expect(push(pipe, text)).toBeNull();
    expect(pipe.told.repairs).toEqual(repairs);
    expect(pipe.end()).toBeNull();
  });

  it("nothing is gathered without end", () => {
    const pipe = open();
    push(pipe, STOP + DONE);
    push(pipe, "x".repeat(600));
    expect(pipe.betweenEvents).toBe(false);
    push(pipe, "x".repeat(600));
    expect(pipe.betweenEvents).toBe(true);
    expect(pipe.told.failure).toBeNull();
  });

  it("of a failure, what follows is no alteration of ours", () => {
    const pipe = open();
    push(pipe, 'data: {"error":{"message":"overloaded"}}\n\n');
    push(pipe, WORD + DONE);
    expect(pipe.told.repairs).toEqual(["error-replaced"]);
  });

  it("a word takes back no terminator of ours", () => {
    const pipe = openaiResponses.relay({ ...context, eventBytesMax: 100_000 });
    for (const event of responseEvents({ model: "m" })) push(pipe, sseEvent(event));
    push(pipe, WORD);
    expect(pipe.told.repairs).toEqual(["done-added", "after-end-dropped"]);
  });

  it("the provider's own terminator takes back ours, and no other alteration", () => {
    const pipe = openaiResponses.relay({ ...context, eventBytesMax: 100_000 });
    const events = responseEvents({ model: "m" }).map((event) => sseEvent(event));
    const [first = "", ...others] = events;
    const joined = first.replace("data: {", "data: {\ndata: ");
    push(pipe, joined + others.join(""));
    expect(pipe.told.repairs).toEqual(["data-joined", "done-added"]);
    push(pipe, "data: [DONE] \n\n");
    expect(pipe.told.repairs).toEqual(["data-joined"]);
  });
});
