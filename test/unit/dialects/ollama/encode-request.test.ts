import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { Json } from "../../../../src/core/json.ts";
import type { Target } from "../../../../src/core/snapshot.ts";
import { encodeOllamaRequest } from "../../../../src/dialects/ollama/encode-request.ts";
import type { ChatRequest, Effort, Part, Turn } from "../../../../src/dialects/vocabulary.ts";
import { aTarget } from "../../../support/snapshot.ts";

const text = (of: string): Part => ({ type: "text", text: of });
const HI: Turn = { role: "user", parts: [text("hi")] };
const BARE = { model: "qwen3:14b", messages: [{ role: "user", content: "hi" }], stream: false };
const ID = "home/qwen3:14b";

function aRequest(more: Partial<ChatRequest> = {}): ChatRequest {
  return { turns: [HI], tools: [], others: new Map<string, Json>(), ...more };
}

const encode = (more: Partial<ChatRequest>, of: Partial<Target> = {}) => {
  const encoded = encodeOllamaRequest(aRequest(more), { target: aTarget(ID, of), stream: false });
  if (isFailure(encoded)) throw new Error(encoded.message);
  return encoded;
};

describe("encodeOllamaRequest", () => {
  it("says whether it wants a stream, since saying nothing means one", () => {
    expect(encode({})).toEqual({ tree: BARE, lost: [] });
    const streamed = encodeOllamaRequest(aRequest(), { target: aTarget(ID), stream: true });
    expect(streamed).toMatchObject({ tree: { stream: true } });
  });

  it.each<[string, Turn, object, string[]]>([
    ["system", { role: "system", developer: false, parts: [text("S")] }, { role: "system", content: "S" }, []],
    ["developer", { role: "system", developer: true, parts: [text("S")] }, { role: "system", content: "S" }, []],
    ["texts", { role: "user", parts: [text("a"), text("b")] }, { role: "user", content: "a\nb" }, []],
    [
      "a named user",
      { role: "user", name: "ann", parts: [text("a")] },
      { role: "user", content: "a" },
      ["messages.name"],
    ],
    [
      "an image",
      {
        role: "user",
        parts: [text("a"), { type: "image", source: { from: "data", mediaType: "image/png", base64: "QUJD" } }],
      },
      { role: "user", content: "a", images: ["QUJD"] },
      [],
    ],
    [
      "an image to be looked at closely, as Codex asks",
      {
        role: "user",
        parts: [{ type: "image", source: { from: "data", mediaType: "image/png", base64: "QUJD" }, detail: "high" }],
      },
      { role: "user", content: "", images: ["QUJD"] },
      ["messages.content.detail"],
    ],
    [
      "an image by address",
      { role: "user", parts: [text("a"), { type: "image", source: { from: "url", url: "https://a.test/i" } }] },
      { role: "user", content: "a" },
      ["messages.content.image"],
    ],
    [
      "audio",
      { role: "user", parts: [{ type: "audio", format: "wav", base64: "QUJD" }] },
      { role: "user", content: "" },
      ["messages.content.audio"],
    ],
    [
      "a call",
      { role: "assistant", parts: [text("a"), { type: "tool-call", id: "c", name: "f", args: '{"a":1}' }] },
      { role: "assistant", content: "a", tool_calls: [{ function: { name: "f", arguments: { a: 1 } } }] },
      [],
    ],
    [
      "a call that was cut",
      { role: "assistant", parts: [{ type: "tool-call", id: "c", name: "f", args: '{"a":' }] },
      { role: "assistant", content: "", tool_calls: [{ function: { name: "f", arguments: {} } }] },
      ["messages.tool_calls.arguments"],
    ],
    [
      "its own thought",
      {
        role: "assistant",
        parts: [{ type: "reasoning", text: "Hm", origin: { dialect: "ollama", provider: "home" } }, text("a")],
      },
      { role: "assistant", content: "a", thinking: "Hm" },
      [],
    ],
    [
      "another's thought",
      {
        role: "assistant",
        parts: [{ type: "reasoning", text: "Hm", origin: { dialect: "openai-chat", provider: null } }, text("a")],
      },
      { role: "assistant", content: "a" },
      [],
    ],
    [
      "a result of a call that was cut from the history",
      { role: "tool", callId: "c", name: "f", failed: true, parts: [text("1")] },
      { role: "tool", content: "1", tool_name: "f" },
      ["messages.is_error"],
    ],
    [
      "a result of nobody's call",
      { role: "tool", callId: "c", failed: false, parts: [text("1")] },
      { role: "tool", content: "1" },
      [],
    ],
  ])("writes %s", (_what, turn, message, lost) => {
    const encoded = encode({ turns: [turn] });
    expect([encoded.tree["messages"], encoded.lost]).toEqual([[message], lost]);
  });

  it("looks up the name of a result's function, and leaves out a turn that says nothing", () => {
    const turns: Turn[] = [
      {
        role: "assistant",
        parts: [{ type: "reasoning", text: "Hm", origin: { dialect: "openai-chat", provider: null } }],
      },
      { role: "assistant", parts: [{ type: "tool-call", id: "c", name: "f", args: "{}" }] },
      { role: "tool", callId: "c", failed: false, parts: [text("1")] },
    ];
    expect(encode({ turns }).tree["messages"]).toEqual([
      { role: "assistant", content: "", tool_calls: [{ function: { name: "f", arguments: {} } }] },
      { role: "tool", content: "1", tool_name: "f" },
    ]);
  });

  it("writes results in the order of the calls, the only thing that links two of one name", () => {
    const call = (id: string): Part => ({ type: "tool-call", id, name: "f", args: "{}" });
    const result = (callId: string): Turn => ({ role: "tool", callId, failed: false, parts: [text(`of ${callId}`)] });
    const turns: Turn[] = [
      { role: "assistant", parts: [call("a"), call("b")] },
      result("stray"),
      result("other"),
      result("b"),
      result("a"),
      { role: "assistant", parts: [call("a"), call("c")] },
      result("c"),
      result("a"),
    ];
    const messages = encode({ turns }).tree["messages"] as { role: string; content: string }[];
    const told = messages.filter(({ role }) => role === "tool").map(({ content }) => content);
    expect(told).toEqual(["of a", "of b", "of stray", "of other", "of a", "of c"]);
  });

  it("writes tools, with parameters in every case", () => {
    const tools = [
      { name: "f", description: "F", parameters: { type: "object" } },
      { name: "g", strict: true },
    ];
    const { tree, lost } = encode({ tools, toolChoice: { use: "auto" }, parallelToolCalls: false });
    expect(tree["tools"]).toEqual([
      { type: "function", function: { name: "f", description: "F", parameters: { type: "object" } } },
      { type: "function", function: { name: "g", parameters: { type: "object", properties: {} } } },
    ]);
    expect(lost).toEqual(["parallel_tool_calls", "tools.strict"]);
    expect(encode({ tools, toolChoice: { use: "none" } })).toEqual({ tree: BARE, lost: [] });
  });

  it.each<NonNullable<ChatRequest["toolChoice"]>>([{ use: "required" }, { use: "tool", name: "f" }])(
    "cannot force a call: %j",
    (toolChoice) => {
      const context = { target: aTarget(ID), stream: false };
      expect(encodeOllamaRequest(aRequest({ tools: [{ name: "f" }], toolChoice }), context)).toMatchObject({
        kind: "unsupported-parameter",
        param: "tool_choice",
      });
      expect(encode({ toolChoice })).toEqual({ tree: BARE, lost: [] });
    },
  );

  it.each<[ChatRequest["format"], Json | undefined]>([
    [{ type: "text" }, undefined],
    [{ type: "json" }, "json"],
    [{ type: "schema", name: "s", schema: { type: "object" } }, { type: "object" }],
  ])("writes the format %j", (format, written) => {
    expect(encode(format === undefined ? {} : { format }).tree["format"]).toEqual(written);
  });

  it.each<[Effort, Json, string[]]>([
    ["none", false, []],
    ["minimal", "low", ["reasoning_effort"]],
    ["low", "low", []],
    ["medium", "medium", []],
    ["high", "high", []],
    ["xhigh", "high", ["reasoning_effort"]],
    ["max", "high", ["reasoning_effort"]],
  ])("thinks with effort %s", (effort, think, lost) => {
    const encoded = encode({ thinking: { effort } });
    expect([encoded.tree["think"], encoded.lost]).toEqual([think, lost]);
  });

  it("thinks by a budget as by an effort, and says nothing where only a summary is wanted", () => {
    expect(encode({ thinking: { budget: 9_000 } })).toMatchObject({ tree: { think: "medium" }, lost: ["thinking"] });
    expect(encode({ thinking: { summary: "auto" } })).toEqual({ tree: BARE, lost: [] });
  });

  it("writes the settings as options, beside those of Ollama's own that the client wrote", () => {
    const others = new Map<string, Json>([
      ["min_p", 0.1],
      ["options", { num_ctx: 8192, temperature: 2, mirostat: 1 }],
      ["keep_alive", "10m"],
      ["logit_bias", {}],
      ["store", false],
    ]);
    const request = {
      outputMax: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      seed: 7,
      stop: ["a"],
      presencePenalty: 1,
      frequencyPenalty: 2,
    };
    expect(encode({ ...request, others })).toEqual({
      tree: {
        ...BARE,
        options: {
          min_p: 0.1,
          num_ctx: 8192,
          num_predict: 9,
          temperature: 0.5,
          top_p: 0.9,
          top_k: 40,
          seed: 7,
          stop: ["a"],
          presence_penalty: 1,
          frequency_penalty: 2,
        },
        keep_alive: "10m",
      },
      lost: ["options", "logit_bias"],
    });
  });

  it("asks for the stated context window, unless the file or the client says otherwise", () => {
    const { stated } = aTarget(ID);
    const of = { stated: { ...stated, contextWindow: 32_768 } };
    expect(encode({}, of).tree["options"]).toEqual({ num_ctx: 32_768 });
    expect(encode({}, { ...of, params: { num_ctx: 4_096 } }).tree["options"]).toEqual({ num_ctx: 4_096 });
    expect(encode({ others: new Map([["num_ctx", 1]]) }, of).tree["options"]).toEqual({ num_ctx: 1 });
  });

  it("names what Ollama has no words for", () => {
    const more = {
      n: 2,
      logprobs: { top: 1 },
      user: "u",
      verbosity: "low",
      serviceTier: "x",
      promptCacheKey: "k",
      metadata: {},
    };
    expect(encode(more)).toEqual({
      tree: BARE,
      lost: ["logprobs", "verbosity", "service_tier", "user", "prompt_cache_key", "metadata", "n"],
    });
  });
});
