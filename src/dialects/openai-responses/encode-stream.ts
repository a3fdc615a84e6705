// A streamed Response, as OpenAI writes it: numbered events, an item per block with a stable id, the whole Response at the end.
import { assert } from "../../core/assert.ts";
import type { Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { type CollectedAnswer, type CollectedBlock, collectEvent, NO_ARGUMENTS, startCollecting } from "../collect.ts";
import type { StreamEncoder } from "../dialect.ts";
import { annotationsFor } from "../openai-family/annotations.ts";
import type { InputReader } from "../openai-family/custom-tools.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { asObject, asText } from "../reading.ts";
import { writeEvent } from "../sse.ts";
import type { ChatEvent, Finish } from "../vocabulary.ts";
import { itemId, type ItemStatus, type ItemWords, outputItem, proofItems, wordsOf } from "./items.ts";
import { endedResponse, failedResponse, startedResponse, statusAfter } from "./lifecycle.ts";
import type { ResponsesContext } from "./lifecycle.ts";

/** An item under way: what stands around its text in every delta. */
interface OpenItem {
  readonly block: CollectedBlock;
  /** Looked up once: every delta needs them. */
  readonly words: ItemWords;
  /** `"item_id":…,"output_index":…`, in every event of the item. */
  readonly address: string;
  /** The address and the part's index, up to the delta's text. */
  readonly before: string;
  readonly after: string;
  readonly deltaType: string;
  /** Reads what the text says; absent where it says itself. */
  readonly reader: InputReader | undefined;
  hasPart: boolean;
  /** How many have been told. */
  annotations: number;
}

/** Starts a streamed Response. */
export function encodeResponsesStream(context: ResponsesContext): StreamEncoder {
  return new ResponsesStreamEncoder(context);
}

class ResponsesStreamEncoder implements StreamEncoder {
  readonly #context: ResponsesContext;
  readonly #answer: CollectedAnswer = startCollecting();
  readonly #items: OpenItem[] = [];
  /** The item whose block has ended. Whether it is complete is known by what follows: a limit may have cut it. */
  #ending: OpenItem | null = null;
  #sequence = 0;
  #started = false;
  #over = false;

  constructor(context: ResponsesContext) {
    this.#context = context;
  }

  push(event: ChatEvent): string {
    if (this.#over) return "";
    collectEvent(this.#answer, event);
    switch (event.type) {
      case "answer-start":
        return this.#start();
      case "block-start":
        return this.#close("completed") + this.#open(event.block);
      case "block-delta":
        return this.#close("completed") + this.#say(this.#item(event.block), event.text);
      case "block-note":
        return this.#close("completed") + this.#note(event);
      case "block-end":
        return this.#close("completed") + this.#end(this.#item(event.block));
      case "part-lost":
      case "usage":
        return "";
      case "answer-end":
        return this.#finish(event.finish);
      case "failure":
        return this.fail(event.failure);
    }
  }

  /** `response.failed` and neither `response.completed` nor `[DONE]`. A client must have seen a Response before it can fail. */
  fail(failure: Failure): string {
    if (this.#over) return "";
    const start = this.#started ? "" : this.#start();
    this.#over = true;
    const error = asObject(openaiErrorBody(failure)["error"]) ?? {};
    const words = { code: asText(error["code"]) ?? "server_error", message: asText(error["message"]) ?? "" };
    return start + this.#event("response.failed", { response: failedResponse(words, this.#context) });
  }

  #start(): string {
    this.#started = true;
    const response = startedResponse(this.#context);
    return this.#event("response.created", { response }) + this.#event("response.in_progress", { response });
  }

  #open(number: number): string {
    const block = this.#block(number);
    const words = wordsOf(block, this.#context);
    const { stem, part, beside, reader } = words;
    const address = `"item_id":${JSON.stringify(itemId(block, this.#context))},"output_index":${number}`;
    const index = part === null ? "" : `,"${part.index}":0`;
    const more = JSON.stringify(beside({ ...block, notes: [] })).slice(1, -1);
    const item: OpenItem = {
      block,
      words,
      address,
      before: `${address}${index},"delta":`,
      after: more === "" ? "" : `,${more}`,
      deltaType: `${stem}.delta`,
      reader: reader?.(),
      hasPart: false,
      annotations: 0,
    };
    this.#items[number] = item;
    const added = { output_index: number, item: outputItem(block, "in_progress", this.#context) };
    const opened = this.#event("response.output_item.added", added);
    return part?.eager === true ? opened + this.#openPart(item) : opened;
  }

  /** Parts are added empty, whatever the block holds by now. */
  #openPart(item: OpenItem): string {
    item.hasPart = true;
    const { part } = item.words;
    if (part === null) return "";
    const empty = part.shape({ ...item.block, text: "", notes: [] });
    return this.#write(`${part.stem}.added`, `${item.address},"${part.index}":0,"part":${JSON.stringify(empty)}`);
  }

  #say(item: OpenItem, text: string): string {
    return this.#text(item, item.reader === undefined ? text : item.reader.push(text));
  }

  #text(item: OpenItem, text: string): string {
    if (text === "" || item.words.whole === null) return "";
    const opened = item.hasPart ? "" : this.#openPart(item);
    return opened + this.#write(item.deltaType, item.before + JSON.stringify(text) + item.after);
  }

  #note({ block, note }: Extract<ChatEvent, { type: "block-note" }>): string {
    const item = this.#item(block);
    if (item.block.kind !== "text") return "";
    const [annotation] = annotationsFor("openai-responses", [note]);
    if (annotation === undefined) return "";
    const fields = `"content_index":0,"annotation_index":${item.annotations++},"annotation":${JSON.stringify(annotation)}`;
    return this.#write("response.output_text.annotation.added", `${item.address},${fields}`);
  }

  /** Collecting gives a silent call its empty arguments; here they are said as the delta that was missing. */
  #end(item: OpenItem): string {
    this.#ending = item;
    if (item.reader !== undefined) return this.#text(item, item.reader.end());
    const wasSilent = item.block.kind === "tool-call" && !item.hasPart;
    return wasSilent ? this.#text(item, NO_ARGUMENTS) : "";
  }

  #close(status: ItemStatus): string {
    const item = this.#ending;
    if (item === null) return "";
    this.#ending = null;
    const { stem, whole, beside, part, said } = item.words;
    let out = whole === null ? this.#write(`${stem}.completed`, item.address) : "";
    if (item.hasPart && whole !== null) {
      const index = part === null ? "" : `,"${part.index}":0`;
      const text = said?.(item.block.text) ?? item.block.text;
      const done = JSON.stringify({ [whole]: text, ...beside(item.block) }).slice(1, -1);
      out += this.#write(`${stem}.done`, `${item.address}${index},${done}`);
      if (part !== null) {
        const shape = JSON.stringify(part.shape(item.block));
        out += this.#write(`${part.stem}.done`, `${item.address}${index},"part":${shape}`);
      }
    }
    const done = { output_index: item.block.block, item: outputItem(item.block, status, this.#context) };
    return out + this.#event("response.output_item.done", done);
  }

  #finish(finish: Finish): string {
    const status = statusAfter(finish);
    const closed = this.#close(status) + this.#proofs();
    this.#over = true;
    const response = endedResponse({ ...this.#answer, finish }, this.#context);
    return closed + this.#event(`response.${status}`, { response }) + writeEvent("[DONE]");
  }

  #proofs(): string {
    const { blocks } = this.#answer;
    const tell = (item: JsonObject, index: number): string => {
      const fields = { output_index: blocks.length + index, item };
      return this.#event("response.output_item.added", fields) + this.#event("response.output_item.done", fields);
    };
    return proofItems(blocks, this.#context).map(tell).join("");
  }

  #event(type: string, fields: Readonly<Record<string, Json>>): string {
    return this.#write(type, JSON.stringify(fields).slice(1, -1));
  }

  /** One event; `fields` is the inside of a JSON object. */
  #write(type: string, fields: string): string {
    return writeEvent(`{"type":"${type}","sequence_number":${this.#sequence++},${fields}}`, type);
  }

  #block(number: number): CollectedBlock {
    const block = this.#answer.blocks[number];
    assert(block, `block ${number} was never started`);
    return block;
  }

  #item(number: number): OpenItem {
    const item = this.#items[number];
    assert(item, `block ${number} was never started`);
    return item;
  }
}
