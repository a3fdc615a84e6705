// A reader of log lines that can stand still, go away, and go on.
import type { Destination } from "../../../src/telemetry/line-writer.ts";

/** Records blocks; while `stuck`, nothing that is written is taken. */
export class RecorderDestination implements Destination {
  readonly blocks: string[] = [];
  readonly #held: (() => void)[] = [];
  stuck = false;
  broken: Error | null = null;
  errorListeners = 0;

  write(text: string, done: (error?: Error | null) => void): boolean {
    const take = (): void => {
      if (this.broken === null) this.blocks.push(text);
      done(this.broken);
    };
    if (this.stuck) this.#held.push(take);
    else queueMicrotask(take);
    return !this.stuck;
  }

  on(): this {
    this.errorListeners += 1;
    return this;
  }

  /** Blocks that were handed over and not taken. */
  get held(): number {
    return this.#held.length;
  }

  /** Takes what was held back, and everything from now on. */
  release(): void {
    this.stuck = false;
    for (const take of this.#held.splice(0)) take();
  }

  get lines(): string[] {
    return this.blocks.join("").split("\n").slice(0, -1);
  }

  /** The lines as JSON. */
  get records(): Record<string, unknown>[] {
    return this.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}
