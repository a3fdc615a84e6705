// Token counts of the Responses API. An absent figure stays unknown.
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { asNumber, asObject } from "../reading.ts";

/** Reads a `usage` object; null when there is none, or when it leaves open how many tokens went in or came out. */
export function readResponsesUsage(value: Json | undefined): Usage | null {
  if (!isJsonObject(value)) return null;
  const input = asNumber(value["input_tokens"]);
  const output = asNumber(value["output_tokens"]);
  if (input === null || output === null) return null;
  const cacheRead = asNumber(asObject(value["input_tokens_details"])?.["cached_tokens"]);
  const reasoning = asNumber(asObject(value["output_tokens_details"])?.["reasoning_tokens"]);
  return {
    input,
    output,
    ...(cacheRead === null ? {} : { cacheRead }),
    ...(reasoning === null ? {} : { reasoning }),
  };
}
