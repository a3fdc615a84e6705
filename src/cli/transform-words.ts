// What each transform does to a request, for people: the lines of `explain`. In brackets the flag or the parameter that calls for it.
import type { TransformName } from "../transforms/index.ts";

/** One line per transform; the compiler completes it. */
export const TRANSFORM_WORDS = {
  "fill-params": "fills in what the request leaves out (params)",
  "fill-thinking": "fills in the reasoning level (thinkingDefault, params.reasoning_effort)",
  "openrouter-routing": "adds the routing object (compat.openRouterRouting)",
  "vercel-gateway-routing": "adds the routing object (compat.vercelGatewayRouting)",
  "image-parts": "leaves images out (input)",
  "developer-role": "sends the role `developer` as `system` (compat.supportsDeveloperRole, or a local address)",
  "thinking-as-text": "sends earlier reasoning as text (compat.requiresThinkingAsText)",
  "mistral-tool-ids": "rewrites tool call ids (compat.requiresMistralToolIds)",
  "tool-result-names": "names tool results (compat.requiresToolResultName)",
  "assistant-after-tool-result":
    "puts an assistant's turn behind tool results (compat.requiresAssistantAfterToolResult)",
  "message-keys": "leaves all of a message but role and content out (compat.strictMessageKeys)",
  "string-content": "joins texts of a message into one (compat.requiresStringContent)",
  "instructions-in-input": "sends the instructions as the first message (compat.supportsInstructions)",
  store: "leaves `store` out (compat.supportsStore)",
  "prompt-cache-key": "leaves the cache key out (compat.supportsPromptCacheKey)",
  "cache-retention": "leaves the cache's time out (compat.supportsLongCacheRetention)",
  "usual-cache-time": "makes cache marks ones of the usual time (compat.supportsLongCacheRetention)",
  "max-tokens-field": "renames the output limit (compat.maxTokensField)",
  "schema-format": "leaves a JSON schema for the answer out (compat.supportsJsonSchemaResponseFormat)",
  tools: "leaves tools out (compat.supportsTools)",
  "strict-tools": "leaves `strict` out of tools (compat.supportsStrictMode)",
  "eager-tool-input": "leaves `eager_input_streaming` out of tools (compat.supportsEagerToolInputStreaming)",
  "tool-schemas": "takes keywords out of tool schemas (compat.unsupportedToolSchemaKeywords, toolSchemaProfile)",
  "default-tool-choice": 'adds `tool_choice: "auto"` beside tools (not OpenAI\'s own address)',
  "stream-options": "leaves `stream_options` out (compat.supportsUsageInStreaming)",
  "spare-fields": "leaves fields out (edge.compat.adjust, compat.supportsTemperature)",
  "reasoning-effort":
    "clamps the reasoning level (compat.supportedReasoningEfforts, reasoningEffortMap, thinkingLevelMap)",
  "thinking-format": "writes the reasoning level in another form (compat.thinkingFormat, params.qwenThinkingFormat)",
  "no-reasoning-effort": "leaves the reasoning level out (compat.supportsReasoningEffort)",
  "deepseek-history": "fits earlier reasoning to the level (compat.thinkingFormat)",
  "reasoning-history":
    "gives the assistant's messages `reasoning_content` (compat.requiresReasoningContentOnAssistantMessages)",
  "num-ctx": "sets the context window (injectNumCtxForOpenAICompat, params.num_ctx)",
  "anthropic-tool-payload": "writes tools in OpenAI's shape (compat.requiresOpenAiAnthropicToolPayload)",
  "chat-template-kwargs": "merges template arguments (params.chat_template_kwargs)",
  "extra-body": "merges the extra body last (params.extra_body)",
} as const satisfies Record<TransformName, string>;
