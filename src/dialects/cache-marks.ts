// Marks of what a provider shall cache: wherever one stands, it is kept, or its loss is named.
import type { JsonObject } from "../core/json.ts";
import type { ChatRequest, Part } from "./vocabulary.ts";

/** True when a part of any turn, or a tool, is marked to be cached (Anthropic's `cache_control`). */
export function hasCacheMarks({ turns, tools }: ChatRequest): boolean {
  if (tools.some(({ cache }) => cache !== undefined)) return true;
  return turns.some(({ parts }) => parts.some((part) => "cache" in part && part.cache !== undefined));
}

/** A mark on the whole of a message or a result is one on its last part. */
export function markLast(parts: readonly Part[], cache: JsonObject | undefined): readonly Part[] {
  const last = parts.at(-1);
  if (cache === undefined || last === undefined) return parts;
  return [...parts.slice(0, -1), { ...last, cache } as Part];
}
