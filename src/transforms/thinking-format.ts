// `thinkingFormat`, and `params.qwenThinkingFormat`: the asked level in the fields that the target reads instead of `reasoning_effort`.
import type { JsonObject } from "../core/json.ts";
import type { Draft } from "./draft.ts";
import { changeEach, objectOf, rowOf, textOf, without } from "./reading.ts";
import type { Setting, Transform } from "./transform.ts";

/** Writes a level; what the client has said in the same field stays. */
type Form = (draft: Draft, level: string, setting: Setting) => void;

const OFF = new Set(["none", "off"]);
const GREATEST = new Set(["xhigh", "max"]);
const EFFORT = "reasoning_effort";

function inChatTemplate(draft: Draft, level: string, { fill }: Setting): void {
  const preserve = fill["preserveThinking"] !== false;
  const asked = { enable_thinking: !OFF.has(level), preserve_thinking: preserve };
  const own = draft.objectAt("chat_template_kwargs");
  if (own === null) return;
  draft.set("chat_template_kwargs", { ...asked, ...own });
  draft.take(EFFORT);
}

function atTopLevel(draft: Draft, level: string): void {
  draft.fill("enable_thinking", !OFF.has(level));
  draft.take(EFFORT);
}

/** TABLE: the forms. A form takes `reasoning_effort` out of the request unless the target reads it as well. */
const FORMS: Readonly<Record<string, Form>> = {
  openai: () => undefined,
  openrouter: (draft, level) => {
    const own = draft.objectAt("reasoning");
    if (own === null) return;
    draft.set("reasoning", { effort: level, ...own });
    draft.take(EFFORT);
  },
  deepseek: (draft, level) => {
    draft.fill("thinking", { type: OFF.has(level) ? "disabled" : "enabled" });
    if (OFF.has(level)) draft.take(EFFORT);
    else draft.set(EFFORT, GREATEST.has(level) ? "max" : "high");
  },
  zai: (draft, level) => {
    draft.fill("thinking", { type: OFF.has(level) ? "disabled" : "enabled" });
    draft.take(EFFORT);
  },
  together: (draft, level, { target }) => {
    const own = draft.objectAt("reasoning");
    if (own === null) return;
    draft.set("reasoning", { enabled: !OFF.has(level), ...own });
    if (OFF.has(level) || target.compat.supportsReasoningEffort !== true) draft.take(EFFORT);
  },
  "chat-template": inChatTemplate,
  "qwen-chat-template": inChatTemplate,
  "top-level": atTopLevel,
  qwen: atTopLevel,
};

/** Rewrites the level. */
export const thinkingFormat: Transform = {
  dialects: ["openai-chat"],
  needed: (setting) => formOf(setting) !== null,
  apply: (draft, setting) => {
    const form = formOf(setting);
    const level = textOf(draft.get(EFFORT));
    if (form === null || level === "") return;
    form(draft, level, setting);
    if (draft.get(EFFORT) !== level) draft.note(EFFORT);
  },
};

function formOf({ target, fill }: Setting): Form | null {
  const name = textOf(fill["qwenThinkingFormat"]) || (target.compat.thinkingFormat ?? "");
  return rowOf(FORMS, name) ?? null;
}

const THOUGHT = "reasoning_content";

/**
 * DeepSeek wants its thoughts back in the history of a request that thinks, and refuses them in one that does not: an assistant's message
 * without them gets empty ones, or loses them.
 */
export const deepseekHistory: Transform = {
  dialects: ["openai-chat"],
  needed: ({ target }) => target.compat.thinkingFormat === "deepseek",
  apply: (draft) => {
    const { type } = objectOf(draft.get("thinking"));
    if (type === "enabled") changeEach(draft, "messages", withThought);
    if (type !== "disabled" || !draft.mayHold("messages", THOUGHT)) return;
    if (changeEach(draft, "messages", withoutThought)) draft.note(`messages.${THOUGHT}`);
  },
};

/** `requiresReasoningContentOnAssistantMessages`: the same for every request. */
export const reasoningHistory: Transform = {
  dialects: ["openai-chat"],
  needed: ({ target }) => target.compat.requiresReasoningContentOnAssistantMessages === true,
  apply: (draft) => void changeEach(draft, "messages", withThought),
};

function withThought(message: JsonObject): JsonObject {
  const lacks = message["role"] === "assistant" && message[THOUGHT] === undefined;
  return lacks ? { ...message, [THOUGHT]: "" } : message;
}

function withoutThought(message: JsonObject): JsonObject {
  return message[THOUGHT] === undefined ? message : without(message, THOUGHT);
}
