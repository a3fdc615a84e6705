// A destination that several writers use: one block after the other, each whole.
import type { Destination } from "../../telemetry/line-writer.ts";

/** A block that waits, and who is told when it is out. */
interface Block {
  readonly text: string;
  readonly done: (error?: Error | null) => void;
}

/** Queues blocks for a destination that takes one at a time. */
export class SharedFile implements Destination {
  readonly #to: Destination;
  readonly #waiting: Block[] = [];
  #underWay = false;

  constructor(to: Destination) {
    this.#to = to;
  }

  get fd(): number | undefined {
    return this.#to.fd;
  }

  write(text: string, done: Block["done"]): void {
    this.#waiting.push({ text, done });
    this.#next();
  }

  /** Every write tells of its own error. */
  on(): void {}

  #next(): void {
    const block = this.#underWay ? undefined : this.#waiting.shift();
    if (block === undefined) return;
    this.#underWay = true;
    this.#to.write(block.text, (error) => {
      this.#underWay = false;
      block.done(error);
      this.#next();
    });
  }
}
