// Tools and the choice among them, as both OpenAI APIs write them: flat in the Responses API, under `function` in chat completions.
// Only functions have a word in common: custom tools are made such (custom-tools.ts); what else there is, only its own API can run.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { ChatRequest, Tool, ToolChoice } from "../vocabulary.ts";
import { customFunction } from "./custom-tools.ts";
import { given } from "../given.ts";
import type { RequestNotes } from "../request-notes.ts";
import { FieldReader } from "./shared-fields.ts";

/** What a request says of tools. */
export type ToolWords = Pick<ChatRequest, "tools" | "toolChoice">;

/** The function of one tool in either form; null where it is no function. */
export function readFunction(tool: Json, param: string, notes: RequestNotes): Tool | null {
  const outer = asObject(tool);
  if (outer === null) {
    notes.refuse(param, `\`${param}\` must be an object.`);
    return null;
  }
  const nested = asObject(outer["function"]);
  const type = asText(outer["type"]);
  if (type === "custom") {
    const custom = customFunction(asObject(outer["custom"]) ?? outer, notes);
    if (custom === null) notes.refuse(`${param}.name`, "A custom tool must have a name.");
    return custom;
  }
  if (type !== "function" && (type !== null || nested === null)) {
    notes.loseKind("tools", type);
    return null;
  }
  const read = new FieldReader(nested ?? outer, notes, nested === null ? `${param}.` : `${param}.function.`);
  const name = read.text("name");
  if (name === undefined) {
    notes.refuse(`${param}.name`, "A function tool must have a name.");
    return null;
  }
  return {
    name,
    ...given({
      description: read.text("description"),
      parameters: read.object("parameters"),
      strict: read.boolean("strict"),
      cache: asObject(outer["cache_control"]) ?? undefined,
    }),
  };
}

/** `any` is Mistral's and Anthropic's word. */
const WORDS: ReadonlyMap<string | null, "auto" | "none" | "required"> = new Map([
  ["auto", "auto"],
  ["none", "none"],
  ["required", "required"],
  ["any", "required"],
] as const);

/** Types of choices that name a tool. */
const NAMING: ReadonlySet<string> = new Set(["function", "tool", "custom"]);

/** Adds the choice to the functions; a choice among some of them takes the others away. */
export function chooseAmong(
  tools: readonly Tool[],
  written: Json | undefined,
  { offered, notes }: { readonly offered: number; readonly notes: RequestNotes },
): ToolWords {
  if (written === undefined || written === null) return { tools };
  const { choice, names } = allowedOf(written);
  const toolChoice = readChoice(choice, notes);
  const kept = names === null ? tools : tools.filter(({ name }) => names.has(name));
  if (toolChoice === null) return { tools: kept };
  const isForced = toolChoice.use === "required" || toolChoice.use === "tool";
  if (isForced && kept.length === 0 && offered > 0) {
    notes.cannotSay("tool_choice", "None of the tools that must be used is a function.");
  }
  return { tools: kept, toolChoice };
}

interface Allowed {
  readonly choice: Json;
  /** Null: all. */
  readonly names: ReadonlySet<string> | null;
}

/** `allowed_tools`: a mode and the tools that it is about. */
function allowedOf(written: Json): Allowed {
  if (!isJsonObject(written) || written["type"] !== "allowed_tools") return { choice: written, names: null };
  const inner = asObject(written["allowed_tools"]) ?? written;
  const names = asList(inner["tools"]).map((tool) => nameIn(asObject(tool) ?? {}));
  return { choice: inner["mode"] ?? "auto", names: new Set(names.filter((name) => name !== null)) };
}

function readChoice(written: Json, notes: RequestNotes): ToolChoice | null {
  const word = typeof written === "string" ? written : asText(asObject(written)?.["type"]);
  const use = WORDS.get(word);
  if (use !== undefined) return { use };
  const name = isJsonObject(written) ? nameIn(written) : null;
  if (name !== null && (word === null || NAMING.has(word))) return { use: "tool", name };
  if (isJsonObject(written) && word !== null) {
    notes.cannotSay("tool_choice", "Only functions can be chosen of this target.");
  } else {
    notes.refuse("tool_choice", "`tool_choice` must be a known word or name a tool.");
  }
  return null;
}

function nameIn(written: JsonObject): string | null {
  const inner = asObject(written["function"]) ?? asObject(written["custom"]) ?? written;
  return asText(inner["name"]);
}
