// The log of the process with its readers: the terminal, a file, a collector.
import { realClock } from "../core/clock.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { createLog, type Log, type LogReader, type LogStyle } from "../telemetry/log.ts";
import type { Destination } from "../telemetry/line-writer.ts";
import { RotatingFile, type RotatingFileParts } from "../telemetry/rotating-file.ts";
import type { Terminal } from "./command.ts";
import type { LiveRedactor } from "./live-redactor.ts";
import { isColourful } from "./paint.ts";

/** Where a process of several writes to, and how: whoever holds terminal and file has decided it. */
export interface LogOutlet {
  readonly style: LogStyle;
  readonly colour: boolean;
  readonly console: Destination;
  /** Null where no file is written. */
  readonly file: Destination | null;
  /** The number that every line bears. */
  readonly worker: number;
}

/** What the log is opened with. */
export interface OpenLogOptions {
  readonly role?: { readonly outlet?: LogOutlet };
  /** Writes the file; absent where the log does so itself. */
  readonly file?: (parts: RotatingFileParts) => Destination;
  readonly terminal: Terminal;
  /** From the command line, over all others; null leaves it to the config. */
  readonly level: string | null;
  readonly redactor: LiveRedactor;
  readonly catchUp: () => void;
  /** Unix milliseconds of what a line tells of. */
  readonly wall: () => number;
  /** Exports lines; null where they are not. */
  readonly export: ((line: string) => void) | null;
}

/** The log, and how it follows the configuration. */
export interface OpenedLog {
  readonly log: Log;
  /** The levels of another configuration hold from now on. */
  readonly followLevels: (next: Snapshot) => void;
}

/** Opens the log. */
export function openLog({ logging }: Snapshot, options: OpenLogOptions): OpenedLog {
  const { terminal, redactor, role, file = (parts) => new RotatingFile(parts) } = options;
  const [consoleLevel, level] = levelsOf(logging, options);
  const outlet = role?.outlet;
  const { style, colour } = outlet ?? consoleLook(logging, terminal);
  const readers: LogReader[] = [{ style, level: consoleLevel, colour, to: outlet?.console ?? terminal.stdout }];
  if (outlet !== undefined && outlet.file !== null) readers.push({ style: "json", level, to: outlet.file });
  if (outlet === undefined && logging.file !== null) {
    const { file: path, maxFileBytes: bytesMax } = logging;
    const onTrouble = (error: Error): void => log.warn("the log file cannot be written", { file: path, error });
    readers.push({ style: "json", level, to: file({ path, bytesMax, onTrouble, clock: realClock }) });
  }
  if (options.export !== null) readers.push({ style: "json", level, to: options.export });
  const { redact, redactValues } = redactor;
  const { catchUp, wall } = options;
  const bears = outlet === undefined ? {} : { worker: outlet.worker };
  const log = createLog({ readers, redact, redactValues, clock: realClock, catchUp, wall, ...bears });
  return {
    log,
    followLevels(next) {
      const [first, rest] = levelsOf(next.logging, options);
      log.setLevels(readers.map((_, at) => (at === 0 ? first : rest)));
    },
  };
}

/** The console's level, and that of all other readers. */
function levelsOf(
  { consoleLevel, level }: Snapshot["logging"],
  options: Pick<OpenLogOptions, "level">,
): readonly [string, string] {
  return [options.level ?? consoleLevel ?? level, options.level ?? level];
}

/** How lines look on the console. */
export function consoleLook({ style }: Snapshot["logging"], terminal: Terminal): Pick<LogOutlet, "style" | "colour"> {
  return { style: consoleStyle(style, terminal), colour: isColourful(terminal, "stdout") };
}

/** `compact` is pretty: our lines for people are single ones as it is. */
function consoleStyle(written: Snapshot["logging"]["style"], { stdout }: Terminal): LogStyle {
  const style = written ?? (stdout.isTTY === true ? "pretty" : "json");
  return style === "json" ? "json" : "pretty";
}
