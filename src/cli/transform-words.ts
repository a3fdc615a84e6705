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
  "string-content": "joins texts of a message into one (compat.requiresStringContent)",
  store: "leaves `store` out (compat.supportsStore)",
  "prompt-cache-key": "leaves the cache key out (compat.supportsPromptCacheKey)",
  "max-tokens-field": "renames the output limit (compat.maxTokensField)",
  tools: "leaves tools out (compat.supportsTools)",
  "strict-tools": "leaves `strict` out of tools (compat.supportsStrictMode)",
  "tool-schemas": "takes keywords out of tool schemas (compat.unsupportedToolSchemaKeywords, toolSchemaProfile)",
  "default-tool-choice": 'adds `tool_choice: "auto"` beside tools (not OpenAI\'s own address)',
  "stream-options": "leaves `stream_options` out (compat.supportsUsageInStreaming)",
  "spare-fields": "leaves fields out (edge.compat.adjust)",
  "reasoning-effort": "clamps the reasoning level (compat.supportedReasoningEfforts, reasoningEffortMap)",
  "thinking-format": "writes the reasoning level in another form (compat.thinkingFormat, params.qwenThinkingFormat)",
  "no-reasoning-effort": "leaves the reasoning level out (compat.supportsReasoningEffort)",
  "deepseek-history": "fits earlier reasoning to the level (compat.thinkingFormat)",
  "num-ctx": "sets the context window (injectNumCtxForOpenAICompat, params.num_ctx)",
  "anthropic-tool-payload": "writes tools in OpenAI's shape (compat.requiresOpenAiAnthropicToolPayload)",
  "chat-template-kwargs": "merges template arguments (params.chat_template_kwargs)",
  "extra-body": "merges the extra body last (params.extra_body)",
} as const satisfies Record<TransformName, string>;
