// Input items become turns. What a model said in one go (thoughts, text, calls) is one turn, however many items it was; results stand
// right behind the turn that called, as other dialects demand.
import type { Json, JsonObject } from "../../core/json.ts";
import { argumentsText } from "../arguments-text.ts";
import { argsOfInput } from "../openai-family/custom-tools.ts";
import { given } from "../given.ts";
import type { RequestNotes } from "../request-notes.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { Part, ReasoningPart, ToolCallPart, Turn } from "../vocabulary.ts";
import { decodeContent } from "./decode-content.ts";
import { flatName } from "./namespaces.ts";
import { type Encrypted, readEncryptedContent } from "./proofs.ts";

/** Between the parts of a summary, which are paragraphs. */
export const PARAGRAPH = "\n\n";

/** The turns of `input`. */
export function decodeItems(input: Json, notes: RequestNotes): Turn[] {
  if (typeof input === "string") return [{ role: "user", parts: [{ type: "text", text: input }] }];
  const reader = new ItemReader(notes);
  for (const [index, item] of asList(input).entries()) reader.read(item, `input[${index}]`);
  return reader.turns;
}

/** A turn with the results of its calls. */
interface Exchange {
  readonly turn: Turn;
  readonly results: Turn[];
}

/** A turn of the assistant's. */
interface Speech extends Exchange {
  readonly parts: Part[];
}

class ItemReader {
  readonly #exchanges: Exchange[] = [];
  readonly #notes: RequestNotes;
  /** Calls by id: of several the last one is meant. */
  readonly #calls = new Map<string, { readonly by: Speech; readonly at: number }>();
  /** The assistant's turn under way. */
  #speaking: Speech | null = null;

  constructor(notes: RequestNotes) {
    this.#notes = notes;
  }

  get turns(): Turn[] {
    return this.#exchanges.flatMap(({ turn, results }) => [turn, ...results]);
  }

  read(written: Json, param: string): void {
    const item = asObject(written);
    if (item === null) {
      this.#notes.refuse(param, `\`${param}\` must be an object.`);
      return;
    }
    const type = asText(item["type"]) ?? "message";
    switch (type) {
      case "message":
        this.#message(item, param);
        return;
      case "function_call":
        this.#call(item, param);
        return;
      case "custom_tool_call":
        this.#call({ ...item, arguments: argsOfInput(asText(item["input"]) ?? "") }, param);
        return;
      case "function_call_output":
      case "custom_tool_call_output":
        this.#result(item, param);
        return;
      case "reasoning":
        this.#reasoning(item);
        return;
      case "item_reference":
        // History that only its provider has must not vanish silently (decision 8).
        this.#notes.cannotSay("input", "This target does not know stored items.");
        return;
      default:
        this.#notes.loseKind("input", type);
    }
  }

  #message(item: JsonObject, param: string): void {
    const role = asText(item["role"]);
    const parts = decodeContent(item["content"], { param: `${param}.content`, notes: this.#notes });
    if (role === "assistant") {
      this.#say(parts);
      return;
    }
    this.#speaking = null;
    if (role === "user") this.#add({ role, parts });
    else if (role === "system" || role === "developer") {
      this.#add({ role: "system", developer: role === "developer", parts });
    } else this.#notes.refuse(`${param}.role`, `\`${param}\` must have a known \`role\`.`);
  }

  #add(turn: Turn): void {
    this.#exchanges.push({ turn, results: [] });
  }

  #say(said: readonly Part[]): Speech {
    const speech = this.#speaking ?? this.#begin();
    speech.parts.push(...said);
    return speech;
  }

  #begin(): Speech {
    const parts: Part[] = [];
    const speech: Speech = { turn: { role: "assistant", parts }, parts, results: [] };
    this.#speaking = speech;
    this.#exchanges.push(speech);
    return speech;
  }

  #call(item: JsonObject, param: string): void {
    const name = asText(item["name"]);
    const id = asText(item["call_id"]) ?? asText(item["id"]);
    if (name === null || id === null) {
      const missing = name === null ? "name" : "call_id";
      this.#notes.refuse(`${param}.${missing}`, `\`${param}\` must have a \`${missing}\`.`);
      return;
    }
    const namespace = asText(item["namespace"]);
    const flat = namespace === null ? name : flatName(namespace, name);
    const args = argumentsText(item["arguments"]);
    const by = this.#say([{ type: "tool-call", id, name: flat, args }]);
    this.#calls.set(id, { by, at: by.parts.length - 1 });
  }

  #result(item: JsonObject, param: string): void {
    const callId = asText(item["call_id"]);
    if (callId === null) {
      this.#notes.refuse(`${param}.call_id`, `\`${param}\` must say which call it answers.`);
      return;
    }
    const parts = decodeContent(item["output"], { param: `${param}.output`, notes: this.#notes });
    const result: Turn = { role: "tool", callId, failed: false, parts };
    const caller = this.#calls.get(callId)?.by;
    // At the end when nobody called.
    if (caller === undefined) this.#add(result);
    else caller.results.push(result);
    if (caller === undefined || caller === this.#speaking) this.#speaking = null;
  }

  #reasoning(item: JsonObject): void {
    const encrypted = readEncryptedContent(asText(item["encrypted_content"]));
    if (encrypted.of === "call") this.#prove(encrypted);
    else this.#thought(item, encrypted);
  }

  /** The proof of a call that stands before it. */
  #prove({ of: _of, id, ...proof }: Extract<Encrypted, { of: "call" }>): void {
    const call = this.#calls.get(id);
    if (call !== undefined) call.by.parts[call.at] = { ...(call.by.parts[call.at] as ToolCallPart), ...proof };
  }

  /** An item with neither words nor proof says nothing. */
  #thought(item: JsonObject, encrypted: Extract<Encrypted, { of: "thought" }>): void {
    const text = thoughtText(item);
    const { of: _of, ...proofs } = encrypted;
    if (text === "" && proofs.sealed === undefined && proofs.signature === undefined) return;
    const id = proofs.origin.dialect === "openai-responses" ? asText(item["id"]) : null;
    const thought: ReasoningPart = { type: "reasoning", text, ...given({ id: id ?? undefined }), ...proofs };
    this.#say([thought]);
  }
}

/** The readable words of a reasoning item: its summary, else its content. */
export function thoughtText(item: JsonObject): string {
  return joined(item["summary"]) || joined(item["content"]);
}

function joined(parts: Json | undefined): string {
  return asList(parts)
    .map((part) => asText(asObject(part)?.["text"]) ?? "")
    .filter((text) => text !== "")
    .join(PARAGRAPH);
}
