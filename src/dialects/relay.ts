// Relaying a stream between two sides that speak the same dialect: whole events, byte for byte, watched (decision 9).
// What makes an event worth a look is the dialect's; this file owns splitting, ending and the few alterations.
import { failure, type Failure } from "../core/failure.ts";
import { noteRepair, type Pipe, type Told, told } from "../core/lane.ts";
import { badPayload } from "./classify.ts";
import { eventEnd, Framer, readEvents, writeEvent } from "./sse.ts";
import type { RelayContext, WireEvent } from "./dialect.ts";

/** What is to be done with one event. `end` keeps it and takes it for the last. */
export type EventVerdict = "keep" | "drop-usage" | "end" | Failure;

/** What a dialect knows of its own streams; one per response. */
export interface StreamWatch {
  /** True when some event of this run of whole events must be decoded. Cheap: it runs on every chunk. */
  wantsLook(run: Buffer): boolean;
  /** Judges one decoded event and notes what it tells. */
  judge(event: WireEvent, told: Told): EventVerdict;
  /** Bytes to add behind the terminal event. */
  readonly afterEnd: string;
  /** The provider ended without its terminal event: what to add when the answer is complete all the same, else null. */
  missingEnd(told: Told): string | null;
  /** The failure in the dialect's words, without its success terminator. */
  fail(failure: Failure): string;
}

const DATA_LINE = Buffer.from("\ndata");
const DONE = "[DONE]";
const CLOSING_BRACE = 0x7d;
const LF = 0x0a;

/** A stream passed on event by event. */
export class StreamRelay implements Pipe {
  readonly told: Told = told();
  readonly #framer: Framer;
  readonly #watch: StreamWatch;

  readonly #redact: (text: string) => string;

  constructor(watch: StreamWatch, context: RelayContext) {
    this.#watch = watch;
    this.#framer = new Framer(context.eventBytesMax);
    this.#redact = context.redact;
  }

  get betweenEvents(): boolean {
    return this.#framer.betweenEvents;
  }

  push(chunk: Buffer): Uint8Array | null {
    if (this.told.ended) {
      this.#noteSurplus(chunk);
      return null;
    }
    const run = this.#framer.push(chunk);
    if (run === null) {
      return this.#framer.overflowed ? this.#break(badPayload("stream", "an event is larger than the bound")) : null;
    }
    this.told.progress += 1;
    if (looksWhole(run) && !this.#watch.wantsLook(run) && !hasSplitData(run)) return run;
    return this.#inspect(run);
  }

  end(): Uint8Array | Failure | null {
    if (this.told.ended) return null;
    const rest = this.#framer.rest();
    // Some providers leave out the last blank line: a complete event counts, half an event is a cut.
    const last = rest === null || !isComplete(rest) ? null : this.#inspect(Buffer.concat([rest, Buffer.from("\n\n")]));
    if (this.told.ended) return last;
    if (rest !== null && last === null) return cut();
    const missing = this.#watch.missingEnd(this.told);
    if (missing === null) return cut();
    noteRepair(this.told, "done-added");
    this.told.ended = true;
    return Buffer.concat([last ?? new Uint8Array(0), Buffer.from(missing)]);
  }

  fail(failure: Failure): Uint8Array {
    this.told.ended = true;
    return Buffer.from(this.#watch.fail(failure));
  }

  /** Event by event; what is kept stays the provider's bytes. */
  #inspect(run: Buffer): Uint8Array | null {
    const out: Uint8Array[] = [];
    let kept = 0;
    for (let from = 0; from < run.length && !this.told.ended;) {
      const end = eventEnd(run, from);
      const raw = run.subarray(from, end);
      const event = readEvents(raw)[0];
      const verdict = event === undefined ? "keep" : this.#watch.judge(event, this.told);
      const joined =
        event !== undefined && event.data.includes("\n")
          ? writeEvent(event.data.replaceAll("\n", " "), event.event)
          : null;
      if (verdict !== "keep" || joined !== null) {
        out.push(run.subarray(kept, from));
        kept = end;
      }
      if (joined !== null) noteRepair(this.told, "data-joined");
      if (verdict === "drop-usage") noteRepair(this.told, "usage-removed");
      else if (verdict === "end") {
        out.push(joined === null ? raw : Buffer.from(joined), Buffer.from(this.#watch.afterEnd));
        this.told.ended = true;
        this.#noteSurplus(run.subarray(end));
      } else if (verdict !== "keep") {
        out.push(this.#break(verdict));
      } else if (joined !== null) out.push(Buffer.from(joined));
      from = end;
    }
    if (out.length === 0) return run;
    if (!this.told.ended) out.push(run.subarray(kept));
    const bytes = out.length === 1 ? (out[0] as Uint8Array) : Buffer.concat(out);
    return bytes.length === 0 ? null : bytes;
  }

  #break(because: Failure): Uint8Array {
    const said = { ...because, message: this.#redact(because.message) };
    this.told.failure = said;
    noteRepair(this.told, "error-replaced");
    return this.fail(said);
  }

  /** Data behind the end is dropped; a terminator of the provider's own that we have written already is no alteration. */
  #noteSurplus(bytes: Buffer): void {
    if (readEvents(bytes).some(({ data }) => data !== DONE)) noteRepair(this.told, "after-end-dropped");
  }
}

/** The stream ended or broke before the answer was complete. */
export function cut(): Failure {
  return failure("stream-broken", "The provider's stream ended before the answer was complete.", { phase: "stream" });
}

/** True when a run ends as a JSON event does; anything else is looked at. */
function looksWhole(run: Buffer): boolean {
  const size = run.length;
  if (run[size - 1] !== LF) return false;
  return run[size - 3] === CLOSING_BRACE || (run[size - 5] === CLOSING_BRACE && run[size - 3] === LF);
}

/** True when some event has its data on several lines. */
function hasSplitData(run: Buffer): boolean {
  for (let at = run.indexOf(DATA_LINE); at >= 0; at = run.indexOf(DATA_LINE, at + 1)) {
    const lineStart = run.lastIndexOf(LF, at - 1) + 1;
    if (at - lineStart > 4 && run.toString("latin1", lineStart, lineStart + 5) === "data:") return true;
  }
  return false;
}

/** True for the bytes of an unfinished event whose data is whole: `[DONE]` or JSON. */
function isComplete(rest: Buffer): boolean {
  return readEvents(rest).every(({ data }) => {
    if (data.trim() === DONE) return true;
    try {
      JSON.parse(data);
      return true;
    } catch {
      return false;
    }
  });
}
