// TABLE: where the dialects of clients write the settings that spans tell of. Read for requests that are traced, and for no others.
import type { AskedSettings, OutputType } from "../core/asked-settings.ts";
import { Body } from "../core/body.ts";
import { numberOf } from "../core/exact-integers.ts";
import type { Json } from "../core/json.ts";
import { isScanFault } from "../core/json-scan.ts";

type Setting = keyof AskedSettings;
/** The value of a setting as a span takes it; undefined for what is none. */
type Read = (value: Json) => AskedSettings[Setting];

interface Place {
  readonly setting: Setting;
  /** A top-level key, and those below it. */
  readonly path: readonly [key: string, ...below: string[]];
  readonly read: Read;
}

/** Of two places that are filled the later one holds. */
const PLACES: readonly Place[] = [
  { setting: "maxTokens", path: ["max_tokens"], read: number },
  { setting: "maxTokens", path: ["max_completion_tokens"], read: number },
  { setting: "maxTokens", path: ["max_output_tokens"], read: number },
  { setting: "temperature", path: ["temperature"], read: number },
  { setting: "topP", path: ["top_p"], read: number },
  { setting: "topK", path: ["top_k"], read: number },
  { setting: "frequencyPenalty", path: ["frequency_penalty"], read: number },
  { setting: "presencePenalty", path: ["presence_penalty"], read: number },
  { setting: "seed", path: ["seed"], read: number },
  { setting: "stopSequences", path: ["stop"], read: words },
  { setting: "stopSequences", path: ["stop_sequences"], read: words },
  { setting: "choiceCount", path: ["n"], read: several },
  { setting: "reasoningLevel", path: ["reasoning_effort"], read: word },
  { setting: "reasoningLevel", path: ["reasoning", "effort"], read: word },
  { setting: "reasoningLevel", path: ["output_config", "effort"], read: word },
  { setting: "previousResponseId", path: ["previous_response_id"], read: word },
  { setting: "conversationId", path: ["conversation"], read: word },
  { setting: "conversationId", path: ["conversation", "id"], read: word },
  { setting: "outputType", path: ["modalities"], read: medium },
  { setting: "outputType", path: ["response_format", "type"], read: form },
  { setting: "outputType", path: ["text", "format", "type"], read: form },
  { setting: "outputType", path: ["output_format", "type"], read: form },
  { setting: "outputType", path: ["output_config", "format", "type"], read: form },
];
/** What a format is called, and what an answer of it is. A grammar, or whatever else there may be, is neither. */
const FORMS: Readonly<Record<string, OutputType>> = { text: "text", json_object: "json", json_schema: "json" };
/** What an answer may be beside text; chat completions that speak write along what they say. */
const MEDIA: readonly (readonly [asked: string, output: OutputType])[] = [
  ["audio", "speech"],
  ["image", "image"],
];
/** Longer values are no settings; reading them would cost what reading a prompt costs. */
const BYTES_MAX = 4_096;
/** Of what stands above a setting. */
const SCANNED_BYTES_MAX = 65_536;

/** The settings of a request. A value that is none of its setting, or broken, is left out. */
export function askedSettings(body: Body): AskedSettings {
  const found: [Setting, AskedSettings[Setting]][] = [];
  for (const { setting, path, read } of PLACES) {
    const value = at(body, path);
    const known = value === undefined ? undefined : read(value);
    if (known !== undefined) found.push([setting, known]);
  }
  return Object.fromEntries(found);
}

/** What stands above a setting is scanned, not parsed: the schema of an answer stands there too, and may be long. */
function at(body: Body, [key, next, ...below]: Place["path"]): Json | undefined {
  const member = body.member(key);
  const bytesMax = next === undefined ? BYTES_MAX : SCANNED_BYTES_MAX;
  if (member === undefined || member.end - member.start > bytesMax) return undefined;
  if (next === undefined) return parsed(body, key);
  const inner = Body.fromBytes(body.raw(member));
  return isScanFault(inner) ? undefined : at(inner, [next, ...below]);
}

/** Whoever relays the body finds out that it is broken, or the provider does. */
function parsed(body: Body, key: string): Json | undefined {
  try {
    return body.get(key);
  } catch {
    return undefined;
  }
}

function number(value: Json): number | undefined {
  return numberOf(value) ?? undefined;
}

function several(value: Json): number | undefined {
  return value === 1 ? undefined : number(value);
}

function word(value: Json): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function form(value: Json): OutputType | undefined {
  return typeof value === "string" && Object.hasOwn(FORMS, value) ? FORMS[value] : undefined;
}

function medium(value: Json): OutputType | undefined {
  if (!Array.isArray(value)) return undefined;
  return MEDIA.find(([asked]) => value.includes(asked))?.[1];
}

function words(value: Json): readonly string[] | undefined {
  const list = typeof value === "string" ? [value] : Array.isArray(value) ? value : [];
  const texts = list.filter((each) => typeof each === "string");
  return texts.length === 0 ? undefined : texts;
}
