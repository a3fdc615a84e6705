// A Messages request in the common words, for a provider that speaks another dialect. Judges what the request check left unjudged.
import type { Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { DecodedRequest } from "../dialect.ts";
import { given } from "../given.ts";
import { RequestNotes } from "../request-notes.ts";
import { readEffort } from "../effort.ts";
import { FieldReader, readOthers } from "../openai-family/shared-fields.ts";
import { chooseAmong, type ToolWords } from "../openai-family/tools.ts";
import { asNumber, asObject, asText } from "../reading.ts";
import type { AnswerFormat, Thinking, Tool } from "../vocabulary.ts";
import { decodeTurns } from "./decode-turns.ts";

/** Everything at the top that is read here, or that the target decides by itself. */
const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "system",
  "stream",
  "max_tokens",
  "stop_sequences",
  "temperature",
  "top_p",
  "top_k",
  "metadata",
  "service_tier",
  "thinking",
  "output_config",
  "output_format",
  "tools",
  "tool_choice",
]);

/** Anthropic's tiers in OpenAI's words. */
const TIERS: Readonly<Record<string, string>> = { auto: "auto", standard_only: "default" };

/** Members of `output_config` that are read. */
const OUTPUT_KNOWN: ReadonlySet<string> = new Set(["effort", "format"]);

/** Members of a tool that are read, and one that asks for nothing an answer could lack: whether a call's input comes in early pieces. */
const TOOL_KNOWN: ReadonlySet<string> = new Set([
  "eager_input_streaming",
  "type",
  "name",
  "description",
  "input_schema",
  "strict",
  "cache_control",
]);

/** Decodes a request body. A Failure names the parameter that makes no sense or must not be dropped. */
export function decodeMessagesRequest(tree: JsonObject): DecodedRequest | Failure {
  const notes = new RequestNotes();
  const read = new FieldReader(tree, notes);
  const output = read.object("output_config") ?? {};
  for (const key of Object.keys(output)) if (!OUTPUT_KNOWN.has(key)) notes.lose(`output_config.${key}`);
  const { tools, toolChoice, parallelToolCalls } = decodeTools(tree, read, notes);
  const request = {
    turns: decodeTurns(tree, notes),
    tools,
    ...given({
      toolChoice,
      parallelToolCalls,
      outputMax: read.number("max_tokens"),
      temperature: read.number("temperature"),
      topP: read.number("top_p"),
      topK: read.number("top_k"),
      stop: read.texts("stop_sequences"),
      thinking: decodeThinking(read, output, notes),
      format: decodeFormat(output["format"] ?? tree["output_format"], notes),
      serviceTier: decodeTier(read, notes),
      user: asText(read.object("metadata")?.["user_id"]) ?? undefined,
    }),
    others: readOthers(tree, KNOWN, notes),
  };
  return notes.fault ?? { request, lost: notes.lost };
}

function decodeTier(read: FieldReader, notes: RequestNotes): string | undefined {
  const written = read.text("service_tier");
  if (written === undefined) return undefined;
  if (Object.hasOwn(TIERS, written)) return TIERS[written];
  notes.lose("service_tier");
  return undefined;
}

function decodeTools(
  tree: JsonObject,
  read: FieldReader,
  notes: RequestNotes,
): ToolWords & { readonly parallelToolCalls: boolean | undefined } {
  const written = read.list("tools") ?? [];
  const tools = written
    .map((tool, index) => decodeTool(tool, `tools[${index}]`, notes))
    .filter((tool) => tool !== null);
  const words = chooseAmong(tools, tree["tool_choice"], { offered: written.length, notes });
  const { toolChoice } = words;
  const isLost = toolChoice?.use === "tool" && !tools.some(({ name }) => name === toolChoice.name);
  if (isLost) notes.cannotSay("tool_choice", "The tool that must be used is none that this target can be offered.");
  const alone = asObject(tree["tool_choice"])?.["disable_parallel_tool_use"];
  return { ...words, parallelToolCalls: alone === true ? false : undefined };
}

/** A tool of the client's own. Tools that Anthropic defines or runs are left behind by their type. */
function decodeTool(written: Json, param: string, notes: RequestNotes): Tool | null {
  const tool = asObject(written);
  const type = asText(tool?.["type"]);
  if (type !== null && type !== "custom") {
    notes.loseKind("tools", type);
    return null;
  }
  const name = asText(tool?.["name"]);
  if (tool === null || name === null) {
    notes.refuse(`${param}.name`, "A tool must be an object with a `name`.");
    return null;
  }
  for (const [key, value] of Object.entries(tool))
    if (!TOOL_KNOWN.has(key) && value !== null) notes.loseKind("tools", key);
  const read = new FieldReader(tool, notes, `${param}.`);
  return {
    name,
    ...given({
      description: read.text("description"),
      parameters: read.object("input_schema"),
      strict: read.boolean("strict"),
      cache: asObject(tool["cache_control"]) ?? undefined,
    }),
  };
}

/** `thinking` says whether and by what budget, `output_config.effort` how much; what thinks as it likes thinks with medium effort (OpenClaw §5.3). */
function decodeThinking(read: FieldReader, output: JsonObject, notes: RequestNotes): Thinking | undefined {
  const thinking = read.object("thinking") ?? {};
  const written = asText(output["effort"]);
  const effort = readEffort(written ?? undefined);
  if (written !== null && effort === undefined) notes.lose("output_config.effort");
  const summary = thinking["display"] === "summarized" ? "auto" : undefined;
  switch (thinking["type"]) {
    case "disabled":
      return { effort: "none" };
    case "adaptive":
      return { effort: effort ?? "medium", ...given({ summary }) };
    case "enabled":
      return given({ effort, budget: asNumber(thinking["budget_tokens"]) ?? undefined, summary });
    default:
      return effort === undefined ? undefined : { effort };
  }
}

/** Optional members are allowed here and refused by others' strict forms: so the schema is not strict. */
function decodeFormat(written: Json | undefined, notes: RequestNotes): AnswerFormat | undefined {
  const format = asObject(written);
  if (format === null) return undefined;
  const schema = asObject(format["schema"]);
  if (format["type"] !== "json_schema" || schema === null) {
    notes.refuse("output_config.format", "`output_config.format` must be a `json_schema` with a `schema`.");
    return undefined;
  }
  return { type: "schema", name: "answer", schema };
}
