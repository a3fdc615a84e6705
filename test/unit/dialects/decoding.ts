// Reading answers in tests: wire text through splitter and reader into a decoder, and what the events amount to.
import { type Failure, isFailure } from "../../../src/core/failure.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import type { Translator, WireEvent } from "../../../src/dialects/dialect.ts";
import { Framer, readEvents } from "../../../src/dialects/sse.ts";
import { collect, type CollectedBlock } from "../../../src/dialects/collect.ts";
import type { ChatEvent } from "../../../src/dialects/vocabulary.ts";

/** Decodes at second 5. */
export const DECODING = { created: 5 } as const;

type Decoder = Translator<WireEvent, ChatEvent>;

/** All events of a stream in these pieces. */
export function decoded(decoder: Decoder, pieces: readonly Buffer[]): ChatEvent[] {
  const framer = new Framer(1 << 20);
  const events: ChatEvent[] = [];
  for (const piece of pieces) {
    const run = framer.push(piece);
    if (run !== null) for (const event of readEvents(run)) events.push(...decoder.push(event));
  }
  const rest = framer.rest();
  if (rest !== null) for (const event of readEvents(rest)) events.push(...decoder.push(event));
  events.push(...decoder.end());
  return events;
}

/** An answer that must have been told. */
export function sayable(answer: JsonObject | Failure): JsonObject {
  if (isFailure(answer)) throw new Error(answer.message);
  return answer;
}

/** All events of these payloads, each one data event; `event:` is its type. */
export function decodedData(decoder: Decoder, payloads: readonly (object | string)[]): ChatEvent[] {
  const events = payloads.flatMap((payload) => {
    const event = typeof payload === "object" && "type" in payload ? String(payload.type) : undefined;
    return decoder.push({ event, data: typeof payload === "string" ? payload : JSON.stringify(payload) });
  });
  return [...events, ...decoder.end()];
}

/** A block in short: its kind, its text, and what else is known. */
export interface Block {
  readonly kind: string;
  readonly text: string;
  readonly id?: string;
  readonly name?: string;
}

/** The blocks of an answer, in short. */
export function blocksOf(events: readonly ChatEvent[]): Block[] {
  return collect(events).blocks.map(inShort);
}

function inShort({ kind, text, id, name }: CollectedBlock): Block {
  return { kind, text, ...(id === null ? {} : { id }), ...(name === null ? {} : { name }) };
}

/** The notes of one block. */
export function notesOf(events: readonly ChatEvent[], block: number): readonly object[] {
  return collect(events).blocks[block]?.notes ?? [];
}

/** The rules that every list of events keeps, whatever was read; a sentence per broken rule. */
export function brokenRules(events: readonly ChatEvent[]): string[] {
  const broken: string[] = [];
  const open = new Set<number>();
  let next = 0;
  const last = events.at(-1)?.type;
  if (last !== "answer-end" && last !== "failure") broken.push("ends with an end or a failure");
  for (const [at, event] of events.entries()) {
    const isEnd = event.type === "answer-end" || event.type === "failure";
    if (isEnd && at < events.length - 1) broken.push("nothing follows the end");
    if (event.type === "answer-start" && at !== 0) broken.push("starts first and once");
    if (event.type === "block-start") {
      if (event.block !== next++) broken.push("blocks are numbered in order of their start");
      open.add(event.block);
    }
    if (event.type === "block-delta" && event.text === "") broken.push("no delta is empty");
    if ((event.type === "block-delta" || event.type === "block-note") && !open.has(event.block)) {
      broken.push("words go to open blocks");
    }
    if (event.type === "block-end" && !open.delete(event.block)) broken.push("a block ends once");
    if (event.type === "answer-end" && open.size > 0) broken.push("every block ends before the answer");
  }
  return broken;
}
