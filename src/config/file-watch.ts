// Watches the files of a configuration by what they hold. Folders are watched, not files: a file that is renamed into place, or reached by
// links that a container platform exchanges, is another file each time. Where the system tells nothing (network folders), a poll finds out.
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { Clock, Repeating, Timer } from "../core/clock.ts";
import { ABSENT, type FileMark, marksNow } from "./file-marks.ts";

/** What a watch is made of. */
export interface FileWatchParts {
  readonly clock: Clock;
  /** Called when files hold something else than what was known, and hold it still a moment later. */
  readonly onChange: () => void;
}

/** A change that nobody tells of is seen after this at the latest. */
const POLL_MS = 3_000;
/** Contents must stay the same this long: a file that is being written is not read. */
const SETTLE_MS = 200;
/** Somebody who never stops writing does not keep us from looking. */
const DEBOUNCE_MAX_MS = 1_000;
const SETTLE_TRIES = 3;

type Marks = ReadonlyMap<string, FileMark>;

/** A watch over some files; what is known of them is set after every reading. */
export class FileWatch {
  readonly #parts: FileWatchParts;
  readonly #folders = new Map<string, FSWatcher>();
  #known: Marks = new Map();
  #names: ReadonlySet<string> = new Set();
  #debounceMs = 0;
  #poll: Repeating | null = null;
  #timer: Timer | null = null;
  /** Monotonic instant of the first event that waits. */
  #waitingSince: number | null = null;
  #looking = false;

  constructor(parts: FileWatchParts) {
    this.#parts = parts;
  }

  /** Watches these files, which held this when they were read; `debounceMs` is the quiet time before a look. */
  expect(known: Marks, debounceMs: number): void {
    this.#known = known;
    this.#debounceMs = debounceMs;
    this.#names = new Set([...known.keys()].map((path) => basename(path)));
    this.#poll ??= this.#parts.clock.every(POLL_MS, () => this.#onPoll());
    this.#watchFolders();
  }

  /** Watches nothing. */
  stop(): void {
    this.#poll?.stop();
    this.#poll = null;
    this.#timer?.cancel();
    this.#timer = null;
    this.#waitingSince = null;
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
    this.#known = new Map();
  }

  #onPoll(): void {
    this.#watchFolders();
    void this.#look();
  }

  /** Watches folders that are not watched yet: new ones, and those that were not there or went away. */
  #watchFolders(): void {
    const wanted = new Set([...this.#known.keys()].map(dirname));
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#watchFolder(folder);
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false });
      this.#folders.set(folder, watcher);
      watcher.on("change", (_event, name) => this.#onEvent(folder, name));
      watcher.on("error", () => this.#unwatch(folder));
    } catch {
      // No such folder, or the system has no watches left: the poll sees what happens there.
    }
  }

  #unwatch(folder: string): void {
    this.#folders.get(folder)?.close();
    this.#folders.delete(folder);
  }

  #onEvent(folder: string, name: string | Buffer | null): void {
    const told = name === null ? null : String(name);
    // The folder itself has gone, and the watch with it.
    if (told === basename(folder)) this.#unwatch(folder);
    // Names that begin with two dots are a platform's own links (`..data`).
    if (told === null || told.startsWith("..") || told === basename(folder) || this.#names.has(told)) this.#lookSoon();
  }

  #lookSoon(): void {
    const { clock } = this.#parts;
    const now = clock.now();
    this.#waitingSince ??= now;
    const waitMs = Math.min(this.#debounceMs, Math.max(0, this.#waitingSince + DEBOUNCE_MAX_MS - now));
    this.#timer?.cancel();
    this.#timer = clock.timer(waitMs, () => void this.#look());
  }

  /** Compares, waits until the contents stand still, and tells. One look at a time. */
  async #look(): Promise<void> {
    if (this.#looking) {
      this.#lookSoon();
      return;
    }
    this.#looking = true;
    this.#waitingSince = null;
    try {
      const known = this.#known;
      if (await this.#hasChanged(known)) this.#parts.onChange();
    } finally {
      this.#looking = false;
    }
  }

  async #hasChanged(known: Marks): Promise<boolean> {
    let seen = await marksNow(known.keys());
    for (let tries = 0; tries < SETTLE_TRIES && !isSame(seen, known); tries += 1) {
      await this.#pause(SETTLE_MS);
      const again = await marksNow(known.keys());
      if (isSame(again, seen)) break;
      seen = again;
    }
    // What was known may have been read anew meanwhile.
    return known === this.#known && !isSame(seen, known);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#parts.clock.timer(ms, resolve);
    });
  }
}

function isSame(seen: Marks, known: Marks): boolean {
  return [...known].every(([path, mark]) => (seen.get(path) ?? ABSENT) === mark);
}
