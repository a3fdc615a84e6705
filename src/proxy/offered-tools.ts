// The tools that a request offers, as its provider sees them: only their names can be called in text.
import { isJsonObject, type Json } from "../core/json.ts";
import type { Draft } from "../transforms/draft.ts";

/** The names, read when they are needed; null when there are none, or when none may be called. */
export function offeredTools(draft: Draft): (() => ReadonlySet<string>) | null {
  if (draft.count("tools") <= 0 || draft.get("tool_choice") === "none") return null;
  return () => {
    const tools = draft.get("tools");
    return new Set(Array.isArray(tools) ? tools.map(nameOf).filter((name) => name !== null) : []);
  };
}

/** In OpenAI's older and Ollama's format the name stands in `function`, else beside the type. */
function nameOf(tool: Json): string | null {
  if (!isJsonObject(tool)) return null;
  const called = tool["function"];
  const name = isJsonObject(called) ? called["name"] : tool["name"];
  return typeof name === "string" ? name : null;
}
