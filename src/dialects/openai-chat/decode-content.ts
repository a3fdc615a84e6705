// The content of chat messages: a text, or parts.
import type { Json, JsonObject } from "../../core/json.ts";
import {
  decodeParts,
  type PartPlace,
  type PartTable,
  readAudio,
  type ReadPart,
  readRefusal,
} from "../openai-family/decode-parts.ts";
import { given } from "../given.ts";
import { readFileData, readUrl } from "../openai-family/media.ts";
import { asObject, asText } from "../reading.ts";
import type { Part } from "../vocabulary.ts";

/** TABLE: the parts of chat messages by `type`; the Responses API's words for text and images are understood too, as OpenClaw does. */
const PARTS: PartTable = {
  lostAs: "messages.content",
  readers: new Map<string, ReadPart>([
    ["text", readText],
    ["input_text", readText],
    ["output_text", readText],
    ["image_url", readImage],
    ["input_image", readImage],
    ["input_audio", readAudio],
    ["file", readFile],
    ["refusal", readRefusal],
  ]),
};

/** The parts of `content`; none for an empty text or null. */
export function decodeContent(content: Json | undefined, place: PartPlace): Part[] {
  return decodeParts(content, place, PARTS);
}

function readText(part: JsonObject): Part {
  return { type: "text", text: asText(part["text"]) ?? "", ...cacheOf(part) };
}

function readImage(part: JsonObject, { param, notes }: PartPlace): Part | null {
  const written = part["image_url"];
  const nested = asObject(written);
  const url = asText(written) ?? asText(nested?.["url"]);
  if (url === null) {
    notes.refuse(`${param}.image_url`, `\`${param}.image_url\` must have a URL.`);
    return null;
  }
  const detail = asText(nested?.["detail"]) ?? asText(part["detail"]) ?? undefined;
  return { type: "image", source: readUrl(url), ...given({ detail }), ...cacheOf(part) };
}

function readFile(part: JsonObject, { param, notes }: PartPlace): Part | null {
  const file = asObject(part["file"]) ?? {};
  const name = asText(file["filename"]);
  const bytes = asText(file["file_data"]);
  const id = asText(file["file_id"]);
  if (bytes === null && id === null) {
    notes.refuse(`${param}.file`, `\`${param}.file\` must have \`file_data\` or \`file_id\`.`);
    return null;
  }
  const source = bytes === null ? ({ from: "id", id: id ?? "" } as const) : readFileData(bytes, name);
  return { type: "file", source, ...given({ name: name ?? undefined }), ...cacheOf(part) };
}

function cacheOf(part: JsonObject): { cache?: JsonObject } {
  return given({ cache: asObject(part["cache_control"]) ?? undefined });
}
