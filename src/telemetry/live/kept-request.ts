// What is remembered of an ended request until somebody looks. Nearly all are answered by their first attempt: those are copied into
// places that live as long as the process and are written over. Kept as they are told, their events outlived the collections of young
// objects, 200 at a time: each such collection took 3 to 5 ms instead of 1, and the old space grew by a kilobyte with each request.
import type { AttemptRef, RequestEnd } from "../../core/events.ts";
import type { Failure } from "../../core/failure.ts";
import type { Operation } from "../../core/names.ts";
import type { Target } from "../../core/snapshot.ts";
import { type UsageState, usageStateOf } from "../usage-state.ts";
import { WORD_LENGTH_MAX } from "../word-of.ts";

/** A request that had a plan and is over: what was told of it, when, and what it cost in USD. */
export interface EndedRequest {
  readonly event: RequestEnd;
  /** Unix milliseconds. */
  readonly wall: number;
  readonly usd: number | null;
  readonly overheadMs: number;
}

type AttemptKey =
  | "target"
  | "credential"
  | "because"
  | "probe"
  | "outcome"
  | "failure"
  | "status"
  | "startedAt"
  | "openedAt"
  | "firstByteAt"
  | "committedAt"
  | "endedAt";
/** What a row tells of an attempt. */
export type KeptAttempt = Pick<AttemptRef, AttemptKey>;

/** True for a request that may be kept for long: a failure may hold on to a connection or to bytes of an answer. */
export function isPlain({ failure, attempts }: RequestEnd): boolean {
  return failure === null && attempts.length === 1 && attempts[0]?.failure === null;
}

/** Null where none was told. What is longer than a word is kept by nobody: it may hold on to all of its answer. */
function finishOf(served: AttemptRef | null): string | null {
  const finish = served?.told?.finish ?? "";
  return finish === "" || finish.length > WORD_LENGTH_MAX ? null : finish;
}

/** What a row tells of a request. Instants are monotonic milliseconds, `wall` is Unix milliseconds. */
export class KeptRequest {
  id = "";
  traceId = "";
  wall = 0;
  operation: Operation = "chat";
  stream = false;
  agent = "";
  requested = "";
  served: Target | null = null;
  status = 0;
  outcome: RequestEnd["outcome"] = "completed";
  failure: Failure | null = null;
  startedAt = 0;
  bodyAt = 0;
  firstWriteAt: number | null = null;
  at = 0;
  overheadMs = 0;
  tokensIn: number | null = null;
  tokensOut: number | null = null;
  usage: UsageState | null = null;
  usd: number | null = null;
  /** As the provider wrote it. */
  finish: string | null = null;
  attempts: readonly KeptAttempt[] = [];
  #place: readonly [{ -readonly [Key in AttemptKey]: AttemptRef[Key] }] | null = null;

  /** Writes a request over the one before; holds its attempts. */
  keep({ event, wall, usd, overheadMs }: EndedRequest): this {
    const { request, served } = event;
    const usage = served?.told?.usage ?? null;
    this.id = request.id;
    this.traceId = request.trace.traceId;
    this.wall = wall;
    this.operation = request.operation;
    this.stream = request.stream;
    this.agent = request.agent;
    this.requested = request.requested;
    this.served = served?.target ?? null;
    this.status = event.status;
    this.outcome = event.outcome;
    this.failure = event.failure;
    this.startedAt = request.startedAt;
    this.bodyAt = request.bodyAt;
    this.firstWriteAt = event.firstWriteAt;
    this.at = event.at;
    this.overheadMs = overheadMs;
    this.tokensIn = usage?.input ?? null;
    this.tokensOut = usage?.output ?? null;
    this.usage = served === null ? null : usageStateOf(served, request.operation);
    this.usd = usd;
    this.finish = finishOf(served);
    this.attempts = event.attempts;
    return this;
  }

  /** The same for a plain request: nothing is held that was made for it, but words and numbers. */
  keepPlain(ended: EndedRequest): this {
    this.keep(ended);
    this.attempts = this.#copied(ended.event.attempts[0] as AttemptRef);
    return this;
  }

  #copied(attempt: AttemptRef): readonly KeptAttempt[] {
    const { target, credential, because, probe, outcome, failure, status } = attempt;
    const { startedAt, openedAt, firstByteAt, committedAt, endedAt } = attempt;
    if (this.#place === null) {
      const times = { startedAt, openedAt, firstByteAt, committedAt, endedAt };
      this.#place = [{ target, credential, because, probe, outcome, failure, status, ...times }];
      return this.#place;
    }
    const [place] = this.#place;
    place.target = target;
    place.credential = credential;
    place.because = because;
    place.probe = probe;
    place.outcome = outcome;
    place.failure = failure;
    place.status = status;
    place.startedAt = startedAt;
    place.openedAt = openedAt;
    place.firstByteAt = firstByteAt;
    place.committedAt = committedAt;
    place.endedAt = endedAt;
    return this.#place;
  }
}
