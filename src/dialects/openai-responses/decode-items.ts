// Input items become turns. What a model said in one go (thoughts, text, calls) is one turn, however many items it was; results stand
// right behind the turn that called, as other dialects demand.
import type { Json, JsonObject } from "../../core/json.ts";
import { NO_ARGUMENTS } from "../collect.ts";
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

interface AssistantTurn {
  readonly role: "assistant";
  readonly parts: Part[];
}

class ItemReader {
  readonly turns: Turn[] = [];
  readonly #notes: RequestNotes;
  /** The assistant's turn under way. */
  #speaking: AssistantTurn | null = null;

  constructor(notes: RequestNotes) {
    this.#notes = notes;
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
    if (role === "user") this.turns.push({ role, parts });
    else if (role === "system" || role === "developer") {
      this.turns.push({ role: "system", developer: role === "developer", parts });
    } else this.#notes.refuse(`${param}.role`, `\`${param}\` must have a known \`role\`.`);
  }

  #say(parts: readonly Part[]): void {
    if (this.#speaking === null) {
      this.#speaking = { role: "assistant", parts: [] };
      this.turns.push(this.#speaking);
    }
    this.#speaking.parts.push(...parts);
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
    const args = asText(item["arguments"]) ?? NO_ARGUMENTS;
    this.#say([{ type: "tool-call", id, name: flat, args }]);
  }

  #result(item: JsonObject, param: string): void {
    const callId = asText(item["call_id"]);
    if (callId === null) {
      this.#notes.refuse(`${param}.call_id`, `\`${param}\` must say which call it answers.`);
      return;
    }
    const parts = decodeContent(item["output"], { param: `${param}.output`, notes: this.#notes });
    const at = this.#placeBehind(callId);
    this.turns.splice(at, 0, { role: "tool", callId, failed: false, parts });
    if (at === this.turns.length - 1) this.#speaking = null;
  }

  /** Behind the turn that made the call and the results that it has already; at the end when nobody called. */
  #placeBehind(callId: string): number {
    const caller = this.turns.findLastIndex(
      ({ role, parts }) =>
        role === "assistant" && parts.some((part) => part.type === "tool-call" && part.id === callId),
    );
    let at = caller < 0 ? this.turns.length : caller + 1;
    while (this.turns[at]?.role === "tool") at += 1;
    return at;
  }

  #reasoning(item: JsonObject): void {
    const encrypted = readEncryptedContent(asText(item["encrypted_content"]));
    if (encrypted.of === "call") this.#prove(encrypted);
    else this.#thought(item, encrypted);
  }

  /** The proof of a call that stands before it. */
  #prove({ of: _of, id, ...proof }: Extract<Encrypted, { of: "call" }>): void {
    for (const { role, parts } of this.turns.toReversed()) {
      const at = role === "assistant" ? parts.findIndex((part) => part.type === "tool-call" && part.id === id) : -1;
      if (at < 0) continue;
      (parts as Part[])[at] = { ...(parts[at] as ToolCallPart), ...proof };
      return;
    }
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
