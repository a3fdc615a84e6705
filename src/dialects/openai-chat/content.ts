// What counts as content of a chat message or delta: the commit rule and the empty-answer rule read it (decision 13).
import type { Json, JsonObject } from "../../core/json.ts";
import { asObject, asText } from "../reading.ts";

/** Fields of a message or delta that carry something for the user, in the spellings of OpenAI, DeepSeek, OpenRouter, vLLM. */
const CONTENT_FIELDS = [
  "content",
  "reasoning_content",
  "reasoning",
  "reasoning_text",
  "reasoning_details",
  "tool_calls",
  "function_call",
  "refusal",
  "audio",
  "images",
];

/** True when a message or delta carries text, reasoning, a tool call, a refusal or media. */
export function hasContent(message: JsonObject): boolean {
  return CONTENT_FIELDS.some((field) => isFilled(message[field]));
}

/** True for a finish reason that says no more than "done". */
export function isPlainStop(finish: string): boolean {
  return finish === "stop" || finish === "end" || finish === "eos" || finish === "end_turn";
}

/** The message or delta of one choice, else null. */
export function messageOf(choice: Json, field: "message" | "delta"): JsonObject | null {
  return asObject(asObject(choice)?.[field]);
}

/** Why a choice ended, in its provider's word; null for one that says nothing of it. */
export function finishReasonOf(choice: Json | undefined): string | null {
  return asText(asObject(choice)?.["finish_reason"]);
}

/** True when a chunk or an answer speaks of an error: OpenAI's `error`, a bare text (Ollama), vLLM's and Mistral's `object: "error"`. */
export function saysError(tree: JsonObject): boolean {
  const error = tree["error"];
  return tree["object"] === "error" || (typeof error === "object" && error !== null) || asText(error) !== null;
}

function isFilled(value: Json | undefined): boolean {
  if (typeof value === "string") return value !== "";
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === "object" && value !== null;
}
