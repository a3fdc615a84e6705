// A chat completion request in the common words, for a provider that speaks another dialect. Judges what the request check left unjudged.
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
import { asNumber, asObject, asText } from "../reading.ts";
import type { ChatRequest, Effort, Thinking } from "../vocabulary.ts";
import { isLegacy } from "./call-forms.ts";
import { decodeMessages } from "./decode-messages.ts";

/** Everything at the top that is read here, or that the target decides by itself. */
const KNOWN: ReadonlySet<string> = new Set([
  ...SHARED_FIELDS,
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "logprobs",
  "top_logprobs",
  "reasoning_effort",
  "reasoning",
  "thinking",
  "response_format",
  "verbosity",
  "tools",
  "tool_choice",
  "functions",
  "function_call",
]);

/** Decodes a request body. A Failure names the parameter that makes no sense or must not be dropped. */
export function decodeChatRequest(tree: JsonObject): DecodedRequest | Failure {
  const notes = new RequestNotes();
  const read = new FieldReader(tree, notes);
  const messages = read.list("messages");
  if (messages === undefined) notes.refuse("messages", "`messages` must be a non-empty array of objects.");
  const format = read.object("response_format");
  const request = {
    turns: decodeMessages(messages ?? [], notes),
    ...readSharedFields(read),
    ...decodeTools(tree, read, notes),
    ...given({
      outputMax: read.number("max_completion_tokens") ?? read.number("max_tokens"),
      logprobs: decodeLogprobs(read, notes),
      thinking: decodeThinking(tree, notes),
      format: format === undefined ? undefined : readFormat(format, "response_format", notes),
      verbosity: read.text("verbosity"),
    }),
    others: readOthers(withoutDefaults(tree), KNOWN, notes),
  };
  return notes.fault ?? { request, lost: notes.lost };
}

/** `functions` and `function_call` are what `tools` and `tool_choice` were before. */
function decodeTools(
  tree: JsonObject,
  read: FieldReader,
  notes: RequestNotes,
): ToolWords & Pick<ChatRequest, "parallelToolCalls"> {
  const tools = read.list("tools") ?? [];
  const functions = read.list("functions") ?? [];
  const decoded = [
    ...tools.map((tool, index) => readFunction(tool, `tools[${index}]`, notes)),
    ...functions.map((each, index) => readFunction({ type: "function", function: each }, `functions[${index}]`, notes)),
  ];
  const words = chooseAmong(
    decoded.filter((tool) => tool !== null),
    tree["tool_choice"] ?? tree["function_call"],
    { offered: decoded.length, notes },
  );
  // Such a client can read one call of an answer.
  return isLegacy(tree) ? { ...words, parallelToolCalls: false } : words;
}

/** Text alone is what everybody answers. */
function withoutDefaults({ modalities, ...tree }: JsonObject): JsonObject {
  const isText = Array.isArray(modalities) && modalities.every((each) => each === "text");
  return modalities === undefined || isText ? tree : { ...tree, modalities };
}

function decodeLogprobs(read: FieldReader, notes: RequestNotes): { top: number } | undefined {
  const top = read.number("top_logprobs");
  if (read.boolean("logprobs") === true) return { top: top ?? 0 };
  if (top !== undefined && top > 0) notes.lose("top_logprobs");
  return undefined;
}

/** What a bare switch asks for: OpenRouter's `enabled`, the `thinking.type` of DeepSeek, Z.AI and others. */
const SWITCHES: ReadonlyMap<Json | undefined, Effort> = new Map<Json, Effort>([
  [true, "medium"],
  [false, "none"],
  ["enabled", "medium"],
  ["disabled", "none"],
]);

/** `reasoning_effort`, OpenRouter's `reasoning` and the `thinking` of others, in this order where they contradict. */
function decodeThinking(tree: JsonObject, notes: RequestNotes): Thinking | undefined {
  const reasoning = new FieldReader(asObject(tree["reasoning"]) ?? {}, notes, "reasoning.");
  const other = asObject(tree["thinking"]) ?? {};
  const written = asText(tree["reasoning_effort"]) ?? reasoning.text("effort");
  const effort = readEffort(written);
  if (written !== undefined && effort === undefined) notes.lose("reasoning_effort");
  if (reasoning.boolean("exclude") === true) notes.lose("reasoning.exclude");
  const budget = reasoning.number("max_tokens") ?? asNumber(other["budget_tokens"]) ?? undefined;
  const isBare = effort === undefined && budget === undefined;
  const implied = SWITCHES.get(reasoning.boolean("enabled") ?? other["type"]);
  const thinking = given({ effort: isBare ? implied : effort, budget, summary: reasoning.text("summary") });
  return Object.keys(thinking).length === 0 ? undefined : thinking;
}
