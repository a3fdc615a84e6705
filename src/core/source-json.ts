// `JSON` as newer engines have it: it tells how a value was written, and writes one so again
// (https://tc39.es/proposal-json-parse-with-source/). The compiler's library does not know it yet.
import type { Json } from "./json.ts";

/** The part of `JSON` that the library leaves out. */
interface SourceJson {
  parse(text: string, revive: (key: string, value: Json, context: { readonly source?: string }) => Json): Json;
  rawJSON(source: string): Json;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

/** The same object. */
export const sourceJson = JSON as unknown as SourceJson;
