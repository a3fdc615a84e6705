// Turns become input items, part by part in their order. Sealed thoughts go to their author; without a seal a thought cannot be checked
// there, and would be refused.
import type { JsonObject } from "../../core/json.ts";
import { CallIds, ID_RULES } from "../call-ids.ts";
import { given } from "../given.ts";
import { isOwn } from "../sealed.ts";
import type { Part, ReasoningPart, Turn } from "../vocabulary.ts";
import { encodeInput, encodeOutput } from "./encode-content.ts";

/** What the items are written for. */
export interface ItemContext {
  readonly provider: string;
  readonly lost: Set<string>;
}

interface TurnContext extends ItemContext {
  readonly ids: CallIds;
}

/** The `input` of a request. */
export function encodeItems(turns: readonly Turn[], context: ItemContext): JsonObject[] {
  const ids = new CallIds(ID_RULES["openai-responses"]);
  return turns.flatMap((turn) => encodeTurn(turn, { ...context, ids }));
}

function encodeTurn(turn: Turn, context: TurnContext): JsonObject[] {
  const { lost, ids } = context;
  switch (turn.role) {
    case "system":
      return [message(turn.developer ? "developer" : "system", encodeInput(turn.parts, lost))];
    case "user":
      if (turn.name !== undefined) lost.add("messages.name");
      return [message("user", encodeInput(turn.parts, lost))];
    case "assistant":
      if (turn.name !== undefined) lost.add("messages.name");
      return encodeAssistant(turn.parts, context);
    case "tool":
      if (turn.failed) lost.add("messages.is_error");
      return [{ type: "function_call_output", call_id: ids.of(turn.callId), output: encodeOutput(turn.parts, lost) }];
  }
}

function message(role: string, content: readonly JsonObject[]): JsonObject {
  return { type: "message", role, content: content.length === 0 ? "" : content };
}

/** Texts and refusals that follow each other are one message. */
function encodeAssistant(parts: readonly Part[], context: TurnContext): JsonObject[] {
  const items: JsonObject[] = [];
  let said: JsonObject[] = [];
  for (const part of parts) {
    const words = wordsOf(part);
    if (words !== null) {
      if (said.length === 0) items.push({ type: "message", role: "assistant", content: said });
      said.push(words);
      continue;
    }
    const item = itemOf(part, context);
    if (item === null) continue;
    said = [];
    items.push(item);
  }
  return items;
}

function wordsOf(part: Part): JsonObject | null {
  if (part.type === "text") return { type: "output_text", text: part.text };
  return part.type === "refusal" ? { type: "refusal", refusal: part.text } : null;
}

function itemOf(part: Part, { provider, lost, ids }: TurnContext): JsonObject | null {
  if (part.type === "tool-call") {
    return { type: "function_call", call_id: ids.of(part.id), name: part.name, arguments: part.args };
  }
  if (part.type === "reasoning") return thoughtOf(part, provider);
  lost.add(`messages.content.${part.type}`);
  return null;
}

function thoughtOf({ text, sealed, id, origin }: ReasoningPart, provider: string): JsonObject | null {
  if (sealed === undefined || !isOwn(origin, { dialect: "openai-responses", provider })) return null;
  const summary = text === "" ? [] : [{ type: "summary_text", text }];
  return { type: "reasoning", ...given({ id }), summary, encrypted_content: sealed };
}
