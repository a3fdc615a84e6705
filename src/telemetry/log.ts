// The process's log: pino makes the lines, in this thread; everything is redacted before it gets there, and a reader that stands still
// cannot hold the process up. Several may read: a terminal, a file, a collector. Access lines come ready-made and skip all of it.
import { type Level, levels, pino } from "pino";
import type { Clock } from "../core/clock.ts";
import { isJsonObject, parseJson } from "../core/json.ts";
import { isoTime } from "./iso-time.ts";
import { type Destination, LineWriter, type LineWriterParts } from "./line-writer.ts";
import { type LogFields, loggable, loggableText } from "./log-fields.ts";
import { painter, prettyLine } from "./pretty-line.ts";
import { visible } from "./quote.ts";
import type { Redact } from "./redact.ts";

/** `json`: one object per line. `pretty`: for people at a terminal. */
export type LogStyle = "json" | "pretty";

/** One reader of the log. */
export interface LogReader {
  readonly style: LogStyle;
  /** `silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`; any other word is `info`. */
  readonly level: string;
  /** Colours in the pretty style: the roof knows terminal and NO_COLOR. */
  readonly colour?: boolean;
  /** Lines in blocks, or each line as it comes. */
  readonly to: Destination | ((line: string) => void);
}

/** What a log is made of. */
export interface LogParts {
  readonly readers: readonly LogReader[];
  readonly redact: Redact;
  /** Takes known secrets out of whole blocks; the last look before they leave. */
  readonly redactValues?: Redact;
  readonly clock: Clock;
  /** The number of the process among several, which every line bears. */
  readonly worker?: number;
  /** Called before a line is said: has lines written for what happened before it; absent where they are at once. */
  readonly catchUp?: () => void;
  /** Unix milliseconds that a line bears: what is said of an event that waited has the event's; absent where none wait. */
  readonly wall?: () => number;
}

/** Says something with fields beside it; errors among them come with stack and causes. */
export type Say = (message: string, fields?: LogFields) => void;
/** Takes a ready-made line, already redacted and escaped; dropped where its level is off. */
export type TakeLine = (text: string, level: Level) => void;

/** The log as everyone sees it. */
export interface Log {
  readonly error: Say;
  readonly warn: Say;
  readonly info: Say;
  readonly debug: Say;
  /** Takes lines of one style; null when nobody reads that style. */
  readonly linesFor: (style: LogStyle) => TakeLine | null;
  /** Other levels from now on, one for each reader, in their order. */
  readonly setLevels: (levels: readonly string[]) => void;
  /** Resolves when everything said so far is out; waits at most two seconds for a reader that stands still. */
  readonly flush: () => Promise<void>;
  /** For crashes: writes what waits and returns when it is out. */
  readonly flushSync: () => void;
  /** Lines lost because nobody took them. */
  readonly dropped: number;
}

const SEVERITY: Readonly<Record<string, number>> = { ...levels.values, silent: Number.POSITIVE_INFINITY };
const LEVEL_OF_LINE = /^\{"level":"([a-z]+)"/;

/** Makes the log of one process. */
export function createLog(parts: LogParts): Log {
  const { readers, redact, redactValues, clock, worker, catchUp = atOnce, wall = () => clock.wall() } = parts;
  const onLoss = (lines: number): void => warn("log lines were lost: nobody took them", { lines });
  const outlets = readers.map((reader) => {
    const clean = redactValues === undefined ? {} : { clean: redactValues };
    return new Outlet(reader, { clock, onLoss, ...clean, signed: signerOf(reader.style, worker) });
  });
  const logger = pino(
    {
      level: leastOf(outlets),
      base: null,
      timestamp: () => `,"time":"${isoTime(wall())}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        const text = line.trimEnd();
        const severity = severityOf(LEVEL_OF_LINE.exec(text)?.[1] ?? "");
        for (const outlet of outlets) outlet.takeRecord(text, severity);
      },
    },
  );
  const say = (at: Level): Say => {
    return (message, fields = {}) => {
      if (!logger.isLevelEnabled(at)) return;
      catchUp();
      logger[at](loggable(fields, redact), loggableText(message, redact));
    };
  };
  const warn = say("warn");
  const writers = outlets.flatMap(({ writer }) => (writer === null ? [] : [writer]));
  return {
    error: say("error"),
    warn,
    info: say("info"),
    debug: say("debug"),
    linesFor(style) {
      const takers = outlets.filter((outlet) => outlet.style === style);
      if (takers.length === 0) return null;
      return (text, level) => {
        const severity = severityOf(level);
        for (const taker of takers) taker.takeLine(text, severity);
      };
    },
    setLevels(wanted) {
      for (const [at, outlet] of outlets.entries()) outlet.severity = severityOf(wanted[at] ?? "info");
      logger.level = leastOf(outlets);
    },
    async flush() {
      catchUp();
      await Promise.all(writers.map((writer) => writer.flush()));
    },
    flushSync() {
      catchUp();
      for (const writer of writers) writer.flushSync();
    },
    get dropped() {
      return writers.reduce((sum, writer) => sum + writer.dropped, 0);
    },
  };
}

/** The level that somebody still reads. */
function leastOf(outlets: readonly Outlet[]): string {
  const least = Math.min(...outlets.map(({ severity }) => severity));
  return Object.keys(SEVERITY).find((name) => SEVERITY[name] === least) ?? "silent";
}

function severityOf(level: string): number {
  return SEVERITY[level] ?? levels.values["info"] ?? 0;
}

function atOnce(): void {}

function keep(line: string): string {
  return line;
}

/** Puts the number of the process at the end of a line, where there are several. */
function signerOf(style: LogStyle, worker: number | undefined): (line: string) => string {
  if (worker === undefined) return keep;
  return style === "json" ? (line) => `${line.slice(0, -1)},"worker":${worker}}` : (line) => `${line} worker=${worker}`;
}

/** One reader with its level and its style. */
class Outlet {
  readonly style: LogStyle;
  severity: number;
  /** Null for a reader who takes each line as it comes. */
  readonly writer: LineWriter | null;
  readonly #write: (line: string) => void;
  readonly #finish: (line: string) => string;

  constructor(
    reader: LogReader,
    more: Pick<LineWriterParts, "clock" | "onLoss" | "clean"> & { readonly signed: (line: string) => string },
  ) {
    const { style, level, colour = false, to } = reader;
    this.style = style;
    this.severity = severityOf(level);
    const writer = typeof to === "function" ? null : new LineWriter({ destination: to, ...more });
    this.writer = writer;
    const clean = more.clean ?? keep;
    const { signed } = more;
    this.#write = typeof to === "function" ? (line) => to(clean(signed(line))) : (line) => writer?.write(signed(line));
    this.#finish = style === "pretty" ? prettyFinish(colour) : visible;
  }

  /** A line of pino's. */
  takeRecord(line: string, severity: number): void {
    if (severity >= this.severity) this.#write(this.#finish(line));
  }

  /** A line in this reader's style. */
  takeLine(line: string, severity: number): void {
    if (severity >= this.severity) this.#write(line);
  }
}

/** Pino's line, read again for a person; terminals are slow readers, so that the way round costs nothing that counts. */
function prettyFinish(colour: boolean): (line: string) => string {
  const paint = painter(colour);
  return (line) => {
    const record = parseJson(line);
    return isJsonObject(record) ? prettyLine(record, paint) : visible(line);
  };
}
