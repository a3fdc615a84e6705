// Marks of what a provider shall cache, for APIs that have no word for them: wherever a mark stands, its loss is named.
import type { ChatRequest } from "./vocabulary.ts";

/** True when a part of any turn, or a tool, is marked to be cached (Anthropic's `cache_control`). */
export function hasCacheMarks({ turns, tools }: ChatRequest): boolean {
  if (tools.some(({ cache }) => cache !== undefined)) return true;
  return turns.some(({ parts }) => parts.some((part) => "cache" in part && part.cache !== undefined));
}
