// Parts as the content of chat messages. Text alone is written as a string: every server reads that.
import type { Json, JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import { dataUrl, fileName } from "../openai-family/media.ts";
import type { Part, Source } from "../vocabulary.ts";

/** The content of a message; parts that this API has no words for are named in `lost`. */
export function encodeContent(parts: readonly Part[], lost: Set<string>): Json {
  const [only] = parts;
  if (only === undefined) return "";
  if (parts.length === 1 && only.type === "text") return only.text;
  return parts.flatMap((part) => encodePart(part, lost) ?? []);
}

function encodePart(part: Part, lost: Set<string>): JsonObject | null {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return encodeImage(part, lost);
    case "file":
      return encodeFile(part, lost);
    case "audio":
      return { type: "input_audio", input_audio: { data: part.base64, format: part.format } };
    case "refusal":
    case "reasoning":
    case "tool-call":
      lost.add(`messages.content.${part.type}`);
      return null;
  }
}

function encodeImage({ source, detail }: Extract<Part, { type: "image" }>, lost: Set<string>) {
  const url = urlOf(source);
  if (url === null) {
    lost.add("messages.content.image");
    return null;
  }
  return { type: "image_url", image_url: { url, ...given({ detail }) } };
}

/** Files by address are unknown here. */
function encodeFile({ source, name }: Extract<Part, { type: "file" }>, lost: Set<string>) {
  if (source.from === "url") {
    lost.add("messages.content.file");
    return null;
  }
  const bytes = source.from === "data" ? { file_data: dataUrl(source) } : { file_id: source.id };
  return { type: "file", file: { ...given({ filename: fileName(source, name) }), ...bytes } };
}

function urlOf(source: Source): string | null {
  if (source.from === "id") return null;
  return source.from === "url" ? source.url : dataUrl(source);
}
