// Chat messages become turns. Order stays; what only this API knows is left behind by name.
import type { Json, JsonObject } from "../../core/json.ts";
import { argumentsText } from "../arguments-text.ts";
import { markLast } from "../cache-marks.ts";
import { argsOfInput } from "../openai-family/custom-tools.ts";
import { given } from "../given.ts";
import type { RequestNotes } from "../request-notes.ts";
import { readSignature } from "../openai-family/signed-call.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { Part, ToolCallPart, Turn } from "../vocabulary.ts";
import { decodeContent } from "./decode-content.ts";
import { decodeReasoning } from "./decode-reasoning.ts";

/** The turns of `messages`. */
export function decodeMessages(messages: readonly Json[], notes: RequestNotes): Turn[] {
  const reader = new MessageReader(notes);
  return messages.flatMap((message, index) => reader.read(message, `messages[${index}]`) ?? []);
}

class MessageReader {
  readonly #notes: RequestNotes;
  /** Ids made for `function_call`s, which have none, by function name: the last call of a name is the one that is answered. */
  readonly #madeIds = new Map<string, string>();
  /** Calls that were left behind, and with them their results. */
  readonly #leftCalls = new Set<string>();

  constructor(notes: RequestNotes) {
    this.#notes = notes;
  }

  read(written: Json, param: string): Turn | null {
    const message = asObject(written);
    const role = asText(message?.["role"]);
    if (message === null || role === null) {
      this.#notes.refuse(`${param}.role`, `\`${param}\` must be an object with a \`role\`.`);
      return null;
    }
    switch (role) {
      case "system":
      case "developer":
        if (asText(message["name"]) !== null) this.#notes.lose("messages.name");
        return { role: "system", developer: role === "developer", parts: this.#content(message, param) };
      case "user":
        return { role, ...nameOf(message), parts: this.#content(message, param) };
      case "assistant":
        return { role, ...nameOf(message), parts: this.#assistant(message, param) };
      case "tool":
        return this.#result(message, param);
      case "function":
        return this.#legacyResult(message, param);
      default:
        this.#notes.refuse(`${param}.role`, `\`${param}.role\` is not a known role.`);
        return null;
    }
  }

  /** OpenRouter's clients and opencode mark whole messages. */
  #content(message: JsonObject, param: string): readonly Part[] {
    const parts = decodeContent(message["content"], { param: `${param}.content`, notes: this.#notes });
    const mark = asObject(message["cache_control"]);
    if (mark === null) return parts;
    if (parts.length === 0) this.#notes.lose("cache_control");
    return markLast(parts, mark);
  }

  #assistant(message: JsonObject, param: string): Part[] {
    if (asObject(message["audio"]) !== null) this.#notes.lose("messages.audio");
    if (asList(message["images"]).length > 0) this.#notes.lose("messages.images");
    const refusal = asText(message["refusal"]);
    const calls = asList(message["tool_calls"]).flatMap((call, index) => {
      return this.#call(call, `${param}.tool_calls[${index}]`) ?? [];
    });
    return [
      ...decodeReasoning(message),
      ...this.#content(message, param),
      ...(refusal === null ? [] : [{ type: "refusal", text: refusal } as const]),
      ...calls,
      ...this.#legacyCall(message["function_call"], param),
    ];
  }

  #call(written: Json, param: string): ToolCallPart | null {
    const call = asObject(written);
    const id = asText(call?.["id"]) ?? madeId(param);
    const type = asText(call?.["type"]);
    const custom = type === "custom" ? asObject(call?.["custom"]) : null;
    const customName = asText(custom?.["name"]);
    if (customName !== null) {
      const args = argsOfInput(asText(custom?.["input"]) ?? "");
      return { type: "tool-call", id, name: customName, args, ...readSignature(call) };
    }
    if (type !== null && type !== "function") {
      this.#notes.loseKind("messages.tool_calls", type);
      this.#leftCalls.add(id);
      return null;
    }
    const called = asObject(call?.["function"]);
    const name = asText(called?.["name"]);
    if (called === null || name === null) {
      this.#notes.refuse(`${param}.function.name`, "A tool call must name its function.");
      return null;
    }
    return { type: "tool-call", id, name, args: argumentsText(called["arguments"]), ...readSignature(call) };
  }

  #legacyCall(written: Json | undefined, param: string): ToolCallPart[] {
    const call = asObject(written);
    if (call === null) return [];
    const name = asText(call["name"]);
    if (name === null) {
      this.#notes.refuse(`${param}.function_call.name`, "A function call must name its function.");
      return [];
    }
    const id = madeId(param);
    this.#madeIds.set(name, id);
    return [{ type: "tool-call", id, name, args: argumentsText(call["arguments"]) }];
  }

  #result(message: JsonObject, param: string): Turn | null {
    const callId = asText(message["tool_call_id"]);
    if (callId === null) {
      this.#notes.refuse(`${param}.tool_call_id`, "A tool message must say which call it answers.");
      return null;
    }
    if (this.#leftCalls.has(callId)) return null;
    return { role: "tool", callId, ...nameOf(message), failed: false, parts: this.#content(message, param) };
  }

  #legacyResult(message: JsonObject, param: string): Turn | null {
    const name = asText(message["name"]);
    if (name === null) {
      this.#notes.refuse(`${param}.name`, "A function message must name its function.");
      return null;
    }
    const callId = this.#madeIds.get(name) ?? madeId(param);
    return { role: "tool", callId, name, failed: false, parts: this.#content(message, param) };
  }
}

/** An id for a call that has none, made of its place: the same conversation gives the same id again, and prompt caches hit. */
function madeId(param: string): string {
  return `call_${param.replaceAll(/\D+/g, "_").replaceAll(/^_|_$/g, "")}`;
}

function nameOf(message: JsonObject): { name?: string } {
  return given({ name: asText(message["name"]) ?? undefined });
}
