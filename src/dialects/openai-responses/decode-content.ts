// The content of Responses items: a text, or parts. OpenAI's shapes and OpenClaw's `source` objects (OpenClaw §1.8).
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
import type { Part, Source } from "../vocabulary.ts";

/** TABLE: the parts of items by `type`; chat completions' words for text and images are understood too. */
const PARTS: PartTable = {
  lostAs: "input.content",
  readers: new Map<string, ReadPart>([
    ["input_text", readText],
    ["output_text", readText],
    ["text", readText],
    ["refusal", readRefusal],
    ["input_image", readImage],
    ["image_url", readImage],
    ["input_file", readFile],
    ["input_audio", readAudio],
  ]),
};

/** The parts of a content or an output; none for an empty text or null. */
export function decodeContent(content: Json | undefined, place: PartPlace): Part[] {
  return decodeParts(content, place, PARTS);
}

function readText(part: JsonObject): Part {
  return { type: "text", text: asText(part["text"]) ?? "" };
}

function readImage(part: JsonObject, { param, notes }: PartPlace): Part | null {
  const nested = asObject(part["image_url"]);
  const url = asText(part["image_url"]) ?? asText(nested?.["url"]);
  const source = url === null ? storedOrSource(part) : readUrl(url);
  if (source === null) {
    notes.refuse(`${param}.image_url`, `\`${param}\` must have \`image_url\` or \`file_id\`.`);
    return null;
  }
  const detail = asText(part["detail"]) ?? asText(nested?.["detail"]) ?? undefined;
  return { type: "image", source, ...given({ detail }) };
}

function readFile(part: JsonObject, { param, notes }: PartPlace): Part | null {
  const written = asObject(part["source"]);
  const name = asText(part["filename"]) ?? asText(written?.["filename"]);
  const bytes = asText(part["file_data"]);
  const url = asText(part["file_url"]);
  const addressed = url === null ? storedOrSource(part) : readUrl(url);
  const source = bytes === null ? addressed : readFileData(bytes, name);
  if (source === null) {
    notes.refuse(param, `\`${param}\` must have \`file_data\`, \`file_url\` or \`file_id\`.`);
    return null;
  }
  return { type: "file", source, ...given({ name: name ?? undefined }) };
}

/** A stored file's id, or OpenClaw's `source`. */
function storedOrSource(part: JsonObject): Source | null {
  const id = asText(part["file_id"]);
  if (id !== null) return { from: "id", id };
  const source = asObject(part["source"]);
  const url = asText(source?.["url"]);
  if (url !== null) return readUrl(url);
  const base64 = asText(source?.["data"]);
  const mediaType = asText(source?.["media_type"]) ?? "application/octet-stream";
  return base64 === null ? null : { from: "data", mediaType, base64 };
}
