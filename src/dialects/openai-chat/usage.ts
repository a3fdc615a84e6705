// Token counts of OpenAI-like providers, chat and embeddings. An absent figure stays unknown.
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { asNumber, asObject } from "../reading.ts";

/** Reads a `usage` object; null when there is none, or when it leaves open how many tokens went in or came out. */
export function readUsage(value: Json | undefined): Usage | null {
  if (!isJsonObject(value)) return null;
  const total = asNumber(value["total_tokens"]);
  const input = asNumber(value["prompt_tokens"]) ?? difference(total, asNumber(value["completion_tokens"]));
  const output = asNumber(value["completion_tokens"]) ?? difference(total, input);
  if (input === null || output === null) return null;
  const cacheRead = asNumber(asObject(value["prompt_tokens_details"])?.["cached_tokens"]);
  const reasoning = asNumber(asObject(value["completion_tokens_details"])?.["reasoning_tokens"]);
  return {
    input,
    output,
    ...(cacheRead === null ? {} : { cacheRead }),
    ...(reasoning === null ? {} : { reasoning }),
  };
}

/** Embeddings state the total and no completion. */
function difference(total: number | null, part: number | null): number | null {
  return total === null || part === null ? null : Math.max(total - part, 0);
}
