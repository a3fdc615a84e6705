// A Gemini stream as events: one block per run of text or thought, one per call. Calls come whole. Signatures stand on thoughts and calls
// as notes; the signature of a text becomes a thought without words behind it, since texts have no place for one in other dialects.
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import { argumentsText } from "../arguments-text.ts";
import type { DecodeContext, Translator, WireEvent } from "../dialect.ts";
import { BlockWriter } from "../block-writer.ts";
import { EventReader } from "../event-reader.ts";
import { given } from "../given.ts";
import { asText } from "../reading.ts";
import { cut } from "../relay.ts";
import type { CallProof, ChatEvent } from "../vocabulary.ts";
import { candidateOf, partsOf, saysError } from "./content.ts";
import { brokenFinish, finishOf, refusedPrompt } from "./finish.ts";
import { readLogprobs } from "./logprobs.ts";
import { readUsage } from "./usage.ts";

const DONE = "[DONE]";
/** Announces a call. */
const CALL = '"functionCall"';
const OWN = "google-generative";
const MS_PER_SECOND = 1000;

/** Reads a Gemini stream. */
export function decodeGoogleStream(context: DecodeContext): Translator<WireEvent, ChatEvent> {
  return new GoogleDecoder(context);
}

/** The block that words of a kind go to while nothing else comes between. */
interface Current {
  readonly kind: "text" | "reasoning";
  readonly block: number;
}

/** Reads the chunks of one answer; a whole answer is one chunk. */
export class GoogleDecoder implements Translator<WireEvent, ChatEvent> {
  readonly #context: DecodeContext;
  readonly #reader = new EventReader(CALL);
  readonly #writer = new BlockWriter();
  #answerId: string | null = null;
  #current: Current | null = null;
  /** Of a text, until the text ends. */
  #signature: string | null = null;
  #calls = 0;
  usage: Usage | null = null;
  #finish: string | null = null;

  constructor(context: DecodeContext) {
    this.#context = context;
  }

  push({ data }: WireEvent): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    if (data.trim() === DONE) return this.end();
    const chunk = outOfErrorList(this.#reader.read(data));
    if (!isJsonObject(chunk)) this.#writer.fail(badPayload("stream", "an event is not JSON"));
    else if (saysError(chunk)) this.#writer.fail(classifyErrorObject(chunk, "stream"));
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
    this.#close();
    this.#writer.finish(finishOf(this.#finish ?? "STOP", this.#calls > 0), this.usage);
    return this.#writer.take();
  }

  /** Nothing but a finish reason tells an answer from a broken one. */
  end(): readonly ChatEvent[] {
    if (this.#writer.over) return [];
    if (this.#finish !== null) return this.complete();
    this.#writer.fail(cut());
    return this.#writer.take();
  }

  #chunk(chunk: JsonObject): void {
    this.#begin(chunk);
    this.usage = readUsage(chunk["usageMetadata"]) ?? this.usage;
    const refused = refusedPrompt(chunk, "stream");
    if (refused !== null) this.#writer.fail(refused);
    const candidate = candidateOf(chunk);
    if (candidate === null || this.#writer.over) return;
    for (const part of partsOf(candidate)) this.#part(part);
    const logprobs = readLogprobs(candidate);
    if (logprobs !== null && this.#current?.kind === "text") {
      this.#writer.note(this.#current.block, { logprobs, origin: "openai-chat" });
    }
    const broken = brokenFinish(candidate, "stream");
    if (broken !== null) this.#writer.fail(broken);
    this.#finish = asText(candidate["finishReason"]) ?? this.#finish;
  }

  #begin(chunk: JsonObject): void {
    if (this.#writer.started) return;
    this.#answerId = asText(chunk["responseId"]);
    const createdMs = Date.parse(asText(chunk["createTime"]) ?? "");
    this.#writer.begin({
      id: this.#answerId,
      model: asText(chunk["modelVersion"]),
      created: Number.isNaN(createdMs) ? this.#context.created : Math.floor(createdMs / MS_PER_SECOND),
    });
  }

  #part(part: JsonObject): void {
    const signature = asText(part["thoughtSignature"]);
    const call = part["functionCall"];
    if (isJsonObject(call)) this.#call(call, signature);
    else if (part["thought"] === true) this.#think(asText(part["text"]) ?? "", signature);
    else {
      const text = asText(part["text"]);
      if (text !== null) this.#writer.delta(this.#open("text").block, text);
      this.#media(part);
      if (signature !== null) this.#sign(signature);
    }
  }

  /** Of media only images have a place elsewhere; code that Google ran has none. */
  #media(part: JsonObject): void {
    if (isJsonObject(part["executableCode"]) || isJsonObject(part["codeExecutionResult"])) this.#writer.lose("code");
    const media = part["inlineData"];
    if (!isJsonObject(media)) return;
    const type = asText(media["mimeType"]) ?? "";
    if (type.startsWith("image/")) {
      this.#close();
      this.#writer.image(`data:${type};base64,${asText(media["data"]) ?? ""}`);
    } else this.#writer.lose(type.startsWith("audio/") ? "audio" : "file");
  }

  #think(text: string, signature: string | null): void {
    if (text === "" && signature === null) return;
    const { block } = this.#open("reasoning");
    this.#writer.delta(block, text);
    if (signature === null) return;
    // What is signed is complete: words behind it are another thought.
    this.#writer.note(block, { signature, origin: OWN });
    this.#close();
  }

  /** A text is not cut in two for the sake of a signature: it waits for the text's end. */
  #sign(signature: string): void {
    if (this.#current?.kind === "reasoning") this.#close();
    this.#signature = signature;
  }

  #call(call: JsonObject, signature: string | null): void {
    this.#close();
    const name = asText(call["name"]) ?? "";
    const id = asText(call["id"]) ?? this.#callId();
    const proof: CallProof | undefined = signature === null ? undefined : { signature, origin: OWN };
    const block = this.#writer.start("tool-call", { name, ...given({ id: id ?? undefined, proof }) });
    this.#writer.delta(block, argumentsText(call["args"]));
    if (proof !== undefined) this.#writer.note(block, proof);
    this.#writer.end(block);
    this.#calls += 1;
  }

  /** Made of the answer's id, so that calls of a conversation differ; without one, whoever writes the answer makes one of its own. */
  #callId(): string | null {
    return this.#answerId === null ? null : `call_${this.#answerId.replaceAll(/[^\w-]/g, "_")}_${this.#calls}`;
  }

  #open(kind: Current["kind"]): Current {
    if (this.#current?.kind === kind) return this.#current;
    this.#close();
    this.#current = { kind, block: this.#writer.start(kind) };
    // A thought may go back to its author only, proof or not: so its author is noted.
    if (kind === "reasoning") this.#writer.note(this.#current.block, { origin: OWN });
    return this.#current;
  }

  #close(): void {
    if (this.#current !== null) this.#writer.end(this.#current.block);
    this.#current = null;
    if (this.#signature === null) return;
    const block = this.#writer.start("reasoning");
    this.#writer.note(block, { signature: this.#signature, origin: OWN });
    this.#writer.end(block);
    this.#signature = null;
  }
}
