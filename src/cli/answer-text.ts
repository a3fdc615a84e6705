// The text of a chat completion, for commands that only want to know whether a model speaks.
import { isJsonObject, type Json } from "../core/json.ts";

/** The first choice's text; empty when there is none. */
export function answerText(body: Json | undefined): string {
  const choice = firstChoice(body);
  const content = isJsonObject(choice) && isJsonObject(choice["message"]) ? choice["message"]["content"] : null;
  if (typeof content === "string") return content;
  const parts: readonly Json[] = Array.isArray(content) ? content : [];
  return parts.map((part) => (isJsonObject(part) && typeof part["text"] === "string" ? part["text"] : "")).join("");
}

/** How many tools the first choice calls. */
export function toolCalls(body: Json | undefined): number {
  const choice = firstChoice(body);
  const calls = isJsonObject(choice) && isJsonObject(choice["message"]) ? choice["message"]["tool_calls"] : null;
  return Array.isArray(calls) ? calls.length : 0;
}

/** The message of an error envelope; null when it is none. */
export function errorText(body: Json | undefined): string | null {
  const error = isJsonObject(body) ? body["error"] : null;
  return isJsonObject(error) && typeof error["message"] === "string" ? error["message"] : null;
}

function firstChoice(body: Json | undefined): Json | undefined {
  const choices = isJsonObject(body) ? body["choices"] : null;
  return Array.isArray(choices) ? (choices as readonly Json[])[0] : undefined;
}
