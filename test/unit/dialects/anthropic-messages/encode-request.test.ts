import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { Json, JsonObject } from "../../../../src/core/json.ts";
import type { Stated } from "../../../../src/core/snapshot.ts";
import { encodeMessagesRequest } from "../../../../src/dialects/anthropic-messages/encode-request.ts";
import type { ChatRequest, Part, Tool, Turn } from "../../../../src/dialects/vocabulary.ts";
import { aTarget } from "../../../support/snapshot.ts";

const text = (words: string): Part => ({ type: "text", text: words });
const user = (...parts: Part[]): Turn => ({ role: "user", parts });
const assistant = (...parts: Part[]): Turn => ({ role: "assistant", parts });
const system = (...parts: Part[]): Turn => ({ role: "system", developer: false, parts });
const call = (id: string, args = "{}", name = "look"): Part => ({ type: "tool-call", id, name, args });
const result = (callId: string, ...parts: Part[]): Turn => ({ role: "tool", callId, failed: false, parts });
const HI = user(text("Hi"));
const LOOK: Tool = { name: "look", parameters: { type: "object", properties: {} } };

interface Row extends Partial<Omit<ChatRequest, "others">> {
  readonly model?: string;
  readonly stated?: Partial<Stated>;
  readonly others?: Record<string, Json>;
}

function encode({ model = "claude-sonnet-4-5", stated = {}, others = {}, ...request }: Row) {
  const target = aTarget(`anthropic/${model}`);
  const context = { target: { ...target, stated: { ...target.stated, ...stated } }, stream: false };
  const whole = { turns: [HI], tools: [], others: new Map(Object.entries(others)), ...request };
  return encodeMessagesRequest(whole, context);
}

/** The tree without what is always there, and what was lost. */
function written(row: Row): { readonly tree: JsonObject; readonly lost: readonly string[] } {
  const encoded = encode(row);
  if (isFailure(encoded)) throw new Error(encoded.message);
  const { model: _model, messages: _messages, max_tokens: _max, ...tree } = encoded.tree;
  return { tree: JSON.parse(JSON.stringify(tree)) as JsonObject, lost: encoded.lost };
}

function member(row: Row, key: string): Json | undefined {
  const encoded = encode(row);
  if (isFailure(encoded)) throw new Error(encoded.message);
  return encoded.tree[key];
}

describe("messages", () => {
  const say = (role: string, ...content: JsonObject[]): JsonObject => ({ role, content });
  const words = (each: string): JsonObject => ({ type: "text", text: each });
  const use = (id: string, input: JsonObject = {}): JsonObject => ({ type: "tool_use", id, name: "look", input });
  const rows: readonly [string, readonly Turn[], readonly JsonObject[]][] = [
    [
      "results of one answer are one message, before what the user says",
      [
        HI,
        assistant(call("a", '{"x":1}'), call("b")),
        result("a", text("1")),
        result("b", text("2")),
        user(text("so?")),
      ],
      [
        say("user", words("Hi")),
        say("assistant", use("a", { x: 1 }), use("b")),
        say(
          "user",
          { type: "tool_result", tool_use_id: "a", content: "1" },
          { type: "tool_result", tool_use_id: "b", content: "2" },
          words("so?"),
        ),
      ],
    ],
    [
      "a result behind the user's words stands before them",
      [HI, assistant(call("a")), user(text("wait")), result("a", text("1"))],
      [
        say("user", words("Hi")),
        say("assistant", use("a")),
        say("user", { type: "tool_result", tool_use_id: "a", content: "1" }, words("wait")),
      ],
    ],
    [
      "a failed result says so, a silent one has no content",
      [HI, assistant(call("a")), { role: "tool", callId: "a", failed: true, parts: [text("")] }],
      [
        say("user", words("Hi")),
        say("assistant", use("a")),
        say("user", { type: "tool_result", tool_use_id: "a", is_error: true }),
      ],
    ],
    [
      "an image alone in a result gets words, and the cache mark goes to the result",
      [
        HI,
        assistant(call("a")),
        result("a", {
          type: "image",
          source: { from: "data", mediaType: "image/png", base64: "QQ==" },
          cache: { type: "ephemeral" },
        }),
      ],
      [
        say("user", words("Hi")),
        say("assistant", use("a")),
        say("user", {
          type: "tool_result",
          tool_use_id: "a",
          content: [
            words("(see attached image)"),
            { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } },
          ],
          cache_control: { type: "ephemeral" },
        }),
      ],
    ],
    [
      "turns of one role are one message, and words of nothing but space are none",
      [user(text("a")), user(text("b"), text("  \n")), assistant(text("")), user(text("c"))],
      [say("user", words("a"), words("b"), words("c"))],
    ],
    [
      "a history that begins with the model gets a user before it",
      [assistant(text("Hello")), HI],
      [say("user", words("(continued)")), say("assistant", words("Hello")), say("user", words("Hi"))],
    ],
    [
      "an answer to go on from is kept without the space at its end",
      [HI, assistant(text("The answer is \n"))],
      [say("user", words("Hi")), say("assistant", words("The answer is"))],
    ],
    [
      "a refusal is text",
      [HI, assistant({ type: "refusal", text: "No." }), HI],
      [say("user", words("Hi")), say("assistant", words("No.")), say("user", words("Hi"))],
    ],
    ["instructions alone are what is asked", [system(text("Be."))], [say("user", words("Be."))]],
    [
      "ids are safe, different, and the same for call and result",
      [HI, assistant(call("a.b"), call("a|b"), call("x".repeat(80))), result("a|b", text("1"))],
      [
        say("user", words("Hi")),
        say("assistant", use("a_b"), use("a_b_2"), use("x".repeat(64))),
        say("user", { type: "tool_result", tool_use_id: "a_b_2", content: "1" }),
      ],
    ],
    [
      // Broke: the API answers "`tool_use` ids must be unique" to the whole conversation.
      "ids are different where the client numbers the calls of every answer anew",
      [
        HI,
        assistant(call("call_0")),
        result("call_0", text("1")),
        assistant(call("call_0")),
        result("call_0", text("2")),
      ],
      [
        say("user", words("Hi")),
        say("assistant", use("call_0")),
        say("user", { type: "tool_result", tool_use_id: "call_0", content: "1" }),
        say("assistant", use("call_0_2")),
        say("user", { type: "tool_result", tool_use_id: "call_0_2", content: "2" }),
      ],
    ],
  ];
  it.each(rows)("%s", (_what, turns, messages) => {
    expect(member({ turns }, "messages")).toEqual(messages);
  });

  it("system turns stand apart wherever they stood, with their cache marks", () => {
    const turns = [
      system({ type: "text", text: "A", cache: { type: "ephemeral" } }),
      HI,
      { role: "system", developer: true, parts: [text("B")] } as const,
    ];
    expect(member({ turns }, "system")).toEqual([
      { type: "text", text: "A", cache_control: { type: "ephemeral" } },
      { type: "text", text: "B" },
    ]);
  });

  it("thoughts go to their author only", () => {
    const own = { dialect: "anthropic-messages", provider: "anthropic" } as const;
    const turns = [
      HI,
      assistant(
        { type: "reasoning", text: "Hm", signature: "s", origin: own },
        { type: "reasoning", text: "", sealed: "d", origin: { ...own, provider: null } },
        { type: "reasoning", text: "unproven", origin: own },
        { type: "reasoning", text: "x", signature: "t", origin: { ...own, provider: "minimax" } },
        { type: "reasoning", text: "y", signature: "u", origin: { dialect: "openai-chat", provider: null } },
        text("42"),
      ),
      HI,
    ];
    expect((member({ turns }, "messages") as JsonObject[])[1]?.["content"]).toEqual([
      { type: "thinking", thinking: "Hm", signature: "s" },
      { type: "redacted_thinking", data: "d" },
      { type: "text", text: "42" },
    ]);
  });

  const url = { from: "url", url: "https://a.test/x" } as const;
  const data = (mediaType: string, base64 = "QUJD") => ({ from: "data", mediaType, base64 }) as const;
  const media: readonly [string, Part, JsonObject | null][] = [
    ["an image by address", { type: "image", source: url }, { type: "image", source: { type: "url", url: url.url } }],
    [
      "an image whose type is misspelt",
      { type: "image", source: data("image/jpg") },
      { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "QUJD" } },
    ],
    [
      "a PDF with its name",
      { type: "file", source: data("application/pdf"), name: "a.pdf" },
      {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: "QUJD" },
        title: "a.pdf",
      },
    ],
    [
      "a text file, read",
      { type: "file", source: data("text/markdown") },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "ABC" } },
    ],
    [
      "a file that is an image",
      { type: "file", source: data("image/png") },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } },
    ],
    ["a file by address", { type: "file", source: url }, { type: "document", source: { type: "url", url: url.url } }],
    ["a file of an unknown kind is lost", { type: "file", source: data("application/zip") }, null],
    ["a file that somebody else stores is lost", { type: "file", source: { from: "id", id: "file_1" } }, null],
    ["an image that somebody else stores is lost", { type: "image", source: { from: "id", id: "file_1" } }, null],
    ["sound is lost", { type: "audio", format: "wav", base64: "QQ==" }, null],
  ];
  it.each(media)("%s", (_what, part, block) => {
    const encoded = encode({ turns: [user(text("See"), part)] });
    if (isFailure(encoded)) throw new Error(encoded.message);
    expect((encoded.tree["messages"] as JsonObject[])[0]?.["content"]).toEqual([
      { type: "text", text: "See" },
      ...(block === null ? [] : [block]),
    ]);
    expect(encoded.lost).toEqual(block === null ? [`messages.content.${part.type}`] : []);
  });

  it("arguments that are no object are kept as text", () => {
    const encoded = encode({ turns: [HI, assistant(call("a", "oops")), result("a", text("1"))] });
    expect(encoded).toMatchObject({ lost: ["messages.tool_calls.arguments"] });
    expect(JSON.stringify(encoded)).toContain('"input":{"arguments":"oops"}');
  });

  it("a conversation that holds nothing is nonsense", () => {
    expect(encode({ turns: [user(text(" "))] })).toMatchObject({ kind: "request-invalid", param: "messages" });
  });
});

describe("settings", () => {
  const rows: readonly [string, Row, JsonObject, readonly string[]][] = [
    ["a temperature within bounds", { temperature: 0.4 }, { temperature: 0.4 }, []],
    ["a hotter one is clamped", { temperature: 1.7 }, { temperature: 1 }, ["temperature"]],
    ["of temperature and top_p one goes", { temperature: 0.4, topP: 0.9 }, { temperature: 0.4 }, ["top_p"]],
    [
      "older models take both",
      { model: "claude-3-7-sonnet-latest", temperature: 0.4, topP: 0.9, topK: 5 },
      { temperature: 0.4, top_p: 0.9, top_k: 5 },
      [],
    ],
    [
      "the newest take none",
      { model: "claude-opus-4-7", temperature: 0.4, topP: 0.9, topK: 5 },
      {},
      ["temperature", "top_p", "top_k"],
    ],
    ["stop sequences without words go", { stop: ["END", "\n"] }, { stop_sequences: ["END"] }, ["stop"]],
    ["the user", { user: "u1" }, { metadata: { user_id: "u1" } }, []],
    ["the user by other names", { others: { safety_identifier: "u2" } }, { metadata: { user_id: "u2" } }, []],
    [
      "the user under one of several names, the others by name",
      { user: "u1", metadata: { user_id: "u3" }, others: { safety_identifier: "u2" } },
      { metadata: { user_id: "u1" } },
      ["metadata", "safety_identifier"],
    ],
    ["metadata have no place", { metadata: { a: "b", user_id: "u3" } }, { metadata: { user_id: "u3" } }, ["metadata"]],
    ["the default tier", { serviceTier: "default" }, { service_tier: "standard_only" }, []],
    ["a better tier", { serviceTier: "priority" }, { service_tier: "auto" }, []],
    ["a tier that nobody has here", { serviceTier: "flex" }, {}, ["service_tier"]],
    ["a tier by the name of a member of every object", { serviceTier: "constructor" }, {}, ["service_tier"]],
    [
      "what has no word is named",
      { seed: 1, frequencyPenalty: 1, presencePenalty: 1, logprobs: { top: 1 }, n: 2, verbosity: "low" },
      {},
      ["seed", "frequency_penalty", "presence_penalty", "logprobs", "verbosity", "n"],
    ],
    ["one answer is what everybody gives", { n: 1, others: { store: false } }, {}, []],
    ["unknown fields are named", { others: { min_p: 0.1, store: true } }, {}, ["min_p", "store"]],
    [
      "a cache mark for everything",
      { others: { cache_control: { type: "ephemeral" } } },
      { cache_control: { type: "ephemeral" } },
      [],
    ],
  ];
  it.each(rows)("%s", (_what, row, tree, lost) => {
    expect(written(row)).toEqual({ tree, lost });
  });

  const limits: readonly [string, Row, number][] = [
    ["the client's limit", { outputMax: 17 }, 17],
    ["the stated one", { stated: { maxTokens: 8_192 } }, 8_192],
    ["the stated one, up to a bound", { stated: { maxTokens: 64_000 } }, 32_000],
    ["something where nobody says anything", {}, 4_096],
    ["a budget raises it", { thinking: { effort: "low" }, outputMax: 1_000 }, 3_048],
    ["a budget that the client counted in does not", { thinking: { budget: 2_000 }, outputMax: 3_000 }, 3_000],
    ["a budget goes as far as the model", { thinking: { effort: "high" }, stated: { maxTokens: 10_000 } }, 10_000],
  ];
  it.each(limits)("max_tokens: %s", (_what, row, expected) => {
    expect(member(row, "max_tokens")).toBe(expected);
  });

  it("asks for a stream only where one is wanted", () => {
    const request = { turns: [HI], tools: [], others: new Map() };
    const target = aTarget("anthropic/claude-opus-4-7");
    expect(encodeMessagesRequest(request, { target, stream: true })).toMatchObject({ tree: { stream: true } });
    expect(member({}, "stream")).toBeUndefined();
  });
});

describe("thinking", () => {
  const enabled = (budget: number) => ({ thinking: { type: "enabled", budget_tokens: budget } });
  const adaptive = (effort: string) => ({ thinking: { type: "adaptive" }, output_config: { effort } });
  const disabled = { thinking: { type: "disabled" } };
  const rows: readonly [string, Row, JsonObject, readonly string[]][] = [
    ["a budget per effort", { thinking: { effort: "medium" } }, enabled(8_192), []],
    ["a budget of the client's own", { thinking: { budget: 5_000 } }, enabled(5_000), []],
    ["a budget too small", { thinking: { budget: 10 } }, enabled(1_024), []],
    [
      "it cools",
      { thinking: { effort: "low" }, temperature: 1, topK: 3, topP: 0.5 },
      enabled(2_048),
      ["temperature", "top_p", "top_k"],
    ],
    ["it leaves a high top_p", { thinking: { effort: "low" }, topP: 0.95 }, { ...enabled(2_048), top_p: 0.95 }, []],
    ["4.6 by effort", { model: "claude-opus-4-6", thinking: { effort: "xhigh" } }, adaptive("max"), []],
    ["4.6 by effort, Sonnet", { model: "claude-sonnet-4-6", thinking: { effort: "xhigh" } }, adaptive("high"), []],
    ["4.6 by budget", { model: "claude-opus-4-6", thinking: { budget: 2_000 } }, enabled(2_000), []],
    ["4.7 by effort", { model: "claude-opus-4-7", thinking: { effort: "xhigh" } }, adaptive("xhigh"), []],
    [
      "4.7 by budget, as an effort",
      { model: "claude-opus-4-7", thinking: { budget: 9_000 } },
      adaptive("medium"),
      ["thinking"],
    ],
    [
      "4.7 shown where a summary is wanted",
      { model: "claude-opus-4-7", thinking: { effort: "minimal", summary: "auto" } },
      { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } },
      [],
    ],
    ["a summary alone asks for nothing", { thinking: { summary: "auto" } }, {}, []],
    ["off", { thinking: { effort: "none" } }, disabled, []],
    ["off where it was never on", { model: "claude-3-5-haiku-latest", thinking: { effort: "none" } }, {}, []],
    [
      "off where it cannot be",
      { model: "claude-opus-5-5", thinking: { effort: "none" } },
      { output_config: { effort: "low" } },
      ["thinking"],
    ],
    ["off, of a stranger", { model: "MiniMax-M2", thinking: { effort: "none" } }, {}, []],
    [
      "off, of a stranger that is said to think",
      { model: "MiniMax-M2", thinking: { effort: "none" }, stated: { reasoning: true } },
      disabled,
      [],
    ],
    [
      "a model that does not think",
      { model: "claude-3-5-haiku-latest", thinking: { effort: "high" } },
      {},
      ["thinking"],
    ],
    [
      "a model that is said not to think",
      { thinking: { effort: "high" }, stated: { reasoning: false } },
      {},
      ["thinking"],
    ],
    ["no room for thoughts", { thinking: { effort: "low" }, stated: { maxTokens: 1_500 } }, {}, ["thinking"]],
  ];
  it.each(rows)("%s", (_what, row, tree, lost) => {
    expect(written(row)).toEqual({ tree, lost });
  });

  it("is not asked for by a budget behind results of an answer that began without a thought", () => {
    const turns = [HI, assistant(call("a")), result("a", text("1"))];
    const row: Row = { turns, tools: [LOOK], thinking: { effort: "low" } };
    expect(written(row).tree["thinking"]).toBeUndefined();
    expect(written(row).lost).toEqual(["thinking"]);
    const adapting = written({ ...row, model: "claude-opus-4-7" });
    expect(adapting.tree["thinking"]).toEqual({ type: "adaptive" });
  });
});

describe("tools", () => {
  const look = { name: "look", input_schema: { type: "object", properties: {} } };
  const rows: readonly [string, Row, JsonObject, readonly string[]][] = [
    [
      "a function with everything",
      { tools: [{ ...LOOK, description: "d", strict: true, cache: { type: "ephemeral" } }] },
      { tools: [{ ...look, description: "d", cache_control: { type: "ephemeral" } }] },
      ["tools.strict"],
    ],
    ["a function without parameters", { tools: [{ name: "look" }] }, { tools: [look] }, []],
    [
      "the choice auto",
      { tools: [LOOK], toolChoice: { use: "auto" } },
      { tools: [look], tool_choice: { type: "auto" } },
      [],
    ],
    [
      "the choice none",
      { tools: [LOOK], toolChoice: { use: "none" }, parallelToolCalls: false },
      { tools: [look], tool_choice: { type: "none" } },
      [],
    ],
    [
      "the choice required",
      { tools: [LOOK], toolChoice: { use: "required" } },
      { tools: [look], tool_choice: { type: "any" } },
      [],
    ],
    [
      "one tool, one call",
      { tools: [LOOK], toolChoice: { use: "tool", name: "look" }, parallelToolCalls: false },
      { tools: [look], tool_choice: { type: "tool", name: "look", disable_parallel_tool_use: true } },
      [],
    ],
    [
      "one call at a time",
      { tools: [LOOK], parallelToolCalls: false },
      { tools: [look], tool_choice: { type: "auto", disable_parallel_tool_use: true } },
      [],
    ],
    ["several calls are the rule", { tools: [LOOK], parallelToolCalls: true }, { tools: [look] }, []],
    ["a choice among none", { toolChoice: { use: "required" }, parallelToolCalls: false }, {}, []],
    [
      "a forced call leaves no time to think",
      { tools: [LOOK], toolChoice: { use: "required" }, thinking: { effort: "high" } },
      { tools: [look], tool_choice: { type: "any" } },
      ["thinking"],
    ],
    [
      "called tools are declared, and called no more",
      { turns: [HI, assistant(call("a")), result("a", text("1"))] },
      { tools: [look], tool_choice: { type: "none" } },
      [],
    ],
  ];
  it.each(rows)("%s", (_what, row, tree, lost) => {
    expect(written(row)).toEqual({ tree, lost });
  });

  it("a choice that the model cannot be given is not dropped", () => {
    const row: Row = { model: "claude-fable-5-1", tools: [LOOK], toolChoice: { use: "required" } };
    expect(encode(row)).toMatchObject({ kind: "unsupported-parameter", param: "tool_choice" });
  });

  it("our own tool's name is taken", () => {
    expect(encode({ tools: [{ name: "openclaw_answer" }] })).toMatchObject({ kind: "request-invalid", param: "tools" });
  });
});

describe("the form of the answer", () => {
  const schema: JsonObject = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
  const format = { type: "schema", name: "weather", schema } as const;
  const old = "claude-3-7-sonnet-latest";
  const tool = {
    name: "openclaw_answer",
    description: "Gives the answer. Its input is the whole answer to the user.",
    input_schema: schema,
  };
  // Once: the text of two answers is no JSON.
  const forced = { type: "tool", name: "openclaw_answer", disable_parallel_tool_use: true };
  const look = { name: "look", input_schema: { type: "object", properties: {} } };
  const rows: readonly [string, Row, JsonObject, readonly string[]][] = [
    [
      "a schema in the model's own words, closed",
      { format, thinking: { effort: "low" }, model: "claude-opus-4-7" },
      {
        thinking: { type: "adaptive" },
        output_config: {
          effort: "low",
          format: { type: "json_schema", schema: { ...schema, additionalProperties: false } },
        },
      },
      [],
    ],
    ["text", { format: { type: "text" } }, {}, []],
    ["a schema by a tool", { model: old, format }, { tools: [tool], tool_choice: forced }, []],
    [
      "a schema by a tool, beside the client's",
      { model: old, format, tools: [LOOK] },
      { tools: [look, tool], tool_choice: { type: "any" } },
      [],
    ],
    [
      "a schema by a tool, while the client's may not be called",
      { model: old, format, tools: [LOOK], toolChoice: { use: "none" } },
      { tools: [look, tool], tool_choice: forced },
      [],
    ],
    [
      "a call that the client insists on comes first",
      { model: old, format, tools: [LOOK], toolChoice: { use: "required" } },
      { tools: [look], tool_choice: { type: "any" } },
      [],
    ],
    [
      "by a tool nobody thinks",
      { model: old, format, thinking: { effort: "low" } },
      { tools: [tool], tool_choice: forced },
      ["thinking"],
    ],
    [
      "any JSON",
      { format: { type: "json" } },
      { tools: [{ ...tool, input_schema: { type: "object", additionalProperties: true } }], tool_choice: forced },
      [],
    ],
    [
      "any JSON where no tool can be forced",
      { model: "claude-opus-5-5", format: { type: "json" } },
      {},
      ["response_format"],
    ],
    [
      "a schema of members of any name is said by a tool",
      { format: { ...format, schema: { type: "object", additionalProperties: { type: "number" } } } },
      {
        tools: [{ ...tool, input_schema: { type: "object", additionalProperties: { type: "number" } } }],
        tool_choice: forced,
      },
      [],
    ],
  ];
  it.each(rows)("%s", (_what, row, tree, lost) => {
    expect(written(row)).toEqual({ tree, lost });
  });

  it("an answer that is no object cannot be had", () => {
    const row: Row = { format: { ...format, schema: { type: "array", items: {} } } };
    expect(encode(row)).toMatchObject({ kind: "unsupported-parameter", param: "response_format" });
  });
});
