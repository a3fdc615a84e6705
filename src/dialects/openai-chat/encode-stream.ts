// A streamed chat completion, as OpenAI writes it: one id, created and model; the role first; one finish reason; [DONE] last.
import { assert } from "../../core/assert.ts";
import type { Failure } from "../../core/failure.ts";
import type { Usage } from "../../core/lane.ts";
import { answerId } from "../answer-id.ts";
import { type BlockNote, NO_ARGUMENTS } from "../collect.ts";
import type { AnswerContext, StreamEncoder } from "../dialect.ts";
import { annotationsFor } from "../openai-family/annotations.ts";
import type { InputReader } from "../openai-family/custom-tools.ts";
import { signedCall } from "../openai-family/signed-call.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { eventAround, writeEvent } from "../sse.ts";
import type { BlockKind, CallProof, ChatEvent, Finish } from "../vocabulary.ts";
import { chatUsage, finishReason, toolCall } from "./answer-parts.ts";
import { callForm } from "./call-forms.ts";
import { detailsOfNote, isProof } from "./reasoning-details.ts";

/** The field of a delta that carries a block's text; tool calls have a shape of their own. */
const DELTA_FIELDS = {
  text: "content",
  reasoning: "reasoning_content",
  refusal: "refusal",
} as const satisfies Record<Exclude<BlockKind, "tool-call" | "image">, string>;

/** Both OpenAI APIs write log probabilities alike. */
const LOGPROB_ORIGINS: ReadonlySet<string> = new Set(["openai-chat", "openai-responses"]);

const CHUNK_END = ',"finish_reason":null}]}';

/** A block under way: what stands around its text in every event. */
interface OpenBlock {
  readonly before: string;
  readonly after: string;
  /** Number among the calls or among the thoughts. */
  readonly index: number;
  readonly kind: BlockKind;
  /** Reads what arguments say; absent where they say themselves. */
  readonly reader?: InputReader | undefined;
  /** False where the call has no place for a proof. */
  readonly listed?: boolean;
  /** The proof of a call that has gone out with its name. */
  readonly proof?: CallProof | undefined;
  silent: boolean;
  /** Of a thought that nobody has proven yet: whose it is. */
  author?: BlockNote | undefined;
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
  /** Calls in the list. */
  #listed = 0;
  #thoughts = 0;
  #images = 0;
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
        return this.#say(this.#block(event.block), event.text);
      case "block-note":
        return this.#note(this.#block(event.block), event.note);
      case "block-end":
        return this.#end(this.#block(event.block));
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

  /** One error event and no `[DONE]`: clients take that for what it is, an answer that broke. */
  fail(failure: Failure): string {
    if (this.#over) return "";
    this.#over = true;
    return writeEvent(JSON.stringify(openaiErrorBody(failure)));
  }

  /** Id, type and name of a call go out once; some clients append a name that comes again. */
  #start({ block, kind, id, name, proof }: Extract<ChatEvent, { type: "block-start" }>): string {
    if (kind === "image") {
      const before = `{"images":[{"type":"image_url","index":${this.#images++},"image_url":{"url":`;
      this.#blocks[block] = { ...this.#around(before, "}}]}"), index: 0, kind, silent: true };
      return "";
    }
    if (kind !== "tool-call") {
      const index = kind === "reasoning" ? this.#thoughts++ : 0;
      this.#blocks[block] = {
        ...this.#around(`{"${DELTA_FIELDS[kind]}":`, "}"),
        index,
        kind,
        silent: true,
      };
      return "";
    }
    const nth = this.#calls++;
    const form = callForm(name ?? "", nth, this.#context.request);
    const words = toolCall({ block, id: id ?? null, name: name ?? null, text: "" }, form, this.#context);
    const reader = form.reader?.();
    if (form.type === null) {
      this.#blocks[block] = {
        ...this.#around('{"function_call":{"arguments":', "}}"),
        index: 0,
        kind,
        silent: true,
        listed: false,
      };
      return this.#delta(JSON.stringify({ function_call: words }));
    }
    const index = this.#listed++;
    const before = `{"tool_calls":[{"index":${index},"${form.type}":{"${form.text}":`;
    const signed = proof === undefined ? {} : signedCall([proof], this.#context);
    this.#blocks[block] = { ...this.#around(before, "}}]}"), index, kind, reader, silent: true, proof };
    return this.#delta(JSON.stringify({ tool_calls: [{ index, ...words, ...signed }] }));
  }

  #say(block: OpenBlock, text: string): string {
    return this.#text(block, block.reader === undefined ? text : block.reader.push(text));
  }

  #text(block: OpenBlock, text: string): string {
    if (text === "") return "";
    block.silent = false;
    return block.before + JSON.stringify(text) + block.after;
  }

  #end(block: OpenBlock): string {
    if (block.reader !== undefined) return this.#text(block, block.reader.end());
    if (block.author !== undefined && !block.silent) return this.#details(block.author, block.index);
    return block.kind === "tool-call" && block.silent ? this.#text(block, NO_ARGUMENTS) : "";
  }

  /** What is known of a block beside its text: proofs for the way back, sources, log probabilities. Shapes of strangers have no place. */
  #note(block: OpenBlock, note: BlockNote): string {
    const annotations = annotationsFor("openai-chat", [note]);
    const said = annotations.length === 0 ? "" : this.#delta(JSON.stringify({ annotations }));
    const { logprobs, origin } = note;
    const proof = this.#proof(block, note);
    if (logprobs === undefined || !LOGPROB_ORIGINS.has(origin)) return proof + said;
    const choice = { index: 0, delta: {}, logprobs, finish_reason: null };
    return `${proof}${said}${writeEvent(`${this.#head}${JSON.stringify(choice)}]}`)}`;
  }

  /** The text of a thought has been said, so its details are the proofs alone. */
  #proof(block: OpenBlock, note: BlockNote): string {
    const { kind, index, listed = true } = block;
    if (kind === "reasoning") {
      const isProven = isProof(note);
      block.author = isProven ? undefined : note;
      return isProven ? this.#details(note, index) : "";
    }
    if (kind !== "tool-call" || note.signature === undefined || note === block.proof || !listed) return "";
    const call = { index, function: { arguments: "" }, ...signedCall([note], this.#context) };
    return this.#delta(JSON.stringify({ tool_calls: [call] }));
  }

  #details(note: BlockNote, index: number): string {
    const details = detailsOfNote(note, { index, provider: this.#context.provider ?? null, text: "" });
    return details.length === 0 ? "" : this.#delta(JSON.stringify({ reasoning_details: details }));
  }

  #finish(finish: Finish): string {
    this.#over = true;
    const last = writeEvent(`${this.#deltaHead}{},"finish_reason":"${finishReason(finish, this.#context)}"}]}`);
    if (!this.#context.wantsUsage || this.#usage === null) return last + writeEvent("[DONE]");
    const usage = writeEvent(`${this.#head}],"usage":${JSON.stringify(chatUsage(this.#usage))}}`);
    return last + usage + writeEvent("[DONE]");
  }

  /** The event of a delta, but for a text in it. */
  #around(before: string, after: string): Pick<OpenBlock, "before" | "after"> {
    return eventAround(this.#deltaHead + before, after + CHUNK_END);
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
