// Token counts of the Responses API. An absent figure stays unknown.
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { asCount, asObject } from "../reading.ts";

/** Reads a `usage` object; null when there is none, or when it leaves open how many tokens went in or came out. */
export function readResponsesUsage(value: Json | undefined): Usage | null {
  if (!isJsonObject(value)) return null;
  const input = asCount(value["input_tokens"]);
  const output = asCount(value["output_tokens"]);
  if (input === null || output === null) return null;
  const details = asObject(value["input_tokens_details"]);
  const cacheRead = asCount(details?.["cached_tokens"]);
  const cacheWrite = asCount(details?.["cache_write_tokens"]);
  const reasoning = asCount(asObject(value["output_tokens_details"])?.["reasoning_tokens"]);
  return {
    input,
    output,
    ...(cacheRead === null ? {} : { cacheRead }),
    ...(cacheWrite === null ? {} : { cacheWrite }),
    ...(reasoning === null ? {} : { reasoning }),
  };
}
