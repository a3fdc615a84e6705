// Turns become chat messages. Thoughts go to their author only; media of a tool's result go behind the results, as a user's message.
import type { Json, JsonObject } from "../../core/json.ts";
import { CallIds, ID_RULES } from "../call-ids.ts";
import { given } from "../given.ts";
import { isOwn } from "../sealed.ts";
import type { Part, ReasoningPart, ToolCallPart, Turn } from "../vocabulary.ts";
import { encodeContent } from "./encode-content.ts";
import { ownDetails } from "./reasoning-details.ts";

type TurnOf<Role extends Turn["role"]> = Extract<Turn, { role: Role }>;

/** What the messages are written for. */
export interface MessageContext {
  readonly provider: string;
  readonly lost: Set<string>;
}

interface TurnContext extends MessageContext {
  readonly ids: CallIds;
}

/** Between a tool's media and the message that shows them. */
const MEDIA_FOLLOWS = "(see the attached files in the next message)";

/** The `messages` of a request. */
export function encodeMessages(turns: readonly Turn[], of: MessageContext): JsonObject[] {
  const context = { ...of, ids: new CallIds(ID_RULES["openai-chat"]) };
  const messages: JsonObject[] = [];
  let media: Part[] = [];
  for (const turn of turns) {
    if (turn.role !== "tool" && media.length > 0) {
      messages.push({ role: "user", content: encodeContent(media, context.lost) });
      media = [];
    }
    if (turn.role === "tool") {
      messages.push(encodeResult(turn, context));
      media.push(...turn.parts.filter(isMedia));
    } else messages.push(...encodeTurn(turn, context));
  }
  if (media.length > 0) messages.push({ role: "user", content: encodeContent(media, context.lost) });
  return messages;
}

function encodeTurn(turn: Exclude<Turn, { role: "tool" }>, context: TurnContext): JsonObject[] {
  switch (turn.role) {
    case "system": {
      const content = encodeContent(turn.parts, context.lost);
      return [{ role: turn.developer ? "developer" : "system", content }];
    }
    case "user":
      return [{ role: "user", ...given({ name: turn.name }), content: encodeContent(turn.parts, context.lost) }];
    case "assistant":
      return encodeAssistant(turn, context);
  }
}

/** A turn of which nothing is left is left out: a message that says nothing is refused by many. */
function encodeAssistant(turn: TurnOf<"assistant">, context: TurnContext): JsonObject[] {
  const { provider, lost } = context;
  const author = { dialect: "openai-chat", provider } as const;
  const thoughts = turn.parts.filter((part) => part.type === "reasoning").filter(({ origin }) => isOwn(origin, author));
  const calls = turn.parts.filter((part) => part.type === "tool-call");
  const refusals = turn.parts.filter((part) => part.type === "refusal");
  const shown = turn.parts.filter((part) => !["reasoning", "tool-call", "refusal"].includes(part.type));
  const reasoning = encodeThoughts(thoughts);
  const isEmpty = calls.length + refusals.length + shown.length + Object.keys(reasoning).length === 0;
  if (isEmpty && turn.parts.length > 0) return [];
  const silent = shown.length === 0 && (calls.length > 0 || refusals.length > 0);
  const message = {
    role: "assistant",
    ...given({ name: turn.name }),
    content: silent ? null : encodeContent(shown, lost),
    ...reasoning,
    ...(refusals.length === 0 ? {} : { refusal: refusals.map(({ text }) => text).join("") }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => encodeCall(call, context)) }),
  };
  return [message];
}

/** The author's own entries where there are proofs, else the bare text. */
function encodeThoughts(thoughts: readonly ReasoningPart[]): Record<string, Json> {
  const details = thoughts.flatMap(ownDetails);
  if (details.length > 0) return { reasoning_details: details };
  const text = thoughts.map((thought) => thought.text).join("");
  return text === "" ? {} : { reasoning_content: text };
}

function encodeCall({ id, name, args, signature, origin }: ToolCallPart, { provider, ids }: TurnContext): JsonObject {
  const isProven =
    signature !== undefined && origin !== undefined && isOwn(origin, { dialect: "openai-chat", provider });
  return {
    id: ids.of(id),
    type: "function",
    function: { name, arguments: args },
    ...(isProven ? { extra_content: { google: { thought_signature: signature } } } : {}),
  };
}

/** A result is text here, and nothing says that it is an error but its text. */
function encodeResult({ callId, failed, parts }: TurnOf<"tool">, { lost, ids }: TurnContext): JsonObject {
  if (failed) lost.add("messages.is_error");
  const texts = parts.filter((part) => !isMedia(part));
  const content = texts.length === 0 && parts.length > 0 ? MEDIA_FOLLOWS : encodeContent(texts, lost);
  return { role: "tool", tool_call_id: ids.of(callId), content };
}

function isMedia({ type }: Part): boolean {
  return type === "image" || type === "file" || type === "audio";
}
