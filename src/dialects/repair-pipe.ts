// Repairs in front of a pipe: whole events are mended on their way in, and the pipe behind them relays or translates as it always does.
// A run of events that none of the repairs wants to see is handed on as it came.
import { type Failure, isFailure } from "../core/failure.ts";
import { parseJson } from "../core/json.ts";
import type { EventKind, Pipe, Told } from "../core/lane.ts";
import type { EventLook } from "./dialect.ts";
import type { Framing, Splitter } from "./framing.ts";
import type { AnswerRepairs, PassingEvent } from "./repair.ts";
import type { CallSeeker } from "./tool-text/call-seeker.ts";

const DONE = "[DONE]";
const NOTHING: Uint8Array = Buffer.alloc(0);

/** What a repairing pipe is made of. */
export interface RepairParts {
  readonly framing: Framing;
  readonly eventBytesMax: number;
  readonly repairs: AnswerRepairs;
  readonly inner: Pipe;
  /** Looks for calls that are only text; null where nobody asks. */
  readonly seeker: CallSeeker | null;
}

/** Mends a stream event by event. */
export class RepairPipe implements Pipe {
  readonly #inner: Pipe;
  readonly #repairs: AnswerRepairs;
  readonly #framing: Framing;
  readonly #splitter: Splitter;
  #seeker: CallSeeker | null;
  /** Of a last event whose stream then turned out to be cut. */
  #owed: Uint8Array = NOTHING;

  constructor({ framing, eventBytesMax, repairs, inner, seeker }: RepairParts) {
    this.#seeker = seeker;
    this.#framing = framing;
    this.#splitter = framing.split(eventBytesMax);
    this.#repairs = repairs;
    this.#inner = inner;
  }

  get told(): Told {
    return this.#inner.told;
  }

  get betweenEvents(): boolean {
    return this.#inner.betweenEvents;
  }

  push(chunk: Buffer): Uint8Array | null {
    const run = this.#splitter.push(chunk);
    if (run !== null) return this.#pass(run);
    // The pipe has the same bound, and words for it.
    return this.#splitter.overflowed ? this.#inner.push(this.#splitter.rest() ?? Buffer.alloc(0)) : null;
  }

  end(): Uint8Array | Failure | null {
    const rest = this.#splitter.rest();
    const last = rest === null ? null : this.#last(rest);
    const ended = this.#inner.end();
    this.#conclude();
    if (isFailure(ended)) this.#owed = last ?? NOTHING;
    if (last === null || isFailure(ended)) return ended;
    return ended === null ? last : Buffer.concat([last, ended]);
  }

  /** What is held was said before the stream broke. */
  fail(because: Failure): Uint8Array {
    const held = this.told.ended ? null : this.#handOn(this.#repairs.end());
    return Buffer.concat([this.#owed, held ?? NOTHING, this.#inner.fail(because)]);
  }

  #pass(run: Buffer): Uint8Array | null {
    this.#seeker?.hear(run);
    if (this.told.ended) return this.#forward(run);
    if (!this.#repairs.wantsLook(run)) return this.#forward(run, this.#repairs.kind);
    const mended = this.#mend(run);
    // A provider whose words are held back is not silent.
    if (this.#repairs.holds) this.told.progress += 1;
    return mended.length === 0 ? null : this.#forward(mended);
  }

  #forward(run: Buffer, kind: EventKind | null = null): Uint8Array | null {
    const out = this.#inner.push(run, kind);
    if (this.#seeker !== null && this.told.ended) this.#conclude();
    return out;
  }

  /** The answer is over, and so is the search. */
  #conclude(): void {
    // What was made a call of is one.
    const found = this.#repairs.called ? null : (this.#seeker?.conclude() ?? null);
    this.#seeker = null;
    if (found !== null) this.told.lookAlike = found;
  }

  /** Event by event; each is judged alone, so that no cut changes what becomes of it. */
  #mend(run: Buffer): Buffer {
    const out: Buffer[] = [];
    let kept = 0;
    const eventEnd = this.#framing.eventEnds(run);
    for (let from = 0; from < run.length;) {
      const end = eventEnd(run, from);
      const raw = run.subarray(from, end);
      const goes = this.#repairs.glance(raw) ?? this.#read(raw);
      if (goes !== raw) {
        out.push(run.subarray(kept, from), goes);
        kept = end;
      }
      from = end;
    }
    if (kept === 0) return run;
    out.push(run.subarray(kept));
    return Buffer.concat(out);
  }

  /** What goes out for an event that has to be read: its own bytes unless it was mended. */
  #read(raw: Buffer): Buffer {
    const event = this.#framing.read(raw)[0];
    if (event === undefined) return raw;
    const passing = { ...event, raw };
    const goes = this.#repairs.push(passing);
    return goes.length === 1 && goes[0] === passing ? raw : this.#written(goes);
  }

  #written(events: readonly PassingEvent[]): Buffer {
    return Buffer.concat(events.map((event) => event.raw ?? Buffer.from(this.#framing.write(event))));
  }

  #handOn(events: readonly PassingEvent[]): Uint8Array | null {
    return events.length === 0 ? null : this.#inner.push(this.#written(events));
  }

  /** A last event may lack its blank line; half an event is the pipe's to judge. */
  #last(rest: Buffer): Uint8Array | null {
    const finished = Buffer.concat([rest, this.#framing.terminator]);
    const isWhole = this.#framing
      .read(finished)
      .every(({ data }) => data.trim() === DONE || parseJson(data) !== undefined);
    return isWhole ? this.#pass(finished) : this.#inner.push(rest);
  }
}

/** Judges events of a stream as they will be once they are mended. What bytes alone can mend changes nothing of what an event says. */
export function repairedLook(look: EventLook, repairs: AnswerRepairs): EventLook {
  return (event, raw) => {
    if (raw !== null && repairs.glance(raw) !== null) return look(event, raw);
    for (const mended of repairs.push({ ...event, raw })) {
      const verdict = look(mended, null);
      if (verdict !== "hold") return verdict;
    }
    return "hold";
  };
}
