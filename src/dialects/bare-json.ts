// JSON between server-sent events, without `data:` in front of it. By the standard it is a field that nobody knows; in the field it is how
// servers say in the middle of a stream that they have failed: Gemini writes its error envelope as it stands, over several lines
// (https://github.com/googleapis/js-genai reads it so), gateways a list of one, older llama.cpp servers a field of the name `error`.
import { parseJson } from "../core/json.ts";
import type { WireEvent } from "./dialect.ts";

const OPENING = /^(?:[[{]|error:)/m;
const FIELD = "error:";

/** Where the first line without framing starts in the text of an event; -1 when there is none. */
export function bareLine(text: string): number {
  return OPENING.exec(text)?.index ?? -1;
}

/** The event that such a text is; null for what is no JSON. */
export function bareEvent(text: string): WireEvent | null {
  const data = text.startsWith(FIELD) ? `{"error":${text.slice(FIELD.length).trim()}}` : text.trim();
  return parseJson(data) === undefined ? null : { event: undefined, data, bare: true };
}
