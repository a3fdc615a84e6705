// One event of a provider's stream, on its way into other words.
import { readExactIntegers } from "../core/exact-integers.ts";
import { type Json, parseJson } from "../core/json.ts";

/**
 * The event's tree; undefined when it is not JSON. Only the arguments of calls may hold integers that ours do not: events without this
 * word, which announces a call, are spared the look.
 */
export function readEvent(data: string, callWord: string): Json | undefined {
  return data.includes(callWord) ? readExactIntegers(data) : parseJson(data);
}
