// Turns become Ollama's messages: text, images as base64, calls with their arguments as objects, results with the name of their function.
import { readExactIntegers } from "../../core/exact-integers.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import { isOwn } from "../sealed.ts";
import type { Part, ToolCallPart, Turn } from "../vocabulary.ts";

type TurnOf<Role extends Turn["role"]> = Extract<Turn, { role: Role }>;

/** What the messages are written for. */
export interface MessageContext {
  readonly provider: string;
  readonly lost: Set<string>;
}

/** The `messages` of a request. Calls have no ids here: results stand in the order of the calls, or two of one name change places. */
export function encodeMessages(turns: readonly Turn[], context: MessageContext): JsonObject[] {
  /** Names of calls by id, in the order of the calls. */
  const names = new Map<string, string>();
  const messages: JsonObject[] = [];
  for (const turn of inOrderOfCalls(turns)) {
    if ("name" in turn && turn.role !== "tool") context.lost.add("messages.name");
    if (turn.role === "assistant") {
      for (const part of turn.parts) if (part.type === "tool-call") names.set(part.id, part.name);
      const message = encodeAssistant(turn, context);
      if (message !== null) messages.push(message);
    } else if (turn.role === "tool") messages.push(encodeResult(turn, names, context.lost));
    else messages.push({ role: turn.role, ...encodeContent(turn.parts, context.lost) });
  }
  return messages;
}

/** Results that follow each other, in the order of the calls before them; what answers no call stays behind those. */
function inOrderOfCalls(turns: readonly Turn[]): readonly Turn[] {
  const placeOf = new Map<string, number>();
  let calls = 0;
  const ordered: Turn[] = [];
  let results: TurnOf<"tool">[] = [];
  const place = ({ callId }: TurnOf<"tool">): number => placeOf.get(callId) ?? Number.MAX_SAFE_INTEGER;
  for (const turn of turns) {
    if (turn.role === "tool") {
      results.push(turn);
      continue;
    }
    for (const result of results.toSorted((a, b) => place(a) - place(b))) ordered.push(result);
    results = [];
    if (turn.role === "assistant") {
      for (const part of turn.parts) if (part.type === "tool-call") placeOf.set(part.id, calls++);
    }
    ordered.push(turn);
  }
  return ordered.concat(results.toSorted((a, b) => place(a) - place(b)));
}

/** A turn of which nothing is left is left out. */
function encodeAssistant({ parts }: TurnOf<"assistant">, { provider, lost }: MessageContext): JsonObject | null {
  const author = { dialect: "ollama", provider } as const;
  const thoughts = parts.filter((part) => part.type === "reasoning").filter(({ origin }) => isOwn(origin, author));
  const calls = parts.filter((part) => part.type === "tool-call");
  const shown = parts.filter(({ type }) => type !== "reasoning" && type !== "tool-call");
  const thinking = thoughts.map(({ text }) => text).join("");
  if (parts.length > 0 && shown.length + calls.length === 0 && thinking === "") return null;
  return {
    role: "assistant",
    ...encodeContent(shown, lost),
    ...(thinking === "" ? {} : { thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map((call) => encodeCall(call, lost)) }),
  };
}

/** Arguments that a limit has cut are no object, and this API takes nothing else. */
function encodeCall({ name, args }: ToolCallPart, lost: Set<string>): JsonObject {
  const read = readExactIntegers(args);
  if (!isJsonObject(read) && args.trim() !== "") lost.add("messages.tool_calls.arguments");
  return { function: { name, arguments: isJsonObject(read) ? read : {} } };
}

/** Nothing says that a result is an error but its text. */
function encodeResult(turn: TurnOf<"tool">, names: ReadonlyMap<string, string>, lost: Set<string>): JsonObject {
  if (turn.failed) lost.add("messages.is_error");
  const named = given({ tool_name: names.get(turn.callId) ?? turn.name });
  return { role: "tool", ...encodeContent(turn.parts, lost), ...named };
}

/** Text and images. The server fetches nothing, so images must come as bytes; other media it does not read. */
function encodeContent(parts: readonly Part[], lost: Set<string>): JsonObject {
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of parts) {
    if ("cache" in part && part.cache !== undefined) lost.add("cache_control");
    if (part.type === "text" || part.type === "refusal") texts.push(part.text);
    else if (part.type === "image" && part.source.from === "data") {
      if (part.detail !== undefined && part.detail !== "auto") lost.add("messages.content.detail");
      images.push(part.source.base64);
    } else lost.add(`messages.content.${part.type}`);
  }
  return { content: texts.join("\n"), ...(images.length === 0 ? {} : { images }) };
}
