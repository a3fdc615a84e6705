// A provider's chat stream as events: choice 0, one block per run of text, thought or refusal, one per call. Usage may come behind the
// finish reason, so the answer ends with `[DONE]`, with the usage chunk, or with the input.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { DecodeContext, Translator, WireEvent } from "../dialect.ts";
import { BlockWriter } from "../block-writer.ts";
import { EventReader } from "../event-reader.ts";
import { asCount, asList, asObject, asText } from "../reading.ts";
import { cut } from "../relay.ts";
import type { BlockKind, ChatEvent } from "../vocabulary.ts";
import { CallTable } from "./call-table.ts";
import { messageOf, saysError } from "./content.ts";
import { reasoningText } from "./decode-reasoning.ts";
import { brokenChoice, finishOf, isCutShort } from "./finish.ts";
import { type Detail, readDetail } from "./reasoning-details.ts";
import { usageOfChunk } from "./usage.ts";

const DONE = "[DONE]";
/** Announces a call; some servers write its arguments as an object. */
const CALLS = '"tool_calls"';

/** Reads a chat stream. */
export function decodeChatStream(context: DecodeContext): Translator<WireEvent, ChatEvent> {
  return new ChatDecoder(context);
}

/** The block that words of a kind go to while nothing else comes between. */
interface Current {
  readonly kind: Exclude<BlockKind, "tool-call" | "image">;
  readonly block: number;
  signed: boolean;
  sealed: boolean;
}

/** Reads the chunks of one answer. */
export class ChatDecoder implements Translator<WireEvent, ChatEvent> {
  readonly #context: DecodeContext;
  readonly #reader = new EventReader(CALLS);
  readonly #writer = new BlockWriter();
  readonly #calls = new CallTable(this.#writer);
  #current: Current | null = null;
  usage: Usage | null = null;
  #finish: string | null = null;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  push({ event, data }: WireEvent): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    if (data.trim() === DONE) return this.complete();
    const chunk = outOfErrorList(this.#reader.read(data));
    if (!isJsonObject(chunk)) this.#writer.fail(badPayload("stream", "an event is not JSON"));
    else if (event === "error" || saysError(chunk)) this.#writer.fail(classifyErrorObject(chunk, "stream"));
    else this.#chunk(chunk);
    return this.#writer.take();
  }

  /** One chunk that is a tree already. */
  pushChunk(chunk: JsonObject): readonly ChatEvent[] {
    this.#chunk(chunk);
    return this.#writer.take();
  }

  /** Everything has been said. */
  complete(): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    this.#begin({});
    this.#end();
    return this.#writer.take();
  }

  end(): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    if (this.#finish !== null) return this.complete();
    this.#writer.fail(cut());
    return this.#writer.take();
  }

  #chunk(chunk: JsonObject): void {
    this.#begin(chunk);
    const choices = asList(chunk["choices"]);
    const first = choices.map(asObject).find((choice) => choice !== null && (choice["index"] ?? 0) === 0) ?? null;
    this.usage = usageOfChunk(chunk) ?? this.usage;
    if (first !== null) this.#choice(first);
    // By definition the chunk without choices that brings usage is the last one.
    else if (this.#finish !== null && choices.length === 0 && isJsonObject(chunk["usage"])) this.#end();
  }

  #begin(chunk: JsonObject): void {
    this.#writer.begin({
      id: asText(chunk["id"]),
      model: asText(chunk["model"]),
      created: asCount(chunk["created"]) ?? this.#context.created,
    });
  }

  #choice(choice: JsonObject): void {
    // Some providers repeat the whole message at the end; it counts only where no delta came.
    const delta = messageOf(choice, "delta") ?? (this.#writer.hasBlocks ? null : messageOf(choice, "message"));
    if (delta !== null) this.#delta(delta);
    const logprobs = asObject(choice["logprobs"]);
    if (logprobs !== null && this.#current !== null && this.#current.kind !== "reasoning") {
      this.#writer.note(this.#current.block, { logprobs, origin: "openai-chat" });
    }
    const finish = asText(choice["finish_reason"]);
    if (finish === null) return;
    const broken = brokenChoice(choice, "stream");
    if (broken !== null) this.#writer.fail(broken);
    // What a limit or a filter has ended stays so, whatever is said behind it.
    if (!isCutShort(this.#finish)) this.#finish = finish;
  }

  #delta(delta: JsonObject): void {
    this.#thoughts(delta);
    this.#content(delta["content"]);
    this.#say("refusal", asText(delta["refusal"]));
    for (const annotation of asList(delta["annotations"])) {
      if (isJsonObject(annotation)) this.#writer.note(this.#open("text").block, { annotation, origin: "openai-chat" });
    }
    this.#media(delta);
    const legacy = asObject(delta["function_call"]);
    const calls = asList(delta["tool_calls"]);
    if (legacy === null && calls.length === 0) return;
    this.#close();
    for (const call of calls) this.#calls.push(call);
    if (legacy !== null) this.#calls.pushLegacy(legacy);
  }

  /** Images as OpenRouter writes them. Sound has a place in chat completions alone. */
  #media(delta: JsonObject): void {
    if (asText(asObject(delta["audio"])?.["data"]) !== null) this.#writer.lose("audio");
    for (const image of asList(delta["images"])) {
      const url = asText(asObject(asObject(image)?.["image_url"])?.["url"]);
      if (url === null) continue;
      this.#close();
      this.#writer.image(url);
    }
  }

  /** Details and text say the same thing twice: the text of details counts where there is some. */
  #thoughts(delta: JsonObject): void {
    const details = asList(delta["reasoning_details"])
      .map(readDetail)
      .filter((detail) => detail !== null);
    if (details.every(({ text }) => text === "")) this.#say("reasoning", reasoningText(delta));
    for (const detail of details) this.#detail(detail);
  }

  /** What is proven is complete: words behind a proof, and a second proof of a kind, are another thought. */
  #detail({ text, signature, sealed }: Detail): void {
    const thought = this.#current?.kind === "reasoning" ? this.#current : null;
    const isProven = thought !== null && (thought.signed || thought.sealed);
    const repeats =
      thought !== null && ((signature !== undefined && thought.signed) || (sealed !== undefined && thought.sealed));
    if ((text !== "" && isProven) || repeats) this.#close();
    this.#say("reasoning", text);
    if (signature === undefined && sealed === undefined) return;
    const signed = this.#open("reasoning");
    signed.signed ||= signature !== undefined;
    signed.sealed ||= sealed !== undefined;
    const proof = signature === undefined ? { encrypted: sealed ?? "" } : { signature };
    this.#writer.note(signed.block, { ...proof, origin: "openai-chat" });
  }

  /** Text, or parts (Mistral: `thinking` beside `text`). */
  #content(content: Json | undefined): void {
    if (typeof content === "string") this.#say("text", content);
    for (const part of asList(content)) {
      const tree = asObject(part) ?? {};
      if (tree["type"] === "thinking") this.#say("reasoning", joinedText(tree["thinking"]));
      else this.#say("text", asText(tree["text"]));
    }
  }

  #say(kind: Current["kind"], text: string | null): void {
    if (text !== null && text !== "") this.#writer.delta(this.#open(kind).block, text);
  }

  #open(kind: Current["kind"]): Current {
    if (this.#current?.kind === kind) return this.#current;
    this.#close();
    const block = this.#writer.start(kind);
    // A thought may go back to its author only, proof or not: so its author is noted.
    if (kind === "reasoning") this.#writer.note(block, { origin: "openai-chat" });
    this.#current = { kind, block, signed: false, sealed: false };
    return this.#current;
  }

  #close(): void {
    if (this.#current !== null) this.#writer.end(this.#current.block);
    this.#current = null;
  }

  #end(): void {
    this.#calls.finish();
    const finish = finishOf(this.#finish, !this.#calls.isEmpty);
    this.#writer.finish(finish === "broken" ? "stop" : finish, this.usage);
  }
}

function joinedText(parts: Json | undefined): string {
  if (typeof parts === "string") return parts;
  return asList(parts)
    .map((part) => asText(asObject(part)?.["text"]) ?? "")
    .join("");
}
