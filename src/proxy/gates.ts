// Judging a response before it may be shown: a stream's first events, a whole answer, an error. One of three gates, chosen by
// status and content type, so that `attempt` knows of none of them.
import { dispositionOf, failure, type Failure, isFailure } from "../core/failure.ts";
import { Gathering } from "../core/gathering.ts";
import { isJsonObject, type JsonObject, parseJson } from "../core/json.ts";
import { type Gate, noteRepair, type Pipe, type Reply, type Told, told, type Verdict } from "../core/lane.ts";
import type { RepairName } from "../core/repairs.ts";
import { headerOf, type HeaderBag } from "../core/upstream.ts";
import { badPayload } from "../dialects/classify.ts";
import type { Checked, Egress, FittedAnswer, Look, StreamEncoder, Translator, WireEvent } from "../dialects/dialect.ts";
import { parseExactJson } from "../dialects/exact-json.ts";
import { cut } from "../dialects/relay.ts";
import type { AnswerRepairs } from "../dialects/repair.ts";
import type { Framing, Splitter } from "../dialects/framing.ts";
import { failureIn, streamOf, toldOf } from "../dialects/translation.ts";
import type { CallSeeker } from "../dialects/tool-text/call-seeker.ts";
import type { BlockKind, ChatEvent } from "../dialects/vocabulary.ts";
import { eventsOfStream, isEmptyAnswer, opensStream } from "./whole-from-stream.ts";

/** Lifecycle frames held before the commit; a longer preamble commits (decision 13). */
export const HELD_BYTES_MAX = 256 * 1024;
/** An error body is read this far and no further. */
const ERROR_BYTES_MAX = 64 * 1024;
/** That the provider failed is known with its head; its words are worth no longer wait than this. */
const ERROR_BODY_MS_MAX = 1_000;

const EVENT_STREAM = "text/event-stream; charset=utf-8";
const JSON_TYPE = "application/json";
const WHOLE_FOR_STREAM = "a whole answer to a streamed request";
const NOTHING = new Uint8Array(0);
const COLON = 0x3a;
const DONE: WireEvent = { event: undefined, data: "[DONE]" };

/** What a gate needs to know of the attempt. */
export interface GateContext {
  readonly egress: Egress;
  /** True when the client wants a stream. */
  readonly stream: boolean;
  readonly framing: Framing;
  /** True when the answer leaves in another dialect than it came. */
  readonly translates: boolean;
  readonly acceptsEmpty: boolean;
  readonly answerBytesMax: number;
  readonly eventBytesMax: number;
  /** Judges the events of a stream before the commit; null without a streamed form. */
  openLook(): ((event: WireEvent) => Look) | null;
  /** What mends this answer and notes it there; null when nothing does. */
  openRepairs(of: Told): AnswerRepairs | null;
  /** Looks for calls that are only text; null where nobody asks. */
  openSeeker(): CallSeeker | null;
  /** Reads a stream event by event; null without a streamed form. */
  openDecoder(): Translator<WireEvent, ChatEvent> | null;
  /** True when an answer may be made the other kind. */
  mends(repair: RepairName): boolean;
  /** Opens the pipe of the response lane. */
  openPipe(): Pipe;
  /** A whole answer as the client asked for it, where its dialect is the client's own; null where nothing is amiss. */
  fitAnswer(checked: Checked): FittedAnswer | Failure | null;
  /** A whole answer that is no chat event in the client's words; null where answers are made of events. */
  answerDirectly(tree: JsonObject): Buffer | Failure | null;
  /** The events of a whole answer; null where answers are not made of events. */
  eventsOf(tree: JsonObject): readonly ChatEvent[] | null;
  /** A whole answer in the client's words. */
  encodeWhole(events: readonly ChatEvent[]): Buffer;
  openEncoder(): StreamEncoder;
  /** Blocks that an answer in the client's dialect has no place for; undefined: none. */
  readonly unsayable: ReadonlySet<BlockKind> | undefined;
  /** Unix milliseconds, for dates in headers. */
  wallNow(): number;
}

/** Chooses the gate for a response. */
export function openGate(context: GateContext, status: number, headers: HeaderBag): Gate {
  if (status !== 200 && !(status > 200 && status < 300 && status !== 204 && status !== 205)) {
    return new ErrorGate(context, status, headers);
  }
  const look = context.stream ? context.openLook() : null;
  if (look === null) return new WholeGate(context);
  const type = headerOf(headers, "content-type") ?? "";
  return /^(?:application\/json|text\/html)/i.test(type) ? new WholeGate(context) : new StreamGate(context, look);
}

/** Holds a stream until its first content. */
class StreamGate implements Gate {
  readonly bodyMsMax = null;
  readonly #context: GateContext;
  readonly #look: (event: WireEvent) => Look;
  readonly #splitter: Splitter;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #started = false;
  #pipe: Pipe | null = null;
  readonly #told = told();

  constructor(context: GateContext, look: (event: WireEvent) => Look) {
    this.#context = context;
    this.#look = look;
    this.#splitter = context.framing.split(context.eventBytesMax);
  }

  get told(): Told {
    return this.#pipe?.told ?? this.#told;
  }

  push(chunk: Buffer): Verdict {
    const run = this.#splitter.push(this.#started ? chunk : this.#withoutMark(chunk));
    if (run !== null) return this.#judge(run);
    return this.#splitter.overflowed ? badPayload("first-event", "the first event is larger than the bound") : null;
  }

  end(): Reply | Failure {
    const rest = this.#splitter.rest();
    const verdict = rest === null ? null : this.#judge(Buffer.concat([rest, this.#context.framing.terminator]));
    if (verdict !== null) return verdict;
    if (this.#heldBytes === 0) return this.#noStream(rest);
    // A stop that was never terminated is an empty answer; anything else is a cut.
    return this.#look(DONE) === "empty-end" ? this.#empty(null) : cut();
  }

  broken(because: Failure): Failure {
    return because;
  }

  /** No event at all. It may be a whole answer, or an error, whose content type says something else or nothing. */
  #noStream(body: Buffer | null): Reply | Failure {
    if (body === null) return badPayload("first-event", "the stream holds no event");
    const whole = new WholeGate(this.#context);
    return whole.push(body) ?? whole.end();
  }

  /** A byte order mark may open a stream (WHATWG); it is not passed on. */
  #withoutMark(chunk: Buffer): Buffer {
    this.#started = true;
    if (chunk[0] !== 0xef || chunk[1] !== 0xbb || chunk[2] !== 0xbf) return chunk;
    noteRepair(this.#told, "mark-dropped");
    return chunk.subarray(3);
  }

  #judge(run: Buffer): Verdict {
    for (let from = 0; from < run.length;) {
      const end = this.#context.framing.eventEnd(run, from);
      const event = this.#context.framing.read(run.subarray(from, end))[0];
      // Comments before the commit are dropped: they would commit us (decision 9).
      if (event !== undefined) {
        const look = this.#look(event);
        if (look === "commit") return this.#open(run.subarray(from));
        if (look === "empty-end") return this.#empty(run.subarray(from));
        if (look !== "hold") return look;
        this.#hold(run.subarray(from, end));
      } else if (run[from] === COLON) noteRepair(this.#told, "comments-dropped");
      from = end;
    }
    return this.#heldBytes > HELD_BYTES_MAX ? this.#open(null) : null;
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
    for (const repair of this.#told.repairs ?? []) noteRepair(this.#pipe.told, repair);
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

/** Reads a whole answer and checks it. */
class WholeGate implements Gate {
  readonly told = told();
  readonly bodyMsMax = null;
  readonly #context: GateContext;
  readonly #gathered = new Gathering();

  constructor(context: GateContext) {
    this.#context = context;
  }

  push(chunk: Buffer): Verdict {
    this.#gathered.push(chunk);
    if (this.#gathered.bytes > this.#context.answerBytesMax) {
      return badPayload("answer", "the answer is larger than the bound");
    }
    this.told.progress += 1;
    return null;
  }

  end(): Reply | Failure {
    const gathered = this.#gathered.take();
    const repairs = this.#context.openRepairs(this.told);
    const reply = this.#judged(gathered, repairs);
    if (!isFailure(reply) && repairs?.called === false) this.#seekCalls(gathered, reply.told);
    return reply;
  }

  #judged(gathered: Buffer, repairs: AnswerRepairs | null): Reply | Failure {
    if (
      !this.#context.stream &&
      this.#context.mends("whole-from-stream") &&
      opensStream(gathered, this.#context.framing)
    ) {
      return this.#collected(gathered, repairs);
    }
    const bytes = mended(gathered, repairs);
    const checked = this.#context.egress.checkAnswer(bytes);
    if (isFailure(checked)) return checked;
    if (this.#context.stream || this.#context.translates) return this.#translated(bytes, checked);
    const fitted = this.#context.fitAnswer(checked);
    if (isFailure(fitted)) return fitted;
    for (const repair of fitted?.repairs ?? []) noteRepair(this.told, repair);
    if (checked.empty && !this.#context.acceptsEmpty) return emptyFailure(bytes);
    return this.#whole(fitted?.bytes ?? bytes, checked);
  }

  #whole(first: Uint8Array, { usage, finish }: Checked): Reply {
    Object.assign(this.told, { usage, finish, ended: true });
    return { contentType: JSON_TYPE, first, pipe: null, told: this.told };
  }

  broken(because: Failure): Failure {
    return because;
  }

  /** In another dialect, or told as a stream to a client that asked for one where the provider has none. */
  #translated(bytes: Buffer, checked: Checked): Reply | Failure {
    const context = this.#context;
    if (context.stream && !context.mends("stream-from-whole")) return badPayload("answer", WHOLE_FOR_STREAM);
    const tree = parseJson(bytes.toString("utf8")) as JsonObject;
    const direct = context.answerDirectly(tree);
    if (direct !== null) return isFailure(direct) ? direct : this.#whole(direct, checked);
    const events = context.eventsOf(tree);
    if (events === null) return badPayload("answer", WHOLE_FOR_STREAM);
    if (context.stream) noteRepair(this.told, "stream-from-whole");
    return this.#reply(events, checked.empty);
  }

  /** A stream where a whole answer was asked for: its fold is the answer. */
  #collected(bytes: Buffer, repairs: AnswerRepairs | null): Reply | Failure {
    const context = this.#context;
    const decoder = context.openDecoder();
    if (decoder === null) return badPayload("answer", "a stream for an answer");
    noteRepair(this.told, "whole-from-stream");
    const events = eventsOfStream(bytes, { framing: context.framing, repairs, decoder });
    return this.#reply(events, isEmptyAnswer(events));
  }

  /** What the events say, as the client wants it. */
  #reply(events: readonly ChatEvent[], empty: boolean): Reply | Failure {
    const context = this.#context;
    const broken = failureIn(events);
    if (broken !== null) return broken;
    const first = context.stream ? streamOf(events, context.openEncoder()) : context.encodeWhole(events);
    if (empty && !context.acceptsEmpty) return emptyFailure(first);
    const of = toldOf(events, context.unsayable);
    for (const repair of this.told.repairs ?? []) noteRepair(of, repair);
    return { contentType: context.stream ? EVENT_STREAM : JSON_TYPE, first, pipe: null, told: of };
  }

  #seekCalls(bytes: Buffer, of: Told): void {
    const seeker = this.#context.openSeeker();
    seeker?.hear(bytes);
    const found = seeker?.conclude() ?? null;
    if (found !== null) of.lookAlike = found;
  }
}

/** Reads an error response, bounded, and has the dialect say what it means. */
class ErrorGate implements Gate {
  readonly told = told();
  readonly bodyMsMax = ERROR_BODY_MS_MAX;
  readonly #context: GateContext;
  readonly #status: number;
  readonly #headers: HeaderBag;
  readonly #gathered = new Gathering();

  constructor(context: GateContext, status: number, headers: HeaderBag) {
    this.#context = context;
    this.#status = status;
    this.#headers = headers;
  }

  push(chunk: Buffer): Verdict {
    this.#gathered.push(chunk);
    return this.#gathered.bytes >= ERROR_BYTES_MAX ? this.end() : null;
  }

  end(): Failure {
    const body = this.#gathered.take().subarray(0, ERROR_BYTES_MAX);
    return this.#context.egress.classify(this.#status, this.#headers, body, this.#context.wallNow());
  }

  /** Status, headers and the words that came stay true, but for a complaint that they do not explain: its reason is what is missing. */
  broken(because: Failure): Failure {
    if (dispositionOf(because.kind).advance === "never") return because;
    const said = this.end();
    return said.kind === "rejected" ? because : said;
  }
}

function emptyFailure(emptyAnswer: Uint8Array | null): Failure {
  return failure("empty-answer", "The provider's answer was empty.", { phase: "answer", emptyAnswer });
}

/** The answer mended; the provider's own bytes where nothing was to be done. */
function mended(bytes: Buffer, repairs: AnswerRepairs | null): Buffer {
  if (repairs === null || !repairs.wantsWhole(bytes)) return bytes;
  const tree = parseExactJson(bytes.toString("utf8"));
  if (!isJsonObject(tree)) return bytes;
  const whole = repairs.whole(tree);
  return whole === tree ? bytes : Buffer.from(JSON.stringify(whole));
}
