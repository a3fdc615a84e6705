// The tool calls of a delta, for the rows that mend them.
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.ts";
import { asList, asObject } from "../../reading.ts";
import type { ChoiceDraft } from "./row.ts";

/** Replaces each call by what `mend` makes of it: several for one that is taken apart. Nothing is touched where all stay the same. */
export function mendCalls(draft: ChoiceDraft, mend: (call: JsonObject) => JsonObject | readonly JsonObject[]): void {
  const calls = asList(draft.delta["tool_calls"]);
  if (calls.length === 0) return;
  const mended = calls.flatMap((call): readonly Json[] => {
    if (!isJsonObject(call)) return [call];
    const made = mend(call);
    return isJsonObject(made) ? [made] : (made as readonly JsonObject[]);
  });
  const isSame = mended.length === calls.length && mended.every((call, at) => call === calls[at]);
  if (!isSame) draft.delta = { ...draft.delta, tool_calls: mended };
}

/** A call with some of its function's members replaced. */
export function withFunction(call: JsonObject, members: JsonObject): JsonObject {
  return { ...call, function: { ...asObject(call["function"]), ...members } };
}
