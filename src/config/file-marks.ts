// What the files of a configuration held when they were read, so that a watcher can tell whether they hold something else now.
// Keeps hashes, never contents.
import { hash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** The hash of a file's bytes, or the word for a file that is not there, cannot be read or is larger than any we take. */
export type FileMark = string;

/** A file that gives no bytes. */
export const ABSENT: FileMark = "absent";

/** The largest file that any reader of ours takes: one of secrets. */
const BYTES_MAX = 20 * 1_048_576;

/** The mark of bytes. */
export function markOf(bytes: Uint8Array): FileMark {
  return hash("sha256", bytes);
}

/** The mark of a file as it is now; never rejects, never waits for a pipe or device. */
export async function markNow(path: string): Promise<FileMark> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    return stat.isFile() && stat.size <= BYTES_MAX ? markOf(await file.readFile()) : ABSENT;
  } catch {
    return ABSENT;
  }
}

/** The marks of several files as they are now. */
export async function marksNow(paths: Iterable<string>): Promise<ReadonlyMap<string, FileMark>> {
  return new Map(await Promise.all([...paths].map(async (path) => [path, await markNow(path)] as const)));
}

/** Gathers the marks of one reading of a configuration. */
export class FileMarks {
  readonly #marks = new Map<string, FileMark | null>();

  /** What a file gave, null for nothing; of two readings of one file the first counts, so that a change between them is seen. */
  note(path: string, bytes: Uint8Array | null): void {
    if (!this.#marks.has(path)) this.#marks.set(path, bytes === null ? null : markOf(bytes));
  }

  /** What one file gave; null when it was not asked for or gave nothing. */
  of(path: string): FileMark | null {
    return this.#marks.get(path) ?? null;
  }

  /** All marks. A file that its reader refused is marked as a watcher sees it: the refusal stays until the bytes change. */
  async all(): Promise<ReadonlyMap<string, FileMark>> {
    const refused = [...this.#marks].filter(([, mark]) => mark === null).map(([path]) => path);
    const seen = await marksNow(refused);
    return new Map([...this.#marks].map(([path, mark]) => [path, mark ?? seen.get(path) ?? ABSENT]));
  }
}
