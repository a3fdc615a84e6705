// Reading JSON that is to be written again: a number that ours cannot hold keeps the spelling that its author gave it, wherever it stands.
import { isBounded, type Json } from "../core/json.ts";
import { parseKeeping } from "../core/source-json.ts";

/** What may be a number of more digits than a double has, or one that is written in another way; text may hold such things as well. */
const ODD_NUMBER = /\d[\d.]{15}|\d[eE]/;

/** Parses text; undefined when it is not JSON, or has no bounds. */
export function parseExactJson(text: string): Json | undefined {
  if (!isBounded(text)) return undefined;
  try {
    return ODD_NUMBER.test(text) ? parseKeeping(text, isOdd) : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** Plain integers stay numbers, for those who read them. */
function isOdd(value: number, source: string): boolean {
  return String(value) !== source;
}
