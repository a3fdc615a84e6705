// Turns become messages: user and assistant by turns, results first in the user's message behind the calls (OpenClaw §5.7). System turns
// stand apart, wherever they stood. Thoughts go to their author only.
import { readExactIntegers } from "../../core/exact-integers.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { CallIds, ID_RULES } from "../call-ids.ts";
import type { RequestNotes } from "../request-notes.ts";
import { asText } from "../reading.ts";
import { isOwn } from "../sealed.ts";
import type { Part, ReasoningPart, ToolCallPart, Turn } from "../vocabulary.ts";
import { encodeBlocks } from "./encode-blocks.ts";

type TurnOf<Role extends Turn["role"]> = Extract<Turn, { role: Role }>;

/** A conversation in the API's words. */
export interface Conversation {
  readonly system: readonly JsonObject[];
  readonly messages: readonly Message[];
}

/** One message, with blocks always. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: JsonObject[];
}

/** One that is being written. */
interface OpenMessage extends Message {
  /** So many results stand at its beginning. */
  results: number;
}

/** The first message must be the user's; where the history was cut before the model's words, this stands there. */
const CONTINUED: JsonObject = { type: "text", text: "(continued)" };
/** Beside media of a result that has no words. */
const ATTACHED: JsonObject = { type: "text", text: "(see attached image)" };

/** The conversation of a request, for a provider. */
export function encodeTurns(turns: readonly Turn[], provider: string, notes: RequestNotes): Conversation {
  const writer = new MessageWriter(provider, notes);
  const system = turns.flatMap((turn) => (turn.role === "system" ? encodeSystem(turn, notes) : []));
  for (const turn of turns) if (turn.role !== "system") writer.add(turn);
  const messages = writer.finish();
  // Instructions alone have nothing to answer: they become what is asked.
  if (messages.length === 0 && system.length > 0) return { system: [], messages: [{ role: "user", content: system }] };
  return { system, messages };
}

/** Only text has a place there. */
function encodeSystem({ parts }: TurnOf<"system">, notes: RequestNotes): JsonObject[] {
  for (const { type } of parts) if (type !== "text") notes.loseKind("messages.content", type);
  return encodeBlocks(
    parts.filter(({ type }) => type === "text"),
    notes,
  );
}

class MessageWriter {
  readonly #messages: OpenMessage[] = [];
  readonly #ids = new CallIds(ID_RULES["anthropic-messages"]);
  readonly #provider: string;
  readonly #notes: RequestNotes;

  constructor(provider: string, notes: RequestNotes) {
    this.#provider = provider;
    this.#notes = notes;
  }

  add(turn: Exclude<Turn, { role: "system" }>): void {
    if (turn.role !== "tool" && turn.name !== undefined) this.#notes.lose("messages.name");
    switch (turn.role) {
      case "user":
        this.#say("user", encodeBlocks(turn.parts, this.#notes));
        return;
      case "tool":
        this.#answer(this.#result(turn));
        return;
      case "assistant":
        this.#say(
          "assistant",
          turn.parts.flatMap((part) => this.#assistantBlocks(part)),
        );
    }
  }

  finish(): readonly Message[] {
    const [first] = this.#messages;
    if (first?.role === "assistant") this.#messages.unshift({ role: "user", content: [CONTINUED], results: 0 });
    trimPrefill(this.#messages.at(-1));
    return this.#messages;
  }

  /** Messages of one role that follow each other are one. */
  #say(role: Message["role"], blocks: readonly JsonObject[]): void {
    if (blocks.length === 0) return;
    this.#open(role).content.push(...blocks);
  }

  /** Results stand before whatever else the user says. */
  #answer(result: JsonObject): void {
    const message = this.#open("user");
    message.content.splice(message.results, 0, result);
    message.results += 1;
  }

  #open(role: Message["role"]): OpenMessage {
    const last = this.#messages.at(-1);
    if (last?.role === role) return last;
    const message = { role, content: [], results: 0 };
    this.#messages.push(message);
    return message;
  }

  #assistantBlocks(part: Part): JsonObject[] {
    if (part.type === "reasoning") return this.#thought(part);
    if (part.type === "tool-call") return [this.#call(part)];
    // Media are the user's to show: the API takes none in answers.
    if (part.type !== "text" && part.type !== "refusal") {
      this.#notes.loseKind("messages.content", part.type);
      return [];
    }
    return encodeBlocks([part], this.#notes);
  }

  #thought({ text, signature, sealed, origin }: ReasoningPart): JsonObject[] {
    if (!isOwn(origin, { dialect: "anthropic-messages", provider: this.#provider })) return [];
    return [
      ...(signature === undefined ? [] : [{ type: "thinking", thinking: text, signature }]),
      ...(sealed === undefined ? [] : [{ type: "redacted_thinking", data: sealed }]),
    ];
  }

  #call({ id: written, name, args }: ToolCallPart): JsonObject {
    const id = this.#ids.begin(written);
    const input = readExactIntegers(args);
    if (isJsonObject(input)) return { type: "tool_use", id, name, input };
    this.#notes.lose("messages.tool_calls.arguments");
    return { type: "tool_use", id, name, input: { arguments: args } };
  }

  /** A cache mark goes to the result itself. */
  #result({ callId, failed, parts }: TurnOf<"tool">): JsonObject {
    const blocks = encodeBlocks(parts, this.#notes);
    const cache = blocks.findLast((block) => block["cache_control"] !== undefined)?.["cache_control"];
    return {
      type: "tool_result",
      tool_use_id: this.#ids.of(callId),
      ...contentOf(blocks.map(withoutCache)),
      ...(failed ? { is_error: true } : {}),
      ...(cache === undefined ? {} : { cache_control: cache }),
    };
  }
}

/** Text alone is written as a string; a silent result has no content at all. */
function contentOf(blocks: readonly JsonObject[]): { readonly content?: Json } {
  const [only] = blocks;
  if (only === undefined) return {};
  if (blocks.length === 1 && only["type"] === "text") return { content: only["text"] ?? "" };
  return { content: blocks.some(({ type }) => type === "text") ? blocks : [ATTACHED, ...blocks] };
}

function withoutCache({ cache_control: _cache, ...block }: JsonObject): JsonObject {
  return block as JsonObject;
}

/** The API refuses an answer to go on from that ends with space. */
function trimPrefill(last: Message | undefined): void {
  if (last?.role !== "assistant") return;
  const block = last.content.at(-1);
  const text = asText(block?.["text"]);
  if (block !== undefined && text !== null) last.content[last.content.length - 1] = { ...block, text: text.trimEnd() };
}

/** The tools that the history has called; the API wants them declared. */
export function calledTools(messages: readonly Message[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { content } of messages) {
    for (const block of content) {
      const name = block["type"] === "tool_use" ? asText(block["name"]) : null;
      if (name !== null) names.add(name);
    }
  }
  return names;
}

/** True when results go back to an answer that did not begin with a thought: the API then refuses to think by a budget. */
export function goesOnUnthought(messages: readonly Message[]): boolean {
  const last = messages.at(-1);
  if (last?.role !== "user" || last.content[0]?.["type"] !== "tool_result") return false;
  const first = messages.at(-2)?.content[0]?.["type"];
  return first !== "thinking" && first !== "redacted_thinking";
}
