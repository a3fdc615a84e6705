// Content as both OpenAI APIs write it: a text, or a list of typed parts. Which types there are is each API's table.
import type { Json, JsonObject } from "../../core/json.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { Part } from "../vocabulary.ts";
import type { RequestNotes } from "../request-notes.ts";

/** Where content or a part of it stands, for complaints, and the notes of its request. */
export interface PartPlace {
  readonly param: string;
  readonly notes: RequestNotes;
}

/** Reads one part; null after a complaint. */
export type ReadPart = (part: JsonObject, place: PartPlace) => Part | null;

/** The parts of one API. */
export interface PartTable {
  readonly readers: ReadonlyMap<string, ReadPart>;
  /** Under what name parts of other types are lost. */
  readonly lostAs: string;
}

/** The parts of a content; none for an empty text or null. */
export function decodeParts(content: Json | undefined, { param, notes }: PartPlace, table: PartTable): Part[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) {
    notes.refuse(param, `\`${param}\` must be a string or an array of parts.`);
    return [];
  }
  const parts = asList(content).map((part, index) => decodePart(part, { param: `${param}[${index}]`, notes }, table));
  return parts.filter((part) => part !== null);
}

function decodePart(part: Json, place: PartPlace, { readers, lostAs }: PartTable): Part | null {
  if (typeof part === "string") return { type: "text", text: part };
  const tree = asObject(part);
  const type = asText(tree?.["type"]);
  if (tree === null || type === null) {
    place.notes.refuse(place.param, `\`${place.param}\` must be an object with a \`type\`.`);
    return null;
  }
  const read = readers.get(type);
  if (read === undefined) {
    place.notes.loseKind(lostAs, type);
    return null;
  }
  return read(tree, place);
}

/** A refusal of an earlier answer. */
export function readRefusal(part: JsonObject): Part {
  return { type: "refusal", text: asText(part["refusal"]) ?? "" };
}

/** `input_audio`, with its members one level down. */
export function readAudio(part: JsonObject, { param, notes }: PartPlace): Part | null {
  const audio = asObject(part["input_audio"]) ?? part;
  const base64 = asText(audio["data"]);
  if (base64 === null) {
    notes.refuse(`${param}.input_audio.data`, `\`${param}.input_audio.data\` must be base64 text.`);
    return null;
  }
  return { type: "audio", format: asText(audio["format"]) ?? "wav", base64 };
}
