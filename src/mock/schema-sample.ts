// A value that fits a JSON schema: arguments for a tool, or an answer in the form that was asked for.
// Schemas come from clients, so the value is bounded in nodes and lengths whatever they ask for.
import type { Random } from "../core/ids.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";

const NODES_MAX = 2000;
const ITEMS_MAX = 64;
const TEXT_MAX = 1000;
/** Recursive schemas end here. */
const DEPTH_MAX = 12;

/** Where values come from. */
export interface SampleSource {
  readonly random: Random;
  /** The next text for a string that nothing else decides. */
  readonly text: () => string;
}

interface Sampling extends SampleSource {
  readonly root: JsonObject;
  nodes: number;
}

type Sampler = (schema: JsonObject, sampling: Sampling, depth: number) => Json;

const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2026-01-02T03:04:05Z",
  date: "2026-01-02",
  time: "03:04:05Z",
  duration: "PT1H",
  email: "user@example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uri: "https://example.com/",
  url: "https://example.com/",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** One row per type of JSON schema. */
const SAMPLERS = {
  object: sampleObject,
  array: sampleArray,
  string: sampleString,
  number: (schema, sampling) => sampleNumber(schema, sampling, 0.5),
  integer: (schema, sampling) => sampleNumber(schema, sampling, 1),
  boolean: () => true,
  null: () => null,
} as const satisfies Record<string, Sampler>;

/** A value for a schema. Honoured: const, enum, default, the first of anyOf, oneOf, allOf, local $ref, type, bounds, format. */
export function sampleOf(schema: JsonObject, source: SampleSource): Json {
  return sample(schema, { ...source, root: schema, nodes: 0 }, 0);
}

function sample(given: Json | undefined, sampling: Sampling, depth: number): Json {
  sampling.nodes += 1;
  if (sampling.nodes > NODES_MAX || depth > DEPTH_MAX) return null;
  const schema = isJsonObject(given) ? resolve(given, sampling.root) : {};
  if (schema["const"] !== undefined) return schema["const"];
  if (isFilled(schema["enum"])) return schema["enum"][0] ?? null;
  if (schema["default"] !== undefined) return schema["default"];
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    const variants = schema[key];
    if (isFilled(variants)) return sample(variants[0], sampling, depth + 1);
  }
  return SAMPLERS[typeOf(schema)](schema, sampling, depth);
}

function typeOf(schema: JsonObject): keyof typeof SAMPLERS {
  const stated = schema["type"];
  const types = Array.isArray(stated) ? (stated as readonly Json[]).filter((type) => type !== "null") : [stated];
  const [type] = types;
  if (typeof type === "string" && Object.hasOwn(SAMPLERS, type)) return type as keyof typeof SAMPLERS;
  if (isJsonObject(schema["properties"])) return "object";
  return schema["items"] === undefined ? "string" : "array";
}

/** The required properties; all of them where the schema requires none. */
function sampleObject(schema: JsonObject, sampling: Sampling, depth: number): JsonObject {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = isFilled(schema["required"]) ? schema["required"] : Object.keys(properties);
  const keys = required.filter((key) => typeof key === "string").slice(0, NODES_MAX);
  return Object.fromEntries(keys.map((key) => [key, sample(properties[key], sampling, depth + 1)]));
}

function sampleArray(schema: JsonObject, sampling: Sampling, depth: number): readonly Json[] {
  const prefix = isFilled(schema["prefixItems"]) ? schema["prefixItems"] : [];
  const most = Math.min(ITEMS_MAX, numberOr(schema["maxItems"], ITEMS_MAX));
  const length = Math.min(most, Math.max(numberOr(schema["minItems"], 1), prefix.length));
  return Array.from({ length: Math.floor(length) }, (_, at) =>
    sample(prefix[at] ?? schema["items"], sampling, depth + 1),
  );
}

function sampleString(schema: JsonObject, { text }: Sampling): string {
  const format = schema["format"];
  if (typeof format === "string" && Object.hasOwn(FORMATS, format)) return FORMATS[format] ?? "";
  const least = Math.min(TEXT_MAX, numberOr(schema["minLength"], 0));
  const most = Math.min(TEXT_MAX, numberOr(schema["maxLength"], TEXT_MAX));
  return text().padEnd(least, "x").slice(0, most);
}

/** The smallest allowed multiple of the step, or a digit where no bound is stated. */
function sampleNumber(schema: JsonObject, { random }: Sampling, finest: number): number {
  const step = numberOr(schema["multipleOf"], 0) || finest;
  const most = numberOr(schema["maximum"], numberOr(schema["exclusiveMaximum"], Infinity) - step);
  const least = numberOr(schema["minimum"], numberOr(schema["exclusiveMinimum"], -Infinity) + step);
  if (least > -Infinity) return Math.ceil(least / step) * step;
  const digit = Math.ceil(random() * 9) * step;
  return digit <= most ? digit : Math.floor(most / step) * step;
}

/** Follows `#/…` pointers (RFC 6901) inside the schema; what leads nowhere allows anything. */
function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  let at = schema;
  for (let hops = 0; typeof at["$ref"] === "string" && hops < DEPTH_MAX; hops += 1) {
    let found: Json | undefined = root;
    for (const part of at["$ref"].split("/").slice(1)) {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
      found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    }
    at = isJsonObject(found) ? found : {};
  }
  return at;
}

function isFilled(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value) && value.length > 0;
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
