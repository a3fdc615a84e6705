// A written reasoning level, `thinkingDefault` or `params.reasoning_effort`, for requests that ask for none. Only a model that is stated
// to reason gets the first: others refuse the field, and nothing acts on unknown (decision 11 c, d).
import type { Json, JsonObject } from "../core/json.ts";
import type { DialectName } from "../core/names.ts";
import type { Target } from "../core/snapshot.ts";
import type { Draft } from "./draft.ts";
import { rowOf } from "./reading.ts";
import { SYNONYMS } from "./reasoning-effort.ts";
import type { Setting, Transform } from "./transform.ts";

/** OpenClaw's greatest, which is its own: to a target it is the next one. */
const OWN_WORDS: Readonly<Record<string, string>> = { ultra: "max" };
/** All of them where a codec knows the greatest. */
const CODEC_WORDS: Readonly<Record<string, string>> = { ...OWN_WORDS, adaptive: "medium" };
/** Fields of chat completions that speak of thinking: a client that wrote one of them has chosen. */
const CHOSEN = ["reasoning_effort", "reasoning", "thinking", "enable_thinking"] as const;

const WRITE: Readonly<Partial<Record<DialectName, (draft: Draft, level: string) => void>>> = {
  "openai-chat": (draft, level) => {
    if (!CHOSEN.some((field) => draft.has(field))) draft.set("reasoning_effort", level);
  },
  "openai-responses": (draft, level) => {
    const reasoning = draft.objectAt("reasoning");
    if (reasoning !== null && reasoning["effort"] === undefined)
      draft.set("reasoning", { ...reasoning, effort: level });
  },
};

/**
 * The written level for wire formats whose codecs know by themselves which models think, and how they are told: Anthropic's, Google's,
 * Ollama's. Null where none is written, or the model is stated not to reason.
 */
export function writtenLevel({ fill, stated }: Target, agentFill: JsonObject): string | null {
  const written = (name: string): Json => (Object.hasOwn(agentFill, name) ? agentFill[name] : fill[name]) ?? null;
  const level = written("reasoning_effort") ?? (stated.reasoning === false ? null : written("thinkingDefault"));
  if (typeof level !== "string") return null;
  return rowOf(CODEC_WORDS, level) ?? level;
}

/** Fills in the level. */
export const fillThinking: Transform = {
  dialects: ["openai-chat", "openai-responses"],
  needed: (setting) => levelOf(setting) !== null && takesLevel(setting),
  apply: (draft, setting) => {
    const level = levelOf(setting);
    if (level !== null) WRITE[draft.dialect]?.(draft, level);
  },
};

function levelOf({ target, fill }: Setting): string | null {
  const level: Json | undefined =
    fill["reasoning_effort"] ?? (target.stated.reasoning === true ? fill["thinkingDefault"] : undefined);
  if (typeof level !== "string") return null;
  const { supportedReasoningEfforts: supported, reasoningEffortMap: map } = target.compat;
  // The target's own words need no translation.
  const isTaken = (word: string): boolean =>
    supported?.includes(word) === true || (map !== undefined && Object.hasOwn(map, word));
  const known = isTaken(level) ? level : (rowOf(OWN_WORDS, level) ?? level);
  return isTaken(known) ? known : (rowOf(SYNONYMS, known) ?? known);
}

/** A thinking format has a place for the level where `reasoning_effort` is none. */
function takesLevel({ target: { compat } }: Setting): boolean {
  return compat.supportsReasoningEffort !== false || compat.thinkingFormat !== undefined;
}
