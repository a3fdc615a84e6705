// Judges a program that is to give out secrets before it is run: who could have put it there, and where it really lies.
import type { Stats } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { getuid } from "node:process";
import { isInside } from "./include-file.ts";

/** What a program must be. */
export interface CommandRules {
  /** Absolute. */
  readonly command: string;
  /** Folders that it must lie in, links followed; undefined: anywhere. */
  readonly trustedDirs: readonly string[] | undefined;
  /** Accept a program that others may write. */
  readonly allowInsecurePath: boolean;
  readonly allowSymlinkCommand: boolean;
}

/** The file to run, links followed, or why it is not run. */
export type JudgedCommand = { readonly file: string } | { readonly problem: string };

const OTHERS_WRITE = 0o022;

/** Judges a program; never rejects. */
export async function judgeCommand(rules: CommandRules): Promise<JudgedCommand> {
  const { command, trustedDirs, allowInsecurePath, allowSymlinkCommand } = rules;
  try {
    if (!allowSymlinkCommand && (await lstat(command)).isSymbolicLink()) {
      return { problem: `${command} is a symbolic link; name the program itself, or set allowSymlinkCommand` };
    }
    const file = await realpath(command);
    if (trustedDirs !== undefined && !(await liesIn(file, trustedDirs))) {
      return { problem: `${file} does not lie in one of trustedDirs` };
    }
    const stats = await stat(file);
    if (!stats.isFile()) return { problem: `${command} is not a regular file` };
    const exposed = allowInsecurePath ? null : exposure(command, stats);
    return exposed === null ? { file } : { problem: `${exposed}, or set allowInsecurePath` };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { problem: `${command} cannot be run (${code})` };
  }
}

async function liesIn(file: string, folders: readonly string[]): Promise<boolean> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return real.some((folder) => isInside(file, folder));
}

/** Who else may change the program; null when nobody. */
function exposure(command: string, stats: Stats): string | null {
  const uid = getuid?.();
  // Windows has neither owners nor modes in this sense.
  if (uid === undefined) return null;
  if (stats.uid !== uid && stats.uid !== 0) return `${command} belongs to another user: chown it`;
  return (stats.mode & OTHERS_WRITE) === 0 ? null : `${command} may be written by others: chmod go-w it`;
}
