// Parts as content blocks of the Messages API. Blocks without words are left out: the API refuses them.
import type { JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { Part } from "../vocabulary.ts";

type PartOf<Type extends Part["type"]> = Extract<Part, { type: Type }>;

const IMAGE = /^image\//;
/** Files whose bytes are text, whatever program wrote them. */
const TEXTUAL = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript|sql)$)/;

/** The blocks of a turn of the user or the system, or of a tool's result. */
export function encodeBlocks(parts: readonly Part[], notes: RequestNotes): JsonObject[] {
  return parts.map((part) => encodePart(part, notes)).filter((block) => block !== null);
}

function encodePart(part: Part, notes: RequestNotes): JsonObject | null {
  switch (part.type) {
    case "text":
      return textBlock(part.text, part.cache);
    case "refusal":
      return textBlock(part.text);
    case "image":
      return withCache(imageBlock(part, notes), part.cache);
    case "file":
      return withCache(fileBlock(part, notes), part.cache);
    case "audio":
    case "reasoning":
    case "tool-call":
      notes.loseKind("messages.content", part.type);
      return null;
  }
}

/** A block of text; null where there is nothing but space. */
function textBlock(text: string, cache?: JsonObject): JsonObject | null {
  return text.trim() === "" ? null : withCache({ type: "text", text }, cache);
}

function withCache(block: JsonObject | null, cache: JsonObject | undefined): JsonObject | null {
  return block === null || cache === undefined ? block : { ...block, cache_control: cache };
}

function imageBlock({ source, detail }: PartOf<"image">, notes: RequestNotes): JsonObject | null {
  if (detail !== undefined && detail !== "auto") notes.lose("messages.content.detail");
  if (source.from === "data") return { type: "image", source: base64Source(source.mediaType, source.base64) };
  if (source.from === "url" && !source.url.startsWith("data:")) {
    return { type: "image", source: { type: "url", url: source.url } };
  }
  // A stored file's id is known to the API that stored it.
  notes.lose("messages.content.image");
  return null;
}

function fileBlock({ source, name }: PartOf<"file">, notes: RequestNotes): JsonObject | null {
  const title = given({ title: name });
  if (source.from === "url" && !source.url.startsWith("data:")) {
    return { type: "document", source: { type: "url", url: source.url }, ...title };
  }
  if (source.from === "data") {
    const { mediaType, base64 } = source;
    if (IMAGE.test(mediaType)) return { type: "image", source: base64Source(mediaType, base64) };
    if (mediaType === "application/pdf") {
      return { type: "document", source: base64Source(mediaType, base64), ...title };
    }
    if (TEXTUAL.test(mediaType)) {
      const data = Buffer.from(base64, "base64").toString("utf8");
      return { type: "document", source: { type: "text", media_type: "text/plain", data }, ...title };
    }
  }
  notes.lose("messages.content.file");
  return null;
}

function base64Source(mediaType: string, data: string): JsonObject {
  return { type: "base64", media_type: mediaType === "image/jpg" ? "image/jpeg" : mediaType, data };
}
