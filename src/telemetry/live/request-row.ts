// One ended request as the page shows it: names, figures and fixed words; of what providers write only the word that an answer ended by.
// Made when somebody looks.
import type { RequestRefused } from "../../core/events.ts";
import { dispositionOf, type Failure } from "../../core/failure.ts";
import type { TargetNames } from "../target-names.ts";
import type { UsageState } from "../usage-state.ts";
import { type EndedRequest, isPlain, type KeptAttempt, KeptRequest } from "./kept-request.ts";

/** One attempt. Times are milliseconds since the request's head was read. */
export interface AttemptRow {
  readonly target: string;
  readonly credential: string;
  readonly because: string;
  readonly probe: boolean;
  readonly outcome: string;
  readonly kind: string | null;
  readonly reason: string | null;
  readonly status: number | null;
  readonly start: number;
  readonly opened: number | null;
  readonly firstByte: number | null;
  readonly commit: number | null;
  readonly end: number;
}

/** One request. */
export interface RequestRow {
  readonly id: string;
  readonly traceId: string;
  /** Unix milliseconds of its end. */
  readonly wall: number;
  readonly operation: string;
  readonly stream: boolean;
  readonly agent: string | null;
  readonly requested: string | null;
  readonly served: string | null;
  readonly status: number;
  readonly outcome: "completed" | "failed" | "cancelled" | "refused";
  readonly kind: string | null;
  readonly reason: string | null;
  readonly ms: number;
  readonly ttftMs: number | null;
  readonly overheadMs: number | null;
  /** Body complete, since the head. */
  readonly bodyMs: number;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  /** Null where there was no answer to tell any. */
  readonly usage: UsageState | null;
  readonly usd: number | null;
  /** Why the answer ended, in the provider's word; null where it told none. */
  readonly finish: string | null;
  readonly attempts: readonly AttemptRow[];
}

/** What is remembered of a request until somebody looks. */
export type Remembered = KeptRequest | RequestRow;

/** `leaving` is what was remembered in its place. */
export function remembered(ended: EndedRequest, leaving: Remembered | undefined, names: TargetNames): Remembered {
  if (!isPlain(ended.event)) return endedRow(new KeptRequest().keep(ended), names);
  return (leaving instanceof KeptRequest ? leaving : new KeptRequest()).keepPlain(ended);
}

/** The row of a request that is over. */
export function requestRow(kept: Remembered, names: TargetNames): RequestRow {
  return kept instanceof KeptRequest ? endedRow(kept, names) : kept;
}

/** Of a request that had a plan. */
function endedRow(kept: KeptRequest, names: TargetNames): RequestRow {
  const { served, failure, startedAt: from, at } = kept;
  return {
    id: kept.id,
    traceId: kept.traceId,
    wall: kept.wall,
    operation: kept.operation,
    stream: kept.stream,
    agent: kept.agent,
    requested: kept.requested,
    served: served === null ? null : names.of(served).id,
    status: kept.status,
    outcome: kept.outcome,
    ...wordsOf(failure),
    ms: round(at - from),
    ttftMs: since(kept.firstWriteAt, from),
    overheadMs: round(kept.overheadMs),
    bodyMs: round(kept.bodyAt - from),
    tokensIn: kept.tokensIn,
    tokensOut: kept.tokensOut,
    usage: kept.usage,
    usd: kept.usd,
    finish: kept.finish === null ? null : names.word(kept.finish),
    attempts: kept.attempts.map((attempt) => attemptRow(attempt, { from, until: at, names })),
  };
}

/** The row of a request that was refused at the door. */
export function refusedRow(event: RequestRefused, wall: number): RequestRow {
  const ms = round(event.at - event.startedAt);
  return {
    id: event.requestId,
    traceId: event.trace.traceId,
    wall,
    operation: event.endpoint,
    stream: false,
    agent: null,
    requested: null,
    served: null,
    status: event.status,
    outcome: "refused",
    ...wordsOf(event.failure),
    ms,
    ttftMs: null,
    overheadMs: null,
    bodyMs: ms,
    tokensIn: null,
    tokensOut: null,
    usage: null,
    usd: null,
    finish: null,
    attempts: [],
  };
}

interface Times {
  readonly from: number;
  readonly until: number;
  readonly names: TargetNames;
}

function attemptRow(attempt: KeptAttempt, { from, until, names }: Times): AttemptRow {
  return {
    target: names.of(attempt.target).id,
    credential: attempt.credential.id,
    because: attempt.because,
    probe: attempt.probe,
    outcome: attempt.outcome ?? "cancelled",
    ...wordsOf(attempt.failure),
    status: attempt.status,
    start: round(attempt.startedAt - from),
    opened: since(attempt.openedAt, from),
    firstByte: since(attempt.firstByteAt, from),
    commit: since(attempt.committedAt, from),
    end: round((attempt.endedAt ?? until) - from),
  };
}

function wordsOf(failure: Failure | null): Pick<RequestRow, "kind" | "reason"> {
  if (failure === null) return { kind: null, reason: null };
  return { kind: failure.kind, reason: dispositionOf(failure.kind).reason };
}

function since(at: number | null, from: number): number | null {
  return at === null ? null : round(at - from);
}

/** Hundredths of a millisecond. */
function round(ms: number): number {
  return Math.round(Math.max(0, ms) * 100) / 100;
}
