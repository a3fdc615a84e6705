// What the mock reads of a chat or Responses request: like a provider, from the body alone, and 400 for what it cannot take.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { asList, asNumber, asObject, asText } from "../dialects/reading.ts";
import { type Fault, invalidRequest } from "./fault.ts";
import { countTokens } from "./words.ts";

/** A function that may be called. */
export interface OfferedTool {
  readonly name: string;
  readonly parameters: JsonObject;
}

/** What the client wants of the tools: `auto`, `none`, `required`, or the one to call. */
export type ToolChoice = "auto" | "none" | "required" | OfferedTool;

/** One request, whichever of the two APIs it came by. */
export interface Conversation {
  readonly body: JsonObject;
  readonly stream: boolean;
  readonly wantsUsage: boolean;
  readonly lastUserText: string;
  /** The tool's words when the conversation ends with them. */
  readonly toolResult: string | null;
  readonly promptTokens: number;
  readonly tools: readonly OfferedTool[];
  readonly toolChoice: ToolChoice;
  /** The form that the answer must have; null is free text. */
  readonly schema: JsonObject | null;
  readonly tokensMax: number;
}

interface Turn {
  readonly role: string;
  readonly text: string;
}

/** Where the two APIs keep the same things. */
export interface Wording {
  readonly required: string;
  readonly turns: (body: JsonObject) => readonly Turn[];
  readonly functionOf: (entry: JsonObject) => JsonObject | null;
  readonly format: (body: JsonObject) => JsonObject | null;
  readonly schema: (format: JsonObject) => Json | undefined;
  readonly tokensMax: readonly string[];
  readonly wantsUsage: (body: JsonObject) => boolean;
}

/** One row per API that converses. */
export const WORDINGS = {
  chat: {
    required: "messages",
    turns: (body) => asList(body["messages"]).filter(isJsonObject).map(turnOf),
    functionOf: (entry) => asObject(entry["function"]),
    format: (body) => asObject(body["response_format"]),
    schema: (format) => asObject(format["json_schema"])?.["schema"],
    tokensMax: ["max_completion_tokens", "max_tokens"],
    wantsUsage: (body) => asObject(body["stream_options"])?.["include_usage"] === true,
  },
  responses: {
    required: "input",
    turns: responsesTurns,
    functionOf: (entry) => (entry["type"] === "function" ? entry : null),
    format: (body) => asObject(asObject(body["text"])?.["format"]),
    schema: (format) => format["schema"],
    tokensMax: ["max_output_tokens"],
    wantsUsage: () => true,
  },
} as const satisfies Record<string, Wording>;

/** Reads a request, or says what is wrong with it. */
export function readConversation(body: JsonObject, wording: Wording): Conversation | Fault {
  const turns = wording.turns(body);
  if (turns.length === 0) {
    return invalidRequest(`Missing required parameter: '${wording.required}'.`, wording.required);
  }
  const tools = asList(body["tools"]).flatMap((entry) => toolOf(asObject(entry), wording));
  const toolChoice = choiceOf(body["tool_choice"], tools, wording);
  if (toolChoice === null) return invalidRequest("Tool choice names no tool that is offered.", "tool_choice");
  const last = turns.at(-1);
  return {
    body,
    stream: body["stream"] === true,
    wantsUsage: wording.wantsUsage(body),
    lastUserText: turns.findLast(({ role }) => role === "user")?.text ?? "",
    toolResult: last?.role === "tool" ? last.text : null,
    promptTokens: turns.reduce((sum, { text }) => sum + countTokens(text), 0),
    tools,
    toolChoice,
    schema: schemaOf(wording.format(body), wording),
    tokensMax:
      wording.tokensMax.map((key) => asNumber(body[key])).find((most) => most !== null && most > 0) ?? Infinity,
  };
}

function turnOf(message: JsonObject): Turn {
  const role = asText(message["role"]) ?? "user";
  return { role: role === "function" ? "tool" : role, text: textOf(message["content"]) };
}

function responsesTurns(body: JsonObject): Turn[] {
  const { input } = body;
  const instructions = asText(body["instructions"]);
  const turns: Turn[] = instructions === null ? [] : [{ role: "system", text: instructions }];
  if (typeof input === "string") return [...turns, { role: "user", text: input }];
  for (const item of asList(input).filter(isJsonObject)) {
    if (item["type"] === "function_call_output") turns.push({ role: "tool", text: textOf(item["output"]) });
    else turns.push(turnOf(item));
  }
  return turns;
}

/** Text of a string or of the parts that have some. */
function textOf(content: Json | undefined): string {
  if (typeof content === "string") return content;
  return asList(content)
    .flatMap((part) => asText(asObject(part)?.["text"]) ?? [])
    .join("\n");
}

function toolOf(entry: JsonObject | null, wording: Wording): OfferedTool[] {
  const described = entry === null ? null : wording.functionOf(entry);
  const name = asText(described?.["name"]);
  return name === null ? [] : [{ name, parameters: asObject(described?.["parameters"]) ?? {} }];
}

/** Null when the choice cannot be obeyed. */
function choiceOf(choice: Json | undefined, tools: readonly OfferedTool[], wording: Wording): ToolChoice | null {
  if (choice === "none") return "none";
  if (choice === "required") return tools.length > 0 ? "required" : null;
  const named = isJsonObject(choice) ? asText(wording.functionOf(choice)?.["name"]) : null;
  if (named === null) return "auto";
  return tools.find(({ name }) => name === named) ?? null;
}

/** `json_object` asks for any object. */
function schemaOf(format: JsonObject | null, wording: Wording): JsonObject | null {
  if (format?.["type"] === "json_object") return { type: "object", properties: { answer: { type: "string" } } };
  return format?.["type"] === "json_schema" ? asObject(wording.schema(format)) : null;
}
