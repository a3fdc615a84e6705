// A provider's Responses stream as events. Deltas are passed on at once; `done` events, and the Response at the end, say everything
// again, and what was missing is told then. Items that are neither words nor calls have no block.
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import { badPayload } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { DecodeContext, Translator, WireEvent } from "../dialect.ts";
import { BlockWriter } from "../block-writer.ts";
import { asCount, asList, asObject, asText } from "../reading.ts";
import { cut } from "../relay.ts";
import type { ChatEvent, Finish } from "../vocabulary.ts";
import { ItemTable } from "./item-table.ts";
import { brokenBy } from "./stream.ts";
import { withServiceTier } from "../openai-family/service-tier.ts";
import { readResponsesUsage } from "./usage.ts";

const DONE = "[DONE]";

/** Why a Response is incomplete. Whatever else stopped it, it is not whole. */
const INCOMPLETE: ReadonlyMap<string, Finish> = new Map([
  ["max_output_tokens", "length"],
  ["content_filter", "content-filter"],
]);

/** Reads a Responses stream. */
export function decodeResponsesStream(context: DecodeContext): Translator<WireEvent, ChatEvent> {
  return new ResponsesDecoder(context);
}

type ReadEvent = (items: ItemTable, event: JsonObject) => void;

/** TABLE: events of items by type; every other event says nothing that is not said again. */
const ITEM_EVENTS: ReadonlyMap<string, ReadEvent> = new Map<string, ReadEvent>([
  ["response.output_item.added", (items, event) => items.add(event)],
  ["response.output_item.done", (items, event) => items.complete(event)],
  ["response.content_part.added", (items, event) => items.addPart(event)],
  ["response.content_part.done", (items, event) => items.completePart(event)],
  ["response.output_text.delta", (items, event) => items.text(event, "text")],
  ["response.output_text.done", (items, event) => items.wholeText(event, "text")],
  ["response.output_text.annotation.added", (items, event) => items.annotate(event)],
  ["response.refusal.delta", (items, event) => items.text(event, "refusal")],
  ["response.refusal.done", (items, event) => items.wholeText(event, "refusal")],
  ["response.reasoning_summary_text.delta", (items, event) => items.think(event, "summary")],
  ["response.reasoning_text.delta", (items, event) => items.think(event, "content")],
  ["response.function_call_arguments.delta", (items, event) => items.call(event)],
  ["response.function_call_arguments.done", (items, event) => items.wholeCall(event)],
]);

/** Reads the events of one answer. */
export class ResponsesDecoder implements Translator<WireEvent, ChatEvent> {
  readonly #context: DecodeContext;
  readonly #writer = new BlockWriter();
  readonly #items = new ItemTable(this.#writer);

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  push({ event, data }: WireEvent): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    // A terminator without a terminal event is a cut.
    if (data.trim() === DONE) return this.end();
    const tree = outOfErrorList(parseJson(data));
    if (!isJsonObject(tree)) this.#writer.fail(badPayload("stream", "an event is not JSON"));
    // Servers that speak chat completions at heart write a bare error object.
    else this.#read(asText(tree["type"]) ?? (tree["error"] === undefined ? (event ?? "") : "error"), tree);
    return this.#writer.take();
  }

  end(): readonly ChatEvent[] {
    if (!this.#writer.over) this.#writer.fail(cut());
    return this.#writer.take();
  }

  /** A whole Response is a stream of its last event. */
  pushWhole(response: JsonObject): readonly ChatEvent[] {
    this.#read(`response.${asText(response["status"]) ?? "completed"}`, { response });
    return this.#writer.over ? this.#writer.take() : this.end();
  }

  #read(type: string, event: JsonObject): void {
    const broken = brokenBy(type, event, "stream");
    if (broken !== null) {
      this.#writer.fail(broken);
      return;
    }
    const response = asObject(event["response"]) ?? {};
    this.#begin(response);
    if (type === "response.incomplete") this.#finish(response, "length");
    else if (type === "response.completed") this.#finish(response, null);
    else ITEM_EVENTS.get(type)?.(this.#items, event);
  }

  #begin(response: JsonObject): void {
    this.#writer.begin({
      id: asText(response["id"]),
      model: asText(response["model"]),
      created: asCount(response["created_at"]) ?? this.#context.created,
    });
  }

  /** `known` is the ending that the event's name tells, where the Response does not say more. */
  #finish(response: JsonObject, known: Finish | null): void {
    this.#items.finish(asList(response["output"]));
    this.#writer.finish(
      this.#ending(response) ?? known ?? (this.#items.hasCalls ? "tool-calls" : "stop"),
      withServiceTier(readResponsesUsage(response["usage"]), response["service_tier"]),
    );
  }

  /** Why the Response says that it is not whole; null where it does not. */
  #ending(response: JsonObject): Finish | null {
    const reason: Json | undefined = asObject(response["incomplete_details"])?.["reason"];
    if (typeof reason === "string") return INCOMPLETE.get(reason) ?? "length";
    return response["status"] === "incomplete" ? "length" : null;
  }
}
