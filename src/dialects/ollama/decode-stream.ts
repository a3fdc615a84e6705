// An Ollama stream as events: one block per run of text or thought, one per call. Calls come whole, and mostly without ids.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { argumentsText } from "../arguments-text.ts";
import type { DecodeContext, Translator, WireEvent } from "../dialect.ts";
import { BlockWriter } from "../block-writer.ts";
import { EventReader } from "../event-reader.ts";
import { asList, asObject, asText } from "../reading.ts";
import { cut } from "../relay.ts";
import type { ChatEvent } from "../vocabulary.ts";
import { saysError } from "./content.ts";
import { finishOf } from "./finish.ts";
import { readUsage } from "./usage.ts";

/** Announces a call. */
const CALLS = '"tool_calls"';
const MS_PER_SECOND = 1000;
/** Some models write their prompt's names of functions (OpenClaw §5.7). */
const NAME_PREFIX = /^(?:functions|tools)\./;

/** Reads an Ollama stream. */
export function decodeOllamaStream(context: DecodeContext): Translator<WireEvent, ChatEvent> {
  return new OllamaDecoder(context);
}

/** The block that words of a kind go to while nothing else comes between. */
interface Current {
  readonly kind: "text" | "reasoning";
  readonly block: number;
}

/** Reads the lines of one answer; a whole answer is one line. */
export class OllamaDecoder implements Translator<WireEvent, ChatEvent> {
  readonly #context: DecodeContext;
  readonly #reader = new EventReader(CALLS);
  readonly #writer = new BlockWriter();
  /** Stands for the answer, which has no id: digits of the instant at which its first line was made. */
  #stamp: string | null = null;
  #current: Current | null = null;
  #calls = 0;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  push({ data }: WireEvent): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    const line = this.#reader.read(data);
    if (!isJsonObject(line)) this.#writer.fail(badPayload("stream", "a line is not JSON"));
    else if (saysError(line)) this.#writer.fail(classifyErrorObject(line, "stream"));
    else this.#line(line);
    return this.#writer.take();
  }

  /** One line that is a tree already. */
  pushLine(line: JsonObject): readonly ChatEvent[] {
    this.#line(line);
    return this.#writer.take();
  }

  end(): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    this.#writer.fail(cut());
    return this.#writer.take();
  }

  #line(line: JsonObject): void {
    this.#begin(line);
    const message = asObject(line["message"]) ?? {};
    this.#say("reasoning", asText(message["thinking"]));
    this.#say("text", asText(message["content"]));
    for (const call of asList(message["tool_calls"])) this.#call(call);
    if (line["done"] !== true) return;
    this.#close();
    this.#writer.finish(finishOf(asText(line["done_reason"]), this.#calls > 0), readUsage(line));
  }

  #begin(line: JsonObject): void {
    if (this.#writer.started) return;
    const instant = asText(line["created_at"]) ?? "";
    const createdMs = Date.parse(instant);
    const digits = instant.replaceAll(/\D/g, "");
    this.#stamp = digits === "" ? null : digits;
    this.#writer.begin({
      id: null,
      model: asText(line["model"]),
      created: Number.isNaN(createdMs) ? this.#context.created : Math.floor(createdMs / MS_PER_SECOND),
    });
  }

  #say(kind: Current["kind"], text: string | null): void {
    if (text !== null) this.#writer.delta(this.#open(kind), text);
  }

  #open(kind: Current["kind"]): number {
    if (this.#current?.kind === kind) return this.#current.block;
    this.#close();
    const block = this.#writer.start(kind);
    // A thought may go back to its author only: so its author is noted.
    if (kind === "reasoning") this.#writer.note(block, { origin: "ollama" });
    this.#current = { kind, block };
    return block;
  }

  #close(): void {
    if (this.#current !== null) this.#writer.end(this.#current.block);
    this.#current = null;
  }

  #call(written: Json): void {
    const call = asObject(written);
    const called = asObject(call?.["function"]);
    if (called === null) return;
    this.#close();
    const id = asText(call?.["id"]) ?? this.#callId();
    const name = (asText(called["name"]) ?? "").replace(NAME_PREFIX, "");
    const block = this.#writer.start("tool-call", { name, ...(id === null ? {} : { id }) });
    this.#writer.delta(block, argumentsText(called["arguments"]));
    this.#writer.end(block);
    this.#calls += 1;
  }

  /** Calls of a conversation must differ; without an instant, whoever writes the answer makes an id of its own. */
  #callId(): string | null {
    return this.#stamp === null ? null : `call_${this.#stamp}_${this.#calls}`;
  }
}
