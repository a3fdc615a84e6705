// Text that looks like a tool call though none was made (OpenClaw §5.5). It stays text: this only finds words for a warning, within bounds
// that no answer can make it leave.
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import type { LookAlike } from "../../core/lane.ts";
import { JsonSpan } from "../json-span.ts";
import { asList, asObject, asText } from "../reading.ts";

/** Of a text so much is looked at. */
export const SCAN_LENGTH_MAX = 20_000;
const JSON_LENGTH_MAX = 8_000;
const CANDIDATES_MAX = 20;
const NAME_LENGTH_MAX = 120;

/** What a text looks like, without the question whether such a tool was offered. */
export type Likeness = Pick<LookAlike, "pattern" | "toolName">;

/** What is looked for, the most telling first. */
const PATTERNS: readonly ((text: string) => Likeness | null)[] = [bracketed, xml, json, react];
/** Without one of these nothing below can be there. */
const HINT = /[[{<]|Action/i;

/** The first likeness of a text, or null. */
export function lookAlikeIn(text: string): Likeness | null {
  const scanned = text.slice(0, SCAN_LENGTH_MAX).trim();
  if (!HINT.test(scanned)) return null;
  for (const find of PATTERNS) {
    const found = find(scanned);
    if (found !== null) return found;
  }
  return null;
}

const BRACKETED = /^\[([A-Za-z_][A-Za-z0-9_.:-]{0,119})\]\s/;
const BRACKETED_END = /\[(?:END_TOOL_REQUEST|\/[A-Za-z_][A-Za-z0-9_.:-]{0,119})\]$/i;
/** MiniMax and relatives: `[TOOL_CALL]{tool => "name", args => {…}}[/TOOL_CALL]`. */
const TOOL_CALL_MARK = /\[\s*TOOL_CALL\s*\]/i;
const ARROW_NAME = /\btool\s*=>\s*["']([A-Za-z_][A-Za-z0-9_.:-]{0,119})["']/;

function bracketed(text: string): Likeness | null {
  const name = TOOL_CALL_MARK.test(text) ? ARROW_NAME.exec(text)?.[1] : undefined;
  const named = name ?? (BRACKETED_END.test(text) ? BRACKETED.exec(text)?.[1] : undefined);
  return named === undefined ? null : { pattern: "bracketed_tool_call", toolName: named };
}

const XML = /<\s*(?:tool_call|tool_use|function_call|function_calls|invoke)\b[^<>]{0,400}>|<\s*function\s*=/i;
const XML_NAMES = [
  /<\s*function\s*=\s*["']?([A-Za-z0-9_.:-]{1,120})/i,
  /<[^<>]{1,200}\bname\s*=\s*["']([^"'<>]{1,120})["']/i,
  /<\s*(?:name|tool_name)\s*>\s*([A-Za-z0-9_.:-]{1,120})\s*</i,
  /["']name["']\s*:\s*["']([^"']{1,120})["']/i,
];

function xml(text: string): Likeness | null {
  if (!XML.test(text)) return null;
  const named = XML_NAMES.map((pattern) => pattern.exec(text)?.[1]).find((name) => name !== undefined);
  return { pattern: "xml_tool_call", toolName: named ?? null };
}

const ARGUMENT_KEYS = ["arguments", "args", "input", "parameters"];

function json(text: string): Likeness | null {
  for (const candidate of objectsIn(text)) {
    const called = calledIn(parseJson(candidate));
    if (called !== null) return { pattern: "json_tool_call", toolName: called.name };
  }
  return null;
}

/** Balanced objects of the text, outermost first. */
function* objectsIn(text: string): Generator<string> {
  let count = 0;
  for (let from = text.indexOf("{"); from >= 0 && count < CANDIDATES_MAX; count += 1) {
    const end = new JsonSpan().close(text.slice(0, from + JSON_LENGTH_MAX), from);
    if (end >= 0) yield text.slice(from, end);
    // Behind a brace that is never closed another object may begin.
    from = text.indexOf("{", end < 0 ? from + 1 : end);
  }
}

/** The name of what is called; null when nothing is. */
function calledIn(value: Json | undefined): { readonly name: string | null } | null {
  const tree = asObject(value);
  if (tree === null) return null;
  const calls = asList(tree["tool_calls"]);
  if (calls.length > 0) return { name: nameIn(asObject(calls[0])) };
  const called = isJsonObject(tree["function"]) ? tree["function"] : tree;
  const name = nameIn(called);
  return name !== null && ARGUMENT_KEYS.some((key) => called[key] !== undefined) ? { name } : null;
}

function nameIn(tree: JsonObject | null): string | null {
  const called = asObject(tree?.["function"]) ?? tree;
  const name = asText(called?.["name"]);
  return name === null || name.length > NAME_LENGTH_MAX ? null : name.trim();
}

const REACT = /(?:^|\n)[ \t]*Action[ \t]*:[ \t]*([A-Za-z_][A-Za-z0-9_.:-]{0,119})[ \t]*\r?\n\s*Action Input[ \t]*:/i;

function react(text: string): Likeness | null {
  const named = REACT.exec(text)?.[1];
  return named === undefined ? null : { pattern: "react_action", toolName: named };
}
