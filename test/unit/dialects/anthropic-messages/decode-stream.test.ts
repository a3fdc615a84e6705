// `wire-*.sse` are streams of Anthropic's API with some texts shortened, as recorded by the AI SDK's tests (vercel/ai, packages/anthropic).
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/core/json.ts";
import { decodeMessagesAnswer } from "../../../../src/dialects/anthropic-messages/decode-answer.ts";
import { decodeMessagesStream } from "../../../../src/dialects/anthropic-messages/decode-stream.ts";
import { collect } from "../../../../src/dialects/collect.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { bytewise, cutsInTwo } from "../../../support/rechunk.ts";
import { blocksOf, brokenRules, decoded, decodedData, DECODING, notesOf } from "../decoding.ts";
import { golden } from "../golden.ts";
import { folded } from "./folding.ts";

const WIRES = ["wire-thinking", "wire-tool-use", "wire-refusal", "wire-web-search"] as const;
const wire = (name: string) => Buffer.from(golden("anthropic-messages", name));
const open = () => decodeMessagesStream(DECODING);
const read = (name: string) => decoded(open(), [wire(name)]);
const usageOf = (events: readonly ChatEvent[]) => collect(events).usage;

describe("streams of the provider", () => {
  it("a thought with its proof, then text", () => {
    const events = read("wire-thinking");
    expect(events[0]).toEqual({
      type: "answer-start",
      id: "msg_011CdZqGg4K3tq97K7RDtTw7",
      model: "claude-sonnet-5",
      created: 5,
    });
    expect(blocksOf(events)).toEqual([
      { kind: "reasoning", text: "I'm working through the Euclidean algorithm" },
      { kind: "text", text: "# Finding GCD(1071, 462) \n$$\\gcd(1071, 462) = 21$$ 21 × 51 ✓" },
    ]);
    const signature = "EsECCokBCBAYAipA9i3HF1aHpQITkdN8OvLd33gdPZEyLKJA9EvxTXum=";
    expect(notesOf(events, 0)).toEqual([{ signature, origin: "anthropic-messages" }]);
    expect(usageOf(events)).toEqual({ input: 47, output: 373, cacheRead: 0, cacheWrite: 0, reasoning: 62 });
    expect(events.at(-1)).toEqual({ type: "answer-end", finish: "stop" });
  });

  it("text and two calls, one without arguments; what the cache held counts as input", () => {
    const events = read("wire-tool-use");
    expect(blocksOf(events)).toEqual([
      { kind: "text", text: "I'll update the issue list for you." },
      { kind: "tool-call", text: "{}", id: "toolu_01QE1WLsSVp5hy5Q3GmGTmjP", name: "updateIssueList" },
      {
        kind: "tool-call",
        text: '{"location": "San Francisco"}',
        id: "toolu_019Zvehfe1XQWweT1pm7okyt",
        name: "weather",
      },
    ]);
    expect(usageOf(events)).toEqual({ input: 877, output: 48, cacheRead: 300, cacheWrite: 12 });
    expect(collect(events).finish).toBe("tool-calls");
  });

  it("a refusal, with its reason", () => {
    const events = read("wire-refusal");
    expect(collect(events).finish).toBe("content-filter");
    expect(blocksOf(events)).toEqual([
      { kind: "refusal", text: expect.stringMatching(/^This request triggered/) as string },
    ]);
  });

  it("a search: what the server did has no block, texts are one, sources know their place", () => {
    const events = read("wire-web-search");
    expect(blocksOf(events)).toEqual([
      { kind: "text", text: "\n- With iOS 26 officially launched, Apple is moving forward.\n\nThe end." },
    ]);
    expect(notesOf(events, 0)).toEqual([
      {
        annotation: {
          type: "url_citation",
          start_index: 3,
          end_index: 60,
          url: "https://9to5mac.com/2025/09/22/ios-26-1-beta-1/",
          title: "Apple releases first iOS 26.1 developer beta for iPhone - 9to5Mac",
        },
        origin: "openai-responses",
      },
    ]);
    expect(usageOf(events)).toMatchObject({ input: 15_665, output: 795 });
  });
});

describe("laws", () => {
  it.each(WIRES)("%s is the same however it is cut, and keeps the rules", (name) => {
    const whole = read(name);
    expect(brokenRules(whole)).toEqual([]);
    for (const pieces of [bytewise(wire(name)), ...cutsInTwo(wire(name))]) {
      expect(decoded(open(), pieces)).toEqual(whole);
    }
  });

  it.each(WIRES)("%s amounts to the same as the message that it streams", (name) => {
    const streamed = collect(read(name));
    const whole = collect(decodeMessagesAnswer(folded(wire(name).toString()), DECODING));
    const tidy = (blocks: typeof whole.blocks) =>
      blocks.map(({ text, ...block }) => ({
        ...block,
        text: block.kind === "tool-call" ? JSON.stringify(JSON.parse(text)) : text,
      }));
    expect({ ...whole, lastEnded: null, blocks: tidy(whole.blocks) }).toEqual({
      ...streamed,
      lastEnded: null,
      blocks: tidy(streamed.blocks),
    });
  });

  it.each(WIRES)("%s cut short is no answer", (name) => {
    const bytes = wire(name);
    const end = bytes.indexOf("event: message_delta");
    const events = decoded(open(), [bytes.subarray(0, end)]);
    expect(events.at(-1)).toMatchObject({ type: "failure", failure: { kind: "stream-broken" } });
  });
});

const start = (more: object = {}) => ({
  type: "message_start",
  message: { id: "msg_1", model: "m", content: [], usage: { input_tokens: 3, output_tokens: 1 }, ...more },
});
const block = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: number, type: string, fields: object) => ({
  type: "content_block_delta",
  index,
  delta: { type, ...fields },
});
const stop = (index: number) => ({ type: "content_block_stop", index });
const ending = (stop_reason: string, usage: object = { output_tokens: 2 }) => ({
  type: "message_delta",
  delta: { stop_reason, stop_sequence: null },
  usage,
});
const END = { type: "message_stop" };
const hello = [block(0, { type: "text", text: "" }), delta(0, "text_delta", { text: "Hello" }), stop(0)];
const readData = (...payloads: readonly (object | string)[]) => decodedData(open(), payloads);

describe("endings", () => {
  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["refusal", "content-filter"],
    ["sensitive", "content-filter"],
    ["novelty", "stop"],
    ["tool_use", "stop"],
    ["constructor", "stop"],
  ])("%s without calls is %s", (reason, finish) => {
    expect(readData(start(), ...hello, ending(reason), END).at(-1)).toEqual({ type: "answer-end", finish });
  });

  it.each([
    ["the end without a message_stop is complete once the reason is told", [ending("end_turn")]],
    ["a [DONE] of gateways ends as well", [ending("end_turn"), "[DONE]"]],
    ["a message_stop is the end even without a reason", [END]],
    ["nothing comes after it", [ending("end_turn"), END, { type: "error", error: { type: "overloaded_error" } }]],
  ])("%s", (_what, last) => {
    const events = readData(start(), ...hello, ...last);
    expect(brokenRules(events)).toEqual([]);
    expect(events.at(-1)).toEqual({ type: "answer-end", finish: "stop" });
    expect(blocksOf(events)).toEqual([{ kind: "text", text: "Hello" }]);
  });

  it.each([
    ["overloaded", { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "overloaded"],
    [
      "a server error",
      { type: "error", error: { type: "api_error", message: "Internal server error" } },
      "server-error",
    ],
    ["a rate limit", { type: "error", error: { type: "rate_limit_error", message: "x" } }, "rate-limited"],
    ["an error of another API's shape", { error: { type: "server_error", message: "x" } }, "server-error"],
    ["what is no JSON", "oops", "bad-payload"],
    ["[DONE] before the end", "[DONE]", "stream-broken"],
  ])("%s", (_what, payload, kind) => {
    const events = readData(start(), ...hello.slice(0, 2), payload);
    expect(events.at(-1)).toMatchObject({ type: "failure", failure: { kind } });
  });
});

describe("blocks", () => {
  it("an answer by our own tool is text, and no call", () => {
    const events = readData(
      start(),
      block(0, { type: "tool_use", id: "toolu_1", name: "openclaw_answer", input: {} }),
      delta(0, "input_json_delta", { partial_json: '{"a":' }),
      delta(0, "input_json_delta", { partial_json: "1}" }),
      stop(0),
      ending("tool_use"),
      END,
    );
    expect(blocksOf(events)).toEqual([{ kind: "text", text: '{"a":1}' }]);
    expect(collect(events).finish).toBe("stop");
  });

  it("a redacted thought is its seal", () => {
    const events = readData(
      start(),
      block(0, { type: "redacted_thinking", data: "xyz" }),
      stop(0),
      ending("end_turn"),
      END,
    );
    expect(blocksOf(events)).toEqual([{ kind: "reasoning", text: "" }]);
    expect(notesOf(events, 0)).toEqual([{ encrypted: "xyz", origin: "anthropic-messages" }]);
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ['{"a":1}', '{"a":1}'],
    [{}, "{}"],
    [[], "{}"],
  ])("arguments may stand in the start: %j", (input, text) => {
    const events = readData(
      start(),
      block(0, { type: "tool_use", id: "t", name: "f", input }),
      stop(0),
      ending("tool_use"),
      END,
    );
    expect(blocksOf(events)).toEqual([{ kind: "tool-call", text, id: "t", name: "f" }]);
  });

  const called = (index: number, id: string) => block(index, { type: "tool_use", id, name: "f", input: {} });
  const args = (index: number, partial_json: string) => delta(index, "input_json_delta", { partial_json });

  it.each<[string, object[]]>([
    [
      "side by side",
      [called(0, "s"), called(1, "t"), args(0, '{"a"'), args(1, '{"b"'), args(0, ":1}"), args(1, ":2}")],
    ],
    ["without their ends", [called(0, "s"), args(0, '{"a":1}'), called(1, "t"), args(1, '{"b":2}')]],
    ["under one number", [called(0, "s"), args(0, '{"a":1}'), called(0, "t"), args(0, '{"b":2}')]],
  ])("calls %s keep their arguments", (_what, calls) => {
    const events = readData(start(), ...calls, stop(0), stop(1), ending("tool_use"), END);
    expect(brokenRules(events)).toEqual([]);
    expect(blocksOf(events)).toEqual([
      { kind: "tool-call", text: '{"a":1}', id: "s", name: "f" },
      { kind: "tool-call", text: '{"b":2}', id: "t", name: "f" },
    ]);
  });

  it("content may stand in the message's start, with its ending", () => {
    const content = [
      { type: "code_execution_tool_result", tool_use_id: "s", content: {} },
      { type: "tool_use", id: "t", name: "f", input: { id: "c" } },
    ];
    const events = readData(start({ content, stop_reason: "tool_use" }), END);
    expect(blocksOf(events)).toEqual([{ kind: "tool-call", text: '{"id":"c"}', id: "t", name: "f" }]);
    expect(collect(events).finish).toBe("tool-calls");
  });

  it("places in documents keep their own words", () => {
    const citation: JsonObject = { type: "char_location", cited_text: "x", document_index: 0 };
    const events = readData(
      start(),
      block(0, { type: "text", text: "", citations: [citation] }),
      delta(0, "text_delta", { text: "x" }),
      stop(0),
      ending("end_turn"),
      END,
    );
    expect(notesOf(events, 0)).toEqual([{ annotation: citation, origin: "anthropic-messages" }]);
  });

  it.each([
    ["a second start", [start(), start({ id: "msg_2" }), ...hello]],
    ["no stop", [start(), ...hello.slice(0, 2)]],
    ["no start of the block", [start(), delta(0, "text_delta", { text: "Hello" }), stop(0)]],
    ["no start at all", hello],
    ["no index", [start(), { type: "content_block_delta", delta: { type: "text_delta", text: "Hello" } }]],
    [
      "unknown events and blocks",
      [
        start(),
        { type: "novelty" },
        block(0, { type: "novelty" }),
        stop(0),
        block(1, { type: "text", text: "Hello" }),
        stop(1),
      ],
    ],
  ])("copes with %s", (_what, payloads) => {
    const events = readData(...payloads, ending("end_turn"), END);
    expect(brokenRules(events)).toEqual([]);
    expect(blocksOf(events)).toEqual([{ kind: "text", text: "Hello" }]);
  });

  it("a thought without end does not swallow the text behind it", () => {
    const events = readData(
      start(),
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, "thinking_delta", { thinking: "Hm" }),
      block(1, { type: "text", text: "" }),
      delta(1, "text_delta", { text: "Hello" }),
      ending("end_turn"),
      END,
    );
    expect(brokenRules(events)).toEqual([]);
    expect(blocksOf(events)).toEqual([
      { kind: "reasoning", text: "Hm" },
      { kind: "text", text: "Hello" },
    ]);
  });
});

describe("usage", () => {
  const counted = (first: object, last: object) =>
    usageOf(readData(start({ usage: first }), ...hello, ending("end_turn", last), END));
  it.each([
    ["is said in two halves", { input_tokens: 3, output_tokens: 1 }, { output_tokens: 2 }, { input: 3, output: 2 }],
    [
      "a later 0 is no news",
      { input_tokens: 3, output_tokens: 1 },
      { input_tokens: 0, output_tokens: 2 },
      { input: 3, output: 2 },
    ],
    [
      "may all come late",
      { input_tokens: 0, output_tokens: 0 },
      { input_tokens: 3, output_tokens: 2 },
      { input: 3, output: 2 },
    ],
    ["all zeros are unknown", { input_tokens: 0, output_tokens: 0 }, { output_tokens: 0 }, null],
    ["a half alone is unknown", {}, { output_tokens: 2 }, null],
  ])("%s", (_what, first, last, expected) => {
    expect(counted(first, last)).toEqual(expected);
  });
});
