// A streamed chat completion, as OpenAI writes it: one id, created and model; the role first; one finish reason; [DONE] last.
import { assert } from "../../core/assert.ts";
import type { Failure } from "../../core/failure.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { answerId } from "../answer-id.ts";
import { type BlockNote, NO_ARGUMENTS } from "../collect.ts";
import type { AnswerContext, StreamEncoder } from "../dialect.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { writeEvent } from "../sse.ts";
import type { BlockKind, ChatEvent, Finish } from "../vocabulary.ts";
import { chatUsage, FINISH_REASONS, toolCall } from "./answer-parts.ts";

/** The field of a delta that carries a block's text; tool calls have a shape of their own. */
const DELTA_FIELDS = {
  text: "content",
  reasoning: "reasoning_content",
  refusal: "refusal",
} as const satisfies Record<Exclude<BlockKind, "tool-call">, string>;

const CHUNK_END = ',"finish_reason":null}]}';

/** A block under way: what stands around its text in every delta. */
interface OpenBlock {
  readonly before: string;
  readonly after: string;
  readonly isCall: boolean;
  silent: boolean;
}

/** Starts a streamed chat completion. */
export function encodeChatStream(context: AnswerContext): StreamEncoder {
  return new ChatStreamEncoder(context);
}

class ChatStreamEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  /** Everything before the choices; the same in every chunk. */
  readonly #head: string;
  /** Everything before a delta. */
  readonly #deltaHead: string;
  readonly #blocks: OpenBlock[] = [];
  #calls = 0;
  #usage: Usage | null = null;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    const id = JSON.stringify(answerId("chatcmpl-", context));
    const model = JSON.stringify(context.model);
    this.#head = `{"id":${id},"object":"chat.completion.chunk","created":${context.created},"model":${model},"choices":[`;
    this.#deltaHead = `${this.#head}{"index":0,"delta":`;
  }

  push(event: ChatEvent): string {
    if (this.#over) return "";
    switch (event.type) {
      case "answer-start":
        return this.#delta('{"role":"assistant","content":""}');
      case "block-start":
        return this.#start(event);
      case "block-delta":
        return this.#text(this.#block(event.block), event.text);
      case "block-note":
        return this.#note(event.note);
      case "block-end":
        return this.#end(this.#block(event.block));
      case "usage":
        this.#usage = event.usage;
        return "";
      case "answer-end":
        return this.#finish(event.finish);
      case "failure":
        return this.fail(event.failure);
    }
  }

  /** One error event and no `[DONE]`: clients take that for what it is, an answer that broke. */
  fail(failure: Failure): string {
    if (this.#over) return "";
    this.#over = true;
    return writeEvent(JSON.stringify(openaiErrorBody(failure)));
  }

  /** Id, type and name of a call go out once; some clients append a name that comes again. */
  #start({ block, kind, id, name }: Extract<ChatEvent, { type: "block-start" }>): string {
    if (kind !== "tool-call") {
      this.#blocks[block] = { before: `{"${DELTA_FIELDS[kind]}":`, after: "}", isCall: false, silent: true };
      return "";
    }
    const index = this.#calls++;
    const before = `{"tool_calls":[{"index":${index},"function":{"arguments":`;
    this.#blocks[block] = { before, after: "}}]}", isCall: true, silent: true };
    const call = { index, ...toolCall({ block, id: id ?? null, name: name ?? null, text: "" }, this.#context) };
    return this.#delta(JSON.stringify({ tool_calls: [call] }));
  }

  #text(block: OpenBlock, text: string): string {
    if (text === "") return "";
    block.silent = false;
    return this.#delta(block.before + JSON.stringify(text) + block.after);
  }

  #end(block: OpenBlock): string {
    return block.isCall && block.silent ? this.#text(block, NO_ARGUMENTS) : "";
  }

  /** Notes of this dialect are carried on; those of others (signatures, encrypted reasoning) have no place here. */
  #note({ origin, annotation, logprobs }: BlockNote): string {
    if (origin !== "openai-chat") return "";
    const notes: JsonObject[] = [];
    if (annotation !== undefined) notes.push({ index: 0, delta: { annotations: [annotation] }, finish_reason: null });
    if (logprobs !== undefined) notes.push({ index: 0, delta: {}, logprobs, finish_reason: null });
    return notes.map((choice) => writeEvent(`${this.#head}${JSON.stringify(choice)}]}`)).join("");
  }

  #finish(finish: Finish): string {
    this.#over = true;
    const last = writeEvent(`${this.#deltaHead}{},"finish_reason":"${FINISH_REASONS[finish]}"}]}`);
    if (!this.#context.wantsUsage || this.#usage === null) return last + writeEvent("[DONE]");
    const usage = writeEvent(`${this.#head}],"usage":${JSON.stringify(chatUsage(this.#usage))}}`);
    return last + usage + writeEvent("[DONE]");
  }

  #delta(delta: string): string {
    return writeEvent(this.#deltaHead + delta + CHUNK_END);
  }

  #block(number: number): OpenBlock {
    const block = this.#blocks[number];
    assert(block, `block ${number} was never started`);
    return block;
  }
}
