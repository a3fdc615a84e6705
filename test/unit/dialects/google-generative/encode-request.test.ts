import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { Json, JsonObject } from "../../../../src/core/json.ts";
import { encodeGoogleRequest } from "../../../../src/dialects/google-generative/encode-request.ts";
import type { ChatRequest, Effort, Part, Turn } from "../../../../src/dialects/vocabulary.ts";
import { aTarget } from "../../../support/snapshot.ts";

const OWN = { dialect: "google-generative", provider: "google" } as const;
const text = (of: string): Part => ({ type: "text", text: of });
const HI: Turn = { role: "user", parts: [text("hi")] };
const HI_THERE = { role: "user", parts: [{ text: "hi" }] };

function aRequest(more: Partial<ChatRequest> = {}): ChatRequest {
  return { turns: [HI], tools: [], others: new Map<string, Json>(), ...more };
}

const encode = (more: Partial<ChatRequest>, model = "gemini-2.0-flash") => {
  const encoded = encodeGoogleRequest(aRequest(more), { target: aTarget(`google/${model}`), stream: true });
  if (isFailure(encoded)) throw new Error(encoded.message);
  return encoded;
};
const contentsOf = (turns: Turn[], model?: string) => encode({ turns }, model).tree["contents"];
const call = (id: string, name: string, more: object = {}): Part => ({
  type: "tool-call",
  id,
  name,
  args: '{"a":1}',
  ...more,
});
const result = (callId: string, ...parts: Part[]): Turn => ({ role: "tool", callId, failed: false, parts });
const PNG = { from: "data", mediaType: "image/png", base64: "QUJD" } as const;

describe("encodeGoogleRequest", () => {
  it("writes what was asked for and nothing else: model and stream stand in the path", () => {
    expect(encode({})).toEqual({ tree: { contents: [HI_THERE] }, lost: [] });
  });

  it("gathers system turns in the system instruction, wherever they stood", () => {
    const turns: Turn[] = [
      { role: "system", developer: false, parts: [text("A")] },
      HI,
      { role: "system", developer: true, parts: [text("B"), { type: "image", source: PNG }] },
    ];
    expect(encode({ turns })).toEqual({
      tree: { systemInstruction: { parts: [{ text: "A" }, { text: "B" }] }, contents: [HI_THERE] },
      lost: ["messages.content.image"],
    });
  });

  it("answers instructions that stand alone", () => {
    const turns: Turn[] = [{ role: "system", developer: false, parts: [text("hi")] }];
    expect(encode({ turns }).tree).toEqual({ contents: [HI_THERE] });
  });

  it.each<[string, Part[], object[], string[]]>([
    ["an image", [{ type: "image", source: PNG }], [{ inlineData: { mimeType: "image/png", data: "QUJD" } }], []],
    [
      "an image by address",
      [{ type: "image", source: { from: "url", url: "https://a.test/i" }, detail: "high" }],
      [{ fileData: { fileUri: "https://a.test/i" } }],
      ["messages.content.detail"],
    ],
    [
      "a stored file",
      [{ type: "file", source: { from: "id", id: "files/abc" } }],
      [{ fileData: { fileUri: "files/abc" } }],
      [],
    ],
    [
      "another provider's file",
      [text("x"), { type: "file", source: { from: "id", id: "file-1" } }],
      [{ text: "x" }],
      ["messages.content.file"],
    ],
    [
      "audio",
      [{ type: "audio", format: "mp3", base64: "QUJD" }],
      [{ inlineData: { mimeType: "audio/mp3", data: "QUJD" } }],
      [],
    ],
    ["an empty text beside another", [text(""), text("x")], [{ text: "x" }], []],
    ["a cached text", [{ type: "text", text: "x", cache: { type: "ephemeral" } }], [{ text: "x" }], ["cache_control"]],
  ])("writes %s", (_what, parts, written, lost) => {
    const encoded = encode({ turns: [{ role: "user", parts }] });
    expect(encoded).toEqual({ tree: { contents: [{ role: "user", parts: written }] }, lost });
  });

  it("joins what the model said in one go, and leaves out what says nothing", () => {
    const turns: Turn[] = [
      HI,
      { role: "assistant", parts: [text("a")] },
      { role: "assistant", parts: [{ type: "refusal", text: "No." }] },
      { role: "user", parts: [] },
      { role: "assistant", parts: [text("")] },
    ];
    expect(contentsOf(turns)).toEqual([HI_THERE, { role: "model", parts: [{ text: "a" }, { text: "No." }] }]);
  });

  it("writes results in one content, in the order and with the names of their calls, and their media behind them", () => {
    const turns: Turn[] = [
      HI,
      { role: "assistant", parts: [call("c1", "f"), call("c2", "g")] },
      { role: "tool", callId: "c2", failed: true, parts: [text("broken")] },
      result("c1", { type: "image", source: PNG }),
    ];
    expect(contentsOf(turns)).toEqual([
      HI_THERE,
      {
        role: "model",
        parts: [{ functionCall: { name: "f", args: { a: 1 } } }, { functionCall: { name: "g", args: { a: 1 } } }],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "f", response: { output: "(see the attached files in the next message)" } } },
          { functionResponse: { name: "g", response: { error: "broken" } } },
        ],
      },
      { role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "QUJD" } }] },
    ]);
  });

  it("names the function of the last call where a client numbers calls anew", () => {
    const turns: Turn[] = [
      HI,
      { role: "assistant", parts: [call("call_0", "f")] },
      result("call_0", text("1")),
      { role: "assistant", parts: [call("call_0", "g")] },
      result("call_0", text("2")),
    ];
    expect(JSON.stringify(contentsOf(turns))).toMatch(/"name":"f","response":.*"name":"g","response":/);
  });

  it("keeps ids apart that are the same as far as they are taken", () => {
    const [one, two] = [`${"x".repeat(70)}1`, `${"x".repeat(70)}2`];
    const turns: Turn[] = [
      HI,
      { role: "assistant", parts: [call(one, "f"), call(two, "f")] },
      result(one, text("1")),
      result(two, text("2")),
    ];
    const ids = [...JSON.stringify(contentsOf(turns, "claude-sonnet-4-6")).matchAll(/"id":"(x+[^"]*)"/g)];
    const [first, second] = ["x".repeat(64), `${"x".repeat(62)}_2`];
    expect(ids.map(([, id]) => id)).toEqual([first, second, first, second]);
  });

  it("takes the stated name of a result whose call was cut from the history, and refuses one without", () => {
    const named: Turn = { role: "tool", callId: "c9", name: "f", failed: false, parts: [text("1")] };
    expect(contentsOf([named])).toEqual([
      { role: "user", parts: [{ functionResponse: { name: "f", response: { output: "1" } } }] },
    ]);
    const context = { target: aTarget("google/gemini-2.0-flash"), stream: false };
    expect(encodeGoogleRequest(aRequest({ turns: [HI, result("c9", text("1"))] }), context)).toMatchObject({
      kind: "request-invalid",
      param: "messages",
    });
  });

  it("writes ids for the models that know calls by them", () => {
    const turns: Turn[] = [HI, { role: "assistant", parts: [call("c:1", "f")] }, result("c:1", text("1"))];
    expect(JSON.stringify(contentsOf(turns, "claude-sonnet-4-6"))).toMatch(
      /"functionCall":\{"id":"c_1".*"functionResponse":\{"id":"c_1"/,
    );
    expect(JSON.stringify(contentsOf(turns))).not.toContain('"id"');
  });

  it("writes arguments that are no object as none, and says so", () => {
    const encoded = encode({ turns: [HI, { role: "assistant", parts: [call("c", "f", { args: '{"a":' })] }] });
    expect(encoded.lost).toEqual(["messages.tool_calls.arguments"]);
    expect(JSON.stringify(encoded.tree)).toContain('"args":{}');
    expect(encode({ turns: [HI, { role: "assistant", parts: [call("c", "f", { args: "" })] }] }).lost).toEqual([]);
  });

  const thought = (signature: string | undefined, origin: object = OWN): Part =>
    ({ type: "reasoning", text: "Hm", ...(signature === undefined ? {} : { signature }), origin }) as Part;

  it.each<[string, Part[], object[]]>([
    ["before its text", [thought("s"), text("a")], [{ text: "a", thoughtSignature: "s" }]],
    ["behind its text", [text("a"), thought("s")], [{ text: "a", thoughtSignature: "s" }]],
    [
      "without text",
      [thought("s"), call("c", "f")],
      [{ text: "", thoughtSignature: "s" }, { functionCall: { name: "f", args: { a: 1 } } }],
    ],
    [
      "two of them",
      [thought("s1"), thought("s2"), text("a")],
      [
        { text: "", thoughtSignature: "s1" },
        { text: "a", thoughtSignature: "s2" },
      ],
    ],
    ["of another provider", [thought("s", { ...OWN, provider: "vertex" }), text("a")], [{ text: "a" }]],
    [
      "of another dialect",
      [thought("s", { dialect: "anthropic-messages", provider: "google" }), text("a")],
      [{ text: "a" }],
    ],
    ["none", [thought(undefined), text("a")], [{ text: "a" }]],
    [
      "of a call",
      [call("c", "f", { signature: "s", origin: OWN })],
      [{ functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "s" }],
    ],
    [
      "of a call of nobody known",
      [call("c", "f", { signature: "s" })],
      [{ functionCall: { name: "f", args: { a: 1 } } }],
    ],
  ])("sends back a signature: %s", (_where, parts, written) => {
    expect(contentsOf([HI, { role: "assistant", parts }], "gemini-2.5-pro")).toEqual([
      HI_THERE,
      { role: "model", parts: written },
    ]);
  });

  it.each([
    ["gemini-3-pro-preview", true],
    ["gemini-3.1-flash-lite-preview", true],
    ["gemini-flash-latest", true],
    ["gemini-2.5-flash", false],
    ["gemma-4-31b-it", false],
  ])("tells %s that the first call of a step is not its own: %s", (model, told) => {
    const turns: Turn[] = [HI, { role: "assistant", parts: [text("a"), call("c1", "f"), call("c2", "g")] }];
    const [, said] = contentsOf(turns, model) as unknown as { parts: JsonObject[] }[];
    const wanted = told ? "skip_thought_signature_validator" : undefined;
    expect(said?.parts.map((part) => part["thoughtSignature"])).toEqual([undefined, wanted, undefined]);
  });
});

describe("tools", () => {
  const tools = [{ name: "f", description: "F", parameters: { type: "object" }, strict: true }, { name: "g" }];
  const functionDeclarations = [
    { name: "f", description: "F", parametersJsonSchema: { type: "object" } },
    { name: "g" },
  ];

  it.each<[ChatRequest["toolChoice"], object | undefined]>([
    [undefined, undefined],
    [{ use: "auto" }, { mode: "AUTO" }],
    [{ use: "none" }, { mode: "NONE" }],
    [{ use: "required" }, { mode: "ANY" }],
    [
      { use: "tool", name: "g" },
      { mode: "ANY", allowedFunctionNames: ["g"] },
    ],
  ])("with the choice %j", (toolChoice, functionCallingConfig) => {
    const more = toolChoice === undefined ? {} : { toolChoice };
    const { tree, lost } = encode({ tools, ...more });
    expect(tree["tools"]).toEqual([{ functionDeclarations }]);
    expect(tree["toolConfig"]).toEqual(functionCallingConfig && { functionCallingConfig });
    expect(lost).toEqual(["tools.strict"]);
  });

  it("a choice among none is no choice", () => {
    expect(encode({ toolChoice: { use: "required" } }).tree).toEqual({ contents: [HI_THERE] });
  });

  it("cannot forbid calls side by side", () => {
    expect(encode({ tools: [{ name: "f" }], parallelToolCalls: false }).lost).toEqual(["parallel_tool_calls"]);
    expect(encode({ tools: [{ name: "f" }], parallelToolCalls: true }).lost).toEqual([]);
  });
});

describe("settings", () => {
  const schema = { type: "object", properties: { a: { type: "integer" } } };

  it.each<[string, Partial<ChatRequest>, object, string[]]>([
    [
      "sampling",
      { temperature: 0.5, topP: 0.9, topK: 40, seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2 },
      { temperature: 0.5, topP: 0.9, topK: 40, seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2 },
      [],
    ],
    ["bounds", { outputMax: 100, stop: ["a"] }, { maxOutputTokens: 100, stopSequences: ["a"] }, []],
    ["too many stops", { stop: [..."abcdef"] }, { stopSequences: [..."abcde"] }, ["stop"]],
    ["JSON", { format: { type: "json" } }, { responseMimeType: "application/json" }, []],
    [
      "a schema",
      { format: { type: "schema", name: "s", schema, strict: true } },
      { responseMimeType: "application/json", responseJsonSchema: schema },
      [],
    ],
    ["log probabilities", { logprobs: { top: 3 } }, { responseLogprobs: true, logprobs: 3 }, []],
    ["log probabilities alone", { logprobs: { top: 0 } }, { responseLogprobs: true }, []],
  ])("writes %s", (_what, more, generationConfig, lost) => {
    const encoded = encode(more);
    expect([encoded.tree["generationConfig"], encoded.lost]).toEqual([generationConfig, lost]);
  });

  it("names what Google has no words for, each once, and nothing that was a default", () => {
    const others = new Map<string, Json>([
      ["store", false],
      ["logit_bias", {}],
      ["cached_content", "cachedContents/1"],
    ]);
    const more = {
      n: 2,
      user: "u",
      verbosity: "low",
      serviceTier: "flex",
      promptCacheKey: "k",
      metadata: {},
      seed: 1e12,
    };
    const { tree, lost } = encode({ ...more, others, format: { type: "text" } });
    expect(tree).toEqual({ contents: [HI_THERE], cachedContent: "cachedContents/1" });
    expect(lost).toEqual([
      "verbosity",
      "service_tier",
      "user",
      "prompt_cache_key",
      "metadata",
      "n",
      "seed",
      "logit_bias",
    ]);
    expect(encode({ n: 1 }).lost).toEqual([]);
  });
});

describe("thinking", () => {
  const config = (model: string, thinking: ChatRequest["thinking"]) => {
    const { tree, lost } = encode(thinking === undefined ? {} : { thinking }, model);
    return { config: (tree["generationConfig"] as JsonObject | undefined)?.["thinkingConfig"], lost };
  };

  it.each<[string, Effort, object, string[]]>([
    ["gemini-3-pro-preview", "none", { thinkingLevel: "LOW" }, ["reasoning_effort"]],
    ["gemini-3-pro-preview", "low", { thinkingLevel: "LOW", includeThoughts: true }, []],
    ["gemini-3-pro-preview", "medium", { thinkingLevel: "HIGH", includeThoughts: true }, ["reasoning_effort"]],
    ["gemini-3.1-pro-preview", "high", { thinkingLevel: "HIGH", includeThoughts: true }, []],
    ["gemini-3-flash-preview", "none", { thinkingLevel: "MINIMAL" }, ["reasoning_effort"]],
    ["gemini-3-flash-preview", "minimal", { thinkingLevel: "MINIMAL", includeThoughts: true }, []],
    ["models/gemini-3.5-flash", "medium", { thinkingLevel: "MEDIUM", includeThoughts: true }, []],
    ["gemini-3-flash-preview", "xhigh", { thinkingLevel: "HIGH", includeThoughts: true }, ["reasoning_effort"]],
    ["gemini-2.5-pro", "none", { thinkingBudget: 128 }, ["reasoning_effort"]],
    ["gemini-2.5-pro", "minimal", { thinkingBudget: 128, includeThoughts: true }, []],
    ["gemini-2.5-pro", "high", { thinkingBudget: 32_768, includeThoughts: true }, []],
    ["gemini-2.5-flash", "none", { thinkingBudget: 0 }, []],
    ["gemini-2.5-flash", "low", { thinkingBudget: 2_048, includeThoughts: true }, []],
    ["gemini-2.5-flash", "max", { thinkingBudget: 24_576, includeThoughts: true }, ["reasoning_effort"]],
    ["gemini-2.5-flash-lite", "minimal", { thinkingBudget: 512, includeThoughts: true }, []],
    ["gemini-2.5-flash-lite", "medium", { thinkingBudget: 8_192, includeThoughts: true }, []],
  ])("%s, effort %s", (model, effort, written, lost) => {
    expect(config(model, { effort })).toEqual({ config: written, lost });
  });

  it.each<[string, number, object, string[]]>([
    ["gemini-2.5-pro", 1_000, { thinkingBudget: 1_000, includeThoughts: true }, []],
    ["gemini-2.5-pro", 0, { thinkingBudget: 128 }, ["thinking"]],
    ["gemini-2.5-flash", 0, { thinkingBudget: 0 }, []],
    ["gemini-2.5-flash", 100_000, { thinkingBudget: 24_576, includeThoughts: true }, ["thinking"]],
    ["gemini-2.5-flash", -1, { thinkingBudget: -1, includeThoughts: true }, []],
    ["gemini-3-flash-preview", 9_000, { thinkingLevel: "MEDIUM", includeThoughts: true }, ["thinking"]],
  ])("%s, budget %d", (model, budget, written, lost) => {
    expect(config(model, { budget })).toEqual({ config: written, lost });
  });

  it("shows thoughts where a summary is asked for, and says nothing where nothing was asked", () => {
    expect(config("gemini-2.5-pro", { summary: "auto" })).toEqual({ config: { includeThoughts: true }, lost: [] });
    expect(config("gemini-3-pro-preview", undefined)).toEqual({ config: undefined, lost: [] });
  });

  it("a model that does not think loses the wish", () => {
    const thinking = { effort: "high", budget: 5, summary: "auto" } as const;
    expect(config("gemini-2.0-flash", thinking).lost).toEqual(["thinking", "reasoning_effort", "reasoning.summary"]);
    expect(config("gemini-2.0-flash", { effort: "none" })).toEqual({ config: undefined, lost: [] });
  });
});
