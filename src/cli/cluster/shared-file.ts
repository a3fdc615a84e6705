// A destination that several writers use: one block after the other, each whole.
import type { Destination } from "../../telemetry/line-writer.ts";

/** Queues blocks for a destination that takes one at a time. */
export class SharedFile implements Destination {
  readonly #to: Destination;
  #last: Promise<void> = Promise.resolve();

  constructor(to: Destination) {
    this.#to = to;
  }

  get fd(): number | undefined {
    return this.#to.fd;
  }

  write(text: string, done: (error?: Error | null) => void): void {
    this.#last = this.#last.then(
      () =>
        new Promise((resolve) => {
          this.#to.write(text, (error) => {
            resolve();
            done(error);
          });
        }),
    );
  }

  /** Every write tells of its own error. */
  on(): void {}
}
