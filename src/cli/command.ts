// What a command of the program is, and the exit codes that it may end with.
import type { Given, OptionRows } from "./options.ts";

/** The process as a command sees it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly version: string;
  /** The file that runs: what further processes are started with. */
  readonly program: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** A command: what may be given to it, and what it does. */
export interface Command {
  /** Words behind the name: `<needed>`, `[left out]`. */
  readonly operands: readonly string[];
  readonly options: OptionRows;
  /** Resolves with the exit code. Throws UsageError for wrong words, UnsaidError. */
  run(given: Given, terminal: Terminal): Promise<number>;
}

/** Exit codes; 78 is EX_CONFIG of sysexits.h, which supervisors know not to restart on. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, refused: 4, timeout: 5, config: 78 } as const;

/** Wrong words on the command line: told with the usage, exit code 2. */
export class UsageError extends Error {}

/** The result could not be written, to a full disk for example: exit code 1. */
export class UnsaidError extends Error {}
