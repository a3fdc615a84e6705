// A streamed message, as Anthropic writes it: message_start, blocks one behind the other, message_delta with the ending, message_stop.
// Blocks of the answer that run side by side wait for each other; one that never says anything is left out, since sent back it would be
// refused.
import { assert } from "../../core/assert.ts";
import type { Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import type { BlockNote } from "../collect.ts";
import type { AnswerContext, StreamEncoder } from "../dialect.ts";
import { writeEvent } from "../sse.ts";
import type { BlockKind, ChatEvent, Finish } from "../vocabulary.ts";
import { callId, messageFrame, messagesUsage, stopReason } from "./answer-parts.ts";
import { messagesErrorEvent } from "./failure.ts";
import { callProof, redactedData, thoughtSignature } from "./proofs.ts";

/** TABLE: how a block of each kind starts and goes on. There is no block for refusals: they are text. */
const WORDS = {
  text: { start: { type: "text", text: "" }, delta: "text_delta", member: "text" },
  refusal: { start: { type: "text", text: "" }, delta: "text_delta", member: "text" },
  reasoning: {
    start: { type: "thinking", thinking: "", signature: "" },
    delta: "thinking_delta",
    member: "thinking",
  },
  "tool-call": { start: { type: "tool_use" }, delta: "input_json_delta", member: "partial_json" },
  // A message has no place for an image: its block is never opened.
  image: { start: {}, delta: "", member: "" },
} as const satisfies Record<BlockKind, { readonly start: JsonObject; readonly delta: string; readonly member: string }>;

/** A block of the answer under way. */
interface OpenBlock {
  readonly kind: BlockKind;
  readonly start: JsonObject;
  /** Of a call. */
  readonly id: string;
  readonly notes: BlockNote[];
  /** Text that waits for blocks before this one. */
  waiting: string;
  /** What stands before a delta's text; null until the start has gone out. */
  before: string | null;
  index: number;
  ended: boolean;
}

/** Starts a streamed message. */
export function encodeMessagesStream(context: AnswerContext): StreamEncoder {
  return new MessagesStreamEncoder(context);
}

class MessagesStreamEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  readonly #blocks: OpenBlock[] = [];
  /** Number of the block that is being written; those before it are done. */
  #current = 0;
  /** Index of the next block on the wire. */
  #next = 0;
  #refused = false;
  #usage: Usage | null = null;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  push(event: ChatEvent): string {
    if (this.#over) return "";
    switch (event.type) {
      case "answer-start":
        return write("message_start", { message: messageFrame(this.#context) });
      case "block-start":
        return this.#add(event);
      case "block-delta":
        return this.#text(event.block, event.text);
      case "block-note":
        this.#block(event.block).notes.push(event.note);
        return "";
      case "block-end":
        this.#block(event.block).ended = true;
        return event.block === this.#current ? this.#advance() : "";
      case "part-lost":
        return "";
      case "usage":
        this.#usage = event.usage;
        return "";
      case "answer-end":
        return this.#finish(event.finish);
      case "failure":
        return this.fail(event.failure);
    }
  }

  /** One error event and no `message_stop`. */
  fail(failure: Failure): string {
    if (this.#over) return "";
    this.#over = true;
    return messagesErrorEvent(failure, this.#context.requestId);
  }

  #add({ block, kind, id, name }: Extract<ChatEvent, { type: "block-start" }>): string {
    const isCall = kind === "tool-call";
    const written = isCall ? callId(id ?? null, block, this.#context) : "";
    const start = isCall ? { ...WORDS[kind].start, id: written, name: name ?? "", input: {} } : WORDS[kind].start;
    const open: OpenBlock = { kind, start, id: written, notes: [], waiting: "", before: null, index: 0, ended: false };
    this.#blocks[block] = open;
    this.#refused ||= kind === "refusal";
    return isCall && block === this.#current ? this.#open(open) : "";
  }

  #text(number: number, text: string): string {
    const block = this.#block(number);
    if (text === "" || block.kind === "image") return "";
    if (number === this.#current) return this.#say(block, text);
    block.waiting += text;
    return "";
  }

  #say(block: OpenBlock, text: string): string {
    const opened = this.#open(block);
    return opened + writeEvent(`${block.before ?? ""}${JSON.stringify(text)}}}`, "content_block_delta");
  }

  /** The start, unless it has gone out. */
  #open(block: OpenBlock): string {
    if (block.before !== null) return "";
    const { delta, member } = WORDS[block.kind];
    block.index = this.#next++;
    block.before = `{"type":"content_block_delta","index":${block.index},"delta":{"type":"${delta}","${member}":`;
    return write("content_block_start", { index: block.index, content_block: block.start });
  }

  /** Ends the current block and writes on with those that have waited, as far as they go. */
  #advance(): string {
    let out = "";
    for (let block = this.#blocks[this.#current]; block !== undefined; block = this.#blocks[this.#current]) {
      if (block.kind === "tool-call") out += this.#open(block);
      if (block.waiting !== "") out += this.#say(block, block.waiting);
      block.waiting = "";
      if (!block.ended) break;
      out += this.#close(block);
      this.#current += 1;
    }
    return out;
  }

  #close(block: OpenBlock): string {
    const provider = this.#context.provider ?? null;
    if (block.kind === "reasoning") {
      const data = redactedData(block.notes);
      const sealed = data === undefined ? "" : this.#whole({ type: "redacted_thinking", data });
      return this.#sign(block, thoughtSignature(block.notes, provider)) + stopOf(block) + sealed;
    }
    const proof = block.kind === "tool-call" ? callProof(block.id, block.notes, provider) : null;
    return stopOf(block) + (proof === null ? "" : this.#whole(proof));
  }

  #sign(block: OpenBlock, signature: string): string {
    if (signature === "") return "";
    const delta = { type: "signature_delta", signature };
    return this.#open(block) + write("content_block_delta", { index: block.index, delta });
  }

  /** A block that is all start. */
  #whole(block: JsonObject): string {
    const index = this.#next++;
    return write("content_block_start", { index, content_block: block }) + write("content_block_stop", { index });
  }

  #finish(finish: Finish): string {
    this.#over = true;
    const delta = { stop_reason: stopReason(finish, this.#refused), stop_sequence: null };
    return write("message_delta", { delta, usage: messagesUsage(this.#usage) }) + write("message_stop", {});
  }

  #block(number: number): OpenBlock {
    const block = this.#blocks[number];
    assert(block, `block ${number} was never started`);
    return block;
  }
}

function stopOf({ before, index }: OpenBlock): string {
  return before === null ? "" : write("content_block_stop", { index });
}

/** `event:` and `type` are the same always. */
function write(type: string, fields: Readonly<Record<string, Json>>): string {
  return writeEvent(JSON.stringify({ type, ...fields }), type);
}
