import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import type { DecodedRequest } from "../../../../src/dialects/dialect.ts";
import { decodeResponsesRequest } from "../../../../src/dialects/openai-responses/decode-request.ts";
import { seal } from "../../../../src/dialects/sealed.ts";

const OWN = { dialect: "openai-responses", provider: null } as const;

function decode(more: JsonObject): DecodedRequest {
  const read = decodeResponsesRequest({ model: "m", input: "hi", ...more });
  if (isFailure(read)) throw new Error(`${read.param}: ${read.message}`);
  return read;
}

const turnsOf = (...input: JsonObject[]) => decode({ input }).request.turns;
const text = (of: string) => ({ type: "text", text: of });
const user = { type: "message", role: "user", content: "hi" };
const call = (call_id: string, more: JsonObject = {}) => ({
  type: "function_call",
  call_id,
  name: "f",
  arguments: "{}",
  ...more,
});
const output = (call_id: string, of = "42") => ({ type: "function_call_output", call_id, output: of });
const called = (id: string) => ({ type: "tool-call", id, name: "f", args: "{}" });
const result = (callId: string) => ({ role: "tool", callId, failed: false, parts: [text("42")] });

function settings(more: JsonObject): object {
  const { turns: _turns, others, tools, ...rest } = decode(more).request;
  return { ...rest, ...(tools.length === 0 ? {} : { tools }), ...(others.size === 0 ? {} : { others: [...others] }) };
}

describe("decodeResponsesRequest: input", () => {
  it.each<[string, JsonObject, object]>([
    ["a message without type", { role: "user", content: "hi" }, { role: "user", parts: [text("hi")] }],
    [
      "a system message",
      { type: "message", role: "system", content: "S" },
      { role: "system", developer: false, parts: [text("S")] },
    ],
    [
      "a developer message",
      { role: "developer", content: [{ type: "input_text", text: "D" }] },
      { role: "system", developer: true, parts: [text("D")] },
    ],
    [
      "an answer, sent back as it came",
      {
        type: "message",
        id: "msg_1",
        status: "completed",
        role: "assistant",
        phase: "final_answer",
        content: [{ type: "output_text", text: "A", annotations: [], logprobs: [] }],
      },
      { role: "assistant", parts: [text("A")] },
    ],
    [
      "a call whose arguments are no text",
      call("c", { arguments: { a: 1 } }),
      { role: "assistant", parts: [{ ...called("c"), args: '{"a":1}' }] },
    ],
    [
      "a refusal",
      { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
      { role: "assistant", parts: [{ type: "refusal", text: "No." }] },
    ],
    ["a call", call("c1"), { role: "assistant", parts: [called("c1")] }],
    [
      "a call in a namespace",
      call("c1", { namespace: "mcp__files__" }),
      { role: "assistant", parts: [{ ...called("c1"), name: "mcp__files__f" }] },
    ],
    ["a result", output("c1"), result("c1")],
    [
      "a result in parts",
      { type: "function_call_output", call_id: "c1", output: [{ type: "input_text", text: "42" }] },
      result("c1"),
    ],
    [
      "a thought of its own",
      {
        type: "reasoning",
        id: "rs_1",
        summary: [
          { type: "summary_text", text: "One" },
          { type: "summary_text", text: "Two" },
        ],
        encrypted_content: "e",
      },
      { role: "assistant", parts: [{ type: "reasoning", text: "One\n\nTwo", id: "rs_1", sealed: "e", origin: OWN }] },
    ],
    [
      "a thought by its content",
      { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Hm" }] },
      { role: "assistant", parts: [{ type: "reasoning", text: "Hm", origin: OWN }] },
    ],
    [
      "a thought of another author",
      {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "Hm" }],
        encrypted_content: seal('{"signature":"s"}', { dialect: "anthropic-messages", provider: "anthropic" }),
      },
      {
        role: "assistant",
        parts: [
          {
            type: "reasoning",
            text: "Hm",
            signature: "s",
            origin: { dialect: "anthropic-messages", provider: "anthropic" },
          },
        ],
      },
    ],
    [
      "a thought of an author without proofs",
      {
        type: "reasoning",
        summary: [{ type: "summary_text", text: "Hm" }],
        encrypted_content: seal("{}", { dialect: "openai-chat", provider: "deepseek" }),
      },
      {
        role: "assistant",
        parts: [{ type: "reasoning", text: "Hm", origin: { dialect: "openai-chat", provider: "deepseek" } }],
      },
    ],
  ])("reads %s", (_what, item, turn) => {
    expect(turnsOf(item)).toEqual([turn]);
  });

  it.each<[string, JsonObject, object]>([
    [
      "an image by address",
      { type: "input_image", image_url: "https://a.test/i", detail: "auto" },
      { type: "image", source: { from: "url", url: "https://a.test/i" }, detail: "auto" },
    ],
    [
      "an image as data",
      { type: "input_image", image_url: "data:image/png;base64,QUJD" },
      { type: "image", source: { from: "data", mediaType: "image/png", base64: "QUJD" } },
    ],
    [
      "a stored image",
      { type: "input_image", file_id: "file-1" },
      { type: "image", source: { from: "id", id: "file-1" } },
    ],
    [
      "OpenClaw's image",
      { type: "input_image", source: { type: "base64", media_type: "image/png", data: "QUJD" } },
      { type: "image", source: { from: "data", mediaType: "image/png", base64: "QUJD" } },
    ],
    [
      "a file as data",
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,QUJD" },
      { type: "file", source: { from: "data", mediaType: "application/pdf", base64: "QUJD" }, name: "a.pdf" },
    ],
    [
      "a file by address",
      { type: "input_file", file_url: "https://a.test/a.pdf" },
      { type: "file", source: { from: "url", url: "https://a.test/a.pdf" } },
    ],
    [
      "OpenClaw's file",
      { type: "input_file", source: { type: "base64", media_type: "text/plain", data: "QUJD", filename: "a.txt" } },
      { type: "file", source: { from: "data", mediaType: "text/plain", base64: "QUJD" }, name: "a.txt" },
    ],
    [
      "audio",
      { type: "input_audio", input_audio: { data: "QUJD", format: "mp3" } },
      { type: "audio", format: "mp3", base64: "QUJD" },
    ],
  ])("reads the part %s", (_what, part, expected) => {
    expect(turnsOf({ role: "user", content: [part] })[0]?.parts).toEqual([expected]);
  });

  it("puts the instructions before everything", () => {
    expect(decode({ instructions: "Be brief." }).request.turns).toEqual([
      { role: "system", developer: false, parts: [text("Be brief.")] },
      { role: "user", parts: [text("hi")] },
    ]);
  });

  it("takes what a model said in one go for one turn", () => {
    const thought = { type: "reasoning", summary: [{ type: "summary_text", text: "Hm" }] };
    const said = { role: "assistant", content: "Let me see." };
    expect(turnsOf(user, thought, said, call("c1"), call("c2"), output("c1"), output("c2"), said)).toEqual([
      { role: "user", parts: [text("hi")] },
      {
        role: "assistant",
        parts: [{ type: "reasoning", text: "Hm", origin: OWN }, text("Let me see."), called("c1"), called("c2")],
      },
      result("c1"),
      result("c2"),
      { role: "assistant", parts: [text("Let me see.")] },
    ]);
  });

  // Codex puts messages between a call and its result; other APIs refuse that.
  it("moves results behind the turn that called", () => {
    const roles = (...input: JsonObject[]) =>
      turnsOf(...input).map((turn) => ("callId" in turn ? turn.callId : turn.role));
    expect(roles(call("c1"), user, output("c1"))).toEqual(["assistant", "c1", "user"]);
    expect(roles(call("c1"), call("c2"), user, output("c1"), user, output("c2"))).toEqual([
      "assistant",
      "c1",
      "c2",
      "user",
      "user",
    ]);
    expect(roles(call("c1"), { role: "assistant", content: "Wait." }, output("c1"))).toEqual(["assistant", "c1"]);
    expect(roles(user, output("nobody"))).toEqual(["user", "nobody"]);
  });

  it("passes over thoughts that say nothing", () => {
    expect(turnsOf(user, { type: "reasoning", id: "rs_1", summary: [] })).toHaveLength(1);
  });
});

const FUNCTION = { type: "function", name: "f", description: "F", parameters: { type: "object" }, strict: false };
const { type: _type, ...READ } = FUNCTION;

describe("decodeResponsesRequest: settings", () => {
  it.each<[string, JsonObject, object]>([
    ["nothing", {}, {}],
    [
      "settings",
      {
        max_output_tokens: 9,
        temperature: 0.5,
        top_p: 0.9,
        parallel_tool_calls: true,
        service_tier: "flex",
        user: "u",
        prompt_cache_key: "k",
        metadata: { a: "b" },
      },
      {
        outputMax: 9,
        temperature: 0.5,
        topP: 0.9,
        parallelToolCalls: true,
        serviceTier: "flex",
        user: "u",
        promptCacheKey: "k",
        metadata: { a: "b" },
      },
    ],
    [
      "an effort and a summary",
      { reasoning: { effort: "high", summary: "auto" } },
      { thinking: { effort: "high", summary: "auto" } },
    ],
    ["no thinking asked for", { reasoning: { effort: null, summary: null } }, {}],
    [
      "a form and verbosity",
      {
        text: { format: { type: "json_schema", name: "n", schema: { $schema: "x" }, strict: true }, verbosity: "low" },
      },
      { format: { type: "schema", name: "n", schema: { $schema: "x" }, strict: true }, verbosity: "low" },
    ],
    ["JSON", { text: { format: { type: "json_object" } } }, { format: { type: "json" } }],
    ["tools", { tools: [FUNCTION] }, { tools: [READ] }],
    [
      "tools in the nested form",
      { tools: [{ type: "function", function: { name: "g" } }] },
      { tools: [{ name: "g" }] },
    ],
    [
      "tools of namespaces under flat names (Codex)",
      {
        tools: [
          { type: "namespace", name: "mcp__files__", description: "Files", tools: [FUNCTION] },
          { type: "namespace", name: "web", tools: [{ type: "function", name: "g" }] },
        ],
      },
      { tools: [{ ...READ, name: "mcp__files__f" }, { name: "web__g" }] },
    ],
    [
      "a named tool",
      { tools: [FUNCTION], tool_choice: { type: "function", name: "f" } },
      { tools: [READ], toolChoice: { use: "tool", name: "f" } },
    ],
    [
      "allowed tools",
      {
        tools: [FUNCTION, { type: "function", name: "g" }],
        tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "g" }] },
      },
      { tools: [{ name: "g" }], toolChoice: { use: "auto" } },
    ],
    ["log probabilities", { top_logprobs: 2, include: ["message.output_text.logprobs"] }, { logprobs: { top: 2 } }],
    ["sealed thoughts, which come anyway", { include: ["reasoning.encrypted_content"] }, {}],
    [
      "what has no word, as written",
      { store: false, truncation: "auto", client_metadata: { a: 1 } },
      {
        others: [
          ["store", false],
          ["truncation", "auto"],
          ["client_metadata", { a: 1 }],
        ],
      },
    ],
  ])("reads %s", (_what, more, expected) => {
    expect(settings(more)).toEqual(expected);
    expect(decode(more).lost).toEqual([]);
  });

  it.each<[string, JsonObject, readonly string[]]>([
    [
      "tools that only their API runs",
      {
        tools: [
          FUNCTION,
          { type: "web_search" },
          { type: "local_shell" },
          { type: "mcp", server_url: "https://a.test" },
        ],
      },
      ["tools.web_search", "tools.local_shell", "tools.mcp"],
    ],
    [
      "items that only their API understands",
      {
        input: [
          user,
          { type: "web_search_call", id: "ws" },
          { type: "local_shell_call" },
          { type: "local_shell_call_output", call_id: "c" },
        ],
      },
      ["input.web_search_call", "input.local_shell_call", "input.local_shell_call_output"],
    ],
    [
      "parts of other types",
      { input: [{ role: "user", content: [{ type: "computer_screenshot" }] }] },
      ["input.content.computer_screenshot"],
    ],
    ["what else was to be included", { include: ["file_search_call.results"] }, ["include"]],
    ["an effort that nobody knows", { reasoning: { effort: "extreme" } }, ["reasoning.effort"]],
  ])("leaves behind, by name: %s", (_what, more, lost) => {
    expect(decode(more).lost).toEqual(lost);
  });

  it.each<[string, JsonObject, string, string]>([
    ["a message without a role", { input: [{ type: "message", content: "x" }] }, "request-invalid", "input[0].role"],
    ["an item that is a text", { input: ["x"] }, "request-invalid", "input[0]"],
    ["a call without a name", { input: [{ type: "function_call", call_id: "c" }] }, "request-invalid", "input[0].name"],
    ["a call without an id", { input: [{ type: "function_call", name: "f" }] }, "request-invalid", "input[0].call_id"],
    [
      "a result without a call",
      { input: [{ type: "function_call_output", output: "x" }] },
      "request-invalid",
      "input[0].call_id",
    ],
    [
      "an image without an address",
      { input: [{ role: "user", content: [{ type: "input_image" }] }] },
      "request-invalid",
      "input[0].content[0].image_url",
    ],
    [
      "a file without bytes",
      { input: [{ role: "user", content: [{ type: "input_file" }] }] },
      "request-invalid",
      "input[0].content[0]",
    ],
    ["instructions that are a number", { instructions: 1 }, "request-invalid", "instructions"],
    ["a stored item", { input: [{ type: "item_reference", id: "msg_1" }] }, "unsupported-parameter", "input"],
    ["a stored answer", { previous_response_id: "resp_1" }, "unsupported-parameter", "previous_response_id"],
    ["a stored conversation", { conversation: "conv_1" }, "unsupported-parameter", "conversation"],
    ["a stored prompt", { prompt: { id: "pmpt_1" } }, "unsupported-parameter", "prompt"],
    [
      "a hosted tool that must be used",
      { tools: [FUNCTION], tool_choice: { type: "web_search" } },
      "unsupported-parameter",
      "tool_choice",
    ],
  ])("refuses %s", (_what, more, kind, param) => {
    expect(decodeResponsesRequest({ input: "hi", ...more })).toMatchObject({ kind, param });
  });
});
