// The whole failover policy: history in, next step out (decisions 13 to 15, 19 to 21). Pure; the loop that obeys it holds no policy.
import type { Because } from "../core/events.ts";
import { type Disposition, dispositionOf, failure, type Failure } from "../core/failure.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import type { Credential, Target } from "../core/snapshot.ts";

/** Go and try this. */
export interface AttemptStep {
  readonly do: "attempt";
  readonly candidate: Candidate;
  readonly credential: Credential;
  readonly because: Because;
}
/** Nothing to do until something happens. */
export interface WaitStep {
  readonly do: "wait";
}
/** It is over, with this failure. */
export interface FailStep {
  readonly do: "fail";
  readonly failure: Failure;
  readonly why: "over" | "final" | "attempts" | "exhausted" | "full";
}
/** The next step. */
export type Step = AttemptStep | WaitStep | FailStep;

/** One attempt of the history; `failure` null means that it is under way. */
export interface Tried {
  readonly step: AttemptStep;
  readonly failure: Failure | null;
}

/** What is true now and not in the history. */
export interface View {
  /** Set once the request is over for a reason of its own: client gone, deadline, drain. */
  readonly over: Failure | null;
  /** True when the target's provider takes no further request now. */
  isFull(target: Target): boolean;
  /** Rotations that config allows for a reason, at most (`auth.cooldowns.*Rotations`). */
  rotationsMax(disposition: Disposition): number;
}

const WAIT: WaitStep = { do: "wait" };

/** Decides the next step. */
export function decide(plan: Plan, tried: readonly Tried[], view: View): Step {
  if (view.over !== null) return { do: "fail", failure: view.over, why: "over" };
  const last = tried.at(-1);
  if (last === undefined) return moveOn(plan, tried, { view, from: -1, because: "first" });
  if (last.failure === null) return WAIT;
  const { candidate, credential } = last.step;
  // Free of the attempt bounds: the request cannot have reached the provider (decision 20).
  if (last.failure.replaySafe && !tried.some(({ step }) => step.because === "replay")) {
    return { do: "attempt", candidate, credential, because: "replay" };
  }
  const disposition = dispositionOf(last.failure.kind);
  if (disposition.advance === "never") return { do: "fail", failure: last.failure, why: "final" };
  if (tried.length >= plan.limits.attemptsMax) return giveUp(tried, "attempts");
  const other = nextCredential(tried, disposition, view);
  if (other !== null) return { do: "attempt", candidate, credential: other, because: "rotate" };
  if (!plan.limits.failsOver) return giveUp(tried, "exhausted");
  const larger =
    disposition.advance === "larger" ? (candidate.target.stated.contextWindow ?? Number.POSITIVE_INFINITY) : null;
  return moveOn(plan, tried, {
    view,
    from: candidate.position,
    because: larger === null ? "failover" : "larger-context",
    larger,
  });
}

interface Move {
  readonly view: View;
  readonly from: number;
  readonly because: Because;
  /** Only targets that state a larger context window than this. */
  readonly larger?: number | null;
}

/** The next candidate in order that is worth a try. */
function moveOn(plan: Plan, tried: readonly Tried[], { view, from, because, larger = null }: Move): Step {
  let full = false;
  for (const candidate of plan.candidates.slice(from + 1)) {
    const credential = candidate.target.credentials[0];
    if (credential === undefined) continue;
    if (larger !== null && (candidate.target.stated.contextWindow ?? 0) <= larger) continue;
    if (!view.isFull(candidate.target)) return { do: "attempt", candidate, credential, because };
    full = true;
    if (!plan.limits.failsOver) break;
  }
  if (tried.length > 0) return giveUp(tried, "exhausted");
  const message = full ? "Every provider of this agent is at its limit here." : "No provider can answer here.";
  return {
    do: "fail",
    failure: failure(full ? "overloaded-here" : "no-candidate", message),
    why: full ? "full" : "exhausted",
  };
}

/** Another key of the same target, as often as the reason is worth it. */
function nextCredential(tried: readonly Tried[], disposition: Disposition, view: View): Credential | null {
  const { target } = (tried.at(-1) as Tried).step.candidate;
  const used = tried.filter(({ step }) => step.candidate.target === target);
  const rotations = used.filter(({ step }) => step.because === "rotate").length;
  if (disposition.rotate === 0 || rotations >= view.rotationsMax(disposition)) return null;
  return target.credentials.find((each) => !used.some(({ step }) => step.credential === each)) ?? null;
}

/** An empty answer beats an error; else the last attempt that reached a provider speaks for the chain. */
function giveUp(tried: readonly Tried[], why: "attempts" | "exhausted"): FailStep {
  const failures = tried.flatMap((each) => (each.failure === null ? [] : [each.failure]));
  const empty = failures.findLast((each) => each.emptyAnswer !== null);
  const reached = failures.findLast((each) => each.phase !== "connect");
  const said = empty ?? reached ?? failures.at(-1) ?? failure("internal", "No attempt was made.");
  return { do: "fail", failure: said, why };
}
