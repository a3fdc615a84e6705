// TABLE: the transforms, in the order in which they act (OpenClaw §5.2). A new one is a file and a row here.
import type { JsonObject } from "../core/json.ts";
import type { DialectName } from "../core/names.ts";
import type { Target } from "../core/snapshot.ts";
import { eagerToolInput, usualCacheTime } from "./anthropic-extras.ts";
import { anthropicToolPayload } from "./anthropic-tool-payload.ts";
import { assistantAfterToolResult } from "./assistant-after-tool-result.ts";
import { chatTemplateKwargs } from "./chat-template-kwargs.ts";
import { defaultToolChoice } from "./default-tool-choice.ts";
import { developerRole } from "./developer-role.ts";
import type { Draft } from "./draft.ts";
import { dropFields } from "./drop-fields.ts";
import { extraBody } from "./extra-body.ts";
import { fillParams } from "./fill-params.ts";
import { fillThinking } from "./fill-thinking.ts";
import { imageParts } from "./image-parts.ts";
import { instructionsInInput } from "./instructions-in-input.ts";
import { maxTokensField } from "./max-tokens-field.ts";
import { messageKeys } from "./message-keys.ts";
import { mistralToolIds } from "./mistral-tool-ids.ts";
import { numCtx } from "./num-ctx.ts";
import { noReasoningEffort, reasoningEffort } from "./reasoning-effort.ts";
import { openRouterRouting, vercelGatewayRouting } from "./routing-objects.ts";
import { schemaFormat } from "./schema-format.ts";
import { spareFields } from "./spare-fields.ts";
import { strictTools } from "./strict-tools.ts";
import { stringContent } from "./string-content.ts";
import { deepseekHistory, reasoningHistory, thinkingFormat } from "./thinking-format.ts";
import { thinkingAsText } from "./thinking-as-text.ts";
import { toolResultNames } from "./tool-result-names.ts";
import { toolSchemas } from "./tool-schemas.ts";
import type { Setting, Transform } from "./transform.ts";

const OPENAI = ["openai-chat", "openai-responses"] as const;
const TOOL_FIELDS = ["tools", "tool_choice", "parallel_tool_calls", "functions", "function_call", "toolConfig"];
const CACHE_FIELDS = ["prompt_cache_key", "prompt_cache_retention"];

/** All transforms by name. What the file gives comes first, so that flags hold for it as well; `extra_body` is the last word. */
export const TRANSFORMS = {
  "fill-params": fillParams,
  "fill-thinking": fillThinking,
  "openrouter-routing": openRouterRouting,
  "vercel-gateway-routing": vercelGatewayRouting,
  "image-parts": imageParts,
  "developer-role": developerRole,
  "thinking-as-text": thinkingAsText,
  "mistral-tool-ids": mistralToolIds,
  "tool-result-names": toolResultNames,
  "assistant-after-tool-result": assistantAfterToolResult,
  "message-keys": messageKeys,
  "string-content": stringContent,
  "instructions-in-input": instructionsInInput,
  store: dropFields("supportsStore", ["store"], OPENAI),
  "prompt-cache-key": dropFields("supportsPromptCacheKey", CACHE_FIELDS, OPENAI),
  "cache-retention": dropFields("supportsLongCacheRetention", ["prompt_cache_retention"], OPENAI),
  "usual-cache-time": usualCacheTime,
  "max-tokens-field": maxTokensField,
  "schema-format": schemaFormat,
  tools: dropFields("supportsTools", TOOL_FIELDS, [...OPENAI, "anthropic-messages", "google-generative", "ollama"]),
  "strict-tools": strictTools,
  "eager-tool-input": eagerToolInput,
  "tool-schemas": toolSchemas,
  "default-tool-choice": defaultToolChoice,
  "stream-options": dropFields("supportsUsageInStreaming", ["stream_options"], ["openai-chat"]),
  "spare-fields": spareFields,
  "reasoning-effort": reasoningEffort,
  "thinking-format": thinkingFormat,
  "no-reasoning-effort": noReasoningEffort,
  "deepseek-history": deepseekHistory,
  "reasoning-history": reasoningHistory,
  "num-ctx": numCtx,
  "anthropic-tool-payload": anthropicToolPayload,
  "chat-template-kwargs": chatTemplateKwargs,
  "extra-body": extraBody,
} as const satisfies Record<string, Transform>;

/** The name of a transform. */
export type TransformName = keyof typeof TRANSFORMS;

/** Transforms that a target needs, in order. Most targets need none. */
export function transformsFor(setting: Setting): readonly Transform[] {
  return Object.values(TRANSFORMS).filter((transform) => transform.needed(setting));
}

/** The names of the transforms that run for requests of a wire format, in order; for people. */
export function transformNames(setting: Setting, dialect: DialectName): readonly TransformName[] {
  const rows = Object.entries(TRANSFORMS) as readonly (readonly [TransformName, Transform])[];
  return rows.filter(([, each]) => each.dialects.includes(dialect) && each.needed(setting)).map(([name]) => name);
}

/** A setting with its transforms, worked out once. */
interface Prepared {
  readonly setting: Setting;
  readonly transforms: readonly Transform[];
}

/** By target and by the agent's fill; both live as long as their snapshot. */
const PREPARED = new WeakMap<Target, WeakMap<JsonObject, Prepared>>();

function prepared(target: Target, agentFill: JsonObject): Prepared {
  let byFill = PREPARED.get(target);
  if (byFill === undefined) PREPARED.set(target, (byFill = new WeakMap()));
  const known = byFill.get(agentFill);
  if (known !== undefined) return known;
  const setting = { target, fill: { ...target.fill, ...agentFill } };
  const fresh = { setting, transforms: transformsFor(setting) };
  byFill.set(agentFill, fresh);
  return fresh;
}

/** Makes a request one that this target takes. `agentFill` is what the agent's own `params` give. */
export function transform(draft: Draft, target: Target, agentFill: JsonObject): void {
  const { setting, transforms } = prepared(target, agentFill);
  for (const each of transforms) if (each.dialects.includes(draft.dialect)) each.apply(draft, setting);
}
