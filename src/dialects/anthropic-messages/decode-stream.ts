// A provider's message stream as events. Blocks come one behind the other; those that are neither words nor thoughts nor calls of the
// client's tools (server tools and their results) have no block here. Texts that follow each other are one: citing splits them.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { DecodeContext, Translator, WireEvent } from "../dialect.ts";
import { BlockWriter } from "../block-writer.ts";
import { EventReader } from "../event-reader.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";
import { cut } from "../relay.ts";
import type { ChatEvent } from "../vocabulary.ts";
import { BlockTable } from "./block-table.ts";
import { saysError } from "./content.ts";
import { finishOf } from "./finish.ts";
import { UsageCount } from "./usage.ts";

/** Announces a call. */
const CALL = '"tool_use"';
const DONE = "[DONE]";
/** What a message says of itself whose start has not come. */
const NAMELESS: JsonObject = {};

/** Reads a message stream. */
export function decodeMessagesStream(context: DecodeContext): Translator<WireEvent, ChatEvent> {
  return new MessagesDecoder(context);
}

/** Reads the events of one answer. */
export class MessagesDecoder implements Translator<WireEvent, ChatEvent> {
  readonly #context: DecodeContext;
  readonly #reader = new EventReader(CALL);
  readonly #writer = new BlockWriter();
  readonly #blocks = new BlockTable(this.#writer);
  readonly #count = new UsageCount();
  usage: Usage | null = null;
  #stop: string | null = null;
  /** Why the provider refused, in its words. */
  #refusal: string | null = null;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  push({ event, data }: WireEvent): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    if (data.trim() === DONE) return this.end();
    const tree = outOfErrorList(this.#reader.read(data));
    if (isJsonObject(tree)) this.#read(asText(tree["type"]) ?? event ?? "", tree);
    else this.#writer.fail(badPayload("stream", "an event is not JSON"));
    return this.#writer.take();
  }

  end(): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    if (this.#stop === null) this.#writer.fail(cut());
    else this.#finish();
    return this.#writer.take();
  }

  /** A whole message is a stream whose start holds everything. */
  pushWhole(message: JsonObject): readonly ChatEvent[] {
    this.#start(message);
    this.#finish();
    return this.#writer.take();
  }

  #read(type: string, event: JsonObject): void {
    if (saysError(type, event)) {
      this.#writer.fail(classifyErrorObject(event, "stream"));
      return;
    }
    switch (type) {
      case "message_start":
        // Some gateways start twice.
        if (!this.#writer.started) this.#start(asObject(event["message"]) ?? {});
        return;
      case "content_block_start":
        this.#begin(NAMELESS);
        this.#blocks.start(indexOf(event), asObject(event["content_block"]) ?? {});
        return;
      case "content_block_delta":
        this.#begin(NAMELESS);
        this.#blocks.delta(indexOf(event), asObject(event["delta"]) ?? {});
        return;
      case "content_block_stop":
        this.#blocks.stop(indexOf(event));
        return;
      case "message_delta":
        this.#counted(event["usage"]);
        this.#ending(asObject(event["delta"]) ?? {});
        return;
      case "message_stop":
        this.#begin(NAMELESS);
        this.#finish();
    }
  }

  /** Usually the content is still to come; what stands there already is whole. */
  #start(message: JsonObject): void {
    this.#begin(message);
    this.#counted(message["usage"]);
    this.#ending(message);
    for (const [index, block] of asList(message["content"]).entries()) {
      this.#blocks.start(index, asObject(block) ?? {});
      this.#blocks.stop(index);
    }
  }

  /** Where the start is missing, whatever comes first begins. */
  #begin(message: JsonObject): void {
    if (this.#writer.started) return;
    this.#writer.begin({
      id: asText(message["id"]),
      model: asText(message["model"]),
      created: this.#context.created,
    });
  }

  #counted(usage: Json | undefined): void {
    this.#count.add(usage);
    this.usage = this.#count.total;
  }

  #ending(of: JsonObject): void {
    this.#stop = asText(of["stop_reason"]) ?? this.#stop;
    this.#refusal = asText(asObject(of["stop_details"])?.["explanation"]) ?? this.#refusal;
  }

  #finish(): void {
    this.#blocks.finish();
    if (this.#stop === "refusal" && this.#refusal !== null) {
      const block = this.#writer.start("refusal");
      this.#writer.delta(block, this.#refusal);
    }
    this.#writer.finish(finishOf(this.#stop, this.#blocks.hasCalls), this.usage);
  }
}

function indexOf(event: JsonObject): number | null {
  const index: Json | undefined = event["index"];
  return asNumber(index);
}
