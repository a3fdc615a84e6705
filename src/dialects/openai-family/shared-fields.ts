// The settings that both OpenAI APIs, and most servers that speak like them, write in the same way.
import { numberOf } from "../../core/exact-integers.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { AnswerFormat, ChatRequest } from "../vocabulary.ts";
import { asObject, asText } from "../reading.ts";
import { given } from "../given.ts";
import { isSafeName, type RequestNotes } from "../request-notes.ts";

/** Settings read here, whatever the API. */
export const SHARED_FIELDS = [
  "temperature",
  "top_p",
  "top_k",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "stop",
  "n",
  "parallel_tool_calls",
  "service_tier",
  "user",
  "prompt_cache_key",
  "metadata",
] as const;

/** Reads typed members of one object; a value of a wrong type is refused under its own name. */
export class FieldReader {
  readonly #tree: JsonObject;
  readonly #notes: RequestNotes;
  readonly #prefix: string;

  constructor(tree: JsonObject, notes: RequestNotes, prefix = "") {
    this.#tree = tree;
    this.#notes = notes;
    this.#prefix = prefix;
  }

  number(key: string): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    // One beyond what a double holds would be written as null.
    const number = numberOf(value);
    return number !== null && Number.isFinite(number) ? number : this.#refuse(key, "a number");
  }

  boolean(key: string): boolean | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === "boolean") return value;
    return this.#refuse(key, "a boolean");
  }

  /** An empty text counts as not given. */
  text(key: string): string | undefined {
    const value = this.#value(key);
    if (value === undefined || value === "") return undefined;
    return typeof value === "string" ? value : this.#refuse(key, "a string");
  }

  object(key: string): JsonObject | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    // A long integer is no object, whatever holds its digits.
    return isJsonObject(value) && numberOf(value) === null ? value : this.#refuse(key, "an object");
  }

  list(key: string): readonly Json[] | undefined {
    const value = this.#value(key);
    if (value === undefined || Array.isArray(value)) return value as readonly Json[] | undefined;
    return this.#refuse(key, "an array");
  }

  /** One text or several; none counts as not given. */
  texts(key: string): readonly string[] | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const texts = Array.isArray(value) ? (value as readonly Json[]) : [value];
    if (texts.length === 0) return undefined;
    if (texts.every((text) => typeof text === "string")) return texts;
    return this.#refuse(key, "a string or an array of strings");
  }

  #value(key: string): Json | undefined {
    return this.#tree[key] ?? undefined;
  }

  #refuse(key: string, wanted: string): undefined {
    const param = this.#prefix + key;
    this.#notes.refuse(param, `\`${param}\` must be ${wanted}.`);
  }
}

/** The settings of SHARED_FIELDS. */
export function readSharedFields(read: FieldReader): Partial<ChatRequest> {
  return given({
    temperature: read.number("temperature"),
    topP: read.number("top_p"),
    topK: read.number("top_k"),
    seed: read.number("seed"),
    frequencyPenalty: read.number("frequency_penalty"),
    presencePenalty: read.number("presence_penalty"),
    stop: read.texts("stop"),
    n: read.number("n"),
    parallelToolCalls: read.boolean("parallel_tool_calls"),
    serviceTier: read.text("service_tier"),
    user: read.text("user"),
    promptCacheKey: read.text("prompt_cache_key"),
    metadata: read.object("metadata"),
  });
}

/** Everything at the top that nobody has read. Null asks for nothing, and a key that no header can name is no field of anybody's. */
export function readOthers(
  tree: JsonObject,
  known: ReadonlySet<string>,
  notes: RequestNotes,
): ReadonlyMap<string, Json> {
  const others = new Map<string, Json>();
  for (const [key, value] of Object.entries(tree)) {
    if (known.has(key) || value === null) continue;
    if (isSafeName(key)) others.set(key, value);
    else notes.lose(key);
  }
  return others;
}

/** The form of an answer: flat in the Responses API; chat completions put a schema's members one level down. */
export function readFormat(format: JsonObject, param: string, notes: RequestNotes): AnswerFormat | undefined {
  const type = asText(format["type"]);
  if (type === "text") return { type: "text" };
  const nested = asObject(format["json_schema"]);
  // llama.cpp and Together write a schema beside `json_object`.
  if (type === "json_object" && !isJsonObject(format["schema"])) return { type: "json" };
  if (type === "json_schema" || type === "json_object") {
    const read = new FieldReader(nested ?? format, notes, nested === null ? `${param}.` : `${param}.json_schema.`);
    const more = { strict: read.boolean("strict"), description: read.text("description") };
    return { type: "schema", name: read.text("name") ?? "answer", schema: read.object("schema") ?? {}, ...given(more) };
  }
  notes.loseKind(param, type);
  return undefined;
}
