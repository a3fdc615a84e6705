// The process's log: pino makes the lines, in this thread; everything is redacted before it gets there, and a reader that stands still
// cannot hold the process up. Access lines come ready-made and skip all of it.
import { type Level, pino } from "pino";
import type { Clock } from "../core/clock.ts";
import { isJsonObject, parseJson } from "../core/json.ts";
import { isoTime } from "./iso-time.ts";
import { type Destination, LineWriter } from "./line-writer.ts";
import { type LogFields, loggable, loggableText } from "./log-fields.ts";
import { painter, prettyLine } from "./pretty-line.ts";
import { visible } from "./quote.ts";
import type { Redact } from "./redact.ts";

/** What a log is made of. */
export interface LogParts {
  /** `silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`; any other word is `info`. */
  readonly level: string;
  /** `json`: one object per line. `pretty`: for people at a terminal. */
  readonly style: "json" | "pretty";
  /** Colours in the pretty style: the roof knows terminal and NO_COLOR. */
  readonly colour?: boolean;
  readonly destination: Destination;
  readonly redact: Redact;
  readonly clock: Clock;
}

/** Says something with fields beside it; errors among them come with stack and causes. */
export type Say = (message: string, fields?: LogFields) => void;

/** The log as everyone sees it. */
export interface Log {
  readonly error: Say;
  readonly warn: Say;
  readonly info: Say;
  readonly debug: Say;
  /** A ready-made line, already redacted and escaped; dropped when its level (default `info`) is off. */
  readonly line: (text: string, level?: Level) => void;
  /** Resolves when everything said so far is out; waits at most two seconds for a reader that stands still. */
  readonly flush: () => Promise<void>;
  /** For crashes: writes what waits and returns when it is out. */
  readonly flushSync: () => void;
  /** Lines lost because nobody took them. */
  readonly dropped: number;
}

const LEVELS: ReadonlySet<string> = new Set(["silent", "fatal", "error", "warn", "info", "debug", "trace"]);

/** Makes the log of one process. */
export function createLog({ level, style, colour = false, destination, redact, clock }: LogParts): Log {
  const writer = new LineWriter({
    destination,
    clock,
    onLoss: (lines) => logger.warn({ lines }, "log lines were lost: nobody took them"),
  });
  const finish = style === "pretty" ? prettyFinish(colour) : visible;
  const logger = pino(
    {
      level: LEVELS.has(level) ? level : "info",
      base: null,
      timestamp: () => `,"time":"${isoTime(clock.wall())}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => writer.write(finish(line.trimEnd())) },
  );
  const say = (at: Level): Say => {
    return (message, fields = {}) => {
      if (logger.isLevelEnabled(at)) logger[at](loggable(fields, redact), loggableText(message, redact));
    };
  };
  return {
    error: say("error"),
    warn: say("warn"),
    info: say("info"),
    debug: say("debug"),
    line(text, at = "info") {
      if (logger.isLevelEnabled(at)) writer.write(text);
    },
    flush: () => writer.flush(),
    flushSync: () => writer.flushSync(),
    get dropped() {
      return writer.dropped;
    },
  };
}

/** Pino's line, read again for a person; terminals are slow readers, so that the way round costs nothing that counts. */
function prettyFinish(colour: boolean): (line: string) => string {
  const paint = painter(colour);
  return (line) => {
    const record = parseJson(line);
    return isJsonObject(record) ? prettyLine(record, paint) : visible(line);
  };
}
