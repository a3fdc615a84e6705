import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/core/json.ts";
import { encodeResponsesRequest } from "../../../../src/dialects/openai-responses/encode-request.ts";
import type { ChatRequest, Part, Turn } from "../../../../src/dialects/vocabulary.ts";
import { aTarget } from "../../../support/snapshot.ts";

const target = aTarget("up/model");
const OWN = { dialect: "openai-responses", provider: "up" } as const;
const text = (of: string): Part => ({ type: "text", text: of });
const HI: Turn = { role: "user", parts: [text("hi")] };
const SYSTEM: Turn = { role: "system", developer: false, parts: [text("S")] };
const DEVELOPER: Turn = { role: "system", developer: true, parts: [text("D")] };
const ASKED = { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] };

function aRequest(more: Partial<ChatRequest> = {}): ChatRequest {
  return { turns: [HI], tools: [], others: new Map<string, Json>(), ...more };
}

const encode = (more: Partial<ChatRequest>) => encodeResponsesRequest(aRequest(more), { target, stream: false });
const inputOf = (...turns: Turn[]) => encode({ turns }).tree["input"];

describe("encodeResponsesRequest", () => {
  it("stores nothing that nobody asked to be stored", () => {
    expect(encodeResponsesRequest(aRequest(), { target, stream: true })).toEqual({
      tree: { model: "model", input: [ASKED], stream: true, store: false },
      lost: [],
    });
    expect(encode({ others: new Map([["store", true]]) }).tree).toEqual({
      model: "model",
      input: [ASKED],
      store: true,
    });
  });

  it.each<[string, Turn[], object]>([
    ["leading system turns, whatever their word", [SYSTEM, DEVELOPER, HI], { instructions: "S\n\nD", input: [ASKED] }],
    [
      "later ones as messages",
      [SYSTEM, HI, DEVELOPER],
      {
        instructions: "S",
        input: [ASKED, { type: "message", role: "developer", content: [{ type: "input_text", text: "D" }] }],
      },
    ],
    [
      "nothing but instructions as input",
      [SYSTEM],
      { input: [{ type: "message", role: "system", content: [{ type: "input_text", text: "S" }] }] },
    ],
  ])("takes for instructions: %s", (_what, turns, expected) => {
    const { model: _model, store: _store, ...rest } = encode({ turns }).tree;
    expect(rest).toEqual(expected);
  });

  it.each<[string, Turn, object[]]>([
    ["nothing", { role: "user", parts: [] }, [{ type: "message", role: "user", content: "" }]],
    [
      "an image",
      {
        role: "user",
        parts: [{ type: "image", source: { from: "data", mediaType: "image/png", base64: "QUJD" }, detail: "low" }],
      },
      [
        {
          type: "message",
          role: "user",
          content: [{ type: "input_image", image_url: "data:image/png;base64,QUJD", detail: "low" }],
        },
      ],
    ],
    [
      "a stored image",
      { role: "user", parts: [{ type: "image", source: { from: "id", id: "f1" } }] },
      [{ type: "message", role: "user", content: [{ type: "input_image", file_id: "f1" }] }],
    ],
    [
      "a file by address",
      { role: "user", parts: [{ type: "file", source: { from: "url", url: "https://a.test" } }] },
      [{ type: "message", role: "user", content: [{ type: "input_file", file_url: "https://a.test" }] }],
    ],
    [
      "a file as data",
      { role: "user", parts: [{ type: "file", source: { from: "data", mediaType: "text/csv", base64: "QUJD" } }] },
      [
        {
          type: "message",
          role: "user",
          content: [{ type: "input_file", filename: "document.csv", file_data: "data:text/csv;base64,QUJD" }],
        },
      ],
    ],
    [
      "words and calls in their order",
      {
        role: "assistant",
        parts: [
          text("a"),
          { type: "refusal", text: "r" },
          { type: "tool-call", id: "c", name: "f", args: "{}" },
          text("b"),
        ],
      },
      [
        {
          type: "message",
          role: "assistant",
          content: [
            { type: "output_text", text: "a" },
            { type: "refusal", refusal: "r" },
          ],
        },
        { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "b" }] },
      ],
    ],
    [
      "a result",
      { role: "tool", callId: "c", failed: false, parts: [text("42")] },
      [{ type: "function_call_output", call_id: "c", output: "42" }],
    ],
    [
      "an empty result",
      { role: "tool", callId: "c", failed: false, parts: [] },
      [{ type: "function_call_output", call_id: "c", output: "" }],
    ],
    [
      "a result with an image",
      {
        role: "tool",
        callId: "c",
        failed: false,
        parts: [{ type: "image", source: { from: "url", url: "https://a.test" } }],
      },
      [{ type: "function_call_output", call_id: "c", output: [{ type: "input_image", image_url: "https://a.test" }] }],
    ],
    [
      "its own sealed thought",
      { role: "assistant", parts: [{ type: "reasoning", text: "Hm", sealed: "e", id: "rs_1", origin: OWN }] },
      [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm" }], encrypted_content: "e" }],
    ],
    ["no thought without a seal", { role: "assistant", parts: [{ type: "reasoning", text: "Hm", origin: OWN }] }, []],
    [
      "no thought of another provider",
      {
        role: "assistant",
        parts: [{ type: "reasoning", text: "Hm", sealed: "e", origin: { ...OWN, provider: "other" } }],
      },
      [],
    ],
  ])("writes %s", (_what, turn, items) => {
    expect(inputOf(HI, turn)).toEqual([ASKED, ...items]);
  });

  it.each<[string, Partial<ChatRequest>, object]>([
    [
      "tools, strict only where that was said",
      {
        tools: [{ name: "f", strict: true, parameters: { type: "object" } }, { name: "g" }],
        toolChoice: { use: "tool", name: "f" },
      },
      {
        tools: [
          { type: "function", name: "f", parameters: { type: "object" }, strict: true },
          { type: "function", name: "g", parameters: { type: "object", properties: {} }, strict: false },
        ],
        tool_choice: { type: "function", name: "f" },
      },
    ],
    [
      "a word for a choice",
      { tools: [{ name: "f", parameters: {} }], toolChoice: { use: "required" }, parallelToolCalls: true },
      {
        tools: [{ type: "function", name: "f", parameters: {}, strict: false }],
        tool_choice: "required",
        parallel_tool_calls: true,
      },
    ],
    ["no choice among no tools", { toolChoice: { use: "auto" } }, {}],
    [
      "an effort, and asks for the seals of thoughts",
      { thinking: { effort: "low", summary: "auto" } },
      { reasoning: { effort: "low", summary: "auto" }, include: ["reasoning.encrypted_content"] },
    ],
    ["no effort, and asks for no seals", { thinking: { effort: "none" } }, { reasoning: { effort: "none" } }],
    ["log probabilities", { logprobs: { top: 2 } }, { top_logprobs: 2, include: ["message.output_text.logprobs"] }],
    [
      "a schema",
      { format: { type: "schema", name: "n", schema: {}, strict: true }, verbosity: "low" },
      { text: { format: { type: "json_schema", name: "n", schema: {}, strict: true }, verbosity: "low" } },
    ],
    ["JSON", { format: { type: "json" } }, { text: { format: { type: "json_object" } } }],
    [
      "settings",
      {
        outputMax: 100,
        temperature: 1,
        topP: 0.5,
        user: "u",
        promptCacheKey: "k",
        serviceTier: "flex",
        metadata: { a: "b" },
        n: 1,
      },
      {
        max_output_tokens: 100,
        temperature: 1,
        top_p: 0.5,
        user: "u",
        prompt_cache_key: "k",
        service_tier: "flex",
        metadata: { a: "b" },
      },
    ],
    [
      "what the family knows",
      {
        others: new Map<string, Json>([
          ["safety_identifier", "s"],
          ["background", false],
        ]),
      },
      { safety_identifier: "s" },
    ],
  ])("writes %s without loss", (_what, more, expected) => {
    const { tree, lost } = encode(more);
    const { model: _model, input: _input, store: _store, ...rest } = tree;
    expect(rest).toEqual(expected);
    expect(lost).toEqual([]);
  });

  it("asks for seals where the file says that the model thinks", () => {
    const thinks = aTarget("up/model", { stated: { ...target.stated, reasoning: true } });
    expect(encodeResponsesRequest(aRequest(), { target: thinks, stream: false }).tree["include"]).toEqual([
      "reasoning.encrypted_content",
    ]);
  });

  it.each<[string, Partial<ChatRequest>, string[]]>([
    [
      "stops, seeds and penalties",
      { stop: ["a"], seed: 1, frequencyPenalty: 1, presencePenalty: 1, topK: 1 },
      ["top_k", "seed", "frequency_penalty", "presence_penalty", "stop"],
    ],
    ["several answers", { n: 2 }, ["n"]],
    [
      "cache marks of instructions",
      { turns: [{ ...SYSTEM, parts: [{ type: "text", text: "S", cache: { type: "ephemeral" } }] }, HI] },
      ["cache_control"],
    ],
    [
      "cache marks of an answer",
      { turns: [HI, { role: "assistant", parts: [{ type: "text", text: "a", cache: { type: "ephemeral" } }] }] },
      ["cache_control"],
    ],
    ["cache marks of tools", { tools: [{ name: "f", cache: { type: "ephemeral" } }] }, ["cache_control"]],
    ["a limit below the API's own", { outputMax: 5 }, ["max_tokens"]],
    ["a budget", { thinking: { budget: 2048 } }, ["thinking"]],
    ["names of speakers", { turns: [{ role: "user", name: "ann", parts: [] }] }, ["messages.name"]],
    [
      "that a result is an error",
      { turns: [HI, { role: "tool", callId: "c", failed: true, parts: [] }] },
      ["messages.is_error"],
    ],
    ["what it does not know", { others: new Map<string, Json>([["logit_bias", {}]]) }, ["logit_bias"]],
    ["a user longer than the API takes, as Claude Code writes it", { user: "u".repeat(65) }, ["user"]],
  ])("names what it cannot say: %s", (_what, more, lost) => {
    expect(encode(more).lost).toEqual(lost);
  });
});
