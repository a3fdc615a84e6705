// `compat` of a model: declared deviations from the wire format. Unset means: forwarded as the client wrote it (decision 11).
import { z } from "../zod.ts";
import { ignoredKeys, params, text } from "./fields.ts";

const flag = (description: string) => z.boolean().optional().describe(description);
const words = (description: string) => z.array(text).optional().describe(description);

/** Deviations of one model. */
export const compat = z.strictObject({
  supportsStore: flag("May be sent `store`."),
  supportsPromptCacheKey: flag("May be sent `prompt_cache_key`."),
  supportsDeveloperRole: flag("Understands the role `developer`; false sends it as `system`."),
  supportsReasoningEffort: flag("May be sent `reasoning_effort`."),
  supportsUsageInStreaming: flag(
    "Answers `stream_options.include_usage` with a usage chunk; false: it is not asked for.",
  ),
  supportsTools: flag("Understands `tools` and `tool_choice`; false: requests with tools prefer other candidates."),
  supportsStrictMode: flag("May be sent `strict` in a function definition."),
  requiresStringContent: flag("Takes message content only as a string: arrays of text parts are joined."),
  visibleReasoningDetailTypes: words("Types of `reasoning_details` that are shown as text."),
  supportedReasoningEfforts: words("Values of `reasoning_effort` that the model takes."),
  reasoningEffortMap: z.record(z.string(), z.string()).optional().describe("Level to the provider's value for it."),
  maxTokensField: z.enum(["max_completion_tokens", "max_tokens"]).optional().describe("Name of the output limit."),
  thinkingFormat: z
    .enum(["openai", "openrouter", "deepseek", "together", "qwen", "qwen-chat-template", "zai"])
    .optional()
    .describe("Shape of the reasoning switch in a request."),
  requiresToolResultName: flag("Wants `name` on tool messages."),
  requiresAssistantAfterToolResult: flag("Wants an assistant message between a tool result and the next user message."),
  requiresThinkingAsText: flag("Wants earlier reasoning as plain text."),
  toolSchemaProfile: text.optional().describe("Named cleaning of tool schemas: `xai` or `llamacpp`."),
  unsupportedToolSchemaKeywords: words("JSON Schema keywords removed from tool schemas at every depth."),
  nativeWebSearchTool: flag("Has a web search of its own."),
  toolCallArgumentsEncoding: text.optional().describe("`html-entities`: entities in tool arguments are decoded."),
  requiresMistralToolIds: flag("Wants tool call ids of nine letters and digits."),
  requiresOpenAiAnthropicToolPayload: flag("Speaks anthropic-messages but wants tools in OpenAI's shape."),
  supportsTemperature: flag("May be sent `temperature`."),
  supportsInstructions: flag("Responses: may be sent `instructions`; false: they go as the first message."),
  supportsJsonSchemaResponseFormat: flag(
    "Answers to a JSON schema; false: requests with one prefer other candidates, and here it is left out.",
  ),
  strictMessageKeys: flag("Takes messages with `role` and `content` alone."),
  requiresReasoningContentOnAssistantMessages: flag(
    "Wants `reasoning_content` on every message of the assistant, if need be an empty one.",
  ),
  zaiToolStream: flag("Wants `tool_stream` beside tools."),
  supportsResponsesContinuation: flag("False: keeps no responses that a request could go on from."),
  supportsEagerToolInputStreaming: flag("May be sent `eager_input_streaming` in a tool."),
  supportsLongCacheRetention: flag("False: a cache may not be asked to be kept longer than usual."),
  ...ignoredKeys(["cacheControlFormat"], "What OpenClaw marks for the cache; a proxy forwards the marks of clients."),
  ...ignoredKeys(
    ["codeMode", "sendSessionAffinityHeaders", "sendSessionIdHeader"],
    "Of OpenClaw's agent and its sessions; a proxy has neither.",
  ),
  openRouterRouting: params.optional().describe("OpenRouter's `provider` routing object."),
  vercelGatewayRouting: params.optional().describe("Vercel AI Gateway's routing object."),
});
