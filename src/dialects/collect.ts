// Folds the events of an answer into the finished answer. An answer sent whole is the fold of the same answer streamed: one path, two shapes.
import { assert } from "../core/assert.ts";
import type { Failure } from "../core/failure.ts";
import type { Usage } from "../core/lane.ts";
import type { DialectName } from "../core/names.ts";
import type { BlockKind, ChatEvent, Finish } from "./vocabulary.ts";

/** What may be noted beside a block's text. */
export type BlockNote = Extract<ChatEvent, { type: "block-note" }>["note"];

/** One block as it stands; `text` is the arguments of a tool call. */
export interface CollectedBlock {
  readonly block: number;
  readonly kind: BlockKind;
  /** Call id and function name of a tool call, as the provider gave them. */
  readonly id: string | null;
  readonly name: string | null;
  text: string;
  readonly notes: BlockNote[];
}

/** One answer as it stands; finished once `finish` is set. Usage that nobody told stays null. */
export interface CollectedAnswer {
  readonly blocks: CollectedBlock[];
  /** The block that ended last: the one that a length limit has cut. */
  lastEnded: CollectedBlock | null;
  usage: Usage | null;
  finish: Finish | null;
  failure: Failure | null;
}

/** What a call without arguments says: clients parse the text, and no text is no JSON. */
export const NO_ARGUMENTS = "{}";

/** An answer of which nothing is known yet. */
export function startCollecting(): CollectedAnswer {
  return { blocks: [], lastEnded: null, usage: null, finish: null, failure: null };
}

/** Adds one event to the answer. Of several usages the last counts. */
export function collectEvent(answer: CollectedAnswer, event: ChatEvent): void {
  switch (event.type) {
    case "answer-start":
    case "part-lost":
      return;
    case "block-start": {
      const { block, kind, id = null, name = null } = event;
      answer.blocks[block] = { block, kind, id, name, text: "", notes: [] };
      return;
    }
    case "block-delta":
      blockOf(answer, event.block).text += event.text;
      return;
    case "block-note":
      blockOf(answer, event.block).notes.push(event.note);
      return;
    case "block-end": {
      const block = blockOf(answer, event.block);
      if (block.kind === "tool-call" && block.text === "") block.text = NO_ARGUMENTS;
      answer.lastEnded = block;
      return;
    }
    case "usage":
      answer.usage = event.usage;
      return;
    case "answer-end":
      answer.finish = event.finish;
      return;
    case "failure":
      answer.failure = event.failure;
  }
}

/** A whole answer. Throws when the events hold no end: whoever asks for a whole answer has looked for failures before. */
export function collect(events: readonly ChatEvent[]): CollectedAnswer & { readonly finish: Finish } {
  const answer = startCollecting();
  for (const event of events) collectEvent(answer, event);
  const { finish } = answer;
  assert(finish !== null, "an answer without end is not encoded");
  return { ...answer, finish };
}

/** The text of all blocks of a kind in order, or null when there is no such block. */
export function textOf(answer: CollectedAnswer, kind: BlockKind): string | null {
  const blocks = answer.blocks.filter((block) => block.kind === kind);
  return blocks.length === 0 ? null : blocks.map(({ text }) => text).join("");
}

/** What notes of one dialect say under one key, in order. Notes of other dialects have other shapes and are no use here. */
export function noted<Key extends "annotation" | "logprobs" | "encrypted">(
  notes: readonly BlockNote[],
  origin: DialectName,
  key: Key,
): NonNullable<BlockNote[Key]>[] {
  const values: NonNullable<BlockNote[Key]>[] = [];
  for (const note of notes) {
    const value = note[key];
    if (note.origin === origin && value !== undefined) values.push(value);
  }
  return values;
}

function blockOf(answer: CollectedAnswer, block: number): CollectedBlock {
  const found = answer.blocks[block];
  assert(found, `block ${block} was never started`);
  return found;
}
