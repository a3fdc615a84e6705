// A whole answer: read, mended, checked, and put into the kind and the words that the client asked for.
import { failure, type Failure, isFailure } from "../core/failure.ts";
import { Gathering } from "../core/gathering.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { type Gate, noteRepair, type Reply, type Told, told, type Verdict } from "../core/lane.ts";
import { AnswerBody } from "../dialects/answer-body.ts";
import { badPayload } from "../dialects/classify.ts";
import type { Checked } from "../dialects/dialect.ts";
import { parseExactJson } from "../dialects/exact-json.ts";
import type { AnswerRepairs } from "../dialects/repair.ts";
import { failureIn, streamOf, toldOf } from "../dialects/translation.ts";
import type { ChatEvent } from "../dialects/vocabulary.ts";
import { withoutMark } from "./byte-order-mark.ts";
import type { GateContext } from "./gate-context.ts";
import { EVENT_STREAM } from "./reply.ts";
import { eventsOfStream, isEmptyAnswer, opensStream } from "./whole-from-stream.ts";

const JSON_TYPE = "application/json";
const WHOLE_FOR_STREAM = "a whole answer to a streamed request";

/** Reads a whole answer and checks it. */
export class WholeGate implements Gate {
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
    const gathered = withoutMark(this.#gathered.take(), this.told);
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
    const answer = mended(new AnswerBody(gathered), repairs);
    const checked = this.#context.egress.checkAnswer(answer);
    if (isFailure(checked)) return checked;
    if (this.#context.stream || this.#context.translates) return this.#translated(answer, checked);
    const fitted = this.#context.fitAnswer(checked);
    if (isFailure(fitted)) return fitted;
    for (const repair of fitted?.repairs ?? []) noteRepair(this.told, repair);
    if (checked.empty && !this.#context.acceptsEmpty) return emptyFailure(answer.bytes);
    return this.#whole(fitted?.bytes ?? answer.bytes, checked);
  }

  #whole(first: Uint8Array, { usage, finish, id, model }: Checked): Reply {
    const { told } = this;
    told.usage = usage;
    told.finish = finish;
    told.id = id;
    told.model = model;
    told.ended = true;
    return { contentType: JSON_TYPE, first, pipe: null, told };
  }

  broken(because: Failure): Failure {
    return because;
  }

  /** In another dialect, or told as a stream to a client that asked for one where the provider has none. */
  #translated(answer: AnswerBody, checked: Checked): Reply | Failure {
    const context = this.#context;
    if (context.stream && !context.mends("stream-from-whole")) return badPayload("answer", WHOLE_FOR_STREAM);
    const tree = answer.exactTree as JsonObject;
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
    if (isFailure(first)) return first;
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

/** The failure of an answer that says nothing; the bytes are sent if no candidate does better (decision 13). */
export function emptyFailure(emptyAnswer: Uint8Array | null): Failure {
  return failure("empty-answer", "The provider's answer was empty.", { phase: "answer", emptyAnswer });
}

/** The answer mended; the provider's own where nothing was to be done. */
function mended(answer: AnswerBody, repairs: AnswerRepairs | null): AnswerBody {
  if (repairs === null || !repairs.wantsWhole(answer)) return answer;
  const tree = parseExactJson(answer.text);
  if (!isJsonObject(tree)) return answer;
  const whole = repairs.whole(tree);
  return whole === tree ? answer : new AnswerBody(Buffer.from(JSON.stringify(whole)));
}
