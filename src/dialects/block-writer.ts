// Keeps the rules of answer events for decoders: blocks are numbered in order of their start, every one ends, nothing follows the end.
import type { Failure } from "../core/failure.ts";
import type { Usage } from "../core/lane.ts";
import type { BlockNote } from "./collect.ts";
import type { BlockKind, ChatEvent, Finish, LostPart } from "./vocabulary.ts";

/** What is known of a call when it starts. */
type CallStart = Pick<Extract<ChatEvent, { type: "block-start" }>, "id" | "name" | "proof">;

/** Collects the events of one answer until they are taken. */
export class BlockWriter {
  #events: ChatEvent[] = [];
  #started = false;
  #over = false;
  #next = 0;
  readonly #open = new Set<number>();

  /** The answer has begun. */
  get started(): boolean {
    return this.#started;
  }

  /** The answer has ended, well or not. */
  get over(): boolean {
    return this.#over;
  }

  /** Some block has begun. */
  get hasBlocks(): boolean {
    return this.#next > 0;
  }

  begin(of: Omit<Extract<ChatEvent, { type: "answer-start" }>, "type">): void {
    if (this.#started) return;
    this.#started = true;
    this.#events.push({ type: "answer-start", ...of });
  }

  /** The number of a new block. */
  start(kind: BlockKind, call: CallStart = {}): number {
    const block = this.#next++;
    this.#open.add(block);
    this.#events.push({ type: "block-start", block, kind, ...call });
    return block;
  }

  delta(block: number, text: string): void {
    if (text === "") return;
    if (this.#open.has(block)) this.#events.push({ type: "block-delta", block, text });
    else this.lose("words");
  }

  note(block: number, note: BlockNote): void {
    if (this.#open.has(block)) this.#events.push({ type: "block-note", block, note });
    else this.lose("words");
  }

  end(block: number): void {
    if (this.#open.delete(block)) this.#events.push({ type: "block-end", block });
  }

  /** An image, whole. */
  image(url: string): void {
    const block = this.start("image");
    this.delta(block, url);
    this.end(block);
  }

  lose(what: LostPart): void {
    this.#events.push({ type: "part-lost", what });
  }

  /** Ends what is open, in order, and the answer with it. */
  finish(finish: Finish, usage: Usage | null): void {
    for (const block of this.#open) this.end(block);
    if (usage !== null) this.#events.push({ type: "usage", usage });
    this.#events.push({ type: "answer-end", finish });
    this.#over = true;
  }

  fail(failure: Failure): void {
    this.#events.push({ type: "failure", failure });
    this.#over = true;
  }

  /** Everything since the last time. */
  take(): readonly ChatEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }
}
