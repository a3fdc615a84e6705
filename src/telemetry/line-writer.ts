// Lines on their way out, in blocks. The process never waits for whoever reads them: when the reader stands still, a bounded heap of
// lines waits, what comes on top is dropped and counted, and the loss is told once the reader goes on.
import { writeSync } from "node:fs";
import type { Clock, Timer } from "../core/clock.ts";

/** Where lines go: a stream such as `process.stdout`. */
export interface Destination {
  write(text: string, done: (error?: Error | null) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  /** File descriptor, for the last words of a crash. */
  readonly fd?: number | undefined;
}

/** What a writer is made of. */
export interface LineWriterParts {
  readonly destination: Destination;
  readonly clock: Clock;
  /** So many lines were lost since the last such call; called when lines go out again. */
  readonly onLoss: (lines: number) => void;
  /** Last look at a block of lines before it leaves, for known secrets; whoever made the lines has cleaned them before. */
  readonly clean?: (text: string) => string;
}

/** A block goes out when it is this long or this old. 16 KiB is what log collectors read at once. */
const BLOCK_LENGTH = 16 * 1024;
const BLOCK_AGE_MS = 20;
/** Text that may wait for a reader that stands still. */
const WAITING_LENGTH_MAX = 4 * 1024 * 1024;
/** How long `flush` waits for such a reader: leaving must end. */
const FLUSH_MS = 2_000;
/** Tries of `flushSync` when the pipe is full, and the pause between them. */
const SYNC_TRIES = 20;
const SYNC_PAUSE_MS = 10;

/** Gathers lines and writes them; one block is under way at a time. */
export class LineWriter {
  readonly #parts: LineWriterParts;
  #waiting = "";
  #waitingLines = 0;
  #underWay = false;
  #timer: Timer | null = null;
  #dropped = 0;
  #droppedTold = 0;
  #flushed: (() => void)[] = [];

  constructor(parts: LineWriterParts) {
    this.#parts = parts;
    // A reader that has gone is told by every write as well; unheard, this event would end the process.
    parts.destination.on("error", () => undefined);
  }

  /** Lines lost so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes a line without its line feed. */
  write(line: string): void {
    if (this.#waiting.length + line.length > WAITING_LENGTH_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#waiting += `${line}\n`;
    this.#waitingLines += 1;
    if (this.#underWay) return;
    if (this.#waiting.length >= BLOCK_LENGTH) this.#send();
    else this.#timer ??= this.#parts.clock.timer(BLOCK_AGE_MS, () => this.#send());
  }

  /** Resolves when everything taken so far is out, or after two seconds of a reader that stands still. */
  flush(): Promise<void> {
    this.#send();
    if (!this.#underWay) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#parts.clock.timer(FLUSH_MS, resolve);
      this.#flushed.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** For crashes: writes what waits and returns when it is out, or when the reader takes nothing for 200 ms. */
  flushSync(): void {
    const text = this.#take();
    const { fd } = this.#parts.destination;
    if (text === "") return;
    if (fd === undefined) {
      this.#parts.destination.write(text, () => undefined);
      return;
    }
    // A block under way may have come to an end in the middle of a line.
    writeWhole(fd, Buffer.from(this.#underWay ? `\n${text}` : text));
  }

  #take(): string {
    const text = this.#parts.clean?.(this.#waiting) ?? this.#waiting;
    this.#waiting = "";
    this.#waitingLines = 0;
    this.#timer?.cancel();
    this.#timer = null;
    return text;
  }

  #send(): void {
    if (this.#underWay || this.#waiting === "") return;
    const lines = this.#waitingLines;
    this.#underWay = true;
    this.#parts.destination.write(this.#take(), (error) => this.#onWritten(lines, error ?? null));
  }

  #onWritten(lines: number, error: Error | null): void {
    this.#underWay = false;
    if (error === null) this.#tellLoss();
    else this.#dropped += lines;
    if (this.#waiting === "") {
      for (const resolve of this.#flushed.splice(0)) resolve();
    } else if (this.#flushed.length > 0 || this.#waiting.length >= BLOCK_LENGTH) {
      this.#send();
    } else {
      this.#timer ??= this.#parts.clock.timer(BLOCK_AGE_MS, () => this.#send());
    }
  }

  #tellLoss(): void {
    const lost = this.#dropped - this.#droppedTold;
    if (lost === 0) return;
    this.#droppedTold = this.#dropped;
    this.#parts.onLoss(lost);
  }
}

/** Writes until everything is out or the reader takes nothing any more; what then remains is lost. */
function writeWhole(fd: number, bytes: Buffer): void {
  let rest = bytes;
  for (let tries = 0; rest.length > 0 && tries < SYNC_TRIES;) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
      tries = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      tries += 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SYNC_PAUSE_MS);
    }
  }
}
