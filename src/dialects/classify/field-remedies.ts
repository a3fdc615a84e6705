// What to do about a refused field. A field that is in no row changes what is asked for: then the refusal is the answer.
import { type RemedyName, SPARE_FIELDS } from "../../core/remedy.ts";

/** Fields by their whole name. */
export const FIELD_REMEDIES: ReadonlyMap<string, RemedyName> = new Map<string, RemedyName>([
  ["max_tokens", "max-completion-tokens"],
  ["max_completion_tokens", "max-tokens"],
  ["tools", "no-tools"],
  ["functions", "no-tools"],
  ["stream_options", "no-stream-options"],
  ["stream_options.include_usage", "no-stream-options"],
  ["store", "no-store"],
  ["prompt_cache_key", "no-prompt-cache-key"],
  ["prompt_cache_retention", "no-prompt-cache-key"],
  ["reasoning_effort", "no-effort"],
  ["reasoning.effort", "no-effort"],
  ["think", "no-effort"],
  ...Object.entries(SPARE_FIELDS).map(([name, field]) => [field, name as RemedyName] as const),
]);

/** Fields that stand in a list: OpenAI writes `tools[0].function.strict`, FastAPI `tools.0.function.strict`. */
const LISTED: readonly (readonly [RegExp, RemedyName])[] = [
  [/^tools[.[]\d{1,4}\]?(?:\.(?:function|custom))?\.strict$/, "no-strict"],
  // Only `developer` is ever renamed: a refusal of another role changes nothing.
  [/^messages[.[]\d{1,5}\]?\.role$/, "system-role"],
];

/** The remedy for a refused field; null when there is none. */
export function fieldRemedy(field: string): RemedyName | null {
  return FIELD_REMEDIES.get(field) ?? LISTED.find(([names]) => names.test(field))?.[1] ?? null;
}
