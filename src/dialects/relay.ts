// Relaying a stream between two sides that speak the same dialect: whole events, byte for byte, watched (decision 9).
// What makes an event worth a look is the dialect's; this file owns splitting, ending and the few alterations.
// Every event of every relayed stream goes through `push`: what is plain there is neither decoded nor copied, and whether it is plain is asked of
// an event that was seen before (`event-twins.ts`) wherever that can be.
import { failure, type Failure } from "../core/failure.ts";
import { parseJson } from "../core/json.ts";
import { redactFailure } from "../core/redact-failure.ts";
import { type EventKind, noteRepair, type Pipe, type Told, told } from "../core/lane.ts";
import { badPayload } from "./classify.ts";
import { type EventMemory, EventTwins } from "./event-twins.ts";
import { endsAsJson, eventEnds, Framer, readEvents, writeEvent } from "./sse.ts";
import type { RelayContext, WireEvent } from "./dialect.ts";

/** What is to be done with one event. `end` keeps it and takes it for the last. */
export type EventVerdict = "keep" | "drop-usage" | "end" | Failure;

/** What a dialect knows of its own streams; one per response. */
export interface StreamWatch {
  /** True when some event of this run of whole events must be decoded; the bytes alone decide. Cheap: it runs on every chunk. */
  wantsLook(run: Buffer): boolean;
  /** Events of earlier streams that a watch of this kind did not want to look at. */
  readonly memory: EventMemory;
  /** Judges one decoded event and notes what it tells. */
  judge(event: WireEvent, told: Told): EventVerdict;
  /** Hears what goes to the client: events, as the provider wrote them. */
  passed(events: Buffer): void;
  /** Bytes to add behind the terminal event. */
  readonly afterEnd: string;
  /** The provider ended without its terminal event: what to add when the answer is complete all the same, else null. */
  missingEnd(told: Told): string | null;
  /** The failure in the dialect's words, without its success terminator. */
  fail(failure: Failure): string;
}

const DONE = "[DONE]";
const NOTHING = Buffer.alloc(0);
const LF_BLANK = Buffer.from("\n\n");
const CRLF_BLANK = Buffer.from("\r\n\r\n");
const DATA_LINE = Buffer.from("\ndata");
const CLOSING_BRACE = 0x7d;
const LF = 0x0a;
const CR = 0x0d;
const LETTER_D = 0x64;

/** A stream passed on event by event. */
export class StreamRelay implements Pipe {
  readonly told: Told = told();
  readonly #framer: Framer;
  readonly #twins: EventTwins;
  readonly #watch: StreamWatch;
  readonly #redact: (text: string) => string;
  /** A kind of events of which one was passed on without a look: all of them are. */
  #plainKind: EventKind | null = null;

  constructor(watch: StreamWatch, context: RelayContext) {
    this.#watch = watch;
    this.#twins = new EventTwins(watch.memory);
    this.#framer = new Framer(context.eventBytesMax);
    this.#redact = context.redact;
  }

  get betweenEvents(): boolean {
    return this.#framer.betweenEvents;
  }

  push(chunk: Buffer, kind: EventKind | null = null): Uint8Array | null {
    const run = this.#framer.push(chunk);
    if (this.told.ended) return this.#dropSurplus(run);
    if (run === null) {
      return this.#framer.overflowed ? this.#break(badPayload("stream", "an event is larger than the bound")) : null;
    }
    // Whoever knows them has compared them; what was held back before them has not been.
    if (kind !== null && kind === this.#plainKind && run === chunk) return this.#pass(run);
    if (!this.#needsNoLook(run)) return this.#inspect(run);
    this.#plainKind = run === chunk ? kind : null;
    return this.#pass(run);
  }

  /** True for whole events that nobody has to read. */
  #needsNoLook(events: Buffer): boolean {
    // A terminator behind the others is seen before they are.
    if (!endsAsJson(events)) return false;
    if (this.#twins.knows(events)) return true;
    if (this.#watch.wantsLook(events) || !isPlain(events)) return false;
    this.#twins.learn(events);
    return true;
  }

  end(): Uint8Array | Failure | null {
    if (this.told.ended) return null;
    const rest = this.#framer.rest();
    // Some providers leave out the last blank line: a complete event counts, half an event never goes out.
    const last = rest === null || !isComplete(rest) ? null : this.#inspect(finished(rest));
    if (this.told.ended) return last;
    const missing = this.#watch.missingEnd(this.told);
    if (missing === null) return cut();
    noteRepair(this.told, "done-added");
    this.told.ended = true;
    return Buffer.concat([last ?? NOTHING, Buffer.from(missing)]);
  }

  fail(failure: Failure): Buffer {
    this.told.ended = true;
    return Buffer.from(this.#watch.fail(failure));
  }

  #pass(events: Buffer): Buffer {
    this.told.progress += 1;
    this.#watch.passed(events);
    return events;
  }

  /** Event by event; what is kept stays the provider's bytes. */
  #inspect(run: Buffer): Uint8Array | null {
    const out: Uint8Array[] = [];
    const eventEnd = eventEnds(run);
    let from = 0;
    let kept = 0;
    while (from < run.length && !this.told.ended) {
      const end = eventEnd(run, from);
      const raw = end - from === run.length ? run : run.subarray(from, end);
      const goes = this.#judge(raw, raw === run);
      if (goes !== raw) {
        out.push(run.subarray(kept, from), goes);
        kept = end;
      }
      from = end;
    }
    if (this.told.ended) this.#dropSurplus(run.subarray(from));
    if (kept === 0 && from === run.length) return run;
    out.push(run.subarray(kept, from));
    const bytes = Buffer.concat(out);
    return bytes.length === 0 ? null : bytes;
  }

  /** What goes out for one event: itself, or what stands in its place. Each is judged alone, so that no cut changes what is said of it. */
  #judge(raw: Buffer, wanted: boolean): Buffer {
    if (!wanted && this.#needsNoLook(raw)) return this.#pass(raw);
    const event = readEvents(raw)[0];
    if (event === undefined) return raw;
    const verdict = this.#watch.judge(event, this.told);
    if (typeof verdict !== "string") {
      noteRepair(this.told, "error-replaced");
      return this.#break(verdict);
    }
    if (verdict === "drop-usage") {
      noteRepair(this.told, "usage-removed");
      return NOTHING;
    }
    const isPlainEvent = event.bare !== true && !event.data.includes("\n");
    const goes = this.#pass(isPlainEvent ? raw : this.#joined(event));
    if (verdict === "keep") return goes;
    this.told.ended = true;
    if (this.#watch.afterEnd === "") return goes;
    noteRepair(this.told, "done-added");
    return Buffer.concat([goes, Buffer.from(this.#watch.afterEnd)]);
  }

  /** Line by line readers want the data on one line; between JSON tokens a line end is a space. */
  #joined({ data, event }: WireEvent): Buffer {
    noteRepair(this.told, "data-joined");
    return Buffer.from(writeEvent(data.replaceAll("\n", " "), event));
  }

  #break(because: Failure): Buffer {
    const said = redactFailure(because, this.#redact);
    this.told.failure = said;
    return this.fail(said);
  }

  /** What the provider does itself is no alteration of ours. */
  #takeBack(repair: string): void {
    const rest = this.told.repairs?.filter((name) => name !== repair) ?? [];
    this.told.repairs = rest.length === 0 ? null : rest;
  }

  /** Data behind the end is dropped; a terminator of the provider's own that we have written already is no alteration. */
  #dropSurplus(run: Buffer | null): null {
    if (run === null) {
      if (this.#framer.overflowed) this.#framer.rest();
    } else if (this.told.failure === null) {
      const events = readEvents(run);
      if (events.some(({ data }) => data.trim() === DONE)) this.#takeBack("done-added");
      if (events.some(({ data }) => data.trim() !== DONE)) noteRepair(this.told, "after-end-dropped");
    }
    return null;
  }
}

/** The stream ended or broke before the answer was complete. */
export function cut(): Failure {
  return failure("stream-broken", "The provider's stream ended before the answer was complete.", { phase: "stream" });
}

/** True when every event of a run is one line of data that ends as JSON does; anything else is looked at. */
function isPlain(run: Buffer): boolean {
  const blank = run[run.length - 2] === CR ? CRLF_BLANK : LF_BLANK;
  if (!endsAlike(run, blank)) return false;
  let line = run.indexOf(DATA_LINE);
  for (let from = 0; from < run.length;) {
    const at = run.indexOf(blank, from);
    if (at < 0 || run[at - 1] !== CLOSING_BRACE) return false;
    if (line >= 0 && line < from) line = run.indexOf(DATA_LINE, from);
    // An event may start with its data line; a line of data behind another field is then a second one.
    if (line >= 0 && line < at && run[from] !== LETTER_D) line = run.indexOf(DATA_LINE, line + 1);
    if (line >= 0 && line < at) return false;
    from = at + blank.length;
  }
  return true;
}

/** True when all lines of a run end as its last one does: others would be events that nobody has looked at. */
function endsAlike(run: Buffer, blank: Buffer): boolean {
  if (blank === LF_BLANK) return !run.includes(CR);
  let lf = run.indexOf(LF);
  let cr = run.indexOf(CR);
  while (lf >= 0 && lf === cr + 1) {
    cr = run.indexOf(CR, lf);
    lf = run.indexOf(LF, lf + 1);
  }
  return lf === cr;
}

/** The last event with its blank line, of which some may be there. */
function finished(rest: Buffer): Buffer {
  const last = rest[rest.length - 1];
  const before = rest[rest.length - 2];
  if (last === CR && (before === LF || before === CR)) return rest;
  return Buffer.concat([rest, last === LF ? LF_BLANK.subarray(1) : LF_BLANK]);
}

/** True for the bytes of an unfinished event whose data is whole: `[DONE]` or JSON. */
function isComplete(rest: Buffer): boolean {
  const events = readEvents(rest);
  return events.length > 0 && events.every(({ data }) => data.trim() === DONE || parseJson(data) !== undefined);
}
