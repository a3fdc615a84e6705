// Content blocks as parts, for providers of other dialects.
import type { Json, JsonObject } from "../../core/json.ts";
import { decodeParts, type PartPlace, type PartTable, type ReadPart } from "../openai-family/decode-parts.ts";
import { given } from "../given.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { Part, Source } from "../vocabulary.ts";

/** TABLE: blocks of words and media by `type`; what server tools wrote only their own API reads. */
const BLOCKS: PartTable = {
  lostAs: "messages.content",
  readers: new Map<string, ReadPart>([
    ["text", readText],
    ["image", readImage],
    ["document", readDocument],
    ["search_result", readSearchResult],
    ["tool_reference", readToolReference],
  ]),
};

/** The parts of a content; none for an empty text or null. */
export function decodeBlocks(content: Json | undefined, place: PartPlace): Part[] {
  return decodeParts(content, place, BLOCKS);
}

function readText(block: JsonObject): Part {
  return { type: "text", text: asText(block["text"]) ?? "", ...cacheOf(block) };
}

function readImage(block: JsonObject, place: PartPlace): Part | null {
  const source = readSource(block, place);
  return source === null ? null : { type: "image", source, ...cacheOf(block) };
}

/** A document that is text already is text everywhere; of a document's blocks the words are kept. */
function readDocument(block: JsonObject, place: PartPlace): Part | null {
  const { notes, param } = place;
  if (asObject(block["citations"])?.["enabled"] === true) notes.lose("messages.content.citations");
  const title = asText(block["title"]);
  const written = asObject(block["source"]) ?? {};
  const context = asText(block["context"]);
  switch (written["type"]) {
    case "text":
      return textOf([title, context, asText(written["data"])], block);
    case "content": {
      const parts = decodeBlocks(written["content"], { notes, param: `${param}.source.content` });
      if (parts.some(({ type }) => type !== "text")) notes.lose("messages.content.document");
      return textOf([title, context, ...parts.map((part) => (part.type === "text" ? part.text : null))], block);
    }
    default: {
      if (context !== null) notes.lose("messages.content.context");
      const source = readSource(block, place);
      return source === null
        ? null
        : { type: "file", source, ...given({ name: title ?? undefined }), ...cacheOf(block) };
    }
  }
}

function readSearchResult(block: JsonObject, { notes }: PartPlace): Part {
  if (asObject(block["citations"])?.["enabled"] === true) notes.lose("messages.content.citations");
  const texts = asList(block["content"]).map((each) => asText(asObject(each)?.["text"]));
  return textOf([asText(block["title"]), asText(block["source"]), ...texts], block);
}

/** What a search for tools has found is its name: the tool itself stands among the request's tools. */
function readToolReference(block: JsonObject): Part {
  return textOf([asText(block["tool_name"])], block);
}

function textOf(texts: readonly (string | null)[], block: JsonObject): Part {
  return { type: "text", text: texts.filter((text) => text !== null).join("\n\n"), ...cacheOf(block) };
}

function readSource(block: JsonObject, { param, notes }: PartPlace): Source | null {
  const source = asObject(block["source"]) ?? {};
  const url = asText(source["url"]);
  const id = asText(source["file_id"]);
  const base64 = asText(source["data"]);
  if (url !== null) return { from: "url", url };
  if (id !== null) return { from: "id", id };
  if (base64 !== null) {
    return { from: "data", mediaType: asText(source["media_type"]) ?? "application/octet-stream", base64 };
  }
  notes.refuse(`${param}.source`, `\`${param}.source\` must have \`data\`, \`url\` or \`file_id\`.`);
  return null;
}

/** The cache mark of a block. */
export function cacheOf(block: JsonObject): { cache?: JsonObject } {
  return given({ cache: asObject(block["cache_control"]) ?? undefined });
}
