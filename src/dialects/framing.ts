// How a dialect cuts its streams into events: server-sent events, or one JSON object a line (Ollama). Gates and pipes know only this.
import { Gathering } from "../core/gathering.ts";
import type { WireEvent } from "./dialect.ts";
import { type EventEnd, eventEnds, Framer, readEvents, writeEvent } from "./sse.ts";

/** Hands on runs of whole events and keeps the unfinished rest. */
export interface Splitter {
  /** True when an event without end has passed the bound. */
  readonly overflowed: boolean;
  push(chunk: Buffer): Buffer | null;
  /** What is held, taken out. */
  rest(): Buffer | null;
}

/** One way of cutting. */
export interface Framing {
  split(eventBytesMax: number): Splitter;
  /** Finds the ends of a run's events. */
  eventEnds(run: Buffer): EventEnd;
  /** The events of a run, decoded. */
  read(run: Buffer): readonly WireEvent[];
  /** One event as bytes. */
  write(event: WireEvent): string;
  /** Put behind an unfinished last event to finish it. */
  readonly terminator: Buffer;
}

const LF = 0x0a;

/** Whole lines; the last one may lack its end. */
class LineSplitter implements Splitter {
  readonly #lineBytesMax: number;
  readonly #held = new Gathering();

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  get overflowed(): boolean {
    return this.#held.bytes > this.#lineBytesMax;
  }

  push(chunk: Buffer): Buffer | null {
    const end = chunk.lastIndexOf(LF) + 1;
    if (end === 0) {
      this.#held.push(chunk);
      return null;
    }
    const whole = chunk.subarray(0, end);
    const run = this.#held.bytes === 0 ? whole : Buffer.concat([this.#held.take(), whole]);
    if (end < chunk.length) this.#held.push(chunk.subarray(end));
    return run;
  }

  rest(): Buffer | null {
    return this.#held.bytes === 0 ? null : this.#held.take();
  }
}

function lineEnd(run: Buffer, from: number): number {
  const at = run.indexOf(LF, from);
  return at < 0 ? run.length : at + 1;
}

/** TABLE: the framings. */
export const FRAMINGS = {
  sse: {
    split: (eventBytesMax) => new Framer(eventBytesMax),
    eventEnds,
    read: readEvents,
    write: ({ data, event }) => writeEvent(data, event),
    terminator: Buffer.from("\n\n"),
  },
  lines: {
    split: (eventBytesMax) => new LineSplitter(eventBytesMax),
    eventEnds: () => lineEnd,
    read: (run) =>
      run
        .toString("utf8")
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .map((data) => ({ event: undefined, data })),
    write: ({ data }) => `${data}\n`,
    terminator: Buffer.from("\n"),
  },
} as const satisfies Record<string, Framing>;
