// A stream before its first content: lifecycle frames are held, and the first event that says anything commits (decision 13).
import { type Failure, isFailure } from "../core/failure.ts";
import { type Gate, noteRepair, type Pipe, type Reply, type Told, type Verdict } from "../core/lane.ts";
import { badPayload } from "../dialects/classify.ts";
import type { EventLook, WholeEvent, WireEvent } from "../dialects/dialect.ts";
import type { Splitter } from "../dialects/framing.ts";
import { cut } from "../dialects/relay.ts";
import { withoutMark } from "./byte-order-mark.ts";
import type { GateContext } from "./gate-context.ts";
import { EVENT_STREAM } from "./reply.ts";
import { WholeGate, emptyFailure } from "./whole-gate.ts";

/** Lifecycle frames held before the commit; a longer preamble commits (decision 13). */
export const HELD_BYTES_MAX = 256 * 1024;

const NOTHING = new Uint8Array(0);
const COLON = 0x3a;
const BRACE = 0x7b;
const DONE: WireEvent = { event: undefined, data: "[DONE]" };

/** Holds a stream until its first content. */
export class StreamGate implements Gate {
  readonly bodyMsMax = null;
  readonly #context: GateContext;
  readonly #look: EventLook;
  readonly #splitter: Splitter;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #started = false;
  #pipe: Pipe | null = null;
  /** An answer that came whole in the place of a stream, until it is sure that it was all. */
  #answer: WholeEvent | null = null;
  /** Of what came behind that answer: it may all be kept in it. */
  #behindBytes = 0;
  /** An answer over several lines, some of them blank, whose head says nothing of it. */
  #document: WholeGate | null = null;
  /** Until there is a pipe, whose own goes on from it. */
  readonly #told: Told;

  /** `of`: where the look notes what it learns. */
  constructor(context: GateContext, look: EventLook, of: Told) {
    this.#context = context;
    this.#look = look;
    this.#told = of;
    this.#splitter = context.framing.split(context.eventBytesMax);
  }

  get told(): Told {
    return this.#pipe?.told ?? this.#told;
  }

  push(chunk: Buffer): Verdict {
    if (this.#document !== null) return this.#document.push(chunk);
    const run = this.#splitter.push(this.#started ? chunk : this.#withoutMark(chunk));
    if (run !== null) return this.#judge(run);
    return this.#splitter.overflowed ? badPayload("first-event", "the first event is larger than the bound") : null;
  }

  end(): Reply | Failure {
    const rest = this.#splitter.rest();
    const verdict = rest === null ? null : this.#judge(Buffer.concat([rest, this.#context.framing.terminator]));
    if (verdict !== null) return verdict;
    if (this.#document !== null) return this.#withRepairs(this.#document.end());
    if (this.#answer !== null) return this.#endWhole(this.#answer);
    if (this.#heldBytes === 0) return this.#noStream(rest);
    // A stop that was never terminated is an empty answer; anything else is a cut.
    return this.#look(DONE, null) === "empty-end" ? this.#empty(null) : cut();
  }

  broken(because: Failure): Failure {
    return because;
  }

  /** No event at all. It may be a whole answer, or an error, whose content type says something else or nothing. */
  #noStream(body: Buffer | null): Reply | Failure {
    return body === null ? badPayload("first-event", "the stream holds no event") : this.#whole(body);
  }

  /** The input ended behind an answer: nobody said so but the answer itself. */
  #endWhole(answer: WholeEvent): Reply | Failure {
    return answer.isEnded ? this.#tell(answer) : cut();
  }

  #tell({ text }: WholeEvent): Reply | Failure {
    return this.#whole(Buffer.from(text));
  }

  /** The answer itself in the place of a stream. What was held before it, a role at most, stands in it as well. */
  #whole(body: Buffer): Reply | Failure {
    const gate = new WholeGate(this.#context);
    return this.#withRepairs(gate.push(body) ?? gate.end());
  }

  #withRepairs(reply: Reply | Failure): Reply | Failure {
    if (!isFailure(reply)) this.#noteRepairs(reply.told);
    return reply;
  }

  /** What was mended before there was somebody who tells of it. */
  #noteRepairs(into: Told): void {
    for (const repair of this.#told.repairs ?? []) noteRepair(into, repair);
  }

  /** A byte order mark may open a stream (WHATWG); it is not passed on. */
  #withoutMark(chunk: Buffer): Buffer {
    this.#started = true;
    return withoutMark(chunk, this.#told);
  }

  #judge(run: Buffer): Verdict {
    const eventEnd = this.#context.framing.eventEnds(run);
    for (let from = 0; from < run.length && this.#document === null;) {
      const end = eventEnd(run, from);
      const raw = run.subarray(from, end);
      const event = this.#context.framing.read(raw)[0];
      const verdict =
        event === undefined ? this.#passOver(run, from) : this.#judgeEvent(event, raw, run.subarray(from));
      if (verdict !== null) return verdict;
      from = end;
    }
    return this.#heldBytes > HELD_BYTES_MAX ? this.#open(null) : null;
  }

  /** `rest`: the event and all behind it. */
  #judgeEvent(event: WireEvent, raw: Buffer, rest: Buffer): Verdict {
    if (this.#answer !== null) return this.#judgeBehind(this.#answer, event, raw);
    const look = this.#look(event, raw);
    if (look === "commit") return this.#open(rest);
    if (look === "empty-end") return this.#empty(rest);
    if (look === "whole") this.#answer = this.#context.egress.openWhole?.(event.data) ?? unchanging(event.data);
    else if (look === "hold") this.#hold(raw);
    else return look;
    return null;
  }

  /** What is no event. Comments before the commit are dropped: they would commit us (decision 9). */
  #passOver(run: Buffer, from: number): Verdict {
    if (run[from] === COLON) noteRepair(this.#told, "comments-dropped");
    if (run[from] !== BRACE || this.#answer !== null || this.#heldBytes > 0) return null;
    // The first line of an answer over several lines, some of them blank.
    this.#document = new WholeGate(this.#context);
    return this.#document.push(Buffer.concat([run.subarray(from), this.#splitter.rest() ?? NOTHING]));
  }

  /** Behind a whole answer comes its terminator, what it can be given, or nothing that says anything: whatever else came would be lost. */
  #judgeBehind(answer: WholeEvent, event: WireEvent, raw: Buffer): Verdict {
    if (event.data.trim() === DONE.data) return this.#tell(answer);
    this.#behindBytes += raw.length;
    if (this.#behindBytes > this.#context.answerBytesMax)
      return badPayload("answer", "the answer is larger than the bound");
    const look = this.#look(event, raw);
    if (isFailure(look)) return look;
    if (look === "empty-end") return this.#tell(answer);
    const maySayMore = this.#context.egress.openWhole !== undefined || look === "hold";
    if (maySayMore && answer.add(event.data)) return null;
    return badPayload("first-event", "more comes behind a whole answer");
  }

  #hold(event: Buffer): void {
    this.#held.push(event);
    this.#heldBytes += event.length;
  }

  /** The commit: the pipe gets all that was held and everything behind it. */
  #open(rest: Buffer | null): Reply {
    const tail = this.#splitter.rest();
    const parts = [...this.#held, ...(rest === null ? [] : [rest]), ...(tail === null ? [] : [tail])];
    this.#held = [];
    this.#pipe = this.#context.openPipe();
    this.#pipe.told.id = this.#told.id;
    this.#pipe.told.model = this.#told.model;
    this.#noteRepairs(this.#pipe.told);
    const first = this.#pipe.push(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)) ?? NOTHING;
    return { contentType: EVENT_STREAM, first, pipe: this.#pipe, told: this.#pipe.told };
  }

  #empty(rest: Buffer | null): Reply | Failure {
    const reply = this.#open(rest);
    if (this.#context.acceptsEmpty) return reply;
    const last = reply.pipe?.end() ?? NOTHING;
    const emptyAnswer = isFailure(last) ? null : Buffer.concat([reply.first, last]);
    return emptyFailure(emptyAnswer);
  }
}

/** An answer of a dialect in which nothing is added to one. */
function unchanging(text: string): WholeEvent {
  return { text, isEnded: true, add: () => true };
}
