// The output items of a Responses stream under way: which block each part is, and how much of it has been told. Whatever says an item's
// words again (`done` events, the Response at the end) tells only what is missing.
import type { Json, JsonObject } from "../../core/json.ts";
import type { BlockWriter } from "../block-writer.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";
import { PARAGRAPH } from "./decode-items.ts";
import { ItemBook, typeOf } from "./item-book.ts";

type Words = "text" | "refusal";
type Thought = "summary" | "content";

/** A block and what it holds so far. */
interface Told {
  readonly block: number;
  text: string;
  annotations: number;
  hasLogprobs: boolean;
}

interface Item {
  /** Blocks by part; calls and thoughts are one block, under 0. */
  readonly parts: Map<number, Told>;
  /** Where a thought's words come from: of summary and content the first that speaks. */
  thought: Thought | null;
  /** Part of the summary or content that spoke last. */
  paragraph: number;
  /** Arguments of a call that nobody has named yet. */
  pending: string;
  done: boolean;
}

const OWN = "openai-responses";

function blankItem(): Item {
  return { parts: new Map(), thought: null, paragraph: 0, pending: "", done: false };
}

/** The items of one answer. */
export class ItemTable {
  readonly #writer: BlockWriter;
  readonly #items = new ItemBook<Item>(blankItem);
  #hasCalls = false;

  constructor(writer: BlockWriter) {
    this.#writer = writer;
  }

  get hasCalls(): boolean {
    return this.#hasCalls;
  }

  /** `output_item.added`: calls and thoughts begin; a message begins with its first part. */
  add(event: JsonObject): void {
    const written = asObject(event["item"]) ?? {};
    const item = this.#items.begin(event, typeOf(written));
    if (written["type"] === "function_call") this.#openCall(item, written);
    if (written["type"] === "reasoning") this.#open(item, 0, "reasoning");
  }

  addPart(event: JsonObject): void {
    const kind = kindOf(asObject(event["part"]));
    if (kind !== null) this.#open(this.#items.of(event, "message"), indexOf(event), kind);
  }

  completePart(event: JsonObject): void {
    const part = asObject(event["part"]);
    if (kindOf(part) !== null) this.#wholePart(this.#items.of(event, "message"), indexOf(event), part);
  }

  text(event: JsonObject, kind: Words): void {
    const part = this.#open(this.#items.of(event, "message"), indexOf(event), kind);
    this.#tell(part, asText(event["delta"]) ?? "");
    this.#weigh(part, event["logprobs"], true);
  }

  wholeText(event: JsonObject, kind: Words): void {
    const text = asText(event[kind === "text" ? "text" : "refusal"]);
    if (text === null) return;
    const part = this.#open(this.#items.of(event, "message"), indexOf(event), kind);
    this.#supplement(part, text);
    this.#weigh(part, event["logprobs"], false);
  }

  annotate(event: JsonObject): void {
    const annotation = asObject(event["annotation"]);
    if (annotation === null) return;
    this.#cite(this.#open(this.#items.of(event, "message"), indexOf(event), "text"), annotation);
  }

  think(event: JsonObject, from: Thought): void {
    const item = this.#items.of(event, "reasoning");
    const thought = this.#open(item, 0, "reasoning");
    item.thought ??= from;
    const delta = asText(event["delta"]);
    if (item.thought !== from || delta === null) return;
    const paragraph = asNumber(event[from === "summary" ? "summary_index" : "content_index"]) ?? 0;
    if (paragraph !== item.paragraph && thought.text !== "") this.#tell(thought, PARAGRAPH);
    item.paragraph = paragraph;
    this.#tell(thought, delta);
  }

  call(event: JsonObject): void {
    const item = this.#items.of(event, "function_call");
    const delta = asText(event["delta"]) ?? "";
    const call = item.parts.get(0);
    if (call === undefined) item.pending += delta;
    else this.#tell(call, delta);
  }

  wholeCall(event: JsonObject): void {
    const call = this.#items.of(event, "function_call").parts.get(0);
    const args = asText(event["arguments"]);
    if (call !== undefined && args !== null) this.#supplement(call, args);
  }

  /** `output_item.done`. */
  complete(event: JsonObject): void {
    const written = asObject(event["item"]);
    if (written !== null) this.#complete(this.#items.of(event, typeOf(written)), written);
  }

  /** The output of the Response at the end. Calls that nobody named are told without a name: their arguments are all that there is. */
  finish(output: readonly Json[]): void {
    const written = output.map(asObject).filter((item) => item !== null);
    for (const [position, item] of this.#items.ended(written).entries()) this.#complete(item, written[position] ?? {});
    for (const item of this.#items.items) {
      if (item.pending !== "") this.#openCall(item, {});
    }
  }

  #complete(item: Item, written: JsonObject): void {
    if (item.done) return;
    if (written["type"] === "function_call") this.#completeCall(item, written);
    if (written["type"] === "reasoning") this.#completeThought(item, written);
    if (written["type"] === "image_generation_call") this.#completeImage(written);
    if (written["type"] === "message") {
      for (const [index, part] of asList(written["content"]).entries()) this.#wholePart(item, index, asObject(part));
    }
    this.#close(item);
  }

  #completeCall(item: Item, written: JsonObject): void {
    const call = this.#openCall(item, written);
    const args = asText(written["arguments"]);
    if (args !== null) this.#supplement(call, args);
  }

  #completeThought(item: Item, written: JsonObject): void {
    const thought = this.#open(item, 0, "reasoning");
    const from = item.thought ?? (wordsOf(written["summary"]) === "" ? "content" : "summary");
    this.#supplement(thought, wordsOf(written[from]));
    const encrypted = asText(written["encrypted_content"]);
    // A thought goes back to its author only, sealed or not: so its author is noted.
    this.#writer.note(thought.block, encrypted === null ? { origin: OWN } : { encrypted, origin: OWN });
  }

  #completeImage(written: JsonObject): void {
    const base64 = asText(written["result"]);
    if (base64 !== null) this.#writer.image(`data:image/${asText(written["output_format"]) ?? "png"};base64,${base64}`);
  }

  #wholePart(item: Item, index: number, part: JsonObject | null): void {
    const kind = kindOf(part);
    if (part === null || kind === null) return;
    const told = this.#open(item, index, kind);
    this.#supplement(told, asText(part[kind === "text" ? "text" : "refusal"]) ?? "");
    this.#weigh(told, part["logprobs"], false);
    for (const annotation of asList(part["annotations"]).slice(told.annotations)) {
      const citation = asObject(annotation);
      if (citation !== null) this.#cite(told, citation);
    }
  }

  #open(item: Item, index: number, kind: Words | "reasoning"): Told {
    const known = item.parts.get(index);
    if (known !== undefined) return known;
    return this.#begin(item, index, this.#writer.start(kind));
  }

  #openCall(item: Item, written: JsonObject): Told {
    const known = item.parts.get(0);
    if (known !== undefined) return known;
    this.#hasCalls = true;
    const id = asText(written["call_id"]) ?? asText(written["id"]);
    const name = asText(written["name"]) ?? "";
    const call = this.#begin(item, 0, this.#writer.start("tool-call", id === null ? { name } : { id, name }));
    this.#tell(call, item.pending);
    item.pending = "";
    return call;
  }

  #begin(item: Item, index: number, block: number): Told {
    const told: Told = { block, text: "", annotations: 0, hasLogprobs: false };
    item.parts.set(index, told);
    return told;
  }

  #tell(told: Told, text: string): void {
    told.text += text;
    this.#writer.delta(told.block, text);
  }

  /** The rest of a text that has been told in part. One that went another way cannot be taken back. */
  #supplement(told: Told, whole: string): void {
    if (whole.length > told.text.length && whole.startsWith(told.text)) this.#tell(told, whole.slice(told.text.length));
  }

  /** Log probabilities come with the deltas, or all at once where no delta brought any. */
  #weigh(told: Told, logprobs: Json | undefined, isDelta: boolean): void {
    const content = asList(logprobs);
    if (content.length === 0 || (!isDelta && told.hasLogprobs)) return;
    told.hasLogprobs = true;
    this.#writer.note(told.block, { logprobs: { content, refusal: null }, origin: OWN });
  }

  #cite(told: Told, annotation: JsonObject): void {
    told.annotations += 1;
    this.#writer.note(told.block, { annotation, origin: OWN });
  }

  #close(item: Item): void {
    item.done = true;
    for (const { block } of item.parts.values()) this.#writer.end(block);
  }
}

function indexOf(event: JsonObject): number {
  return asNumber(event["content_index"]) ?? 0;
}

/** What a content part is a block of, if any. */
function kindOf(part: JsonObject | null): Words | null {
  if (part?.["type"] === "output_text") return "text";
  return part?.["type"] === "refusal" ? "refusal" : null;
}

function wordsOf(parts: Json | undefined): string {
  return asList(parts)
    .map((part) => asText(asObject(part)?.["text"]) ?? "")
    .join(PARAGRAPH);
}
