// A Responses request in the common words, for a provider that speaks another dialect. Judges what the request check left unjudged.
import type { Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { DecodedRequest } from "../dialect.ts";
import { given } from "../given.ts";
import { RequestNotes } from "../request-notes.ts";
import { readEffort } from "../effort.ts";
import {
  FieldReader,
  readFormat,
  readOthers,
  readSharedFields,
  SHARED_FIELDS,
} from "../openai-family/shared-fields.ts";
import { chooseAmong, readFunction, type ToolWords } from "../openai-family/tools.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { ChatRequest, Thinking, Tool, Turn } from "../vocabulary.ts";
import { decodeItems } from "./decode-items.ts";
import { isNamespace, toolsOfNamespace } from "./namespaces.ts";

/** Everything at the top that is read here, or that the target decides by itself. */
const KNOWN: ReadonlySet<string> = new Set([
  ...SHARED_FIELDS,
  "model",
  "input",
  "instructions",
  "stream",
  "stream_options",
  "max_output_tokens",
  "reasoning",
  "text",
  "include",
  "top_logprobs",
  "tools",
  "tool_choice",
  "previous_response_id",
  "conversation",
  "prompt",
]);

/** What stands for input that only its provider has (decision 8). */
const STORED = ["previous_response_id", "conversation", "prompt"] as const;

/** Decodes a request body. A Failure names the parameter that makes no sense or must not be dropped. */
export function decodeResponsesRequest(tree: JsonObject): DecodedRequest | Failure {
  const notes = new RequestNotes();
  const read = new FieldReader(tree, notes);
  for (const key of STORED) {
    if ((tree[key] ?? null) !== null) notes.cannotSay(key, `This target keeps no state for \`${key}\`.`);
  }
  const request = {
    turns: [...decodeInstructions(read), ...decodeItems(tree["input"] ?? null, notes)],
    ...decodeTools(tree, read, notes),
    ...readSharedFields(read),
    ...decodeText(read, notes),
    ...given({
      outputMax: read.number("max_output_tokens"),
      logprobs: decodeLogprobs(tree, read, notes),
      thinking: decodeThinking(read, notes),
    }),
    others: readOthers(tree, KNOWN, notes),
  };
  return notes.fault ?? { request, lost: notes.lost };
}

/** Instructions stand before everything else. */
function decodeInstructions(read: FieldReader): Turn[] {
  const text = read.text("instructions");
  return text === undefined ? [] : [{ role: "system", developer: false, parts: [{ type: "text", text }] }];
}

function decodeTools(tree: JsonObject, read: FieldReader, notes: RequestNotes): ToolWords {
  const written = read.list("tools") ?? [];
  const tools = new Map<string, Tool>();
  for (const [index, tool] of written.entries()) {
    for (const each of readTool(tool, `tools[${index}]`, notes)) {
      // A function that the client offers under that name itself comes first (namespaces.ts); providers refuse twins.
      if (tools.has(each.name)) notes.lose("tools.namespace");
      if (!tools.has(each.name) || !isNamespace(tool)) tools.set(each.name, each);
    }
  }
  return chooseAmong([...tools.values()], tree["tool_choice"], { offered: written.length, notes });
}

/** A function, or the functions of a namespace under flat names. */
function readTool(written: Json, param: string, notes: RequestNotes): Tool[] {
  if (!isNamespace(written)) return [readFunction(written, param, notes)].filter((tool) => tool !== null);
  return toolsOfNamespace(written).flatMap(({ tool, flat }, index) => {
    const read = readFunction(tool, `${param}.tools[${index}]`, notes);
    return read === null ? [] : [{ ...read, name: flat }];
  });
}

function decodeText(read: FieldReader, notes: RequestNotes): Partial<ChatRequest> {
  const text = read.object("text");
  if (text === undefined) return {};
  const format = asObject(text["format"]);
  return given({
    format: format === null ? undefined : readFormat(format, "text.format", notes),
    verbosity: asText(text["verbosity"]) ?? undefined,
  });
}

/** Sealed thoughts go out whenever there are some, so asking for them loses nothing. */
const PROVIDED = "reasoning.encrypted_content";
const LOGPROBS = "message.output_text.logprobs";

function decodeLogprobs(tree: JsonObject, read: FieldReader, notes: RequestNotes): { top: number } | undefined {
  const top = read.number("top_logprobs");
  const included = asList(tree["include"]);
  if (included.some((each) => each !== PROVIDED && each !== LOGPROBS)) notes.lose("include");
  return (top ?? 0) > 0 || included.includes(LOGPROBS) ? { top: top ?? 0 } : undefined;
}

function decodeThinking(read: FieldReader, notes: RequestNotes): Thinking | undefined {
  const reasoning = read.object("reasoning");
  if (reasoning === undefined) return undefined;
  const written = asText(reasoning["effort"]);
  const effort = readEffort(written ?? undefined);
  if (written !== null && effort === undefined) notes.lose("reasoning.effort");
  const summary = asText(reasoning["summary"]) ?? asText(reasoning["generate_summary"]) ?? undefined;
  const thinking = given({ effort, summary });
  return Object.keys(thinking).length === 0 ? undefined : thinking;
}
