// What is mended in Ollama's own answers: calls that a model writes as text, and entities in arguments where the file says so. The server
// knows its own format; everything else that is odd about it the decoder takes in its stride.
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import { parseExactJson } from "../exact-json.ts";
import { decodeEntities } from "../html-entities.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { AnswerRepairs, PassingEvent, RepairContext } from "../repair.ts";
import { HeldText, type Passing, type ShownText, type TextShape } from "../tool-text/held-text.ts";
import { judgeText, type TextCall } from "../tool-text/judge-blocks.ts";
import { saysError } from "./content.ts";
import { finishOf } from "./finish.ts";

const CALLS = Buffer.from('tool_calls"');

/** The repairs of one answer; null when there is nothing to do. */
export function openOllamaRepairs(context: RepairContext): AnswerRepairs | null {
  const decodes = context.compat.toolCallArgumentsEncoding === "html-entities";
  return decodes || context.tools !== null ? new OllamaRepairs(context, decodes) : null;
}

/** Lines of a stream. */
const LINE_SHAPE = {
  read: readLine,
  withoutText(line) {
    const message = asObject(line["message"]);
    if (message === null || asText(message["content"]) === null) return line;
    if (line["done"] !== true && asText(message["thinking"]) === null) return null;
    return { ...line, message: { ...message, content: "" } };
  },
  callsLike(line, calls) {
    const { model, created_at: createdAt } = line;
    const message = { role: "assistant", content: "", tool_calls: calls.map(written) };
    return {
      ...(model === undefined ? {} : { model }),
      ...(createdAt === undefined ? {} : { created_at: createdAt }),
      message,
      done: false,
    };
  },
  endingInCalls: (line) => line,
} as const satisfies TextShape;

class OllamaRepairs implements AnswerRepairs {
  readonly #context: RepairContext;
  readonly #decodes: boolean;
  readonly #held: HeldText | null;
  #called = false;

  constructor(context: RepairContext, decodes: boolean) {
    this.#context = context;
    this.#decodes = decodes;
    const { tools } = context;
    this.#held = tools === null ? null : new HeldText(LINE_SHAPE, { ...context, tools });
  }

  get called(): boolean {
    return this.#called;
  }

  get holds(): boolean {
    return this.#held?.holds ?? false;
  }

  /** Lines are looked at by their bytes alone. */
  readonly kind = null;

  wantsLook(run: Buffer): boolean {
    return this.#held?.settled === false || run.indexOf(CALLS) >= 0;
  }

  glance(raw: Buffer): Buffer | null {
    return this.wantsLook(raw) ? null : raw;
  }

  push(event: PassingEvent): readonly PassingEvent[] {
    const tree = parseExactJson(event.data);
    const line = isJsonObject(tree) && !saysError(tree) ? tree : null;
    const passing: Passing = { tree: line, from: event };
    if (this.#held === null) return [this.#mended(passing)];
    const now = line === null ? [...this.#held.release(), passing] : this.#held.push(passing);
    return now.map((each) => this.#mended(each));
  }

  end(): readonly PassingEvent[] {
    return (this.#held?.release() ?? []).map((each) => this.#mended(each));
  }

  /** Ollama's whole answers are one line. */
  wantsWhole(): boolean {
    return true;
  }

  whole(line: JsonObject): JsonObject {
    return this.#decoded(this.#promoted(line));
  }

  #promoted(line: JsonObject): JsonObject {
    const { tools, note } = this.#context;
    const shown = readLine(line);
    if (tools === null || shown.structured || shown.ending !== "whole") return line;
    const calls = judgeText(shown.text, { ...this.#context, tools });
    if (calls === null) return line;
    note(calls === "hidden" ? "tool-text-hidden" : "tool-text");
    const said = calls === "hidden" ? {} : { tool_calls: calls.map(written) };
    return { ...line, message: { ...asObject(line["message"]), content: "", ...said } };
  }

  #mended({ tree, from }: Passing): PassingEvent {
    const mended = tree === null ? null : this.#decoded(tree);
    if (from !== null && (mended === null || mended === tree)) return from;
    return { event: undefined, data: JSON.stringify(mended ?? {}), raw: null };
  }

  /** Entities in the strings of arguments, which are objects here. */
  #decoded(line: JsonObject): JsonObject {
    const message = asObject(line["message"]);
    const calls = asList(message?.["tool_calls"]);
    this.#called ||= calls.length > 0;
    if (!this.#decodes || calls.length === 0) return line;
    const decoded = calls.map(withoutEntities);
    if (decoded.every((call, at) => call === calls[at])) return line;
    this.#context.note("arguments-entities");
    return { ...line, message: { ...message, tool_calls: decoded } };
  }
}

function readLine(line: JsonObject): ShownText {
  const message = asObject(line["message"]) ?? {};
  const isEnd = line["done"] === true;
  const isWhole = finishOf(asText(line["done_reason"]), false) === "stop";
  return {
    text: asText(message["content"]) ?? "",
    structured: asList(message["tool_calls"]).length > 0,
    ending: isEnd ? (isWhole ? "whole" : "cut") : null,
  };
}

function withoutEntities(call: Json): Json {
  const text = JSON.stringify(call);
  const decoded = decodeEntities(text);
  return decoded === text ? call : (parseJson(decoded) ?? call);
}

function written({ id, name, json }: TextCall): JsonObject {
  return { id, function: { name, arguments: parseJson(json) ?? {} } };
}
