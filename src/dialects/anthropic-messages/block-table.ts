// The content blocks of a message stream under way: which block of the answer each one is, and what is still to be said at its end.
import type { JsonObject } from "../../core/json.ts";
import { saysNothing } from "../arguments-text.ts";
import type { BlockWriter } from "../block-writer.ts";
import { asList, asObject, asText } from "../reading.ts";
import { ANSWER_TOOL } from "./answer-tool.ts";

const OWN = "anthropic-messages";

/** A block of the wire. */
interface Block {
  readonly kind: "text" | "thought" | "call" | "ignored";
  /** Block of the answer; of a text null until it says something. */
  block: number | null;
  /** Arguments so far. */
  args: string;
  /** Arguments that stood in the start. */
  readonly input: string;
  signature: string;
  readonly citations: JsonObject[];
  /** Where the text began in the block of the answer. */
  from: number;
}

/** The blocks of one answer. */
export class BlockTable {
  readonly #writer: BlockWriter;
  readonly #blocks = new Map<number, Block>();
  /** The number that spoke last, for events without one. */
  #last = -1;
  /** The number of the last block, if that is no call. */
  #words: number | null = null;
  /** The text that goes on, and how long it is. */
  #text: { readonly block: number; length: number } | null = null;
  #hasCalls = false;

  constructor(writer: BlockWriter) {
    this.#writer = writer;
  }

  /** A tool of the client's has been called. */
  get hasCalls(): boolean {
    return this.#hasCalls;
  }

  /** `content_block_start`. Blocks follow each other: one that has not been ended ends here, but for calls, which some gateways let come side by side. */
  start(index: number | null, written: JsonObject): void {
    this.#last = index ?? this.#last + 1;
    this.stop(this.#last);
    if (this.#words !== null) this.stop(this.#words);
    const block = this.#open(written);
    this.#blocks.set(this.#last, block);
    this.#words = block.kind === "call" ? null : this.#last;
    this.#tell(block, { ...written, partial_json: "" });
    for (const citation of asList(written["citations"])) this.#cite(block, asObject(citation));
  }

  /** `content_block_delta`. */
  delta(index: number | null, delta: JsonObject): void {
    const number = index ?? this.#last;
    if (!this.#blocks.has(number)) this.start(number, { type: startOf(delta) });
    const block = this.#blocks.get(number);
    if (block === undefined) return;
    this.#tell(block, delta);
    this.#cite(block, asObject(delta["citation"]));
  }

  /** `content_block_stop`. A text stays open, since another one may go on with it. */
  stop(index: number | null): void {
    const number = index ?? this.#last;
    const block = this.#blocks.get(number);
    if (block === undefined) return;
    this.#blocks.delete(number);
    if (block.block === null) return;
    if (block.kind === "text") {
      this.#noteSources(block, block.block);
      return;
    }
    if (block.kind === "thought") this.#author(block.block, block.signature);
    if (block.kind === "call" && block.args === "") this.#writer.delta(block.block, block.input);
    this.#writer.end(block.block);
  }

  /** A thought goes back to its author only, signed or not: so its author is noted. */
  #author(block: number, signature: string): void {
    this.#writer.note(block, signature === "" ? { origin: OWN } : { signature, origin: OWN });
  }

  /** Says what is left to be said. */
  finish(): void {
    for (const index of this.#blocks.keys()) this.stop(index);
    this.#endText();
  }

  #open(written: JsonObject): Block {
    const blank = { block: null, args: "", input: "", signature: "", citations: [], from: 0 };
    switch (written["type"]) {
      case "text":
        return { ...blank, kind: "text" };
      case "thinking":
        this.#endText();
        return { ...blank, kind: "thought", block: this.#writer.start("reasoning") };
      case "redacted_thinking":
        this.#sealed(asText(written["data"]) ?? "");
        return { ...blank, kind: "ignored" };
      case "tool_use":
        this.#endText();
        return { ...blank, kind: "call", input: inputOf(written), block: this.#call(written) };
      default:
        return { ...blank, kind: "ignored" };
    }
  }

  /** The arguments of our own tool are the answer's text. */
  #call(written: JsonObject): number {
    const name = asText(written["name"]) ?? "";
    if (name === ANSWER_TOOL) return this.#writer.start("text");
    this.#hasCalls = true;
    const id = asText(written["id"]);
    return this.#writer.start("tool-call", { ...(id === null ? {} : { id }), name });
  }

  #sealed(data: string): void {
    this.#endText();
    const block = this.#writer.start("reasoning");
    this.#writer.note(block, { encrypted: data, origin: OWN });
    this.#writer.end(block);
  }

  /** Starts and deltas write the same members. */
  #tell(block: Block, said: JsonObject): void {
    switch (block.kind) {
      case "text":
        this.#say(block, asText(said["text"]) ?? "");
        return;
      case "thought":
        this.#writer.delta(block.block ?? 0, asText(said["thinking"]) ?? "");
        block.signature += asText(said["signature"]) ?? "";
        return;
      case "call": {
        const args = asText(said["partial_json"]) ?? "";
        block.args += args;
        this.#writer.delta(block.block ?? 0, args);
        return;
      }
      case "ignored":
    }
  }

  #say(block: Block, text: string): void {
    if (text === "") return;
    this.#text ??= { block: this.#writer.start("text"), length: 0 };
    if (block.block === null) {
      block.block = this.#text.block;
      block.from = this.#text.length;
    }
    this.#text.length += text.length;
    this.#writer.delta(this.#text.block, text);
  }

  #cite({ citations }: Block, citation: JsonObject | null): void {
    if (citation !== null) citations.push(citation);
  }

  /** Sources by address are written in the shape that both OpenAI APIs know; places in documents only this API knows. */
  #noteSources({ citations, from }: Block, block: number): void {
    const to = this.#text?.length ?? from;
    for (const citation of citations) {
      const url = asText(citation["url"]);
      if (url === null) {
        this.#writer.note(block, { annotation: citation, origin: OWN });
        continue;
      }
      const place = { start_index: from, end_index: to, url, title: asText(citation["title"]) ?? "" };
      this.#writer.note(block, { annotation: { type: "url_citation", ...place }, origin: "openai-responses" });
    }
  }

  #endText(): void {
    if (this.#text !== null) this.#writer.end(this.#text.block);
    this.#text = null;
  }
}

/**
 * The arguments in a start, where a provider writes them there; the usual empty object says nothing. What is no object is passed on as it
 * stands: no arguments would be another call.
 */
function inputOf(written: JsonObject): string {
  const { input } = written;
  if (typeof input === "string") return input;
  return saysNothing(input) ? "" : JSON.stringify(input);
}

/** What a block is whose start has not come. */
function startOf(delta: JsonObject): string {
  if (typeof delta["text"] === "string") return "text";
  return typeof delta["thinking"] === "string" ? "thinking" : "unknown";
}
