// One decision about one candidate as the fields of a log record, in OpenClaw's words (§4.11): who reads its logs reads ours. Fields of
// our own beside them: `requestId`, `traceId`, `spanId`, `kind`, `credential`, `because`, `next`, `nextCredential`, `recoveryMs`, `remedies`.
import type { AttemptRef, Because, RequestRef } from "../core/events.ts";
import { dispositionOf, statusOf } from "../core/failure.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import type { OutReason } from "../core/standing.ts";
import type { FailStep } from "../core/step.ts";
import { cut, detailOf, failureWords, shortHash } from "./failure-words.ts";
import type { LogFields } from "./log-fields.ts";
import type { Redact } from "./redact.ts";
import type { CleanNames, TargetNames } from "./target-names.ts";

/** OpenClaw's words for what was decided. */
export type DecisionWord = "skip_candidate" | "probe_cooldown_candidate" | "candidate_failed" | "candidate_succeeded";

/** What the policy does after it. */
export interface Next {
  /** Null when nothing is tried any more. */
  readonly candidate: Candidate | null;
  /** Id of a credential. */
  readonly credential: string | null;
  /** Why it is tried, or why it is over. */
  readonly word: Because | FailStep["why"];
}

/** One decision about one candidate. */
export interface Decision {
  readonly decision: DecisionWord;
  readonly request: RequestRef;
  readonly plan: Plan;
  readonly candidate: Candidate;
  /** Id of a credential; null when none was chosen. */
  readonly credential: string | null;
  /** Why the candidate was tried; null when it was not. */
  readonly because: Because | null;
  /** The attempt that failed: at this candidate, or, for one that succeeded, at the one before it. */
  readonly failed: AttemptRef | null;
  /** Why a candidate was passed over. */
  readonly skippedFor: OutReason | null;
  /** Until a skipped candidate recovers, in milliseconds; null when it is not a matter of time. */
  readonly recoveryMs: number | null;
  /** Null for a candidate that was taken. */
  readonly next: Next | null;
}

/** The name of the event. */
export const DECISION_EVENT = "model_fallback_decision";
/** Characters of the detail in `fallbackStepFromFailureDetail`: OpenClaw's bound for a provider's words. */
const STEP_DETAIL_LENGTH_MAX = 200;
/** Characters of a word that a provider chose: a code, a type. */
const WORD_LENGTH_MAX = 128;

/** What takes secrets out of the words of others. */
export interface Cleaning {
  readonly redact: Redact;
  readonly names: TargetNames;
}

/** The fields, without secrets. Those whose value is undefined are left out of the record. */
export function decisionFields(of: Decision, clean: Cleaning): LogFields {
  const { decision, request, plan, candidate, credential, because, next, recoveryMs } = of;
  const asked = requestedModel(plan, clean);
  const own = clean.names.of(candidate.target);
  const following = next === null || next.candidate === null ? null : clean.names.of(next.candidate.target);
  return {
    event: DECISION_EVENT,
    decision,
    requestId: request.id,
    traceId: request.trace.traceId,
    spanId: request.trace.spanId,
    requestedProvider: asked.provider,
    requestedModel: asked.model,
    candidateProvider: own.provider,
    candidateModel: own.model,
    credential: credential ?? undefined,
    because: because ?? undefined,
    attempt: candidate.position + 1,
    total: plan.candidates.length,
    ...reasonFields(of, clean),
    recoveryMs: recoveryMs === null ? undefined : Math.max(0, Math.round(recoveryMs)),
    nextCandidateProvider: following?.provider,
    nextCandidateModel: following?.model,
    nextCredential: next?.credential ?? undefined,
    next: next?.word,
    isPrimary: candidate.position === 0,
    requestedModelMatched: own.id === asked.id,
    fallbackConfigured: plan.limits.failsOver && plan.candidates.length > 1,
    ...stepFields(of, clean),
  };
}

/** What was asked for: the model that the request names, else the first of the plan, which is the agent's own. */
function requestedModel(plan: Plan, { redact, names }: Cleaning): Omit<CleanNames, "quotedId"> {
  const { requested, agent, candidates } = plan;
  const isAgent = requested === `openclaw/${agent}`;
  const named = isAgent ? candidates[0] : candidates.find(({ target }) => target.id === requested);
  if (named !== undefined) return names.of(named.target);
  const id = redact(requested);
  const slash = id.indexOf("/");
  return { id, provider: id.slice(0, slash), model: id.slice(slash + 1) };
}

/** Why a candidate failed or was passed over. */
function reasonFields({ decision, failed, skippedFor }: Decision, { redact }: Cleaning): LogFields {
  if (decision === "skip_candidate") return { reason: skippedFor };
  const failure = decision === "candidate_failed" ? (failed?.failure ?? null) : null;
  if (failed === null || failure === null) return {};
  const { upstreamRequestId } = failed;
  const { reason, code } = dispositionOf(failure.kind);
  return {
    kind: failure.kind,
    reason,
    status: failure.upstreamStatus ?? statusOf(failure),
    code: failure.code === null ? (code ?? undefined) : word(failure.code, redact),
    ...failureWords(failure, redact),
    httpCode: failure.upstreamStatus === null ? undefined : String(failure.upstreamStatus),
    providerErrorType: failure.type === null ? undefined : word(failure.type, redact),
    remedies: failure.remedies.length === 0 ? undefined : failure.remedies.join(" "),
    requestIdHash: upstreamRequestId === null ? undefined : shortHash(upstreamRequestId),
  };
}

/** The move from one candidate to another, flat. A probe is no move, and neither is a success that nothing failed before. */
function stepFields(of: Decision, { redact, names }: Cleaning): LogFields {
  const { decision, candidate, failed, skippedFor, next } = of;
  const succeeded = decision === "candidate_succeeded";
  if (decision === "probe_cooldown_candidate" || (succeeded && failed === null)) return {};
  const failure = failed?.failure ?? null;
  const from = succeeded ? failed?.target : candidate.target;
  const to = succeeded ? candidate.target : next?.candidate?.target;
  return {
    fallbackStepType: "fallback_step",
    fallbackStepFromModel: from === undefined ? undefined : names.of(from).id,
    fallbackStepToModel: to === undefined ? undefined : names.of(to).id,
    fallbackStepFromFailureReason: failure === null ? (skippedFor ?? undefined) : dispositionOf(failure.kind).reason,
    fallbackStepFromFailureDetail:
      failure === null ? undefined : cut(detailOf(failure, redact), STEP_DETAIL_LENGTH_MAX),
    fallbackStepChainPosition: candidate.position + 1,
    fallbackStepFinalOutcome: succeeded ? "succeeded" : to === undefined ? "chain_exhausted" : "next_fallback",
  };
}

/** A word that a provider chose. */
function word(text: string, redact: Redact): string {
  return cut(redact(text), WORD_LENGTH_MAX);
}
