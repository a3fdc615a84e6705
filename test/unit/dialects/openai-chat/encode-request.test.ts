import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/core/json.ts";
import { encodeChatRequest } from "../../../../src/dialects/openai-chat/encode-request.ts";
import type { ChatRequest, Part, Turn } from "../../../../src/dialects/vocabulary.ts";
import { aTarget } from "../../../support/snapshot.ts";

const target = aTarget("up/model");
const OWN = { dialect: "openai-chat", provider: "up" } as const;
const HI: Turn = { role: "user", parts: [{ type: "text", text: "hi" }] };

function aRequest(more: Partial<ChatRequest> = {}): ChatRequest {
  return { turns: [HI], tools: [], others: new Map<string, Json>(), ...more };
}

const encode = (more: Partial<ChatRequest>) => encodeChatRequest(aRequest(more), { target, stream: false });
const messagesOf = (...turns: Turn[]) => encode({ turns }).tree["messages"];
const text = (of: string): Part => ({ type: "text", text: of });

describe("encodeChatRequest", () => {
  it("asks for usage of a stream where the target takes it", () => {
    const messages = [{ role: "user", content: "hi" }];
    expect(encodeChatRequest(aRequest(), { target, stream: true }).tree).toEqual({
      model: "model",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const silent = aTarget("up/model", { asksUsage: false });
    expect(encodeChatRequest(aRequest(), { target: silent, stream: true }).tree).toEqual({
      model: "model",
      messages,
      stream: true,
    });
    expect(encodeChatRequest(aRequest(), { target, stream: false }).tree).toEqual({ model: "model", messages });
  });

  it.each<[string, Turn, object]>([
    ["system", { role: "system", developer: false, parts: [text("S")] }, { role: "system", content: "S" }],
    ["developer", { role: "system", developer: true, parts: [text("D")] }, { role: "developer", content: "D" }],
    ["a named user", { role: "user", name: "ann", parts: [text("U")] }, { role: "user", name: "ann", content: "U" }],
    [
      "several texts",
      { role: "user", parts: [text("a"), text("b")] },
      { role: "user", content: [text("a"), text("b")] },
    ],
    ["nothing", { role: "user", parts: [] }, { role: "user", content: "" }],
    [
      "an image",
      {
        role: "user",
        parts: [{ type: "image", source: { from: "data", mediaType: "image/png", base64: "QUJD" }, detail: "high" }],
      },
      {
        role: "user",
        content: [{ type: "image_url", image_url: { url: "data:image/png;base64,QUJD", detail: "high" } }],
      },
    ],
    [
      "a file without a name",
      {
        role: "user",
        parts: [{ type: "file", source: { from: "data", mediaType: "application/pdf", base64: "QUJD" } }],
      },
      {
        role: "user",
        content: [{ type: "file", file: { filename: "document.pdf", file_data: "data:application/pdf;base64,QUJD" } }],
      },
    ],
    [
      "a stored file",
      { role: "user", parts: [{ type: "file", source: { from: "id", id: "f1" } }] },
      { role: "user", content: [{ type: "file", file: { file_id: "f1" } }] },
    ],
    [
      "audio",
      { role: "user", parts: [{ type: "audio", format: "wav", base64: "QUJD" }] },
      { role: "user", content: [{ type: "input_audio", input_audio: { data: "QUJD", format: "wav" } }] },
    ],
    [
      "calls without text",
      { role: "assistant", parts: [{ type: "tool-call", id: "c", name: "f", args: "{}" }] },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
      },
    ],
    [
      "a refusal",
      { role: "assistant", parts: [{ type: "refusal", text: "No." }] },
      { role: "assistant", content: null, refusal: "No." },
    ],
    [
      "a result",
      { role: "tool", callId: "c", failed: false, parts: [text("42")] },
      { role: "tool", tool_call_id: "c", content: "42" },
    ],
  ])("writes %s", (_what, turn, message) => {
    expect(messagesOf(turn)).toEqual([message]);
  });

  it("shows the media of results in a message behind all of them", () => {
    const image: Part = { type: "image", source: { from: "url", url: "https://a.test/i" } };
    expect(
      messagesOf(
        { role: "tool", callId: "c1", failed: false, parts: [image] },
        { role: "tool", callId: "c2", failed: false, parts: [text("42"), image] },
        HI,
      ),
    ).toEqual([
      { role: "tool", tool_call_id: "c1", content: "(see the attached files in the next message)" },
      { role: "tool", tool_call_id: "c2", content: "42" },
      { role: "user", content: [1, 2].map(() => ({ type: "image_url", image_url: { url: "https://a.test/i" } })) },
      { role: "user", content: "hi" },
    ]);
  });

  it.each<[string, Part[], object[]]>([
    [
      "its own text",
      [{ type: "reasoning", text: "Hm", origin: OWN }],
      [{ role: "assistant", content: "x", reasoning_content: "Hm" }],
    ],
    [
      "its own signed entry",
      [{ type: "reasoning", text: "Hm", signature: '{"type":"reasoning.text","signature":"s"}', origin: OWN }],
      [
        {
          role: "assistant",
          content: "x",
          reasoning_details: [{ type: "reasoning.text", signature: "s", text: "Hm" }],
        },
      ],
    ],
    [
      "its own sealed entry with a summary",
      [{ type: "reasoning", text: "Hm", sealed: '{"type":"reasoning.encrypted","data":"d","index":0}', origin: OWN }],
      [
        {
          role: "assistant",
          content: "x",
          reasoning_details: [
            { type: "reasoning.summary", summary: "Hm", index: 0 },
            { type: "reasoning.encrypted", data: "d", index: 0 },
          ],
        },
      ],
    ],
    [
      "not another provider's",
      [{ type: "reasoning", text: "Hm", origin: { ...OWN, provider: "other" } }],
      [{ role: "assistant", content: "x" }],
    ],
    [
      "not another dialect's",
      [{ type: "reasoning", text: "Hm", signature: "s", origin: { dialect: "anthropic-messages", provider: "up" } }],
      [{ role: "assistant", content: "x" }],
    ],
  ])("sends a provider %s", (_what, thoughts, messages) => {
    expect(messagesOf({ role: "assistant", parts: [...thoughts, text("x")] })).toEqual(messages);
  });

  it("leaves out a turn of nothing but another's thoughts", () => {
    const origin = { dialect: "openai-responses", provider: "x" } as const;
    expect(messagesOf({ role: "assistant", parts: [{ type: "reasoning", text: "Hm", origin }] }, HI)).toHaveLength(1);
  });

  it("sends a call's proof back to its author only", () => {
    const parts = (provider: string): Part[] => [
      { type: "tool-call", id: "c", name: "f", args: "{}", signature: "ts", origin: { ...OWN, provider } },
    ];
    expect(JSON.stringify(messagesOf({ role: "assistant", parts: parts("up") }))).toContain('"thought_signature":"ts"');
    expect(JSON.stringify(messagesOf({ role: "assistant", parts: parts("other") }))).not.toContain("thought_signature");
  });

  it.each<[string, Partial<ChatRequest>, object]>([
    [
      "tools",
      {
        tools: [{ name: "f", parameters: {}, strict: true }],
        toolChoice: { use: "tool", name: "f" },
        parallelToolCalls: false,
      },
      {
        tools: [{ type: "function", function: { name: "f", parameters: {}, strict: true } }],
        tool_choice: { type: "function", function: { name: "f" } },
        parallel_tool_calls: false,
      },
    ],
    ["no choice among no tools", { toolChoice: { use: "auto" }, parallelToolCalls: true }, {}],
    [
      "settings",
      { outputMax: 9, temperature: 1, topP: 0.5, seed: 1, stop: ["a"], n: 2, user: "u", verbosity: "low" },
      { max_completion_tokens: 9, temperature: 1, top_p: 0.5, seed: 1, stop: ["a"], n: 2, user: "u", verbosity: "low" },
    ],
    ["log probabilities", { logprobs: { top: 2 } }, { logprobs: true, top_logprobs: 2 }],
    ["an effort", { thinking: { effort: "high" } }, { reasoning_effort: "high" }],
    ["JSON", { format: { type: "json" } }, { response_format: { type: "json_object" } }],
    [
      "a schema",
      { format: { type: "schema", name: "n", schema: { type: "object" }, strict: true } },
      {
        response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true } },
      },
    ],
    [
      "what the family knows",
      {
        others: new Map<string, Json>([
          ["store", true],
          ["safety_identifier", "s"],
        ]),
      },
      { store: true, safety_identifier: "s" },
    ],
    [
      "nothing of what is asked for by silence",
      {
        others: new Map<string, Json>([
          ["store", false],
          ["truncation", "disabled"],
        ]),
      },
      {},
    ],
  ])("writes %s without loss", (_what, more, expected) => {
    const { tree, lost } = encode(more);
    const { model: _model, messages: _messages, ...rest } = tree;
    expect(rest).toEqual(expected);
    expect(lost).toEqual([]);
  });

  it.each<[string, Partial<ChatRequest>, string[]]>([
    [
      "cache marks",
      { turns: [{ role: "user", parts: [{ type: "text", text: "a", cache: { type: "ephemeral" } }] }] },
      ["cache_control"],
    ],
    ["cache marks of tools", { tools: [{ name: "f", cache: { type: "ephemeral" } }] }, ["cache_control"]],
    [
      "that a result is an error",
      { turns: [{ role: "tool", callId: "c", failed: true, parts: [] }] },
      ["messages.is_error"],
    ],
    [
      "a stored image",
      { turns: [{ role: "user", parts: [{ type: "image", source: { from: "id", id: "i" } }] }] },
      ["messages.content.image"],
    ],
    [
      "a file by address",
      { turns: [{ role: "user", parts: [{ type: "file", source: { from: "url", url: "https://a.test" } }] }] },
      ["messages.content.file"],
    ],
    ["a summary of thoughts", { thinking: { effort: "low", summary: "auto" } }, ["reasoning.summary"]],
    ["a budget, which becomes an effort", { thinking: { budget: 9000 } }, ["thinking"]],
    ["what it does not know", { others: new Map<string, Json>([["client_metadata", {}]]) }, ["client_metadata"]],
    ["a user longer than the API takes, as Claude Code writes it", { user: "u".repeat(65) }, ["user"]],
  ])("names what it cannot say: %s", (_what, more, lost) => {
    expect(encode(more).lost).toEqual(lost);
  });

  it.each([
    [20_000, "high"],
    [8_192, "medium"],
    [2_048, "low"],
    [1_024, "minimal"],
    [0, "none"],
  ])("takes a budget of %d tokens for the effort %s", (budget, effort) => {
    expect(encode({ thinking: { budget } }).tree["reasoning_effort"]).toBe(effort);
  });
});
