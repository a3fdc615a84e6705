import { describe, expect, it } from "vitest";
import { failure } from "../../../../src/core/failure.ts";
import { decodeMessagesStream } from "../../../../src/dialects/anthropic-messages/decode-stream.ts";
import { encodeMessagesAnswer } from "../../../../src/dialects/anthropic-messages/encode-answer.ts";
import { encodeMessagesStream } from "../../../../src/dialects/anthropic-messages/encode-stream.ts";
import { collect } from "../../../../src/dialects/collect.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { answer, block, CONTEXT, SAMPLES, START } from "../answer-samples.ts";
import { decoded, DECODING, sayable } from "../decoding.ts";
import { golden, written } from "../golden.ts";
import { folded } from "./folding.ts";

const broken = failure("stream-broken", "The connection to the provider broke.");
const ERROR =
  'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"The connection to the provider broke."},"request_id":"req_1f"}\n\n';
const encoded = (events: readonly ChatEvent[], provider?: string) =>
  written(encodeMessagesStream({ ...CONTEXT, ...(provider === undefined ? {} : { provider }) }), events);
const note = (number: number, said: Extract<ChatEvent, { type: "block-note" }>["note"]): ChatEvent => ({
  type: "block-note",
  block: number,
  note: said,
});
const noted = (kind: "reasoning" | "tool-call", text: string, said: Parameters<typeof note>[1]): ChatEvent[] => {
  const events = block(0, kind, ...(text === "" ? [] : [text]));
  return [...events.slice(0, -1), note(0, said), ...events.slice(-1)];
};

describe("encodeMessagesStream", () => {
  it.each(SAMPLES)("writes %s as reviewed, byte by byte", (name, events) => {
    expect(encoded(events)).toBe(golden("anthropic-messages", name));
  });

  it.each(SAMPLES)("says %s as the whole answer does", (name, events) => {
    // A call that a limit has cut is no JSON for anybody.
    if (name === "tool-call-cut-by-limit") expect(() => folded(encoded(events))).toThrow(SyntaxError);
    else expect(folded(encoded(events))).toEqual(encodeMessagesAnswer(events, CONTEXT));
  });

  it.each(SAMPLES)("says %s so that it is read again", (_name, events) => {
    const again = decoded(decodeMessagesStream(DECODING), [Buffer.from(encoded(events))]);
    // Refusals are text here, and what says nothing is left out.
    const expected = collect(events)
      .blocks.filter(({ text }) => text !== "")
      .map(({ kind, text }) => [kind === "refusal" ? "text" : kind, text]);
    expect(collect(again).blocks.map(({ kind, text }) => [kind, text])).toEqual(expected);
  });

  it("blocks side by side go out one behind the other, as soon as they may", () => {
    const encoder = encodeMessagesStream(CONTEXT);
    const said = (event: ChatEvent) =>
      encoder
        .push(event)
        .split("\n\n")
        .flatMap((each) => /^event: (\S+)/.exec(each)?.[1] ?? []);
    const call = (number: number): ChatEvent => ({ type: "block-start", block: number, kind: "tool-call", name: "f" });
    const delta = (number: number): ChatEvent => ({ type: "block-delta", block: number, text: "{}" });
    const end = (number: number): ChatEvent => ({ type: "block-end", block: number });
    expect([START, call(0), call(1), delta(1), delta(0), end(1), end(0)].map(said)).toEqual([
      ["message_start"],
      ["content_block_start"],
      [],
      [],
      ["content_block_delta"],
      [],
      ["content_block_stop", "content_block_start", "content_block_delta", "content_block_stop"],
    ]);
  });

  it.each([
    [
      "what the cache held apart",
      { input: 9, output: 4, cacheRead: 5, cacheWrite: 1 },
      { input_tokens: 3, cache_creation_input_tokens: 1, cache_read_input_tokens: 5, output_tokens: 4 },
    ],
    [
      "how much of the output was thought",
      { input: 9, output: 4, reasoning: 3 },
      { input_tokens: 9, output_tokens: 4, output_tokens_details: { thinking_tokens: 3 } },
    ],
    [
      "that none of it was thought",
      { input: 9, output: 4, reasoning: 0 },
      { input_tokens: 9, output_tokens: 4, output_tokens_details: { thinking_tokens: 0 } },
    ],
    ["nothing of what nobody counted", { input: 9, output: 4 }, { input_tokens: 9, output_tokens: 4 }],
  ])("tells %s, streamed and whole", (_what, counted, told) => {
    const events = answer("stop", { type: "usage", usage: counted });
    expect(folded(encoded(events))["usage"]).toEqual(told);
    expect(encodeMessagesAnswer(events, CONTEXT)).toMatchObject({ usage: told });
  });

  it.each([
    [
      "a proof of its own as it is",
      noted("reasoning", "Hm", { signature: "sig", origin: "anthropic-messages" }),
      [{ type: "thinking", thinking: "Hm", signature: "sig" }],
    ],
    [
      "a redacted thought as it is",
      noted("reasoning", "", { encrypted: "xyz", origin: "anthropic-messages" }),
      [{ type: "redacted_thinking", data: "xyz" }],
    ],
    [
      "another author's seal with its author's name",
      noted("reasoning", "", { encrypted: "abc", origin: "openai-responses" }),
      [{ type: "thinking", thinking: "", signature: 'oce1:openai-responses:up:{"sealed":"abc"}' }],
    ],
    [
      "the author of a thought without proof",
      noted("reasoning", "Hm", { origin: "openai-chat" }),
      [{ type: "thinking", thinking: "Hm", signature: "oce1:openai-chat:up:{}" }],
    ],
    [
      "the proof of a call behind it",
      noted("tool-call", "{}", { signature: "sig", origin: "google-generative" }),
      [
        { type: "tool_use", id: "call_0", name: "tool_0", input: {} },
        { type: "redacted_thinking", data: 'oce1:google-generative:up:{"call":"call_0","signature":"sig"}' },
      ],
    ],
  ])("carries %s", (_what, events, content) => {
    const whole = answer("stop", ...events);
    expect(folded(encoded(whole, "up"))["content"]).toEqual(content);
    expect(sayable(encodeMessagesAnswer(whole, { ...CONTEXT, provider: "up" }))["content"]).toEqual(content);
  });

  it.each([
    ["in the middle", [START, ...block(0, "text", "Hel").slice(0, 2)]],
    ["before anything else", []],
  ])("says a failure %s as one error event and no message_stop", (_what, before) => {
    const encoder = encodeMessagesStream(CONTEXT);
    written(encoder, before);
    expect(encoder.fail(broken)).toBe(ERROR);
    expect(encoder.fail(broken) + encoder.push({ type: "answer-end", finish: "stop" })).toBe("");
  });

  it("says a failure that comes as an event", () => {
    expect(encodeMessagesStream(CONTEXT).push({ type: "failure", failure: broken })).toBe(ERROR);
  });
});
