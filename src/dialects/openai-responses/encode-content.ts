// Parts as the content of Responses items.
import type { Json, JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import { dataUrl, fileName } from "../openai-family/media.ts";
import type { Part, Source } from "../vocabulary.ts";

/** The content of a message of the user or the system. */
export function encodeInput(parts: readonly Part[], lost: Set<string>): JsonObject[] {
  return parts.map((part) => encodePart(part, lost)).filter((part) => part !== null);
}

/** The output of a call: text alone is written as a string. */
export function encodeOutput(parts: readonly Part[], lost: Set<string>): Json {
  const [only] = parts;
  if (only === undefined) return "";
  const content = encodeInput(parts, lost);
  return only.type === "text" && parts.length === 1 ? only.text : content;
}

function encodePart(part: Part, lost: Set<string>): JsonObject | null {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image":
      return { type: "input_image", ...imageOf(part.source), ...given({ detail: part.detail }) };
    case "file":
      return { type: "input_file", ...given({ filename: fileName(part.source, part.name) }), ...fileOf(part.source) };
    case "audio":
      return { type: "input_audio", input_audio: { data: part.base64, format: part.format } };
    case "refusal":
    case "reasoning":
    case "tool-call":
      lost.add(`messages.content.${part.type}`);
      return null;
  }
}

function imageOf(source: Source): JsonObject {
  if (source.from === "id") return { file_id: source.id };
  return { image_url: source.from === "url" ? source.url : dataUrl(source) };
}

function fileOf(source: Source): JsonObject {
  if (source.from === "id") return { file_id: source.id };
  return source.from === "url" ? { file_url: source.url } : { file_data: dataUrl(source) };
}
