// The log file of several writers: one block after the other, each whole; it can be another file from one block to the next.
import type { Destination } from "../../telemetry/line-writer.ts";

/** A block that waits, and who is told when it is out. */
interface Block {
  readonly text: string;
  readonly done: (error?: Error | null) => void;
}

/** What blocks are written to. */
export type Closable = Destination & { readonly close: () => Promise<void> };

/** Queues blocks for a file that takes one at a time. Without one they are dropped. */
export class SharedFile implements Destination {
  #to: Closable | null = null;
  readonly #waiting: Block[] = [];
  /** What a block is on its way to. */
  #busy: Closable | null = null;

  get fd(): number | undefined {
    return this.#to?.fd;
  }

  /** True while there is a file. */
  get isOpen(): boolean {
    return this.#to !== null;
  }

  /** Blocks that wait and those to come go there; the file before is closed when its last block is out. */
  follow(to: Closable | null): void {
    const before = this.#to;
    this.#to = to;
    if (before !== this.#busy) void before?.close();
  }

  write(text: string, done: Block["done"]): void {
    this.#waiting.push({ text, done });
    this.#next();
  }

  /** Every write tells of its own error. */
  on(): void {}

  #next(): void {
    if (this.#busy !== null) return;
    const to = this.#to;
    if (to === null) {
      for (const { done } of this.#waiting.splice(0)) done();
      return;
    }
    const block = this.#waiting.shift();
    if (block === undefined) return;
    this.#busy = to;
    to.write(block.text, (error) => {
      this.#busy = null;
      if (to !== this.#to) void to.close();
      block.done(error);
      this.#next();
    });
  }
}
