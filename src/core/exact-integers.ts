// Integers of more digits than a double holds: ids of 64 bits in the arguments of calls, bounds in schemas. What is read here and written
// again has them as they were; a call for another id would be another call.
import { isBounded, type Json } from "./json.ts";
import { keptSource, parseKeeping } from "./source-json.ts";

/** A number with so many digits that a double may not hold it; text may look like one, too. */
const LONG = /[[:,]\s*-?\d{16}/;
const INTEGER = /^-?\d+$/;

/** Parses text. A long integer is a value that only `numberOf` and `JSON.stringify` understand. Throws SyntaxError. */
export function parseExactIntegers(text: string): Json {
  return LONG.test(text) ? parseKeeping(text, isLong) : (JSON.parse(text) as Json);
}

/** The tree of a text of others that may have been parsed already: again only where that lost something. */
export function exactIntegersIn(text: string, parsed: () => Json | undefined): Json | undefined {
  return LONG.test(text) ? readExactIntegers(text) : parsed();
}

/** The same for text of others: undefined when it is not JSON, or has no bounds. */
export function readExactIntegers(text: string): Json | undefined {
  if (!isBounded(text)) return undefined;
  try {
    return parseExactIntegers(text);
  } catch {
    return undefined;
  }
}

/** The number that a value is, as near as ours come to it; null for what is none. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === "number") return value;
  const source = keptSource(value);
  return source === null ? null : Number(source);
}

function isLong(value: number, source: string): boolean {
  return !Number.isSafeInteger(value) && INTEGER.test(source);
}
