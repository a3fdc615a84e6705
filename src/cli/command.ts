// What a command of the program is, and the exit codes that it may end with.

/** The process as a command sees it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly version: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** A row of the command table. */
export interface Command {
  /** One line for the help text. */
  readonly summary: string;
  readonly usage: string;
  /** Resolves with the exit code. */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** Exit codes; 78 is EX_CONFIG of sysexits.h, which supervisors know not to restart on. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  unauthorized: 4,
  timeout: 5,
  config: 78,
} as const;

/** Wrong words on the command line: told with the usage, exit code 2. */
export class UsageError extends Error {}
