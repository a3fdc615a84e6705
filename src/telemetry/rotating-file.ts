// A log file that is rotated by size: `x.log` becomes `x.log.1`, that `x.log.2`, and the sixth is gone. One block is written at a time;
// a disk that is full or gone loses lines and holds nothing up. Others may move the file, take it away or empty it: lines follow its name.
import { constants, mkdirSync, openSync, type Stats } from "node:fs";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../core/clock.ts";
import type { Destination } from "./line-writer.ts";

/** Archives that are kept (OpenClaw §2.10). */
const ARCHIVES = 5;
/** The log may tell who asked for what: nobody else's business. */
const FILE_MODE = 0o600;
/**
 * Appends. A named pipe that nobody reads is an error at once, and one whose reader stands still loses lines: opening or writing it the
 * usual way would hold a thread for ever, and with it the end of the process. Windows knows no such flag.
 */
const FILE_FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/** How often, at most, it is looked whether the name still leads to the open file. */
const LOOK_MS = 1_000;

/** What a file is made of. */
export interface RotatingFileParts {
  readonly path: string;
  /** A file that has reached this size is put aside before the next block. */
  readonly bytesMax: number;
  /** Told once when the file cannot be written, and again only after it could. */
  readonly onTrouble: (error: Error) => void;
  readonly clock: Clock;
}

/** A destination of log lines. */
export class RotatingFile implements Destination {
  readonly #parts: RotatingFileParts;
  #handle: FileHandle | null = null;
  #opened: Pick<Stats, "dev" | "ino"> = { dev: 0, ino: 0 };
  #lookedAt = 0;
  #size = 0;
  #troubled = false;

  constructor(parts: RotatingFileParts) {
    this.#parts = parts;
  }

  /** For the last words of a crash: the open file, or one that is opened now. */
  get fd(): number | undefined {
    try {
      return this.#handle?.fd ?? openSync(this.#parts.path, FILE_FLAGS, FILE_MODE);
    } catch {
      return undefined;
    }
  }

  write(text: string, done: (error?: Error | null) => void): void {
    void this.#take(text, done);
  }

  /** Every write tells of its own error. */
  on(): void {}

  /** Lets the file go; no block may be under way. */
  async close(): Promise<void> {
    await this.#letGo();
  }

  async #take(text: string, done: (error?: Error | null) => void): Promise<void> {
    done(await this.#failureOf(text));
  }

  /** Why a block could not be written; null when it could. */
  async #failureOf(text: string): Promise<Error | null> {
    try {
      await this.#append(text);
      this.#troubled = false;
      return null;
    } catch (error) {
      await this.#letGo();
      if (!this.#troubled) this.#parts.onTrouble(error as Error);
      this.#troubled = true;
      return error as Error;
    }
  }

  /** A file that cannot be written is opened anew; left to the garbage collector, its descriptor would be an error one day. */
  async #letGo(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close().catch(() => undefined);
  }

  async #append(text: string): Promise<void> {
    await this.#follow();
    if (this.#handle !== null && this.#size >= this.#parts.bytesMax) await this.#rotate();
    this.#handle ??= await this.#open();
    // A file that an earlier process has filled is put aside as well.
    if (this.#size >= this.#parts.bytesMax) {
      await this.#rotate();
      this.#handle = await this.#open();
    }
    const bytes = Buffer.from(text);
    await this.#handle.appendFile(bytes);
    this.#size += bytes.length;
  }

  /** What rotates all logs of a machine moves this one, too, or empties it: an open file would be written on where nobody looks. */
  async #follow(): Promise<void> {
    const { path, clock } = this.#parts;
    const now = clock.now();
    if (this.#handle === null || now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    const found = await stat(path).catch((error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? null : undefined,
    );
    // Who may not look may still write.
    if (found === undefined) return;
    if (found?.ino === this.#opened.ino && found.dev === this.#opened.dev) this.#size = sizeOf(found);
    else await this.#letGo();
  }

  async #open(): Promise<FileHandle> {
    const { path } = this.#parts;
    mkdirSync(dirname(path), { recursive: true });
    const handle = await open(path, FILE_FLAGS, FILE_MODE);
    const found = await handle.stat();
    this.#opened = found;
    this.#lookedAt = this.#parts.clock.now();
    this.#size = sizeOf(found);
    return handle;
  }

  async #rotate(): Promise<void> {
    const { path } = this.#parts;
    await this.#handle?.close();
    this.#handle = null;
    const names = Array.from({ length: ARCHIVES + 1 }, (_, age) => (age === 0 ? path : `${path}.${age}`));
    for (let age = ARCHIVES; age > 0; age -= 1) await moved(names[age - 1] ?? path, names[age] ?? path);
    this.#size = 0;
  }
}

/** What is no file has no size, and cannot be put aside. */
function sizeOf(found: Stats): number {
  return found.isFile() ? found.size : Number.NEGATIVE_INFINITY;
}

/** What is not there need not be moved. */
async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
