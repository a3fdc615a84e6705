// Messages become turns. The results in a user's message are turns of their own, before what the user says beside them.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { PartPlace } from "../openai-family/decode-parts.ts";
import { markLast } from "../cache-marks.ts";
import type { RequestNotes } from "../request-notes.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { Part, ToolCallPart, Turn } from "../vocabulary.ts";
import { cacheOf, decodeBlocks } from "./decode-blocks.ts";
import { type ProofOfCall, readRedacted, readThoughtSignature } from "./proofs.ts";

/** The turns of `system` and `messages`. */
export function decodeTurns(tree: JsonObject, notes: RequestNotes): Turn[] {
  const parts = decodeBlocks(tree["system"], { param: "system", notes });
  const system: Turn[] = parts.length === 0 ? [] : [{ role: "system", developer: false, parts }];
  const messages = asList(tree["messages"]);
  if (messages.length === 0) notes.refuse("messages", "`messages` must be a non-empty array of objects.");
  return [...system, ...messages.flatMap((message, index) => decodeMessage(message, index, notes))];
}

function decodeMessage(written: Json, index: number, notes: RequestNotes): Turn[] {
  const param = `messages[${index}]`;
  const message = asObject(written);
  const role = asText(message?.["role"]);
  const place = { param: `${param}.content`, notes };
  const content = message?.["content"];
  switch (role) {
    case "user":
      return decodeUser(content, place);
    case "assistant":
      return [{ role, parts: decodeAssistant(content, place) }];
    case "system":
      return [{ role, developer: false, parts: decodeBlocks(content, place) }];
    default:
      notes.refuse(`${param}.role`, `\`${param}\` must be an object with a known \`role\`.`);
      return [];
  }
}

function decodeUser(content: Json | undefined, place: PartPlace): Turn[] {
  if (!Array.isArray(content)) return [{ role: "user", parts: decodeBlocks(content, place) }];
  const blocks = asList(content);
  const results = blocks.flatMap((block, index) => {
    if (!isResult(block)) return [];
    return decodeResult(block, { ...place, param: `${place.param}[${index}]` }) ?? [];
  });
  const rest = blocks.filter((block) => !isResult(block));
  if (results.length > 0 && rest.length === 0) return results;
  return [...results, { role: "user", parts: decodeBlocks(rest, place) }];
}

function isResult(block: Json): block is JsonObject {
  return isJsonObject(block) && block["type"] === "tool_result";
}

function decodeResult(block: JsonObject, { param, notes }: PartPlace): Turn | null {
  const callId = asText(block["tool_use_id"]);
  if (callId === null) {
    notes.refuse(`${param}.tool_use_id`, "A tool result must say which call it answers.");
    return null;
  }
  const parts = decodeBlocks(block["content"], { param: `${param}.content`, notes });
  return { role: "tool", callId, failed: block["is_error"] === true, parts: markLast(parts, cacheOf(block).cache) };
}

/** Redacted data is a thought, or the proof of a call (proofs.ts), wherever that stands: clients that let no thought be the last block move it. */
function decodeAssistant(content: Json | undefined, place: PartPlace): Part[] {
  if (!Array.isArray(content)) return decodeBlocks(content, place);
  const parts: Part[] = [];
  const proofs = new Map<string, ProofOfCall>();
  for (const [index, block] of asList(content).entries()) {
    if (isJsonObject(block) && block["type"] === "redacted_thinking") {
      const redacted = readRedacted(asText(block["data"]) ?? "");
      if (redacted.of === "thought") parts.push({ type: "reasoning", text: "", ...redacted.proofs });
      else proofs.set(redacted.id, redacted.proof);
      continue;
    }
    parts.push(...decodeSaid(block, { param: `${place.param}[${index}]`, notes: place.notes }));
  }
  return proofs.size === 0 ? parts : parts.map((part) => withProof(part, proofs));
}

function withProof(part: Part, proofs: ReadonlyMap<string, ProofOfCall>): Part {
  return part.type === "tool-call" ? { ...part, ...proofs.get(part.id) } : part;
}

function decodeSaid(block: Json, place: PartPlace): Part[] {
  if (!isJsonObject(block)) return decodeBlocks([block], place);
  switch (block["type"]) {
    case "thinking": {
      const text = asText(block["thinking"]) ?? "";
      return [{ type: "reasoning", text, ...readThoughtSignature(asText(block["signature"]) ?? "") }];
    }
    case "tool_use":
      return decodeCall(block, place);
    default:
      return decodeBlocks([block], place);
  }
}

function decodeCall(block: JsonObject, { param, notes }: PartPlace): ToolCallPart[] {
  const id = asText(block["id"]);
  const name = asText(block["name"]);
  if (id === null || name === null) {
    const missing = id === null ? "id" : "name";
    notes.refuse(`${param}.${missing}`, `\`${param}\` must have a \`${missing}\`.`);
    return [];
  }
  return [{ type: "tool-call", id, name, args: JSON.stringify(block["input"] ?? {}) }];
}
