// Token counts of OpenAI-like providers, chat and embeddings. An absent figure stays unknown.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { withServiceTier } from "../openai-family/service-tier.ts";
import { asCount, asList, asObject } from "../reading.ts";

/** Reads a `usage` object; null when there is none, or when it leaves open how many tokens went in or came out. */
export function readUsage(value: Json | undefined): Usage | null {
  if (!isJsonObject(value)) return null;
  const total = asCount(value["total_tokens"]);
  const input = asCount(value["prompt_tokens"]) ?? difference(total, asCount(value["completion_tokens"]));
  const output = asCount(value["completion_tokens"]) ?? difference(total, input);
  if (input === null || output === null) return null;
  const details = asObject(value["prompt_tokens_details"]);
  const cacheRead = asCount(details?.["cached_tokens"]);
  const cacheWrite = asCount(details?.["cache_write_tokens"]);
  const reasoning = asCount(asObject(value["completion_tokens_details"])?.["reasoning_tokens"]);
  if (cacheRead === null && cacheWrite === null && reasoning === null) return { input, output };
  return {
    input,
    output,
    ...(cacheRead === null ? {} : { cacheRead }),
    ...(cacheWrite === null ? {} : { cacheWrite }),
    ...(reasoning === null ? {} : { reasoning }),
  };
}

/**
 * The usage that a chunk or a whole completion tells, wherever providers put it: at the top, in the first choice (Moonshot), under
 * `x_groq`; llama.cpp counts in `timings` when it was not asked for usage.
 */
export function usageOfChunk(tree: JsonObject): Usage | null {
  const usage =
    readUsage(tree["usage"]) ??
    readUsage(asObject(asList(tree["choices"])[0])?.["usage"]) ??
    readUsage(asObject(tree["x_groq"])?.["usage"]) ??
    readTimings(asObject(tree["timings"]));
  return withServiceTier(usage, tree["service_tier"]);
}

/** `prompt_n` counts what was read anew, `cache_n` what was still there. */
function readTimings(timings: JsonObject | null): Usage | null {
  const fresh = asCount(timings?.["prompt_n"]);
  const output = asCount(timings?.["predicted_n"]);
  if (fresh === null || output === null) return null;
  const cacheRead = asCount(timings?.["cache_n"]);
  return { input: fresh + (cacheRead ?? 0), output, ...(cacheRead === null ? {} : { cacheRead }) };
}

/** Embeddings state the total and no completion. */
function difference(total: number | null, part: number | null): number | null {
  return total === null || part === null ? null : Math.max(total - part, 0);
}
