// JSON schemas as structured outputs take them: every object closed, and no keyword that the grammar cannot hold. Such keywords go into
// the description, where the model still reads them (Anthropic's SDKs do the same).
import { numberOf } from "../../core/exact-integers.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";

/** Keywords that are refused. */
const UNHELD: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "minContains",
  "maxContains",
  "minProperties",
  "maxProperties",
]);
const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set(["properties", "$defs", "definitions"]);
const SCHEMA_LISTS: ReadonlySet<string> = new Set(["anyOf", "allOf", "oneOf", "prefixItems"]);
/** Of lower bounds for arrays only these are known. */
const MIN_ITEMS_MAX = 1;

/** True when the schema, or one in it, holds members of any name: that cannot be closed without changing what it says. */
export function isOpen(schema: Json): boolean {
  if (Array.isArray(schema)) return (schema as readonly Json[]).some(isOpen);
  if (!isJsonObject(schema)) return false;
  const more = schema["additionalProperties"];
  if (more !== undefined && more !== false) return true;
  return Object.entries(schema).some(([key, value]) => {
    if (SCHEMAS_BY_NAME.has(key)) return Object.values(asObject(value) ?? {}).some(isOpen);
    return (SCHEMA_LISTS.has(key) || key === "items") && isOpen(value);
  });
}

/** The schema in the form that is taken; `said` is called when a keyword became words. */
export function nativeSchema(schema: JsonObject, said: () => void): JsonObject {
  const kept: Record<string, Json> = {};
  const words: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (UNHELD.has(key) || (key === "minItems" && (asNumber(value) ?? 0) > MIN_ITEMS_MAX)) {
      words.push(`${key}: ${JSON.stringify(value)}`);
    } else kept[key] = inner(key, value, said);
  }
  if (schema["type"] === "object" || isJsonObject(schema["properties"])) kept["additionalProperties"] = false;
  if (words.length === 0) return kept;
  said();
  const description = asText(schema["description"]);
  return { ...kept, description: [description, `{${words.join(", ")}}`].filter(Boolean).join("\n\n") };
}

/** A long integer is no object, whatever holds its digits. */
function isSchema(value: Json): value is JsonObject {
  return isJsonObject(value) && numberOf(value) === null;
}

function inner(key: string, value: Json, said: () => void): Json {
  const adapt = (each: Json): Json => (isSchema(each) ? nativeSchema(each, said) : each);
  if (SCHEMAS_BY_NAME.has(key) && isSchema(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, adapt(each)] as const));
  }
  if (SCHEMA_LISTS.has(key)) return asList(value).map(adapt);
  return key === "items" ? adapt(value) : value;
}
