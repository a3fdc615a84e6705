// Reads one file of a config under OpenClaw's rules for `$include`: inside an allowed folder even after symbolic links are followed,
// a regular file without extra hard links, not too large.
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import type { FileMarks } from "./file-marks.ts";

/** Largest included file. */
export const INCLUDE_BYTES_MAX = 2 * 1_048_576;
/** Largest config: its main file, and everything together. */
export const CONFIG_BYTES_MAX = 4 * 1_048_576;

/** A file that was read. */
export interface ReadFile {
  readonly file: string;
  readonly text: string;
  readonly bytes: number;
}

/** Why a file was not read. */
export interface Refused {
  readonly code: string;
  readonly message: string;
}

/** True for a file that was not read. */
export function isRefused(result: ReadFile | Refused): result is Refused {
  return "code" in result;
}

/** True when the file lies in the folder or below it; lexical, both absolute. */
export function isInside(file: string, folder: string): boolean {
  const way = relative(folder, file);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Folders with their symbolic links followed; those that do not exist are left out. */
export async function realFolders(folders: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => null)));
  return real.filter((folder) => folder !== null);
}

const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist",
  EACCES: "may not be read by this user",
  EPERM: "may not be read by this user",
  EISDIR: "is a folder",
  ELOOP: "is a symbolic link that leads in a circle",
};

function refusedBy(error: unknown): Refused {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown";
  const missing = code === "ENOENT" || code === "ENOTDIR";
  return {
    code: missing ? "file_missing" : "file_unreadable",
    message: MESSAGES[code] ?? `could not be read (${code})`,
  };
}

/** What a file must be. */
export interface FileRules {
  readonly bytesMax: number;
  /** Named by the operator: links are theirs to make. Otherwise symbolic links and extra hard links are refused. */
  readonly named: boolean;
  /** Hears what the file gave, under the name that was asked for. */
  readonly seen?: { readonly marks: FileMarks; readonly as: string } | null;
}

/** Reads a text file. Never blocks on a pipe or device: what is not a regular file is refused. */
export async function readTextFile(file: string, rules: FileRules): Promise<ReadFile | Refused> {
  const tooLarge = { code: "file_too_large", message: `is larger than ${rules.bytesMax} bytes` };
  const links = rules.named ? 0 : constants.O_NOFOLLOW;
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | links);
    const stat = await handle.stat();
    if (!stat.isFile()) return { code: "file_unreadable", message: "is not a regular file" };
    if (!rules.named && stat.nlink > 1) return { code: "include_refused", message: "has extra hard links" };
    if (stat.size > rules.bytesMax) return tooLarge;
    const bytes = await handle.readFile();
    if (bytes.length > rules.bytesMax) return tooLarge;
    rules.seen?.marks.note(rules.seen.as, bytes);
    return { file, text: bytes.toString("utf8"), bytes: bytes.length };
  } catch (error) {
    return refusedBy(error);
  }
}

/** Folders that included files may lie in: as named, and with their links followed. */
export interface IncludeFolders {
  readonly named: readonly string[];
  readonly real: readonly string[];
}

/** Reads an included file that must lie in one of the folders, by its own name and by its real one. */
export async function readIncludedFile(
  file: string,
  folders: IncludeFolders,
  marks: FileMarks,
): Promise<ReadFile | Refused> {
  const outside = { code: "include_refused", message: "lies outside the config's folder and OPENCLAW_INCLUDE_ROOTS" };
  if (!folders.named.some((folder) => isInside(file, folder))) return outside;
  // Under its own name: what a link leads to changes with the link.
  const real = await realpath(file).catch(refusedBy);
  if (typeof real !== "string") return real;
  if (!folders.real.some((folder) => isInside(real, folder))) return outside;
  return readTextFile(real, { bytesMax: INCLUDE_BYTES_MAX, named: false, seen: { marks, as: file } });
}
