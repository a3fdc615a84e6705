// Token counts of Gemini answers (https://ai.google.dev/api/generate-content#UsageMetadata). An absent figure stays unknown.
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { asCount } from "../reading.ts";

/** Reads `usageMetadata`; null when it leaves open how many tokens went in or came out. Thoughts are output here as elsewhere. */
export function readUsage(written: Json | undefined): Usage | null {
  if (!isJsonObject(written)) return null;
  const prompt = asCount(written["promptTokenCount"]);
  const said = asCount(written["candidatesTokenCount"]);
  const thought = asCount(written["thoughtsTokenCount"]);
  const total = asCount(written["totalTokenCount"]);
  if (prompt === null) return null;
  const input = prompt + (asCount(written["toolUsePromptTokenCount"]) ?? 0);
  // Counts of 0 are left out, and then the total tells.
  if (said === null && thought === null && total === null) return null;
  const output = said === null && thought === null ? Math.max((total ?? 0) - input, 0) : (said ?? 0) + (thought ?? 0);
  const cacheRead = asCount(written["cachedContentTokenCount"]);
  return {
    input,
    output,
    ...(cacheRead === null ? {} : { cacheRead }),
    ...(thought === null ? {} : { reasoning: thought }),
  };
}
