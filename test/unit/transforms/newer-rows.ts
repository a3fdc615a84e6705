// Before and after for the flags that OpenClaw has since 2026.9.
import type { Row } from "./rows.ts";

const user = { role: "user", content: "hi" };
const called = { role: "assistant", content: "a", tool_calls: [{ id: "c", type: "function" }] };
const schema = { type: "json_schema", json_schema: { name: "n", schema: { type: "object" } } };
const long = { type: "ephemeral", ttl: "1h" };
const usual = { type: "ephemeral" };
const tool = (properties: object) => ({
  type: "function",
  function: { name: "f", parameters: { type: "object", properties } },
});
const anthropic = "anthropic-messages";
const responses = "openai-responses";

/** Flags of newer releases. */
export const NEWER_ROWS: readonly Row[] = [
  {
    what: "messages keep role and content alone",
    like: { compat: { strictMessageKeys: true } },
    before: { messages: [{ ...user, name: "Ann" }, called, user] },
    after: { messages: [user, { role: "assistant", content: "a" }, user] },
    adjusted: ["messages"],
  },
  {
    what: "messages without other keys stay",
    like: { compat: { strictMessageKeys: true } },
    before: { messages: [user] },
  },
  {
    what: "an assistant's message without thoughts gets empty ones",
    like: { compat: { requiresReasoningContentOnAssistantMessages: true } },
    before: { messages: [user, called, { role: "assistant", content: "b", reasoning_content: "t" }] },
    after: {
      messages: [
        user,
        { ...called, reasoning_content: "" },
        { role: "assistant", content: "b", reasoning_content: "t" },
      ],
    },
  },
  {
    what: "instructions become the first message",
    like: { compat: { supportsInstructions: false }, dialect: responses },
    before: { instructions: "be brief", input: "hi" },
    after: { input: [{ role: "system", content: "be brief" }, user] },
    adjusted: ["instructions"],
  },
  {
    what: "instructions that say nothing are left out",
    like: { compat: { supportsInstructions: false }, dialect: responses },
    before: { instructions: "", input: "hi" },
    after: { input: "hi" },
  },
  {
    what: "instructions that are null are left out",
    like: { compat: { supportsInstructions: false }, dialect: responses },
    before: { instructions: null, input: "hi" },
    after: { input: "hi" },
  },
  {
    what: "instructions go in front of the items",
    like: { compat: { supportsInstructions: false }, dialect: responses },
    before: { instructions: "be brief", input: [user] },
    after: { input: [{ role: "system", content: "be brief" }, user] },
    adjusted: ["instructions"],
  },
  {
    what: "a schema for the answer is left out",
    like: { compat: { supportsJsonSchemaResponseFormat: false } },
    before: { response_format: schema },
    after: {},
    adjusted: ["response_format"],
  },
  {
    what: "JSON without a schema stays asked for",
    like: { compat: { supportsJsonSchemaResponseFormat: false } },
    before: { response_format: { type: "json_object" } },
  },
  {
    what: "a schema of a Responses request is left out, and its verbosity stays",
    like: { compat: { supportsJsonSchemaResponseFormat: false }, dialect: responses },
    before: { text: { verbosity: "low", format: { type: "json_schema", name: "n", schema: {} } } },
    after: { text: { verbosity: "low" } },
    adjusted: ["text.format"],
  },
  {
    what: "a longer time of the cache is left out",
    like: { compat: { supportsLongCacheRetention: false } },
    before: { prompt_cache_retention: "24h" },
    after: {},
    adjusted: ["prompt_cache_retention"],
  },
  {
    what: "cache marks are of the usual time, wherever they are",
    like: { compat: { supportsLongCacheRetention: false }, dialect: anthropic },
    before: {
      system: [{ type: "text", text: "s", cache_control: long }],
      messages: [
        {
          role: "user",
          content: [{ type: "tool_result", content: [{ type: "text", text: "r", cache_control: long }] }],
        },
      ],
      tools: [{ name: "f", cache_control: usual }],
    },
    after: {
      system: [{ type: "text", text: "s", cache_control: usual }],
      messages: [
        {
          role: "user",
          content: [{ type: "tool_result", content: [{ type: "text", text: "r", cache_control: usual }] }],
        },
      ],
      tools: [{ name: "f", cache_control: usual }],
    },
    adjusted: ["system.cache_control.ttl", "messages.cache_control.ttl"],
  },
  {
    what: "the wish for early tool input is left out",
    like: { compat: { supportsEagerToolInputStreaming: false }, dialect: anthropic },
    before: { tools: [{ name: "f", eager_input_streaming: true }, { name: "g" }] },
    after: { tools: [{ name: "f" }, { name: "g" }] },
    adjusted: ["tools.eager_input_streaming"],
  },
  {
    what: "a tool schema loses what llama.cpp's grammars cannot hold",
    like: { compat: { toolSchemaProfile: "llamacpp" } },
    before: { tools: [tool({ pattern: { pattern: "^a", maxLength: 2000 }, b: { maxLength: 1999 } })] },
    after: { tools: [tool({ pattern: {}, b: { maxLength: 1999 } })] },
    adjusted: ["tools.parameters"],
  },
  {
    what: "a level switches reasoning on as Together has it",
    like: { compat: { thinkingFormat: "together" } },
    before: { reasoning_effort: "low" },
    after: { reasoning: { enabled: true } },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "a level stays beside the switch where the file says that it is taken",
    like: { compat: { thinkingFormat: "together", supportsReasoningEffort: true } },
    before: { reasoning_effort: "low" },
    after: { reasoning_effort: "low", reasoning: { enabled: true } },
  },
  {
    what: "no reasoning switches it off as Together has it",
    like: { compat: { thinkingFormat: "together", supportsReasoningEffort: true } },
    before: { reasoning_effort: "none" },
    after: { reasoning: { enabled: false } },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "a level becomes Qwen's switch",
    like: { compat: { thinkingFormat: "qwen" } },
    before: { reasoning_effort: "none" },
    after: { enable_thinking: false },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "a level becomes an argument of Qwen's chat template",
    like: { compat: { thinkingFormat: "qwen-chat-template" } },
    before: { reasoning_effort: "high" },
    after: { chat_template_kwargs: { enable_thinking: true, preserve_thinking: true } },
    adjusted: ["reasoning_effort"],
  },
  {
    what: "the greatest level that the file can ask for is the greatest that the target takes",
    like: {
      stated: { reasoning: true },
      compat: { supportedReasoningEfforts: ["low", "high", "max"] },
      agentFill: { thinkingDefault: "ultra" },
    },
    before: {},
    after: { reasoning_effort: "max" },
  },
  {
    what: "the greatest level that the file can ask for is the target's word for it",
    like: {
      stated: { reasoning: true },
      compat: { reasoningEffortMap: { xhigh: "more", max: "most" } },
      agentFill: { thinkingDefault: "ultra" },
    },
    before: {},
    after: { reasoning_effort: "most" },
  },
  {
    what: "the greatest level that the file can ask for is OpenAI's greatest",
    like: { stated: { reasoning: true }, agentFill: { thinkingDefault: "ultra" } },
    before: {},
    after: { reasoning_effort: "xhigh" },
  },
];
