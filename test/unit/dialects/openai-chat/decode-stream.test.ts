import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/dialects/collect.ts";
import { decodeChatAnswer } from "../../../../src/dialects/openai-chat/decode-answer.ts";
import { decodeChatStream } from "../../../../src/dialects/openai-chat/decode-stream.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { blocksOf, brokenRules, decodedData, DECODING, notesOf } from "../decoding.ts";

const HEAD = { id: "chatcmpl-9", object: "chat.completion.chunk", created: 77, model: "served" };

function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  return { ...HEAD, choices: [{ index: 0, delta, finish_reason: finish, ...more }] };
}

function call(index: number | undefined, id: string | null, name: string | null, args: unknown): object {
  const called = { ...(name === null ? {} : { name }), arguments: args };
  return chunk({
    tool_calls: [{ ...(index === undefined ? {} : { index }), ...(id === null ? {} : { id }), function: called }],
  });
}

const read = (...payloads: (object | string)[]): ChatEvent[] => {
  const events = decodedData(decodeChatStream(DECODING), payloads);
  expect(brokenRules(events)).toEqual([]);
  return events;
};
const STOP = chunk({}, "stop");
const CALLED = chunk({}, "tool_calls");

describe("decodeChatStream", () => {
  it("reads a plain stream", () => {
    const usage = { ...HEAD, choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } };
    expect(read(chunk({ role: "assistant", content: "" }), chunk({ content: "Hi" }), STOP, usage, "[DONE]")).toEqual([
      { type: "answer-start", id: "chatcmpl-9", model: "served", created: 77 },
      { type: "block-start", block: 0, kind: "text" },
      { type: "block-delta", block: 0, text: "Hi" },
      { type: "block-end", block: 0 },
      { type: "usage", usage: { input: 3, output: 2 } },
      { type: "answer-end", finish: "stop" },
    ]);
  });

  it("invents no names where the provider is silent, and takes the time of asking", () => {
    expect(read({ choices: [{ delta: { content: "x" }, finish_reason: "stop" }] }, "[DONE]")[0]).toEqual({
      type: "answer-start",
      id: null,
      model: null,
      created: 5,
    });
  });

  it("reads choice 0 only", () => {
    const two = {
      ...HEAD,
      choices: [
        { index: 1, delta: { content: "B" } },
        { index: 0, delta: { content: "A" } },
      ],
    };
    expect(blocksOf(read(two, { ...HEAD, choices: [{ index: 1, delta: {}, finish_reason: "stop" }] }, STOP))).toEqual([
      { kind: "text", text: "A" },
    ]);
  });

  it.each([
    ["reasoning_content (DeepSeek)", { reasoning_content: "Hm" }],
    ["reasoning (vLLM, Ollama)", { reasoning: "Hm" }],
    ["reasoning_text (Copilot)", { reasoning_text: "Hm" }],
    [
      "details beside the text (OpenRouter)",
      { reasoning: "Hm", reasoning_details: [{ type: "reasoning.text", text: "Hm" }] },
    ],
    ["a summary in details", { reasoning_details: [{ type: "reasoning.summary", summary: "Hm" }] }],
    ["a part of the content (Mistral)", { content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm" }] }] }],
  ])("reads thoughts from %s, once", (_where, delta) => {
    const events = read(chunk(delta), chunk({ content: "42" }), STOP);
    expect(blocksOf(events)).toEqual([
      { kind: "reasoning", text: "Hm" },
      { kind: "text", text: "42" },
    ]);
    expect(notesOf(events, 0)).toEqual([{ origin: "openai-chat" }]);
  });

  // Shape: OpenRouter, "Preserving reasoning blocks".
  it("keeps the proofs of thoughts as the provider wrote them, and begins another thought behind one", () => {
    const detail = (more: object) => ({ type: "reasoning.text", format: "anthropic-claude-v1", index: 0, ...more });
    const events = read(
      chunk({ reasoning_details: [detail({ text: "One" })] }),
      chunk({ reasoning_details: [detail({ signature: "sig" })] }),
      chunk({ reasoning_details: [detail({ text: "Two", index: 1 })] }),
      chunk({ reasoning_details: [{ type: "reasoning.encrypted", data: "blob", id: "rs_1", index: 1 }] }),
      chunk({ content: "ok" }),
      STOP,
    );
    expect(blocksOf(events).map(({ text }) => text)).toEqual(["One", "Two", "ok"]);
    const [, signed] = notesOf(events, 0) as { signature: string }[];
    expect(JSON.parse(signed?.signature ?? "")).toEqual(detail({ signature: "sig" }));
    const [, sealed] = notesOf(events, 1) as { encrypted: string }[];
    expect(JSON.parse(sealed?.encrypted ?? "")).toEqual({
      type: "reasoning.encrypted",
      data: "blob",
      id: "rs_1",
      index: 1,
    });
  });

  it("puts text behind a call into a block of its own", () => {
    const events = read(chunk({ content: "a" }), call(0, "c1", "f", "{}"), chunk({ content: "b" }), CALLED);
    expect(blocksOf(events).map(({ kind, text }) => [kind, text])).toEqual([
      ["text", "a"],
      ["tool-call", "{}"],
      ["text", "b"],
    ]);
  });

  it.each<[string, object[], [string | undefined, string | undefined, string][]]>([
    [
      "by index",
      [call(0, "c1", "f", "{"), call(1, "c2", "g", "["), call(0, null, null, "}"), call(1, null, null, "]")],
      [
        ["c1", "f", "{}"],
        ["c2", "g", "[]"],
      ],
    ],
    [
      "all of index 0",
      [call(0, "c1", "f", "{}"), call(0, "c2", "g", "{}")],
      [
        ["c1", "f", "{}"],
        ["c2", "g", "{}"],
      ],
    ],
    [
      "without indexes",
      [call(undefined, "c1", "f", "{"), call(undefined, null, null, "}"), call(undefined, "c2", "g", "{}")],
      [
        ["c1", "f", "{}"],
        ["c2", "g", "{}"],
      ],
    ],
    [
      "without indexes, by turns",
      [
        call(undefined, "c1", "f", "{"),
        call(undefined, "c2", "g", "{"),
        call(undefined, "c1", null, "}"),
        call(undefined, "c2", null, "}"),
      ],
      [
        ["c1", "f", "{}"],
        ["c2", "g", "{}"],
      ],
    ],
    [
      "without ids, all of index 0 (Gemini)",
      [call(0, "", "f", '{"a":1}'), call(0, "", "f", '{"a":2}')],
      [
        [undefined, "f", '{"a":1}'],
        [undefined, "f", '{"a":2}'],
      ],
    ],
    ["with the name in every delta", [call(0, "c1", "f", '{"a"'), call(0, "c1", "f", ":1}")], [["c1", "f", '{"a":1}']]],
    [
      "with the name in every delta, without id",
      [call(0, null, "f", '{"a"'), call(0, null, "f", ":1}")],
      [[undefined, "f", '{"a":1}']],
    ],
    [
      "with an id that changes in every delta (vLLM)",
      [call(0, "x1", "f", "{"), call(0, "x2", null, "}")],
      [["x1", "f", "{}"]],
    ],
    [
      "with an index that grows in every delta",
      [call(0, "c1", "f", "{"), call(1, "c1", null, "}")],
      [["c1", "f", "{}"]],
    ],
    ["with arguments as an object", [call(0, "c1", "f", { a: 1 })], [["c1", "f", '{"a":1}']]],
    ["with the name behind the id", [call(0, "c1", null, ""), call(0, null, "f", "{}")], [["c1", "f", "{}"]]],
    ["without a name", [call(0, "c1", null, "{}")], [["c1", "", "{}"]]],
    ["without arguments", [call(0, "c1", "f", "")], [["c1", "f", "{}"]]],
    ["with null arguments", [call(0, "c1", "f", null)], [["c1", "f", "{}"]]],
    [
      "as function_call",
      [chunk({ function_call: { name: "f", arguments: "{" } }), chunk({ function_call: { arguments: "}" } })],
      [[undefined, "f", "{}"]],
    ],
    [
      "with an entry that says nothing",
      [call(0, "c1", "f", "{}"), chunk({ tool_calls: [null, {}] })],
      [["c1", "f", "{}"]],
    ],
  ])("puts calls together %s", (_how, chunks, calls) => {
    const events = read(...chunks, CALLED, "[DONE]");
    expect(collect(events).finish).toBe("tool-calls");
    expect(blocksOf(events).map(({ id, name, text }) => [id, name, text])).toEqual(calls);
  });

  it("keeps Google's proof of a call", () => {
    const extra_content = { google: { thought_signature: "ts" } };
    const entry = { index: 0, id: "c", function: { name: "f", arguments: "{}" }, extra_content };
    expect(notesOf(read(chunk({ tool_calls: [entry] }), CALLED), 0)).toEqual([
      { signature: "ts", origin: "openai-chat" },
    ]);
  });

  it.each([
    ["stop", "stop"],
    ["end", "stop"],
    ["eos", "stop"],
    ["end_turn", "stop"],
    ["length", "length"],
    ["max_tokens", "length"],
    ["model_length", "length"],
    ["content_filter", "content-filter"],
    ["SAFETY", "content-filter"],
    ["sensitive", "content-filter"],
    ["model_context_window_exceeded", "length"],
    ["content_filter: PROHIBITED_CONTENT", "content-filter"],
    ["who_knows", "stop"],
    ["tool_calls", "stop"],
    ["function_call", "stop"],
  ])("ends %s without calls as %s", (written, finish) => {
    expect(collect(read(chunk({ content: "x" }), chunk({}, written))).finish).toBe(finish);
  });

  it.each(["stop", "tool_calls", "function_call", "tool_use"])("ends %s with calls as tool-calls", (written) => {
    expect(collect(read(call(0, "c", "f", "{}"), chunk({}, written))).finish).toBe("tool-calls");
  });

  it.each(["stop", "tool_calls"])(
    "ends an answer that a limit cut as length, though %s is said behind it",
    (behind) => {
      expect(collect(read(chunk({ content: "x" }), chunk({}, "length"), chunk({}, behind))).finish).toBe("length");
    },
  );

  it("fails where the model's call could not be read", () => {
    const events = read(chunk({ content: "x" }), chunk({}, "function_call_filter: MALFORMED_FUNCTION_CALL"));
    expect(events.at(-1)).toMatchObject({
      type: "failure",
      failure: { kind: "rejected-by-provider", code: "malformed_function_call", phase: "stream" },
    });
  });

  it("ends an answer whose calls a limit cut as length", () => {
    expect(collect(read(call(0, "c", "f", '{"a'), chunk({}, "length"))).finish).toBe("length");
  });

  it.each<[string, object[], object]>([
    [
      "at the top of the last chunk",
      [chunk({}, "stop"), { ...HEAD, choices: [], usage: { prompt_tokens: 7, completion_tokens: 1 } }],
      { input: 7, output: 1 },
    ],
    [
      "beside the finish reason",
      [{ ...(STOP as Record<string, unknown>), usage: { prompt_tokens: 7, completion_tokens: 1 } }],
      { input: 7, output: 1 },
    ],
    [
      "in the choice (Moonshot)",
      [chunk({}, "stop", { usage: { prompt_tokens: 7, completion_tokens: 1 } })],
      { input: 7, output: 1 },
    ],
    [
      "under x_groq",
      [{ ...(STOP as Record<string, unknown>), x_groq: { usage: { prompt_tokens: 7, completion_tokens: 1 } } }],
      { input: 7, output: 1 },
    ],
    [
      "as timings (llama.cpp)",
      [{ ...(STOP as Record<string, unknown>), timings: { prompt_n: 5, cache_n: 2, predicted_n: 1 } }],
      { input: 7, output: 1, cacheRead: 2 },
    ],
    [
      "growing in every chunk: the last counts",
      [
        { ...(chunk({}) as Record<string, unknown>), usage: { prompt_tokens: 7, completion_tokens: 0 } },
        { ...(STOP as Record<string, unknown>), usage: { prompt_tokens: 7, completion_tokens: 1 } },
      ],
      { input: 7, output: 1 },
    ],
  ])("reads usage %s", (_where, chunks, usage) => {
    expect(collect(read(chunk({ content: "x" }), ...chunks)).usage).toEqual(usage);
  });

  it("knows no usage where nobody tells", () => {
    expect(collect(read(chunk({ content: "x" }), STOP)).usage).toBeNull();
  });

  it("ends with the usage chunk already, and says nothing after it", () => {
    const decoder = decodeChatStream(DECODING);
    const usage = { ...HEAD, choices: [], usage: { prompt_tokens: 7, completion_tokens: 1 } };
    const events = [chunk({ content: "x" }), STOP, usage].flatMap((data) =>
      decoder.push({ event: undefined, data: JSON.stringify(data) }),
    );
    expect(events.at(-1)).toEqual({ type: "answer-end", finish: "stop" });
    expect([...decoder.push({ event: undefined, data: "[DONE]" }), ...decoder.end()]).toEqual([]);
  });

  it("keeps sources and log probabilities as its own", () => {
    const annotation = { type: "url_citation", url_citation: { url: "https://a.test" } };
    const logprobs = { content: [{ token: "x", logprob: -1 }], refusal: null };
    const events = read(chunk({ content: "x" }, null, { logprobs }), chunk({ annotations: [annotation] }), STOP);
    expect(notesOf(events, 0)).toEqual([
      { logprobs, origin: "openai-chat" },
      { annotation, origin: "openai-chat" },
    ]);
  });

  it("takes a repeated whole message for nothing new", () => {
    const repeat = { ...HEAD, choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }] };
    expect(blocksOf(read(chunk({ content: "Hi" }), repeat))).toEqual([{ kind: "text", text: "Hi" }]);
  });

  it("is complete without [DONE] once there was a finish reason, and without one once there was [DONE]", () => {
    expect(read(chunk({ content: "x" }), STOP).at(-1)?.type).toBe("answer-end");
    expect(read(chunk({ content: "x" }), "[DONE]").at(-1)?.type).toBe("answer-end");
  });

  it.each<[string, (object | string)[], string]>([
    ["the input ends early", [chunk({ content: "x" })], "stream-broken"],
    ["nothing comes", [], "stream-broken"],
    ["an error object comes", [chunk({ content: "x" }), { error: { message: "overloaded", code: 503 } }], "overloaded"],
    [
      "an error comes behind the finish reason",
      [chunk({ content: "x" }), STOP, { error: { message: "boom", code: 500 } }],
      "server-error",
    ],
    [
      "a finish reason says error",
      [chunk({ content: "x" }), chunk({}, "error", { error: { code: 502, message: "bad" } })],
      "server-error",
    ],
    ["an event is no JSON", [chunk({ content: "x" }), "{"], "bad-payload"],
  ])("fails when %s", (_when, payloads, kind) => {
    const last = read(...payloads).at(-1);
    expect(last).toMatchObject({ type: "failure", failure: { kind, phase: "stream" } });
  });
});

describe("decodeChatAnswer", () => {
  it("reads a message as the stream of it", () => {
    const message = {
      role: "assistant",
      content: "Let me see.",
      refusal: null,
      reasoning_content: "Hm",
      annotations: [{ type: "url_citation", url_citation: { url: "https://a.test" } }],
      tool_calls: [
        { type: "function", function: { name: "f", arguments: "{}" } },
        { type: "function", function: { name: "f", arguments: "{}" } },
        { id: "c3", type: "function", function: { name: "f", arguments: "" } },
      ],
    };
    const events = decodeChatAnswer(
      {
        id: "chatcmpl-9",
        created: 77,
        model: "served",
        choices: [{ index: 0, message, finish_reason: "tool_calls" }],
        usage: { prompt_tokens: 1, completion_tokens: 2 },
      },
      DECODING,
    );
    expect(brokenRules(events)).toEqual([]);
    expect(blocksOf(events)).toEqual([
      { kind: "reasoning", text: "Hm" },
      { kind: "text", text: "Let me see." },
      { kind: "tool-call", text: "{}", name: "f" },
      { kind: "tool-call", text: "{}", name: "f" },
      { kind: "tool-call", text: "{}", id: "c3", name: "f" },
    ]);
    expect(collect(events)).toMatchObject({ usage: { input: 1, output: 2 }, finish: "tool-calls" });
  });

  it.each([
    ["a refusal", { content: null, refusal: "No." }, [{ kind: "refusal", text: "No." }]],
    ["nothing", { content: null }, []],
    ["an empty text", { content: "" }, []],
  ])("reads %s", (_what, message, blocks) => {
    const events = decodeChatAnswer({ choices: [{ message, finish_reason: "stop" }] }, DECODING);
    expect(blocksOf(events)).toEqual(blocks);
    expect(brokenRules(events)).toEqual([]);
  });

  it("ends a message without a finish reason by what it holds", () => {
    const tool_calls = [{ id: "c", function: { name: "f", arguments: "{}" } }];
    expect(decodeChatAnswer({ choices: [{ message: { tool_calls } }] }, DECODING).at(-1)).toEqual({
      type: "answer-end",
      finish: "tool-calls",
    });
  });
});
