// `unsupportedToolSchemaKeywords` and `toolSchemaProfile`: JSON Schema keywords that a target refuses are taken out of tool schemas at
// every depth. Names of properties are no keywords, and values are no schemas.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Compat } from "../core/snapshot.ts";
import { changeEach, eachObject, listOf, rowOf } from "./reading.ts";
import type { Transform } from "./transform.ts";

/** Whether a keyword with this value is refused. */
type Refusal = (value: Json) => boolean;
/** Keywords that a target refuses. */
type Refused = ReadonlyMap<string, Refusal>;

const always: Refusal = () => true;
const refusing = (keywords: readonly string[]): Refused => new Map(keywords.map((keyword) => [keyword, always]));
/** Longest text that a grammar of llama.cpp can count. */
const GRAMMAR_LENGTH_MAX = 2000;

/** TABLE: named cleanings. */
const PROFILES: Readonly<Record<string, Refused>> = {
  xai: refusing(["minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"]),
  llamacpp: new Map([
    ["pattern", always],
    ["maxLength", (value: Json) => typeof value === "number" && value >= GRAMMAR_LENGTH_MAX],
  ]),
};
/** Members of a definition that hold a schema: OpenAI's and Ollama's, Anthropic's, Google's. */
const SCHEMAS = ["parameters", "input_schema", "parametersJsonSchema"] as const;
/** Keywords whose members are named schemas. */
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
/** Keywords whose value is data. */
const DATA = new Set(["enum", "const", "default", "examples", "required", "dependentRequired"]);

/** Cleans tool schemas. */
export const toolSchemas: Transform = {
  dialects: ["openai-chat", "openai-responses", "anthropic-messages", "google-generative", "ollama"],
  needed: ({ target }) => refusedBy(target.compat).size > 0,
  apply: (draft, { target }) => {
    const refused = refusedBy(target.compat);
    if (![...refused.keys()].some((keyword) => draft.mayHold("tools", keyword))) return;
    if (changeEach(draft, "tools", (tool) => cleanTool(tool, refused))) draft.note("tools.parameters");
  },
};

function refusedBy({ unsupportedToolSchemaKeywords, toolSchemaProfile }: Compat): Refused {
  const profile = toolSchemaProfile ?? "";
  const named = rowOf(PROFILES, profile);
  return new Map([...(named ?? []), ...refusing(unsupportedToolSchemaKeywords ?? [])]);
}

function cleanTool(tool: JsonObject, refused: Refused): JsonObject {
  const { function: wrapped, functionDeclarations: declared } = tool;
  if (declared !== undefined) {
    const list = listOf(declared);
    const clean = eachObject(list, (definition) => cleanDefinition(definition, refused));
    return clean === list ? tool : { ...tool, functionDeclarations: clean };
  }
  if (!isJsonObject(wrapped)) return cleanDefinition(tool, refused);
  const clean = cleanDefinition(wrapped, refused);
  return clean === wrapped ? tool : { ...tool, function: clean };
}

function cleanDefinition(definition: JsonObject, refused: Refused): JsonObject {
  for (const key of SCHEMAS) {
    const schema = definition[key];
    if (schema === undefined) continue;
    const clean = cleanSchema(schema, refused);
    if (clean !== schema) return { ...definition, [key]: clean };
  }
  return definition;
}

/** The schema itself where nothing was taken out. */
function cleanSchema(schema: Json, refused: Refused): Json {
  if (Array.isArray(schema)) {
    const list = schema as readonly Json[];
    const clean = list.map((entry) => cleanSchema(entry, refused));
    return clean.every((entry, index) => entry === list[index]) ? schema : clean;
  }
  if (!isJsonObject(schema)) return schema;
  const entries = Object.entries(schema);
  const kept = entries.filter(([keyword, value]) => refused.get(keyword)?.(value) !== true);
  const clean = kept.map(([keyword, value]) => [keyword, cleanMember(keyword, value, refused)] as const);
  const isSame = clean.length === entries.length && clean.every(([keyword, value]) => value === schema[keyword]);
  return isSame ? schema : Object.fromEntries(clean);
}

function cleanMember(keyword: string, value: Json, refused: Refused): Json {
  if (DATA.has(keyword)) return value;
  if (!NAMED.has(keyword) || !isJsonObject(value)) return cleanSchema(value, refused);
  const clean = Object.entries(value).map(([name, schema]) => [name, cleanSchema(schema, refused)] as const);
  return clean.every(([name, schema]) => schema === value[name]) ? value : Object.fromEntries(clean);
}
