// Token counts of OpenAI-like providers, chat and embeddings. An absent figure stays unknown.
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { asNumber, asObject } from "../reading.ts";

/** Reads a `usage` object; null when there is none. */
export function readUsage(value: Json | undefined): Usage | null {
  if (!isJsonObject(value)) return null;
  const input = asNumber(value["prompt_tokens"]);
  const output = asNumber(value["completion_tokens"]);
  const total = asNumber(value["total_tokens"]);
  if (input === null && output === null && total === null) return null;
  const cacheRead = asNumber(asObject(value["prompt_tokens_details"])?.["cached_tokens"]);
  const reasoning = asNumber(asObject(value["completion_tokens_details"])?.["reasoning_tokens"]);
  return {
    input: input ?? Math.max((total ?? 0) - (output ?? 0), 0),
    output: output ?? Math.max((total ?? 0) - (input ?? 0), 0),
    ...(cacheRead === null ? {} : { cacheRead }),
    ...(reasoning === null ? {} : { reasoning }),
  };
}
