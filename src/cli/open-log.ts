// The log of the process with its readers: the terminal, a file, a collector.
import { realClock } from "../core/clock.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { createLog, type Log, type LogReader, type LogStyle } from "../telemetry/log.ts";
import { createRedactor, type Redact } from "../telemetry/redact.ts";
import { RotatingFile } from "../telemetry/rotating-file.ts";
import type { Terminal } from "./command.ts";

/** What the log is opened with. */
export interface OpenLogOptions {
  readonly terminal: Terminal;
  /** From the command line, over all others; null leaves it to the config. */
  readonly level: string | null;
  readonly redact: Redact;
  /** Exports lines; null where they are not. */
  readonly export: ((line: string) => void) | null;
}

/** Opens the log. */
export function openLog({ logging, secrets }: Snapshot, options: OpenLogOptions): Log {
  const { terminal, redact } = options;
  const level = options.level ?? logging.level;
  const colour = isColourful(terminal);
  const screen: LogReader = {
    style: consoleStyle(logging.style, terminal),
    level: options.level ?? logging.consoleLevel ?? logging.level,
    colour,
    to: terminal.stdout,
  };
  const readers: LogReader[] = [screen];
  if (logging.file !== null) {
    const { file: path, maxFileBytes: bytesMax } = logging;
    const onTrouble = (error: Error): void => log.warn("the log file cannot be written", { file: path, error });
    readers.push({ style: "json", level, to: new RotatingFile({ path, bytesMax, onTrouble }) });
  }
  if (options.export !== null) readers.push({ style: "json", level, to: options.export });
  const log = createLog({ readers, redact, redactValues: createRedactor(secrets.reveal(), null), clock: realClock });
  return log;
}

/** Colours are for people who have not asked for none (https://no-color.org). */
export function isColourful({ stdout, env }: Terminal): boolean {
  return stdout.isTTY === true && env["NO_COLOR"] === undefined;
}

/** `compact` is pretty: our lines for people are single ones as it is. */
function consoleStyle(written: Snapshot["logging"]["style"], { stdout }: Terminal): LogStyle {
  const style = written ?? (stdout.isTTY === true ? "pretty" : "json");
  return style === "json" ? "json" : "pretty";
}
