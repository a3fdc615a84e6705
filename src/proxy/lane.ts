// What is done to the bytes of one attempt. Relay: the client's request spliced for the target, the response passed on. Translate: the
// request in the provider's words, the response in the client's. The plan chose; nobody else can tell them apart.
import { assert } from "../core/assert.ts";
import type { Body } from "../core/body.ts";
import { type Failure, isFailure } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import { noteRepair, type Pipe, type Told } from "../core/lane.ts";
import type { Candidate } from "../core/plan.ts";
import type { RepairName } from "../core/repairs.ts";
import type { RemedyName } from "../core/remedy.ts";
import { remedied } from "../core/remedied.ts";
import type { Target } from "../core/snapshot.ts";
import type { AddedHeader } from "../core/upstream.ts";
import type {
  Checked,
  DecodeContext,
  Egress,
  EventLook,
  FittedAnswer,
  StreamEncoder,
  Translator,
  WireEvent,
} from "../dialects/dialect.ts";
import { FRAMINGS, type Framing } from "../dialects/framing.ts";
import { DIALECTS, OPERATION_DIALECTS } from "../dialects/index.ts";
import type { AnswerRepairs } from "../dialects/repair.ts";
import { repairedLook, RepairPipe } from "../dialects/repair-pipe.ts";
import { CallSeeker } from "../dialects/tool-text/call-seeker.ts";
import { TranslatePipe } from "../dialects/translation.ts";
import type { BlockKind, ChatEvent } from "../dialects/vocabulary.ts";
import { asksStream } from "./asked-kind.ts";
import type { GateContext } from "./gate-context.ts";
import { type LaneRequest, requestFor } from "./lane-request.ts";
import type { Run } from "./run.ts";

/** The lane of one attempt. */
export class Lane implements GateContext {
  readonly egress: Egress;
  readonly stream: boolean;
  /** True when the provider is asked for a stream. */
  readonly asksStream: boolean;
  readonly framing: Framing;
  readonly body: Buffer;
  /** Features that the client asks a provider of its own dialect for; null: none. */
  readonly added: AddedHeader | null;
  /** What the target cannot take and was dropped, renamed or clamped. */
  readonly adjusted: readonly string[];
  readonly #run: Run;
  readonly #candidate: Candidate;
  readonly #tools: (() => ReadonlySet<string>) | null;

  private constructor(
    run: Run,
    of: { readonly candidate: Candidate; readonly egress: Egress; readonly request: LaneRequest },
  ) {
    this.#run = run;
    this.#candidate = of.candidate;
    this.egress = of.egress;
    this.stream = run.facts.stream;
    this.asksStream = asksStream(run.facts.stream, of.candidate.target, of.egress);
    this.framing = FRAMINGS[of.egress.framing ?? "sse"];
    this.body = of.request.body;
    this.added = of.request.added;
    this.adjusted = of.request.adjusted;
    this.#tools = of.request.tools;
  }

  /** The lane with what was learned of the target, or why the request cannot be put into the provider's words. */
  static open(run: Run, chosen: Candidate, remedies: readonly RemedyName[]): Lane | Failure {
    const candidate = remedies.length === 0 ? chosen : { ...chosen, target: remedied(chosen.target, remedies) };
    const { egress } = DIALECTS[candidate.dialect];
    assert(egress, "the plan names dialects that are spoken only");
    const request = requestFor(run, candidate, egress);
    return isFailure(request) ? request : new Lane(run, { candidate, egress, request });
  }

  get acceptsEmpty(): boolean {
    return this.#run.snapshot.behaviour.emptyAnswer === "accept";
  }

  get answerBytesMax(): number {
    return this.#run.snapshot.limits.answerBytes;
  }

  get eventBytesMax(): number {
    return this.#run.snapshot.limits.eventBytes;
  }

  get translates(): boolean {
    return this.#candidate.response === "translate";
  }

  get unsayable(): ReadonlySet<BlockKind> | undefined {
    return OPERATION_DIALECTS[this.#run.facts.operation].ingress.unsayable;
  }

  openLook(of: Told): EventLook | null {
    const look = this.egress.look?.(of);
    if (look === undefined) return null;
    // What the look has to be mended for is mended a second time by the pipe, and counted there.
    const repairs = this.#openRepairs(() => {});
    return repairs === null ? look : repairedLook(look, repairs);
  }

  openRepairs(of: Told): AnswerRepairs | null {
    return this.#openRepairs((repair) => noteRepair(of, repair));
  }

  openPipe(): Pipe {
    const inner = this.#openInner();
    const repairs = this.openRepairs(inner.told);
    const { framing, eventBytesMax } = this;
    return repairs === null
      ? inner
      : new RepairPipe({ framing, eventBytesMax, repairs, inner, seeker: this.openSeeker() });
  }

  openSeeker(): CallSeeker | null {
    return this.#tools === null || this.egress.repairs === undefined ? null : new CallSeeker(this.#tools);
  }

  openDecoder(): Translator<WireEvent, ChatEvent> | null {
    return this.egress.decodeStream?.(this.#decoding()) ?? null;
  }

  mends(repair: RepairName): boolean {
    // A fold has one choice: of several, the others would be lost without a word.
    return this.#candidate.target.repairs.has(repair) && !asksSeveral(this.#run.facts.body);
  }

  #openRepairs(note: (repair: string) => void): AnswerRepairs | null {
    const { repairs: on, compat } = this.#candidate.target;
    const { ref, facts } = this.#run;
    const context = {
      requestId: ref.id,
      wantsUsage: facts.wantsUsage,
      on,
      compat,
      answerBytesMax: this.answerBytesMax,
      tools: this.#tools,
      note,
    };
    return this.egress.repairs?.(context) ?? null;
  }

  #openInner(): Pipe {
    const { decodeStream } = this.egress;
    if (!this.translates) return openPipe(this.#run);
    assert(decodeStream, "only a dialect with streams opens a pipe");
    return new TranslatePipe({
      framing: this.framing,
      eventBytesMax: this.eventBytesMax,
      answerBytesMax: this.answerBytesMax,
      decoder: decodeStream(this.#decoding()),
      encoder: openEncoder(this.#run, this.#candidate.target),
      ...(this.unsayable === undefined ? {} : { unsayable: this.unsayable }),
      redact: this.#run.services.redact,
    });
  }

  fitAnswer(checked: Checked): FittedAnswer | Failure | null {
    return this.egress.fitAnswer?.(checked, this.#run.facts.body) ?? null;
  }

  answerDirectly(tree: JsonObject): Buffer | Failure | null {
    const { direct } = this.egress;
    if (direct === undefined || !this.translates) return null;
    const answer = direct.decodeAnswer(tree, { asked: this.#run.facts.body, model: this.#candidate.target.model });
    return isFailure(answer) ? answer : Buffer.from(JSON.stringify(answer));
  }

  /** The events of a whole answer; null where this dialect's answers are not made of events. */
  eventsOf(tree: JsonObject): readonly ChatEvent[] | null {
    return this.egress.decodeAnswer?.(tree, this.#decoding()) ?? null;
  }

  /** A whole answer in the client's words. */
  encodeWhole(events: readonly ChatEvent[]): Buffer | Failure {
    const { encodeAnswer } = OPERATION_DIALECTS[this.#run.facts.operation].ingress;
    assert(encodeAnswer, "only answers that are made of events are translated");
    const answer = encodeAnswer(events, answerContext(this.#run, this.#candidate.target));
    return isFailure(answer) ? answer : Buffer.from(JSON.stringify(answer));
  }

  openEncoder(): StreamEncoder {
    return openEncoder(this.#run, this.#candidate.target);
  }

  wallNow(): number {
    return this.#run.services.clock.wall();
  }

  #decoding(): DecodeContext {
    return { created: Math.floor(this.wallNow() / 1000) };
  }
}

function asksSeveral(body: Body): boolean {
  const several = body.member("n") === undefined ? 1 : body.get("n");
  return typeof several === "number" && several > 1;
}

/** Who answers. */
type Answering = Pick<Target, "model" | "provider">;

function openEncoder(run: Run, target: Answering): StreamEncoder {
  const { encodeStream } = OPERATION_DIALECTS[run.facts.operation].ingress;
  assert(encodeStream, "only a dialect with streams writes one");
  return encodeStream(answerContext(run, target));
}

/** A stream in the client's words that says of a failure and nothing else. */
export function failedStream(run: Run, because: Failure): string {
  const asked = run.attempts.at(-1)?.ref.target ?? { model: run.ref.requested, provider: "" };
  return openEncoder(run, asked).fail(because);
}

function answerContext(run: Run, { model, provider }: Answering) {
  const created = Math.floor(run.services.clock.wall() / 1000);
  const { wantsUsage } = run.facts;
  return { requestId: run.ref.id, model, provider, created, wantsUsage, request: run.tree() };
}

/** A fresh pipe that relays a provider's stream to this client. */
export function openPipe({ facts, snapshot, services, ref }: Run): Pipe {
  const { relay } = OPERATION_DIALECTS[facts.operation];
  assert(relay, "only a dialect with streams opens a pipe");
  return relay({
    requestId: ref.id,
    wantsUsage: facts.wantsUsage,
    eventBytesMax: snapshot.limits.eventBytes,
    redact: services.redact,
  });
}
