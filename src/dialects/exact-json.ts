// Reading JSON that is to be written again: a number that ours cannot hold keeps the spelling that its author gave it, wherever it stands.
import type { Json } from "../core/json.ts";
import { sourceJson } from "../core/source-json.ts";

/** What may be a number of more digits than a double has, or one that is written in another way; text may hold such things as well. */
const ODD_NUMBER = /\d[\d.]{15}|\d[eE]/;

/** Parses text; undefined when it is not JSON. */
export function parseExactJson(text: string): Json | undefined {
  try {
    return ODD_NUMBER.test(text) ? sourceJson.parse(text, asWritten) : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** Plain integers stay numbers, for those who read them. */
function asWritten(_key: string, value: Json, { source }: { readonly source?: string }): Json {
  if (typeof value !== "number" || source === undefined || String(value) === source) return value;
  return sourceJson.rawJSON(source);
}
