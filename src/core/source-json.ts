// `JSON` as newer engines have it: it tells how a value was written, and writes one so again
// (https://tc39.es/proposal-json-parse-with-source/). The compiler's library does not know it yet.
import type { Json } from "./json.ts";

/** The part of `JSON` that the library leaves out. */
interface SourceJson {
  parse(text: string, revive: (key: string, value: Json, context: { readonly source?: string }) => Json): Json;
  rawJSON(source: string): Json;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

const sourceJson = JSON as unknown as SourceJson;

/** Parses text. Numbers for which `keeps` says so are values that `JSON.stringify` writes as their author did. Throws SyntaxError. */
export function parseKeeping(text: string, keeps: (value: number, source: string) => boolean): Json {
  return sourceJson.parse(text, (_key, value, { source }) => {
    return typeof value === "number" && source !== undefined && keeps(value, source)
      ? sourceJson.rawJSON(source)
      : value;
  });
}

/** How a number that was kept is written; null for every other value. */
export function keptSource(value: unknown): string | null {
  return sourceJson.isRawJSON(value) ? value.rawJSON : null;
}
