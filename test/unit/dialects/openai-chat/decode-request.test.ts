import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import type { DecodedRequest } from "../../../../src/dialects/dialect.ts";
import { decodeChatRequest } from "../../../../src/dialects/openai-chat/decode-request.ts";
import { seal } from "../../../../src/dialects/sealed.ts";

const HI = { role: "user", content: "hi" };
const OWN = { dialect: "openai-chat", provider: null } as const;
const CLAUDE = { dialect: "anthropic-messages", provider: "anthropic" } as const;
const GPT = { dialect: "openai-responses", provider: "openai" } as const;

function decode(more: JsonObject): DecodedRequest {
  const read = decodeChatRequest({ model: "m", messages: [HI], ...more });
  if (isFailure(read)) throw new Error(`${read.param}: ${read.message}`);
  return read;
}

/** What a request says beside its one message. */
function settings(more: JsonObject): object {
  const { turns: _turns, others, tools, ...rest } = decode(more).request;
  return { ...rest, ...(tools.length === 0 ? {} : { tools }), ...(others.size === 0 ? {} : { others: [...others] }) };
}

const text = (of: string) => ({ type: "text", text: of });

describe("decodeChatRequest: messages", () => {
  it.each<[string, JsonObject, object]>([
    ["system", { role: "system", content: "S" }, { role: "system", developer: false, parts: [text("S")] }],
    ["developer", { role: "developer", content: "D" }, { role: "system", developer: true, parts: [text("D")] }],
    [
      "a user with a name",
      { role: "user", name: "ann", content: "U" },
      { role: "user", name: "ann", parts: [text("U")] },
    ],
    ["an empty text", { role: "user", content: "" }, { role: "user", parts: [] }],
    ["an assistant without content", { role: "assistant", content: null }, { role: "assistant", parts: [] }],
    [
      "an assistant's refusal",
      { role: "assistant", content: null, refusal: "No." },
      { role: "assistant", parts: [{ type: "refusal", text: "No." }] },
    ],
    [
      "a tool's result",
      { role: "tool", tool_call_id: "c", content: "42" },
      { role: "tool", callId: "c", failed: false, parts: [text("42")] },
    ],
    [
      "a tool's result in parts",
      { role: "tool", tool_call_id: "c", content: [text("4"), text("2")] },
      { role: "tool", callId: "c", failed: false, parts: [text("4"), text("2")] },
    ],
  ])("reads %s", (_what, message, turn) => {
    expect(decode({ messages: [message] }).request.turns).toEqual([turn]);
  });

  it.each<[string, JsonObject, object]>([
    [
      "text with a cache mark",
      { type: "text", text: "a", cache_control: { type: "ephemeral" } },
      { ...text("a"), cache: { type: "ephemeral" } },
    ],
    ["the Responses API's text", { type: "input_text", text: "a" }, text("a")],
    [
      "an image by address",
      { type: "image_url", image_url: { url: "https://a.test/i", detail: "low" } },
      { type: "image", source: { from: "url", url: "https://a.test/i" }, detail: "low" },
    ],
    [
      "an image by bare address",
      { type: "image_url", image_url: "https://a.test/i" },
      { type: "image", source: { from: "url", url: "https://a.test/i" } },
    ],
    [
      "an image as data",
      { type: "image_url", image_url: { url: "data:image/PNG;base64,QUJD" } },
      { type: "image", source: { from: "data", mediaType: "image/png", base64: "QUJD" } },
    ],
    [
      "data that is not base64, as an address",
      { type: "image_url", image_url: { url: "data:image/svg+xml,<svg/>" } },
      { type: "image", source: { from: "url", url: "data:image/svg+xml,<svg/>" } },
    ],
    [
      "audio",
      { type: "input_audio", input_audio: { data: "QUJD", format: "mp3" } },
      { type: "audio", format: "mp3", base64: "QUJD" },
    ],
    [
      "a file as data URL",
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,QUJD" } },
      { type: "file", source: { from: "data", mediaType: "application/pdf", base64: "QUJD" }, name: "a.pdf" },
    ],
    [
      "a file as bare base64",
      { type: "file", file: { filename: "a.csv", file_data: "QUJD" } },
      { type: "file", source: { from: "data", mediaType: "text/csv", base64: "QUJD" }, name: "a.csv" },
    ],
    [
      "a stored file",
      { type: "file", file: { file_id: "file-1" } },
      { type: "file", source: { from: "id", id: "file-1" } },
    ],
  ])("reads the part %s", (_what, part, expected) => {
    expect(decode({ messages: [{ role: "user", content: [part] }] }).request.turns[0]?.parts).toEqual([expected]);
  });

  it("reads the cache mark of a message, as opencode writes it, as one of its last part; without a part it is named as lost", () => {
    const cache_control = { type: "ephemeral" };
    const tool_calls = [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
    const { request, lost } = decode({
      messages: [
        { role: "system", content: "S", cache_control },
        { role: "user", content: [text("a"), text("b")], cache_control },
        { role: "assistant", content: "x", tool_calls, cache_control },
        { role: "tool", tool_call_id: "c", content: "1", cache_control },
      ],
    });
    expect([request.turns.map(({ parts }) => parts), lost]).toMatchObject([
      [
        [{ text: "S", cache: cache_control }],
        [text("a"), { text: "b", cache: cache_control }],
        [{ text: "x", cache: cache_control }, { type: "tool-call" }],
        [{ text: "1", cache: cache_control }],
      ],
      [],
    ]);
    const bare = { role: "assistant", content: null, tool_calls, cache_control };
    expect(decode({ messages: [HI, bare] }).lost).toEqual(["cache_control"]);
  });

  it("reads calls, and a call's proof with its author", () => {
    const wrapped = seal("ts", { dialect: "google-generative", provider: "google" });
    const tool_calls = [
      { id: "c1", type: "function", function: { name: "f", arguments: '{"a":1}' } },
      { id: "c2", function: { name: "g", arguments: { b: 2 } } },
      { id: "c3", function: { name: "h", arguments: "" }, extra_content: { google: { thought_signature: wrapped } } },
      { function: { name: "i" } },
    ];
    expect(decode({ messages: [{ role: "assistant", content: "x", tool_calls }] }).request.turns[0]?.parts).toEqual([
      text("x"),
      { type: "tool-call", id: "c1", name: "f", args: '{"a":1}' },
      { type: "tool-call", id: "c2", name: "g", args: '{"b":2}' },
      {
        type: "tool-call",
        id: "c3",
        name: "h",
        args: "{}",
        signature: "ts",
        origin: { dialect: "google-generative", provider: "google" },
      },
      { type: "tool-call", id: "call_0_3", name: "i", args: "{}" },
    ]);
  });

  it("joins functions of the old form to their results by name", () => {
    const turns = decode({
      messages: [
        { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
        { role: "function", name: "f", content: "42" },
      ],
    }).request.turns;
    expect(turns).toEqual([
      { role: "assistant", parts: [{ type: "tool-call", id: "call_0", name: "f", args: "{}" }] },
      { role: "tool", callId: "call_0", name: "f", failed: false, parts: [text("42")] },
    ]);
  });

  it("reads calls of custom tools as calls of functions of one text", () => {
    const { request, lost } = decode({
      messages: [
        HI,
        {
          role: "assistant",
          content: "ok",
          tool_calls: [{ id: "c1", type: "custom", custom: { name: "p", input: "x" } }],
        },
        { role: "tool", tool_call_id: "c1", content: "done" },
      ],
    });
    expect(request.turns.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(request.turns[1]?.parts.at(-1)).toEqual({ type: "tool-call", id: "c1", name: "p", args: '{"input":"x"}' });
    expect(lost).toEqual([]);
  });

  it("leaves calls of other types behind together with their results", () => {
    const calls = [{ id: "c1", type: "mcp" }];
    const { request, lost } = decode({
      messages: [
        HI,
        { role: "assistant", content: "ok", tool_calls: calls },
        { role: "tool", tool_call_id: "c1", content: "x" },
      ],
    });
    expect(request.turns.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(lost).toEqual(["messages.tool_calls.mcp"]);
  });

  it.each<[string, JsonObject, readonly object[]]>([
    ["plain text", { reasoning_content: "Hm" }, [{ text: "Hm", origin: OWN }]],
    ["plain text under another name", { reasoning: "Hm" }, [{ text: "Hm", origin: OWN }]],
    [
      "a wrapped signature beside the text that it signs",
      {
        reasoning_content: "Hm",
        reasoning_details: [{ type: "reasoning.text", signature: seal("s", CLAUDE), index: 0 }],
      },
      [{ text: "Hm", signature: "s", origin: CLAUDE }],
    ],
    [
      "a wrapped signature with its text",
      {
        reasoning_content: "Hm",
        reasoning_details: [{ type: "reasoning.text", text: "Hm", signature: seal("s", CLAUDE) }],
      },
      [{ text: "Hm", signature: "s", origin: CLAUDE }],
    ],
    [
      "a signed thought and a sealed one",
      {
        reasoning_content: "Hm",
        reasoning_details: [
          { type: "reasoning.text", signature: seal("s", CLAUDE), index: 0 },
          { type: "reasoning.encrypted", data: seal("d", CLAUDE), index: 1 },
        ],
      },
      [
        { text: "Hm", signature: "s", origin: CLAUDE },
        { text: "", sealed: "d", origin: CLAUDE },
      ],
    ],
    [
      "a sealed thought beside its summary",
      { reasoning_content: "Hm", reasoning_details: [{ type: "reasoning.encrypted", data: seal("e", GPT), index: 0 }] },
      [{ text: "Hm", sealed: "e", origin: GPT }],
    ],
    [
      "a summary and its seal in one place",
      {
        reasoning_details: [
          { type: "reasoning.summary", summary: "Hm", index: 0 },
          { type: "reasoning.encrypted", data: seal("e", GPT), index: 0 },
        ],
      },
      [{ text: "Hm", sealed: "e", origin: GPT }],
    ],
    [
      "two signatures for one text: nobody knows which part each signed",
      {
        reasoning_content: "HmHm",
        reasoning_details: [
          { type: "reasoning.text", signature: seal("s", CLAUDE), index: 0 },
          { type: "reasoning.text", signature: seal("t", CLAUDE), index: 1 },
        ],
      },
      [{ text: "HmHm", origin: OWN }],
    ],
    [
      "a signature whose thought was not shown",
      { reasoning_details: [{ type: "reasoning.text", signature: seal("s", CLAUDE) }] },
      [{ text: "", signature: "s", origin: CLAUDE }],
    ],
    [
      "an entry of the provider's own",
      { reasoning_details: [{ type: "reasoning.text", text: "Hm", signature: "own", format: "x" }] },
      [{ text: "Hm", signature: '{"type":"reasoning.text","signature":"own","format":"x"}', origin: OWN }],
    ],
  ])("reads thoughts: %s", (_what, message, thoughts) => {
    const { request } = decode({ messages: [{ role: "assistant", content: null, ...message }] });
    expect(request.turns[0]?.parts).toEqual(thoughts.map((thought) => ({ type: "reasoning", ...thought })));
  });
});

const FUNCTION = { name: "f", description: "F", parameters: { type: "object" }, strict: true };
const TOOL = { type: "function", function: FUNCTION };
const OTHER = { type: "function", function: { name: "g" } };

describe("decodeChatRequest: settings", () => {
  it.each<[string, JsonObject, object]>([
    ["nothing", {}, {}],
    [
      "nulls as nothing",
      { temperature: null, tools: null, stop: null, response_format: null, seed: null, extra: null },
      {},
    ],
    [
      "sampling",
      { temperature: 0.5, top_p: 0.9, top_k: 40, seed: 7, frequency_penalty: 1, presence_penalty: -1 },
      { temperature: 0.5, topP: 0.9, topK: 40, seed: 7, frequencyPenalty: 1, presencePenalty: -1 },
    ],
    ["one stop", { stop: "END" }, { stop: ["END"] }],
    ["stops", { stop: ["a", "b"] }, { stop: ["a", "b"] }],
    ["no stops", { stop: [] }, {}],
    ["max_tokens", { max_tokens: 9 }, { outputMax: 9 }],
    ["max_completion_tokens before max_tokens", { max_tokens: 9, max_completion_tokens: 8 }, { outputMax: 8 }],
    ["n", { n: 2 }, { n: 2 }],
    ["log probabilities", { logprobs: true, top_logprobs: 3 }, { logprobs: { top: 3 } }],
    ["log probabilities without alternatives", { logprobs: true }, { logprobs: { top: 0 } }],
    [
      "names of the request",
      {
        user: "u",
        prompt_cache_key: "k",
        service_tier: "flex",
        metadata: { a: "b" },
        verbosity: "low",
        parallel_tool_calls: false,
      },
      {
        user: "u",
        promptCacheKey: "k",
        serviceTier: "flex",
        metadata: { a: "b" },
        verbosity: "low",
        parallelToolCalls: false,
      },
    ],
    [
      "what has no word, as written",
      { store: true, min_p: 0.1, safety_identifier: "s", modalities: ["text", "audio"] },
      {
        others: [
          ["store", true],
          ["min_p", 0.1],
          ["safety_identifier", "s"],
          ["modalities", ["text", "audio"]],
        ],
      },
    ],
    ["what the gateway itself answers", { stream: true, stream_options: { include_usage: true } }, {}],
    ["reasoning_effort", { reasoning_effort: "xhigh" }, { thinking: { effort: "xhigh" } }],
    ["reasoning_effort off", { reasoning_effort: "off" }, { thinking: { effort: "none" } }],
    [
      "OpenRouter's effort",
      { reasoning: { effort: "low", summary: "auto" } },
      { thinking: { effort: "low", summary: "auto" } },
    ],
    ["OpenRouter's budget", { reasoning: { max_tokens: 2000 } }, { thinking: { budget: 2000 } }],
    ["OpenRouter's switch", { reasoning: { enabled: true } }, { thinking: { effort: "medium" } }],
    ["OpenRouter's switch, off", { reasoning: { enabled: false } }, { thinking: { effort: "none" } }],
    ["thinking disabled (DeepSeek, Z.AI)", { thinking: { type: "disabled" } }, { thinking: { effort: "none" } }],
    [
      "thinking enabled beside an effort (DeepSeek)",
      { thinking: { type: "enabled" }, reasoning_effort: "high" },
      { thinking: { effort: "high" } },
    ],
    ["thinking with a budget", { thinking: { type: "enabled", budget_tokens: 4096 } }, { thinking: { budget: 4096 } }],
    ["plain text", { response_format: { type: "text" } }, { format: { type: "text" } }],
    ["JSON", { response_format: { type: "json_object" } }, { format: { type: "json" } }],
    [
      "a schema, whole",
      {
        response_format: {
          type: "json_schema",
          json_schema: { name: "n", schema: { $schema: "x" }, strict: true, description: "d" },
        },
      },
      { format: { type: "schema", name: "n", schema: { $schema: "x" }, strict: true, description: "d" } },
    ],
    [
      "a schema beside json_object (llama.cpp)",
      { response_format: { type: "json_object", schema: { type: "array" } } },
      { format: { type: "schema", name: "answer", schema: { type: "array" } } },
    ],
    ["tools", { tools: [TOOL, OTHER] }, { tools: [FUNCTION, { name: "g" }] }],
    ["flat tools", { tools: [{ type: "function", name: "g", strict: null }] }, { tools: [{ name: "g" }] }],
    [
      "functions of the old form",
      { functions: [{ name: "g" }], function_call: { name: "g" } },
      { tools: [{ name: "g" }], toolChoice: { use: "tool", name: "g" }, parallelToolCalls: false },
    ],
    [
      "tool_choice auto",
      { tools: [OTHER], tool_choice: "auto" },
      { tools: [{ name: "g" }], toolChoice: { use: "auto" } },
    ],
    [
      "tool_choice none",
      { tools: [OTHER], tool_choice: "none" },
      { tools: [{ name: "g" }], toolChoice: { use: "none" } },
    ],
    [
      "tool_choice required",
      { tools: [OTHER], tool_choice: "required" },
      { tools: [{ name: "g" }], toolChoice: { use: "required" } },
    ],
    [
      "tool_choice any (Mistral)",
      { tools: [OTHER], tool_choice: "any" },
      { tools: [{ name: "g" }], toolChoice: { use: "required" } },
    ],
    [
      "a named tool",
      { tools: [OTHER], tool_choice: { type: "function", function: { name: "g" } } },
      { tools: [{ name: "g" }], toolChoice: { use: "tool", name: "g" } },
    ],
    [
      "a named tool, flat",
      { tools: [OTHER], tool_choice: { type: "function", name: "g" } },
      { tools: [{ name: "g" }], toolChoice: { use: "tool", name: "g" } },
    ],
    [
      "allowed tools, by leaving the others out",
      {
        tools: [TOOL, OTHER],
        tool_choice: { type: "allowed_tools", allowed_tools: { mode: "required", tools: [OTHER] } },
      },
      { tools: [{ name: "g" }], toolChoice: { use: "required" } },
    ],
  ])("reads %s", (_what, more, expected) => {
    expect(settings(more)).toEqual(expected);
    expect(decode(more).lost).toEqual([]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    [
      "tools of other types",
      { tools: [TOOL, { type: "mcp" }, { type: "web_search" }] },
      ["tools.mcp", "tools.web_search"],
    ],
    ["alternatives without log probabilities", { top_logprobs: 2 }, ["top_logprobs"]],
    ["an effort that nobody knows", { reasoning_effort: "extreme" }, ["reasoning_effort"]],
    ["hiding thoughts", { reasoning: { effort: "low", exclude: true } }, ["reasoning.exclude"]],
    ["a form that nobody knows", { response_format: { type: "grammar" } }, ["response_format.grammar"]],
    [
      "a part of another type",
      { messages: [{ role: "user", content: [text("a"), { type: "video_url" }] }] },
      ["messages.content.video_url"],
    ],
    [
      "a type that no header can carry",
      { messages: [{ role: "user", content: [{ type: "a\r\nb" }] }] },
      ["messages.content"],
    ],
    ["a field that no header can carry", { "a\r\nb": 1 }, ["other"]],
    ["earlier audio", { messages: [{ role: "assistant", audio: { id: "a" } }] }, ["messages.audio"]],
    ["the name of a system message", { messages: [{ role: "system", name: "s", content: "x" }] }, ["messages.name"]],
  ])("leaves behind, by name: %s", (_what, more, lost) => {
    expect(decode(more).lost).toEqual(lost);
  });

  it.each<[string, JsonObject, string]>([
    ["a message without a role", { messages: [{ content: "x" }] }, "messages[0].role"],
    ["a role that nobody knows", { messages: [HI, { role: "wizard", content: "x" }] }, "messages[1].role"],
    ["content that is a number", { messages: [{ role: "user", content: 1 }] }, "messages[0].content"],
    ["a part without a type", { messages: [{ role: "user", content: [{}] }] }, "messages[0].content[0]"],
    [
      "an image without an address",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] },
      "messages[0].content[0].image_url",
    ],
    [
      "audio without bytes",
      { messages: [{ role: "user", content: [{ type: "input_audio" }] }] },
      "messages[0].content[0].input_audio.data",
    ],
    [
      "a file without bytes",
      { messages: [{ role: "user", content: [{ type: "file", file: {} }] }] },
      "messages[0].content[0].file",
    ],
    ["a result without a call", { messages: [{ role: "tool", content: "x" }] }, "messages[0].tool_call_id"],
    [
      "a call without a name",
      { messages: [{ role: "assistant", tool_calls: [{ id: "c", type: "function", function: {} }] }] },
      "messages[0].tool_calls[0].function.name",
    ],
    ["a function's result without its name", { messages: [{ role: "function", content: "x" }] }, "messages[0].name"],
    ["a function without a name", { tools: [{ type: "function", function: {} }] }, "tools[0].name"],
    ["a tool that is a text", { tools: ["f"] }, "tools[0]"],
    ["a temperature that is a text", { temperature: "hot" }, "temperature"],
    ["a temperature beyond all numbers", { temperature: JSON.parse("1e999") as number }, "temperature"],
    ["stops that are numbers", { stop: [1] }, "stop"],
    [
      "a schema that is a text",
      { response_format: { type: "json_schema", json_schema: { schema: "x" } } },
      "response_format.json_schema.schema",
    ],
    ["a choice that is a number", { tools: [TOOL], tool_choice: 1 }, "tool_choice"],
    ["a word for a choice that nobody knows", { tools: [TOOL], tool_choice: "maybe" }, "tool_choice"],
  ])("refuses %s", (_what, more, param) => {
    expect(decodeChatRequest({ messages: [HI], ...more })).toMatchObject({ kind: "request-invalid", param });
  });

  it.each<[string, JsonObject]>([
    ["a tool of another type", { tools: [TOOL], tool_choice: { type: "mcp", name: "p" } }],
    ["some tool where none is a function", { tools: [{ type: "web_search" }], tool_choice: "required" }],
  ])("says that it cannot force %s (decision 12)", (_what, more) => {
    expect(decodeChatRequest({ messages: [HI], ...more })).toMatchObject({
      kind: "unsupported-parameter",
      param: "tool_choice",
    });
  });
});
