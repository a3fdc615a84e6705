// A stream of one dialect becomes a stream of another: split, decode, encode, watched as a relayed one is. Whole answers are the fold of
// the same events, and a whole answer can be told as a stream.
import { failure, type Failure } from "../core/failure.ts";
import { noteRepair, type Pipe, type Told, told } from "../core/lane.ts";
import { redactFailure } from "../core/redact-failure.ts";
import { badPayload } from "./classify.ts";
import type { StreamEncoder, Translator, WireEvent } from "./dialect.ts";
import type { Framing, Splitter } from "./framing.ts";
import { EVENT_BYTES, PIECE_BYTES } from "./kept-bytes.ts";
import { noteNames } from "./note-names.ts";
import type { BlockKind, ChatEvent } from "./vocabulary.ts";

/** What a translating pipe is made of. */
export interface TranslationParts {
  readonly framing: Framing;
  readonly eventBytesMax: number;
  /** Bound of what is kept of the answer until its end: its words, and what its blocks and notes are told by. */
  readonly answerBytesMax: number;
  readonly decoder: Translator<WireEvent, ChatEvent>;
  readonly encoder: StreamEncoder;
  /** Blocks that the encoder leaves out. */
  readonly unsayable?: ReadonlySet<BlockKind>;
  /** Takes secrets out of words that a provider wrote. */
  readonly redact: (text: string) => string;
}

/** Translates a stream event by event. */
export class TranslatePipe implements Pipe {
  readonly told: Told = told();
  readonly #parts: TranslationParts;
  readonly #splitter: Splitter;
  /** What was written before the failure that `end` gave: it goes out in front of the last words. */
  #unsent = "";
  #keptBytes = 0;

  constructor(parts: TranslationParts) {
    this.#parts = parts;
    this.#splitter = parts.framing.split(parts.eventBytesMax);
  }

  /** Events are written whole. */
  get betweenEvents(): boolean {
    return true;
  }

  push(chunk: Buffer): Uint8Array | null {
    const run = this.#splitter.push(chunk);
    if (this.told.ended) return null;
    if (run !== null) return this.#translate(run);
    if (!this.#splitter.overflowed) return null;
    return this.#say({ type: "failure", failure: badPayload("stream", "an event is larger than the bound") });
  }

  end(): Uint8Array | Failure | null {
    if (this.told.ended) return null;
    const rest = this.#splitter.rest();
    const last = rest === null ? null : this.#translate(Buffer.concat([rest, this.#parts.framing.terminator]));
    if (this.told.ended) return last;
    let text = last === null ? "" : Buffer.from(last).toString("utf8");
    for (const event of this.#parts.decoder.end()) {
      if (event.type === "failure") return this.#brokenBehind(text, event.failure);
      text += this.#encode(event);
    }
    return this.told.ended ? Buffer.from(text) : this.#brokenBehind(text, unfinished());
  }

  #brokenBehind(text: string, because: Failure): Failure {
    this.#unsent = text;
    return because;
  }

  fail(because: Failure): Uint8Array {
    this.told.ended = true;
    return Buffer.from(this.#unsent + this.#parts.encoder.fail(because));
  }

  #translate(run: Buffer): Uint8Array | null {
    let text = "";
    for (const wire of this.#parts.framing.read(run)) {
      this.told.progress += 1;
      const events = this.#parts.decoder.push(wire);
      for (const event of events) text += this.#encode(event);
      if (this.told.ended) break;
      this.#keptBytes += keptOf(events, wire);
      if (this.#keptBytes <= this.#parts.answerBytesMax) continue;
      text += this.#encode({ type: "failure", failure: badPayload("stream", "the answer is larger than the bound") });
      break;
    }
    // An answer that is cut, or that nobody waits for, never gets to the event that says it.
    this.told.usage = this.#parts.decoder.usage ?? this.told.usage;
    return text === "" ? null : Buffer.from(text);
  }

  #say(event: ChatEvent): Uint8Array {
    return Buffer.from(this.#encode(event));
  }

  /** The event in the client's words; notes what it tells. */
  #encode(event: ChatEvent): string {
    if (this.told.ended) return "";
    if (event.type === "block-delta") return this.#parts.encoder.push(event);
    if (event.type === "usage") this.told.usage = event.usage;
    else if (event.type === "answer-end") {
      this.told.finish = event.finish;
      this.told.ended = true;
    } else if (event.type === "failure") {
      const said = redactFailure(event.failure, this.#parts.redact);
      this.told.failure = said;
      this.told.ended = true;
      return this.#parts.encoder.fail(said);
    } else noteLoss(this.told, event, this.#parts.unsayable);
    return this.#parts.encoder.push(event);
  }
}

/** What these events, all of one, add to what is kept: calls until their end, a Response as a whole. Of nothing the decoder may keep something. */
function keptOf(events: readonly ChatEvent[], { data }: WireEvent): number {
  if (events.length === 0) return EVENT_BYTES;
  let bytes = 0;
  let isNoted = false;
  for (const event of events) {
    bytes += event.type === "block-delta" ? event.text.length + PIECE_BYTES : EVENT_BYTES;
    isNoted ||= event.type === "block-note";
  }
  return isNoted ? bytes + data.length : bytes;
}

/** A whole answer told as a stream. */
export function streamOf(events: readonly ChatEvent[], encoder: StreamEncoder): Buffer {
  return Buffer.from(events.map((event) => encoder.push(event)).join(""));
}

/** What the events of a whole answer tell. */
export function toldOf(events: readonly ChatEvent[], unsayable?: ReadonlySet<BlockKind>): Told {
  const of = told();
  for (const event of events) {
    if (event.type === "answer-start") noteNames(of, event.id, event.model);
    else if (event.type === "usage") of.usage = event.usage;
    else if (event.type === "answer-end") of.finish = event.finish;
    else noteLoss(of, event, unsayable);
  }
  of.progress = events.length;
  of.ended = true;
  return of;
}

/** What the client does not get of an answer is counted as a repair of it: there is no other place to say so. */
function noteLoss(of: Told, event: ChatEvent, unsayable: ReadonlySet<BlockKind> | undefined): void {
  if (event.type === "part-lost") noteRepair(of, `lost-${event.what}`);
  else if (event.type === "block-start" && unsayable?.has(event.kind) === true) noteRepair(of, `lost-${event.kind}`);
}

/** The failure among the events of a whole answer, if any. */
export function failureIn(events: readonly ChatEvent[]): Failure | null {
  const broken = events.find((event) => event.type === "failure");
  return broken?.failure ?? null;
}

function unfinished(): Failure {
  return failure("stream-broken", "The provider's stream ended before the answer was complete.", { phase: "stream" });
}
