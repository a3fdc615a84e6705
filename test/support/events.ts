// Events as the corridor and the door tell them, built with as little as a test wants to say. Instants are milliseconds of one clock:
// head read at 0, body complete at 10.
import type {
  AttemptCommit,
  AttemptEnd,
  AttemptRef,
  AttemptStart,
  ConfigReloaded,
  RemedyLearned,
  RequestAdjusted,
  RequestDecided,
  RequestEnd,
  RequestRef,
  RequestRefused,
  RequestStart,
  StandingChanged,
} from "../../src/core/events.ts";
import { failure, type FailureDetails, type FailureKind, statusOf } from "../../src/core/failure.ts";
import { told, type Told } from "../../src/core/lane.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { Target } from "../../src/core/snapshot.ts";
import type { StandingChange } from "../../src/core/standing.ts";
import type { AttemptStep, FailStep, Skip } from "../../src/core/step.ts";
import { aLimits } from "./plan-sketch.ts";
import { aCredential } from "./snapshot.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACE = { traceId: TRACE_ID, spanId: "00f067aa0ba902b7", parentId: null, flags: 0 };

/** What a provider told while it answered. */
export function toldOf(more: Partial<Told> = {}): Told {
  return { ...told(), progress: 1, finish: "stop", ended: true, ...more };
}

/** A streamed chat request of the agent `main`. */
export function requestOf(more: Partial<RequestRef> = {}): RequestRef {
  return {
    id: `req_${TRACE_ID}`,
    trace: TRACE,
    operation: "chat",
    stream: true,
    agent: "main",
    channel: null,
    requested: "openclaw/main",
    startedAt: 0,
    bodyAt: 10,
    requestBytes: 120,
    asked: null,
    ...more,
  };
}

/** An attempt that completed: dispatched at 11, first byte at 200, committed at 210, ended at 1011. */
export function attemptOf(target: Target, more: Partial<AttemptRef> = {}): AttemptRef {
  return {
    number: 1,
    trace: { traceId: TRACE_ID, spanId: "b7ad6b7169203331", parentId: TRACE.spanId, flags: TRACE.flags },
    target,
    credential: aCredential(`${target.provider}#1`),
    probe: false,
    repeat: false,
    because: "first",
    remedies: [],
    lane: "relay",
    startedAt: 11,
    openedAt: 12,
    firstByteAt: 200,
    committedAt: 210,
    endedAt: 1_011,
    status: 200,
    upstreamRequestId: null,
    requestBytes: 120,
    responseBytes: 900,
    told: toldOf(),
    failure: null,
    outcome: "completed",
    ...more,
  };
}

/** An attempt that failed before its commit. */
export function failedAttemptOf(target: Target, kind: FailureKind, more: Partial<AttemptRef> = {}): AttemptRef {
  return attemptOf(target, {
    firstByteAt: null,
    committedAt: null,
    status: null,
    told: null,
    failure: failure(kind, `It failed: ${kind}.`, { phase: "headers" }),
    outcome: "failed",
    ...more,
  });
}

export function requestStarted(request: RequestRef = requestOf()): RequestStart {
  const limits = aLimits();
  const plan = { agent: request.agent, requested: request.requested, candidates: [], refused: [], limits };
  return { type: "request-start", at: request.bodyAt, request, plan };
}

/** The step that an attempt is made by. */
export function stepTo(plan: Plan, attempt: AttemptRef, skipped: readonly Skip[] = []): AttemptStep {
  const { credential, because, remedies, probe, repeat } = attempt;
  const candidate = plan.candidates.find(({ target }) => target === attempt.target);
  if (candidate === undefined) throw new Error(`the plan has no ${attempt.target.id}`);
  return { do: "attempt", candidate, credential, because, remedies, probe, repeat, commitMsMax: null, skipped };
}

/** The step that ends a request. */
export function stepToEnd(why: FailStep["why"], skipped: readonly Skip[] = []): FailStep {
  return { do: "fail", failure: failure("no-candidate", "No provider is available."), why, skipped };
}

export function requestDecided(
  plan: Plan,
  step: RequestDecided["step"],
  more: Partial<RequestDecided> = {},
): RequestDecided {
  return { type: "request-decided", at: 10, request: requestOf(), plan, step, last: null, ...more };
}

/** A credential of `openai` began to cool for all models, one minute long. */
export function standingChanged(change: Partial<StandingChange> = {}, at = 1_000): StandingChanged {
  const whose = { of: "credential", provider: "openai", target: null, credential: "openai#1" } as const;
  const how = { state: "cooling", reason: "auth", until: at + 60_000, failures: 1 } as const;
  return { type: "standing-changed", at, change: { ...whose, ...how, ...change } };
}

export function attemptStarted(attempt: AttemptRef, more: Partial<AttemptStart> = {}): AttemptStart {
  return {
    type: "attempt-start",
    at: attempt.startedAt,
    request: requestOf(),
    attempt,
    after: null,
    from: null,
    ...more,
  };
}

export function attemptCommitted(attempt: AttemptRef, request: RequestRef = requestOf()): AttemptCommit {
  return { type: "attempt-commit", at: attempt.committedAt ?? 0, request, attempt };
}

export function attemptEnded(attempt: AttemptRef, request: RequestRef = requestOf()): AttemptEnd {
  return { type: "attempt-end", at: attempt.endedAt ?? 0, request, attempt };
}

export function requestAdjusted(target: Target, adjusted: readonly string[], request = requestOf()): RequestAdjusted {
  return { type: "request-adjusted", at: 11, request, target, adjusted };
}

/** The end of a request that its last attempt served. */
export function requestEnded(attempts: readonly AttemptRef[], more: Partial<RequestEnd> = {}): RequestEnd {
  const last = attempts.at(-1) ?? null;
  const served = last?.committedAt === null ? null : last;
  return {
    type: "request-end",
    at: (last?.endedAt ?? 10) + 1,
    request: requestOf(),
    status: 200,
    outcome: "completed",
    failure: null,
    phase: "stream",
    attempts,
    served,
    bytesOut: 900,
    firstWriteAt: served === null ? null : (served.committedAt ?? 0) + 1,
    ...more,
  };
}

/** The end of a request whose last attempt failed for good. */
export function requestFailed(attempts: readonly AttemptRef[], more: Partial<RequestEnd> = {}): RequestEnd {
  const because = attempts.at(-1)?.failure ?? failure("no-candidate", "No provider is available.");
  const status = statusOf(because);
  return requestEnded(attempts, {
    status,
    outcome: "failed",
    failure: because,
    phase: "headers",
    bytesOut: 90,
    ...more,
  });
}

/** A refusal of the door, before there was a plan. */
export function requestRefused(
  kind: FailureKind,
  details: FailureDetails = {},
  more: Partial<RequestRefused> = {},
): RequestRefused {
  const because = failure(kind, `Refused: ${kind}.`, { phase: "request", ...details });
  return {
    type: "request-refused",
    at: 1,
    requestId: `req_${TRACE_ID}`,
    trace: TRACE,
    endpoint: "/v1/chat/completions",
    method: "POST",
    status: statusOf(because),
    failure: because,
    startedAt: 0,
    requestBytes: 0,
    ...more,
  };
}

/** A target of `openai` takes no `store`. */
export function remedyLearned(more: Partial<RemedyLearned> = {}): RemedyLearned {
  const whose = { provider: "openai", target: "openai/gpt-4o", isListed: true } as const;
  return { type: "remedy-learned", at: 0, remedy: "no-store", ...whose, ...more };
}

export function configReloaded(result: ConfigReloaded["result"]): ConfigReloaded {
  return { type: "config-reloaded", at: 0, result, revision: "r2", complaints: 0, changed: [], restartNeeded: [] };
}
