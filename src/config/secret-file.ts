// Reads one file of secrets without trusting it: a plain file, bounded, in bounded time, and nobody else's business.
// Problems never quote what the file holds.
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { getuid } from "node:process";
import type { FileMarks } from "./file-marks.ts";
import { mountTable, onGuardedMount } from "./secret-mount.ts";

/** Bounds of one read. */
export interface SecretFileBounds {
  readonly path: string;
  readonly bytesMax: number;
  readonly timeoutMs: number;
  /** Accept a file that others may read. */
  readonly allowInsecurePath: boolean;
  /** Hears what the file gave. */
  readonly marks?: FileMarks;
}

/** The text without a byte order mark, and what the operator should hear about the file; or why it was not read. */
export type SecretFile = { readonly text: string; readonly warning: string | null } | { readonly problem: string };

const OTHERS = 0o066;
const octal = (stats: Stats): string => (stats.mode & 0o777).toString(8).padStart(4, "0");

/** Who else may read or change a file, and what its owner can do about it. */
interface Exposure {
  readonly said: string;
  readonly cure: string;
}

/** Null when nobody else may. */
function exposure(path: string, stats: Stats): Exposure | null {
  const uid = getuid?.();
  // Windows has neither owners nor modes in this sense.
  if (uid === undefined) return null;
  if (stats.uid !== uid && stats.uid !== 0) {
    return { said: `${path} belongs to another user`, cure: "chown it" };
  }
  if ((stats.mode & OTHERS) === 0) return null;
  return { said: `${path} may be read or written by others (mode ${octal(stats)})`, cure: "chmod 600 it" };
}

async function readBounded(file: FileHandle, bytesMax: number): Promise<Buffer | null> {
  const bytes = Buffer.alloc(bytesMax + 1);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return null;
}

async function judged(file: FileHandle, stats: Stats, bounds: SecretFileBounds): Promise<SecretFile> {
  const { path, bytesMax } = bounds;
  if (!stats.isFile()) return { problem: `${path} is not a regular file` };
  if (stats.size > bytesMax) return { problem: `${path} is larger than ${bytesMax} bytes` };
  const exposed = bounds.allowInsecurePath ? null : exposure(path, stats);
  if (exposed !== null) {
    // A container platform mounts secrets as root's, readable by the group: their owner cannot do better.
    const guarded = stats.uid === 0 && onGuardedMount(await realpath(path), await mountTable());
    if (!guarded) return { problem: `${exposed.said}; ${exposed.cure}, or set allowInsecurePath` };
  }
  const bytes = await readBounded(file, bytesMax);
  if (bytes === null) return { problem: `${path} is larger than ${bytesMax} bytes` };
  bounds.marks?.note(path, bytes);
  return { text: bytes.toString("utf8").replace(/^\uFEFF/, ""), warning: exposed?.said ?? null };
}

async function readNow(bounds: SecretFileBounds): Promise<SecretFile> {
  // Without O_NONBLOCK opening a FIFO waits for a writer that may never come.
  const file = await open(bounds.path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return await judged(file, await file.stat(), bounds);
  } finally {
    await file.close();
  }
}

function causeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unreadable";
}

/** Reads the file within its bounds; never rejects. */
export async function readSecretFile(bounds: SecretFileBounds): Promise<SecretFile> {
  const late = new Promise<SecretFile>((resolve) => {
    const problem = `${bounds.path} could not be read within ${bounds.timeoutMs} ms`;
    AbortSignal.timeout(bounds.timeoutMs).addEventListener("abort", () => resolve({ problem }), { once: true });
  });
  const read = readNow(bounds).catch((error: unknown): SecretFile => {
    return { problem: `${bounds.path} cannot be read (${causeOf(error)})` };
  });
  const outcome = await Promise.race([read, late]);
  if ("problem" in outcome) bounds.marks?.note(bounds.path, null);
  return outcome;
}
