// Server-sent events (WHATWG HTML, "Server-sent events"): where events end, and what a whole event says.
// Splitting never decodes, so that relayed bytes stay the provider's; decoding is eventsource-parser's work wherever there is something to decide.
import { createParser } from "eventsource-parser";
import { Gathering } from "../core/gathering.ts";
import { bareEvent, bareLine } from "./bare-json.ts";
import type { WireEvent } from "./dialect.ts";

const LF = 0x0a;
const CR = 0x0d;
const CLOSING_BRACE = 0x7d;
const DATA_LINE = "data: ";
const EVENT_LINE = "event: ";
const BLANK = "\n\n";

/**
 * Hands on runs of whole events, exactly as written, and keeps the unfinished rest. A chunk that ends with a blank line,
 * which is the rule, is handed on without a copy.
 */
export class Framer {
  readonly #eventBytesMax: number;
  readonly #held = new Gathering();
  /** The last bytes before the next chunk: an event may end across chunks. */
  #last = LF;
  #secondLast = LF;

  constructor(eventBytesMax: number) {
    this.#eventBytesMax = eventBytesMax;
  }

  /** True when nothing of an unfinished event is held. */
  get betweenEvents(): boolean {
    return this.#held.bytes === 0;
  }

  /** True when an event without end has passed the bound. */
  get overflowed(): boolean {
    return this.#held.bytes > this.#eventBytesMax;
  }

  /** All whole events up to here, or null when there is none yet. */
  push(chunk: Buffer): Buffer | null {
    const size = chunk.length;
    if (size === 0) return null;
    const end = this.#held.bytes === 0 && endsBlank(chunk) ? size : this.#lastBoundary(chunk);
    if (size > 1) this.#secondLast = chunk[size - 2] as number;
    else this.#secondLast = this.#last;
    this.#last = chunk[size - 1] as number;
    if (end < 0) {
      this.#held.push(chunk);
      return null;
    }
    const whole = end === size ? chunk : chunk.subarray(0, end);
    const run = this.#held.bytes === 0 ? whole : Buffer.concat([this.#held.take(), whole]);
    if (end < size) this.#held.push(chunk.subarray(end));
    return run;
  }

  /** What is held, taken out: at the end of input, or to hand over to another splitter. */
  rest(): Buffer | null {
    return this.#held.bytes === 0 ? null : this.#held.take();
  }

  /**
   * The offset behind the last blank line that ends in this chunk; 0 when what is held turns out to be whole, -1 when there is none.
   * A final CR waits for what follows it: with LF it is one line end, with anything else it was one.
   */
  #lastBoundary(chunk: Buffer): number {
    let at = chunk.length - 1;
    if (chunk[at] === CR) at -= 1;
    // Each is searched for only once it is needed: a chunk of many lines would else be walked once for each.
    let lf = chunk.lastIndexOf(LF, at);
    let cr = chunk.lastIndexOf(CR, at);
    while (at >= 0) {
      if (lf > at) lf = chunk.lastIndexOf(LF, at);
      if (cr > at) cr = chunk.lastIndexOf(CR, at);
      at = Math.max(lf, cr);
      if (at < 0) break;
      const lineStart = chunk[at] === LF && this.#byte(chunk, at - 1) === CR ? at - 1 : at;
      const before = this.#byte(chunk, lineStart - 1);
      if (before === LF || before === CR) return at + 1;
      at = lineStart - 1;
    }
    // A LF behind such a CR has been found above.
    const heldIsWhole = this.#last === CR && (this.#secondLast === LF || this.#secondLast === CR);
    return heldIsWhole ? 0 : -1;
  }

  #byte(chunk: Buffer, at: number): number {
    if (at >= 0) return chunk[at] as number;
    return at === -1 ? this.#last : this.#secondLast;
  }
}

/** True when the last event of a run ends with a brace: a terminator, however it is spelled, does not. Two bytes tell. */
export function endsAsJson(run: Buffer): boolean {
  const size = run.length;
  return (run[size - 2] === CR ? run[size - 5] : run[size - 3]) === CLOSING_BRACE;
}

function endsBlank(chunk: Buffer): boolean {
  const size = chunk.length;
  return size >= 2 && chunk[size - 1] === LF && chunk[size - 2] === LF;
}

/** The offset behind the event that starts at `from` in a run of whole events. */
export type EventEnd = (run: Buffer, from: number) => number;

/**
 * How to find the ends of a run's events; a blank line without an event stands for itself. Without a CR, which is the rule, a line ends at a LF
 * and the engine's own search finds that: a tenth of what reading byte by byte takes.
 */
export function eventEnds(run: Buffer): EventEnd {
  return run.includes(CR) ? anyEventEnd : lfEventEnd;
}

function lfEventEnd(run: Buffer, from: number): number {
  if (run[from] === LF) return from + 1;
  for (let at = run.indexOf(LF, from); at >= 0; at = run.indexOf(LF, at + 1)) if (run[at + 1] === LF) return at + 2;
  return run.length;
}

function anyEventEnd(run: Buffer, from: number): number {
  if (run[from] === LF) return from + 1;
  if (run[from] === CR) return run[from + 1] === LF ? from + 2 : from + 1;
  for (let at = from; at < run.length; at += 1) {
    const byte = run[at];
    if (byte !== LF && byte !== CR) continue;
    const next = byte === CR && run[at + 1] === LF ? at + 2 : at + 1;
    const blank = run[next];
    if (blank === LF) return next + 1;
    if (blank === CR) return run[next + 1] === LF ? next + 2 : next + 1;
    at = next - 1;
  }
  return run.length;
}

const decoded: WireEvent[] = [];
/** The parser has met a line that is no field of the standard's. */
let strange = false;
const parser = createParser({
  onError: () => {
    strange = true;
  },
  onEvent: ({ event, data }) => {
    // The standard dispatches nothing for empty data.
    if (data !== "") decoded.push({ event, data });
  },
});

/**
 * The events of a run, decoded; comments and events without data are left out. One parser serves all, since runs are whole. JSON that
 * stands there without framing is an event as well: so some servers write the error that ends their stream.
 */
export function readEvents(run: Buffer): readonly WireEvent[] {
  const text = run.toString("utf8");
  if (isOneDataLine(text)) return [{ event: undefined, data: text.slice(DATA_LINE.length, -BLANK.length) }];
  const plain = readPlain(text);
  if (plain !== null) return plain;
  decoded.length = 0;
  feed(text);
  if (strange) readAround(run);
  return decoded.slice();
}

/** What most chunks of most servers are: one line of data and a blank one, where the parser's state machine has nothing to decide. */
export function isOneDataLine(text: string): boolean {
  const end = text.length - BLANK.length;
  return end > DATA_LINE.length && text.startsWith(DATA_LINE) && text.indexOf("\n") === end && !text.includes("\r");
}

/**
 * The events of a run in which all have the form that servers with named events write: a line of data, alone or behind its name. Null where
 * one has another, of which the parser knows more.
 */
function readPlain(text: string): readonly WireEvent[] | null {
  if (text.includes("\r")) return null;
  const events: WireEvent[] = [];
  for (let from = 0; from < text.length;) {
    let at = from;
    let event: string | undefined;
    if (text.startsWith(EVENT_LINE, from)) {
      at = text.indexOf("\n", from) + 1;
      event = text.slice(from + EVENT_LINE.length, at - 1);
      // No line end: the text stops in the midst of a name, as one that was cut does.
      if (at === 0 || event === "") return null;
    }
    const end = text.indexOf("\n", at);
    if (!text.startsWith(DATA_LINE, at) || end < 0 || text[end + 1] !== "\n") return null;
    const data = text.slice(at + DATA_LINE.length, end);
    if (data !== "") events.push({ event, data });
    from = end + BLANK.length;
  }
  return events;
}

function feed(text: string): void {
  parser.feed(text);
  // An unfinished last event counts: some providers end without the blank line.
  parser.feed("\n\n");
  parser.reset();
}

/** Event by event; from the first line on that has no framing, an event is that text. */
function readAround(run: Buffer): void {
  decoded.length = 0;
  const eventEnd = eventEnds(run);
  for (let from = 0; from < run.length;) {
    const end = eventEnd(run, from);
    const text = run.toString("utf8", from, end);
    const at = bareLine(text);
    feed(at < 0 ? text : text.slice(0, at));
    const bare = at < 0 ? null : bareEvent(text.slice(at));
    if (bare !== null) decoded.push(bare);
    from = end;
  }
  strange = false;
}

/** What stands around the middle of the data of a nameless event: for those who write many that differ there only. */
export function eventAround(before: string, after: string): { readonly before: string; readonly after: string } {
  return { before: DATA_LINE + before, after: after + BLANK };
}

/** One event as bytes; the data stays on one line, as readers that go line by line need it. */
export function writeEvent(data: string, event?: string): string {
  return event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
