// Before and after, one row per example: what a flag does to a request, and what the client is told. Most are OpenClaw's own examples.
import type { Like } from "./rig.ts";

/** One example. */
export interface Row {
  readonly what: string;
  readonly like: Like;
  readonly before: object;
  /** Absent: nothing changes. */
  readonly after?: object;
  readonly adjusted?: readonly string[];
}

const text = (words: string) => ({ type: "text", text: words });
const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
const user = (content: unknown) => ({ role: "user", content });
const messages = (...list: readonly object[]) => ({ messages: list });
const fn = (parameters: object, more: object = {}) => ({
  type: "function",
  function: { name: "f", ...more, parameters },
});
const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
const calls = (...ids: readonly string[]) => ({ role: "assistant", content: null, tool_calls: ids.map(call) });
const result = (id: string, more: object = {}) => ({ role: "tool", tool_call_id: id, ...more, content: "r" });
const efforts = {
  supportedReasoningEfforts: ["low", "medium", "high", "xhigh"],
  reasoningEffortMap: { xhigh: "xhigh" },
};
const basic = { supportedReasoningEfforts: ["low", "medium", "high"] };
const T = fn({ type: "object" });

/** Message content and roles. */
export const MESSAGE_ROWS: readonly Row[] = [
  {
    what: "a list of texts becomes one text",
    like: { compat: { requiresStringContent: true } },
    before: messages(user([text("a"), text("b")])),
    after: messages(user("a\nb")),
    adjusted: ["messages.content"],
  },
  {
    what: "a list with an image stays a list",
    like: { compat: { requiresStringContent: true } },
    before: messages(user([text("a"), image])),
  },
  {
    what: "an empty list stays",
    like: { compat: { requiresStringContent: true } },
    before: messages(user([])),
  },
  {
    what: "a developer becomes system by flag",
    like: { compat: { supportsDeveloperRole: false } },
    before: messages({ role: "developer", content: "x" }, user("developer")),
    after: messages({ role: "system", content: "x" }, user("developer")),
    adjusted: ["messages.role"],
  },
  {
    what: "a developer becomes system at a local server",
    like: { route: "local" },
    before: messages({ role: "developer", content: "x" }),
    after: messages({ role: "system", content: "x" }),
    adjusted: ["messages.role"],
  },
  {
    what: "a developer stays at a local server that is said to know it",
    like: { route: "local", compat: { supportsDeveloperRole: true } },
    before: messages({ role: "developer", content: "x" }),
  },
  {
    what: "a developer stays where nothing is written, whoever imitates OpenAI there",
    like: { route: "proxy-like" },
    before: messages({ role: "developer", content: "x" }),
  },
  {
    what: "a developer of the Responses API becomes system",
    like: { route: "local", dialect: "openai-responses" },
    before: { input: [{ role: "developer", content: "x" }] },
    after: { input: [{ role: "system", content: "x" }] },
    adjusted: ["input.role"],
  },
  {
    what: "images are left out for a model that takes text only, and the text is kept",
    like: { stated: { input: new Set(["text"]) } },
    before: messages(user([text("look"), image])),
    after: messages(user([text("look")])),
    adjusted: ["messages.image_url"],
  },
  {
    what: "a message of images only says that they were there",
    like: { stated: { input: new Set(["text"]) } },
    before: messages(user([image, image])),
    after: messages(user([text("(image omitted: this model takes none)")])),
    adjusted: ["messages.image_url"],
  },
  {
    what: "images stay where nobody states what the model takes",
    like: {},
    before: messages(user([image])),
  },
  {
    what: "images stay for a model that takes them",
    like: { stated: { input: new Set(["text", "image"]) } },
    before: messages(user([image])),
  },
  {
    what: "images of the Responses API are left out of tool results as well",
    like: { stated: { input: new Set(["text"]) }, dialect: "openai-responses" },
    before: {
      input: [{ type: "function_call_output", call_id: "c", output: [{ type: "input_image", image_url: "u" }] }],
    },
    after: {
      input: [
        {
          type: "function_call_output",
          call_id: "c",
          output: [{ type: "input_text", text: "(image omitted: this model takes none)" }],
        },
      ],
    },
    adjusted: ["input.input_image"],
  },
  {
    what: "images of messages are left out of tool results as well",
    like: { stated: { input: new Set(["text"]) }, dialect: "anthropic-messages" },
    before: messages(user([{ type: "tool_result", tool_use_id: "t", content: [text("a"), { type: "image" }] }])),
    after: messages(user([{ type: "tool_result", tool_use_id: "t", content: [text("a")] }])),
    adjusted: ["messages.image"],
  },
  {
    what: "images of Google are left out, and other media stay",
    like: { stated: { input: new Set(["text"]) }, dialect: "google-generative" },
    before: {
      contents: [
        { role: "user", parts: [{ inlineData: { mimeType: "image/png", data: "" } }] },
        { role: "user", parts: [{ inlineData: { mimeType: "audio/wav", data: "" } }] },
      ],
    },
    after: {
      contents: [
        { role: "user", parts: [{ text: "(image omitted: this model takes none)" }] },
        { role: "user", parts: [{ inlineData: { mimeType: "audio/wav", data: "" } }] },
      ],
    },
    adjusted: ["contents.mimeType"],
  },
  {
    what: "images of Ollama are left out beside their text",
    like: { stated: { input: new Set(["text"]) }, dialect: "ollama" },
    before: messages({ role: "user", content: "look", images: ["AA=="] }),
    after: messages({ role: "user", content: "look" }),
    adjusted: ["messages.images"],
  },
  {
    what: "a result gets the name of the function that was called",
    like: { compat: { requiresToolResultName: true } },
    before: messages(calls("a"), result("a"), result("b"), result("a", { name: "own" })),
    after: messages(calls("a"), result("a", { name: "f" }), result("b"), result("a", { name: "own" })),
  },
  {
    what: "an assistant's word stands between a result and a user",
    like: { compat: { requiresAssistantAfterToolResult: true } },
    before: messages(calls("a", "b"), result("a"), result("b"), user("and?"), user("well?")),
    after: messages(
      calls("a", "b"),
      result("a"),
      result("b"),
      { role: "assistant", content: "I have processed the tool results." },
      user("and?"),
      user("well?"),
    ),
  },
  {
    what: "no word is put behind a result that comes last",
    like: { compat: { requiresAssistantAfterToolResult: true } },
    before: messages(calls("a"), result("a")),
  },
  {
    what: "a thought becomes text in front of the answer",
    like: { compat: { requiresThinkingAsText: true } },
    before: messages({ role: "assistant", content: "hello", reasoning_content: "hm" }),
    after: messages({ role: "assistant", content: "hm\n\nhello" }),
    adjusted: ["messages.reasoning_content"],
  },
  {
    what: "a thought becomes the first part of a list, and an entry counts before its copy",
    like: { compat: { requiresThinkingAsText: true } },
    before: messages({
      role: "assistant",
      content: [text("hello")],
      reasoning: "hm",
      reasoning_details: [{ type: "reasoning.text", text: "hm" }],
    }),
    after: messages({ role: "assistant", content: [text("hm"), text("hello")] }),
    adjusted: ["messages.reasoning_content"],
  },
  {
    what: "a thought before a call becomes its content",
    like: { compat: { requiresThinkingAsText: true } },
    before: messages({ ...calls("a"), reasoning: "hm" }),
    after: messages({ ...calls("a"), content: "hm" }),
    adjusted: ["messages.reasoning_content"],
  },
  {
    what: "ids of nine letters and digits stay",
    like: { compat: { requiresMistralToolIds: true } },
    before: messages(calls("abcDEF123"), result("abcDEF123")),
  },
];

/** Top-level fields and tools. */
export const FIELD_ROWS: readonly Row[] = [
  {
    what: "stream options are left out by flag",
    like: { compat: { supportsUsageInStreaming: false } },
    before: { stream: true, stream_options: { include_usage: true, include_obfuscation: false } },
    after: { stream: true },
    adjusted: ["stream_options"],
  },
  {
    what: "fields that the target cannot take are left out",
    like: { compat: { dropFields: ["temperature", "seed", "user"] } },
    before: { temperature: 0.1, seed: 7, top_p: 1 },
    after: { top_p: 1 },
    adjusted: ["temperature", "seed"],
  },
  {
    what: "a field that the file gives is left out all the same",
    like: { compat: { dropFields: ["temperature"] }, fill: { temperature: 0.1 } },
    before: { top_k: 1 },
  },
  {
    what: "a default tool choice is left out as well",
    like: { route: "proxy-like", compat: { dropFields: ["tool_choice"] } },
    before: { tools: [T] },
  },
  {
    what: "fields are left out of the object that holds them",
    like: { dialect: "google-generative", compat: { dropFields: ["temperature", "seed", "store"] } },
    before: { generationConfig: { temperature: 0.1, topP: 1 }, store: true },
    after: { generationConfig: { topP: 1 } },
    adjusted: ["store"],
  },
  {
    what: "an object that is left empty goes as well",
    like: { dialect: "ollama", compat: { dropFields: ["seed"] } },
    before: { options: { seed: 7 } },
    after: {},
  },
  {
    what: "an object without the field stays",
    like: { dialect: "ollama", compat: { dropFields: ["seed"] } },
    before: { options: { temperature: 1 } },
  },
  {
    what: "tools go",
    like: { compat: { supportsTools: false } },
    before: { tools: [T], tool_choice: "auto", parallel_tool_calls: true, seed: 1 },
    after: { seed: 1 },
    adjusted: ["tools", "tool_choice", "parallel_tool_calls"],
  },
  {
    what: "store goes by flag",
    like: { compat: { supportsStore: false } },
    before: { store: true, seed: 1 },
    after: { seed: 1 },
    adjusted: ["store"],
  },
  { what: "store stays without a flag", like: { route: "proxy-like" }, before: { store: true } },
  {
    what: "the cache's key goes by flag",
    like: { compat: { supportsPromptCacheKey: false } },
    before: { prompt_cache_key: "k", prompt_cache_retention: "24h", seed: 1 },
    after: { seed: 1 },
    adjusted: ["prompt_cache_key", "prompt_cache_retention"],
  },
  {
    what: "the bound gets its old name",
    like: { compat: { maxTokensField: "max_tokens" } },
    before: { max_completion_tokens: 500 },
    after: { max_tokens: 500 },
    adjusted: ["max_completion_tokens"],
  },
  {
    what: "the bound gets its new name",
    like: { compat: { maxTokensField: "max_completion_tokens" } },
    before: { max_tokens: 500 },
    after: { max_completion_tokens: 500 },
    adjusted: ["max_tokens"],
  },
  {
    what: "of two bounds the target's own wins",
    like: { compat: { maxTokensField: "max_tokens" } },
    before: { max_completion_tokens: 500, max_tokens: 9 },
    after: { max_tokens: 9 },
    adjusted: ["max_completion_tokens"],
  },
  { what: "no bound is added", like: { compat: { maxTokensField: "max_tokens" } }, before: { seed: 1 } },
  {
    what: "strict goes",
    like: { compat: { supportsStrictMode: false } },
    before: { tools: [fn({ type: "object" }, { strict: true }), T] },
    after: { tools: [T, T] },
    adjusted: ["tools.strict"],
  },
  {
    what: "strict goes from Responses, and one that promises nothing is no loss",
    like: { compat: { supportsStrictMode: false }, dialect: "openai-responses" },
    before: { tools: [{ type: "function", name: "f", parameters: {}, strict: false }] },
    after: { tools: [{ type: "function", name: "f", parameters: {} }] },
  },
  {
    what: "a choice is added beside tools where OpenAI is not at the other end",
    like: { route: "proxy-like" },
    before: { tools: [T] },
    after: { tools: [T], tool_choice: "auto" },
  },
  { what: "no choice is added at OpenAI", like: {}, before: { tools: [T] } },
  { what: "a written choice stays", like: { route: "local" }, before: { tools: [T], tool_choice: "required" } },
  { what: "no choice is added without tools", like: { route: "local" }, before: { tools: [] } },
  {
    what: "keywords go at every depth, and properties of their name stay",
    like: { compat: { unsupportedToolSchemaKeywords: ["minLength"] } },
    before: {
      tools: [
        fn({
          type: "object",
          properties: {
            minLength: { type: "string", minLength: 1 },
            list: { items: [{ anyOf: [{ minLength: 2 }] }], default: { minLength: 3 } },
          },
        }),
      ],
    },
    after: {
      tools: [
        fn({
          type: "object",
          properties: { minLength: { type: "string" }, list: { items: [{ anyOf: [{}] }], default: { minLength: 3 } } },
        }),
      ],
    },
    adjusted: ["tools.parameters"],
  },
  {
    what: "a profile names its keywords",
    like: { compat: { toolSchemaProfile: "xai" } },
    before: { tools: [fn({ properties: { a: { maxItems: 3, minLength: 1, pattern: "x" } } })] },
    after: { tools: [fn({ properties: { a: { pattern: "x" } } })] },
    adjusted: ["tools.parameters"],
  },
  {
    what: "keywords go from Google's declarations",
    like: { compat: { unsupportedToolSchemaKeywords: ["format"] }, dialect: "google-generative" },
    before: {
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { format: "x", type: "object" } }] }],
    },
    after: { tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object" } }] }] },
    adjusted: ["tools.parameters"],
  },
  {
    what: "a profile that nobody knows changes nothing",
    like: { compat: { toolSchemaProfile: "constructor" } },
    before: { tools: [fn({ properties: { a: { maxItems: 3 } } })] },
  },
  {
    what: "tools of messages get OpenAI's shape",
    like: { compat: { requiresOpenAiAnthropicToolPayload: true }, dialect: "anthropic-messages" },
    before: {
      tools: [
        { name: "f", description: "d", input_schema: { type: "object" } },
        { type: "web_search_20250305", name: "web_search" },
      ],
      tool_choice: { type: "any" },
    },
    after: {
      tools: [
        { type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } },
        { type: "web_search_20250305", name: "web_search" },
      ],
      tool_choice: "required",
    },
  },
  {
    what: "a tool that must be used is named in OpenAI's shape, and one at a time cannot be said",
    like: { compat: { requiresOpenAiAnthropicToolPayload: true }, dialect: "anthropic-messages" },
    before: { tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: true } },
    after: { tool_choice: { type: "function", function: { name: "f" } } },
    adjusted: ["tool_choice.disable_parallel_tool_use"],
  },
  {
    what: "the size of the context is sent as stated",
    like: { compat: { injectNumCtxForOpenAICompat: true }, stated: { contextWindow: 8192 } },
    before: { options: { seed: 1 } },
    after: { options: { seed: 1, num_ctx: 8192 } },
  },
  {
    what: "the size of the context is the parameter's, unless the client has one",
    like: {
      compat: { injectNumCtxForOpenAICompat: true },
      stated: { contextWindow: 8192 },
      fill: { num_ctx: 4096 },
    },
    before: {},
    after: { options: { num_ctx: 4096 } },
  },
  {
    what: "an unknown size is not sent",
    like: { compat: { injectNumCtxForOpenAICompat: true } },
    before: { seed: 1 },
  },
  {
    what: "routing objects are added",
    like: { compat: { openRouterRouting: { only: ["x"] }, vercelGatewayRouting: { order: ["y"] } } },
    before: {},
    after: { provider: { only: ["x"] }, providerOptions: { gateway: { order: ["y"] } } },
  },
  {
    what: "a client that routes itself is left alone",
    like: { compat: { openRouterRouting: { only: ["x"] } } },
    before: { provider: { sort: "price" } },
  },
];

/** Reasoning. */
export const REASONING_ROWS: readonly Row[] = [
  {
    what: "thinking is left out of a request in Ollama's own words",
    like: { dialect: "ollama", compat: { supportsReasoningEffort: false } },
    before: { think: "high" },
    after: {},
    adjusted: ["think"],
  },
  ...(
    [
      ["an effort that is mapped", efforts, "xhigh", "xhigh"],
      ["minimal becomes low", efforts, "minimal", "low"],
      ["xhigh becomes high", basic, "xhigh", "high"],
      ["max becomes high", basic, "max", "high"],
      ["adaptive becomes medium", basic, "adaptive", "medium"],
      ["none that is not supported is left out", basic, "none", null],
      ["none that is supported stays", { supportedReasoningEfforts: ["none", "high"] }, "off", "none"],
      [
        "a level without neighbours becomes the first that thinks",
        { supportedReasoningEfforts: ["none", "high"] },
        "low",
        "high",
      ],
      ["a map alone renames", { reasoningEffortMap: { high: "default" } }, "high", "default"],
      ["a map alone leaves others alone", { reasoningEffortMap: { high: "default" } }, "low", "low"],
      ["no support drops it", { supportsReasoningEffort: false }, "low", null],
    ] as const
  ).map(([what, compat, asked, taken]) => ({
    what,
    like: { compat },
    before: { reasoning_effort: asked },
    after: taken === null ? {} : { reasoning_effort: taken },
    adjusted: asked === taken ? [] : ["reasoning_effort"],
  })),
  {
    what: "an effort of the Responses API is clamped where it stands",
    like: { compat: basic, dialect: "openai-responses" },
    before: { reasoning: { summary: "auto", effort: "xhigh" } },
    after: { reasoning: { summary: "auto", effort: "high" } },
    adjusted: ["reasoning"],
  },
  {
    what: "openai's form is the field itself",
    like: { compat: { thinkingFormat: "openai" } },
    before: { reasoning_effort: "high" },
  },
  {
    what: "openrouter's form is an object",
    like: { compat: { thinkingFormat: "openrouter" } },
    before: { reasoning_effort: "high" },
    after: { reasoning: { effort: "high" } },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "what the client says in openrouter's form wins",
    like: { compat: { thinkingFormat: "openrouter" } },
    before: { reasoning_effort: "high", reasoning: { effort: "low", exclude: true } },
    after: { reasoning: { effort: "low", exclude: true } },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "deepseek thinks, and history gets its place for thoughts",
    like: { compat: { thinkingFormat: "deepseek" } },
    before: { reasoning_effort: "xhigh", messages: [user("a"), { role: "assistant", content: "b" }] },
    after: {
      reasoning_effort: "max",
      messages: [user("a"), { role: "assistant", content: "b", reasoning_content: "" }],
      thinking: { type: "enabled" },
    },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "deepseek does not think, and history loses its thoughts",
    like: { compat: { thinkingFormat: "deepseek" } },
    before: { reasoning_effort: "none", messages: [{ role: "assistant", content: "b", reasoning_content: "hm" }] },
    after: { messages: [{ role: "assistant", content: "b" }], thinking: { type: "disabled" } },
    adjusted: ["reasoning_effort", "messages.reasoning_content"],
  },
  {
    what: "deepseek is left to its habit when nothing is asked",
    like: { compat: { thinkingFormat: "deepseek" } },
    before: { messages: [{ role: "assistant", content: "b" }] },
  },
  {
    what: "zai's form is on or off",
    like: { compat: { thinkingFormat: "zai" } },
    before: { reasoning_effort: "low" },
    after: { thinking: { type: "enabled" } },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "qwen's form by chat template",
    like: { fill: { qwenThinkingFormat: "chat-template" } },
    before: { reasoning_effort: "none" },
    after: { chat_template_kwargs: { enable_thinking: false, preserve_thinking: true } },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "qwen's form at the top level",
    like: { fill: { qwenThinkingFormat: "top-level" } },
    before: { reasoning_effort: "high" },
    after: { enable_thinking: true },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "a written level fills in for a model that is stated to reason",
    like: { agentFill: { thinkingDefault: "adaptive" }, stated: { reasoning: true } },
    before: {},
    after: { reasoning_effort: "medium" },
  },
  {
    what: "a written level is nothing to a model of which nobody says that it reasons",
    like: { agentFill: { thinkingDefault: "high" } },
    before: { seed: 1 },
  },
  {
    what: "a client's own level wins over the written one",
    like: { agentFill: { thinkingDefault: "high" }, stated: { reasoning: true } },
    before: { reasoning_effort: "low" },
  },
  {
    what: "a written level goes through the target's form, and nobody is told of what nobody asked",
    like: {
      agentFill: { thinkingDefault: "off" },
      stated: { reasoning: true },
      compat: { thinkingFormat: "zai", supportsReasoningEffort: false },
    },
    before: {},
    after: { thinking: { type: "disabled" } },
  },
  {
    what: "a written level of the Responses API joins what the client says of reasoning",
    like: { agentFill: { thinkingDefault: "low" }, stated: { reasoning: true }, dialect: "openai-responses" },
    before: { reasoning: { summary: "auto" } },
    after: { reasoning: { summary: "auto", effort: "low" } },
  },
];

/** What the file gives. */
export const FILL_ROWS: readonly Row[] = [
  {
    what: "parameters fill what is left out",
    like: { fill: { temperature: 0.2, maxTokens: 100, top_p: 0.9 }, agentFill: { temperature: 0.5 } },
    before: { top_p: 1 },
    after: { top_p: 1, temperature: 0.5, max_completion_tokens: 100 },
  },
  {
    what: "a bound by its other name is a bound",
    like: { fill: { maxTokens: 100 } },
    before: { max_tokens: 5 },
  },
  {
    what: "a filled bound is renamed by flag, and nobody is told",
    like: { fill: { maxTokens: 100 }, compat: { maxTokensField: "max_tokens" } },
    before: {},
    after: { max_tokens: 100 },
  },
  {
    what: "a written null keeps a parameter from being sent",
    like: { fill: { parallel_tool_calls: true }, agentFill: { parallel_tool_calls: null } },
    before: { tools: [T] },
  },
  {
    what: "a parameter of tools is sent beside tools only",
    like: { fill: { parallel_tool_calls: false } },
    before: { seed: 1 },
  },
  {
    what: "a parameter of tools is sent beside tools",
    like: { fill: { parallel_tool_calls: false } },
    before: { tools: [T] },
    after: { tools: [T], parallel_tool_calls: false },
  },
  {
    what: "parameters of Responses have their own names",
    like: { fill: { maxTokens: 100, verbosity: "low", seed: 1 }, dialect: "openai-responses" },
    before: { text: { format: { type: "text" } } },
    after: { text: { format: { type: "text" }, verbosity: "low" }, max_output_tokens: 100 },
  },
  {
    what: "parameters of messages have their own names",
    like: { fill: { temperature: 0.2, stop: "x", maxTokens: 100, seed: 1 }, dialect: "anthropic-messages" },
    before: {},
    after: { temperature: 0.2, stop_sequences: ["x"], max_tokens: 100 },
  },
  {
    what: "parameters of messages do not disturb a request that thinks",
    like: { fill: { temperature: 0.2, maxTokens: 100 }, dialect: "anthropic-messages" },
    before: { thinking: { type: "enabled", budget_tokens: 1024 }, max_tokens: 2048 },
  },
  {
    what: "parameters of Google stand in its settings",
    like: { fill: { temperature: 0.2, maxTokens: 100, stop: ["x"] }, dialect: "google-generative" },
    before: { generationConfig: { temperature: 1 } },
    after: { generationConfig: { temperature: 1, maxOutputTokens: 100, stopSequences: ["x"] } },
  },
  {
    what: "parameters of Ollama stand in its options",
    like: { fill: { num_ctx: 4096, maxTokens: 100, keep_alive: "5m" }, dialect: "ollama" },
    before: {},
    after: { keep_alive: "5m", options: { num_ctx: 4096, num_predict: 100 } },
  },
  {
    what: "template arguments are merged by key, the client's above",
    like: { fill: { chat_template_kwargs: { enable_thinking: false, a: 1 } } },
    before: { chat_template_kwargs: { a: 2 } },
    after: { chat_template_kwargs: { enable_thinking: false, a: 2 } },
  },
  {
    what: "the extra body wins over client and flags, and its arguments replace all others",
    like: {
      route: "proxy-like",
      fill: {
        extra_body: { tool_choice: "required", top_k: 20, chat_template_kwargs: { b: 1 } },
        chat_template_kwargs: { a: 1 },
      },
    },
    before: { tools: [T], tool_choice: "auto" },
    after: { tools: [T], tool_choice: "required", chat_template_kwargs: { b: 1 }, top_k: 20 },
    adjusted: ["tool_choice"],
  },
  {
    what: "the extra body cannot say model, stream, or store where OpenAI is not at the other end",
    like: { route: "proxy-like", fill: { extra_body: { model: "x", stream: true, store: true } } },
    before: { model: "m" },
  },
  {
    what: "the extra body may say store to OpenAI",
    like: { fill: { extra_body: { store: true } } },
    before: {},
    after: { store: true },
  },
];
