// The whole failover policy: history in, next step out (decisions 13 to 21). Pure; the loop that obeys it holds no policy.
import { type Disposition, dispositionOf, failure, type Failure } from "../core/failure.ts";
import type { Plan } from "../core/plan.ts";
import type { RemedyName } from "../core/remedy.ts";
import type { Credential, Target } from "../core/snapshot.ts";
import type { Standing } from "../core/standing.ts";
import type { AttemptStep, FailStep, Skip, Step, Tried } from "../core/step.ts";
import { heal, takesNeed } from "./heal.ts";
import { hedge } from "./hedge.ts";
import { askable, type Pick as Picked, pickNext, pickOther } from "./pick.ts";

/** What is true now and not in the history. */
export interface View {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Set once the request is over for a reason of its own: client gone, deadline, drain. */
  readonly over: Failure | null;
  standing(target: Target, credential: Credential): Standing;
  /** A target's credentials in the order in which they are worth a try. */
  order(target: Target): readonly Credential[];
  /** True when the target's provider takes no further request now. */
  isFull(target: Target): boolean;
  /** True when one more repeat at a provider stays within its budget. */
  mayRepeat(provider: string): boolean;
  /** What was learned of a target and may be taken from this request: it is changed so from the start. */
  learned(target: Target): readonly RemedyName[];
  /** True when what was learned of a target would take what this request needs (decision 12). */
  lacks(target: Target): boolean;
  /** Those of the remedies that would change the request of a step, and may. */
  helpful(step: AttemptStep, remedies: readonly RemedyName[]): readonly RemedyName[];
  /** True when the share of hedged requests allows one more. */
  readonly mayHedge: boolean;
}

/** A finished attempt of the history. */
interface Ended extends Tried {
  readonly failure: Failure;
}

/** Retry-After of a request that could be answered at once by somebody else's capacity. */
const SOON_MS = 1_000;

/** Decides the next step. */
export function decide(plan: Plan, tried: readonly Tried[], view: View): Step {
  if (view.over !== null) return fail(emptyAnswerOf(tried) ?? view.over, "over", []);
  if (tried.some((each) => each.failure === null)) return hedge(plan, tried, view);
  const last = lastEnded(tried);
  if (last === null) return begin(plan, view);
  const final = tried.find((each) => each.failure !== null && dispositionOf(each.failure.kind).advance === "never");
  if (final !== undefined) return fail(emptyAnswerOf(tried) ?? (final.failure as Failure), "final", []);
  // Free of all bounds: the request cannot have reached the provider (decision 20).
  if (last.failure.replaySafe && !tried.some((each) => each.step.because === "replay")) {
    return { ...last.step, because: "replay", skipped: [] };
  }
  if (tried.length >= plan.limits.attemptsMax) return giveUp({ plan, tried, view }, "attempts", []);
  return goOn({ plan, tried, view, last });
}

/** One request's case. */
interface Case {
  readonly plan: Plan;
  readonly tried: readonly Tried[];
  readonly view: View;
}

/** A case with an attempt that has failed. */
interface Past extends Case {
  readonly last: Ended;
}

/** The first attempt; when none can be made, why not and when again. */
function begin(plan: Plan, view: View): Step {
  const found = pickNext({ plan, tried: [], view });
  if (found.pick !== null) return attempt(view, found.pick, { because: "first", skipped: found.skipped });
  const { skipped } = found;
  if (skipped.length === 0) return fail(failure("no-candidate", "No provider can answer here."), "exhausted", skipped);
  if (skipped.every(({ reason }) => reason === "full")) {
    return fail(failure("overloaded-here", "Every provider of this agent is at its limit here."), "full", skipped);
  }
  const limited = skipped.every(({ reason }) => reason === "rate_limit");
  const message = limited
    ? "The rate limit of every provider of this agent is reached."
    : "Every provider of this agent is recovering from failures.";
  const retryAfterMs = soonest({ plan, view });
  return fail(failure(limited ? "rate-limited" : "no-candidate", message, { retryAfterMs }), "all-cooling", skipped);
}

/** What comes after a failure; after an overload not before a pause, where one is configured. */
function goOn(of: Past): Step {
  const { plan, view, last } = of;
  const step = another(of);
  const pauseUntil = (last.endedAt ?? view.now) + plan.limits.overloadedBackoffMs;
  const pauses = dispositionOf(last.failure.kind).reason === "overloaded" && view.now < pauseUntil;
  return pauses && step.do === "attempt" ? { do: "wait", until: pauseUntil } : step;
}

/** The same target with what it complained of changed, another credential of it where the reason is worth it, else another target. */
function another(of: Past): Step {
  const { plan, tried, view, last } = of;
  const { target } = last.step.candidate;
  const disposition = dispositionOf(last.failure.kind);
  const healed = heal(of, last);
  const repeat = healed !== null && !takesNeed(healed) ? healed : rotated(of, disposition);
  const isPaid = view.mayRepeat(target.provider);
  if (repeat !== null && isPaid) return repeat;
  const { pick, skipped: others } = pickNext({ plan, tried, view });
  const unpaid = isPaid ? null : (repeat ?? (pick === null ? healed : null));
  const skipped = unpaid === null ? others : [overBudget(unpaid), ...others];
  const because = disposition.advance === "larger" ? "larger-context" : "failover";
  if (pick !== null) return attempt(view, pick, { because, skipped });
  if (healed !== null && isPaid) return healed;
  return giveUp(of, skipped.some(({ reason }) => reason === "budget") ? "budget" : "exhausted", skipped);
}

/** Another credential of the same target, where the reason is worth one more; null when there is none. */
function rotated(of: Past, disposition: Disposition): AttemptStep | null {
  const { last, view } = of;
  const other = rotationsLeft(of, disposition) > 0 ? pickOther(of, last.step.candidate) : null;
  return other === null ? null : attempt(view, other, { because: "rotate", skipped: [] });
}

/** A repeat that its provider's budget does not allow (decision 21): the one who looks for it finds it among what was passed over. */
function overBudget({ candidate, credential }: AttemptStep): Skip {
  return { target: candidate.target.id, credential: credential.id, reason: "budget", until: null };
}

function attempt(view: View, pick: Picked, why: Pick<AttemptStep, "because" | "skipped">): AttemptStep {
  const { candidate, credential, probe, repeat, commitMsMax } = pick;
  const { because, skipped } = why;
  const remedies = view.learned(candidate.target);
  return { do: "attempt", because, candidate, credential, remedies, probe, repeat, commitMsMax, skipped };
}

function fail(said: Failure, why: FailStep["why"], skipped: readonly Skip[]): FailStep {
  return { do: "fail", failure: said, why, skipped };
}

/** The attempt that ended last; attempts may overlap when they are hedged. */
function lastEnded(tried: readonly Tried[]): Ended | null {
  let last: Tried | null = null;
  for (const each of tried) {
    if (each.failure !== null && (last === null || (each.endedAt ?? 0) >= (last.endedAt ?? 0))) last = each;
  }
  return last as Ended | null;
}

/** How many more credentials of the same target the reason is worth (decision 19). */
function rotationsLeft({ plan, tried, last }: Past, disposition: Disposition): number {
  if (disposition.rotate === "all") return Number.POSITIVE_INFINITY;
  const { target } = last.step.candidate;
  const rotated = tried.filter(({ step }) => step.because === "rotate" && step.candidate.target === target).length;
  return (plan.limits.rotations[disposition.reason] ?? disposition.rotate) - rotated;
}

/** The last well-formed empty answer: it is sent when no candidate does better, however that comes out (decision 13). */
function emptyAnswerOf(tried: readonly Tried[]): Failure | null {
  return tried.findLast(({ failure: each }) => each !== null && each.emptyAnswer !== null)?.failure ?? null;
}

/** An empty answer beats an error; else the last attempt that reached a provider speaks for the chain. */
function giveUp(of: Case, why: FailStep["why"], skipped: readonly Skip[]): FailStep {
  const failures = of.tried.flatMap((each) => (each.failure === null ? [] : [each.failure]));
  const empty = emptyAnswerOf(of.tried);
  const reached = failures.findLast(({ phase }) => phase !== "connect" && phase !== "request");
  const said = empty ?? reached ?? failures.at(-1) ?? failure("internal", "No attempt was made.");
  const { status } = dispositionOf(said.kind);
  if (status !== 429 && status !== 503) return fail(said, why, skipped);
  return fail({ ...said, retryAfterMs: soonest(of) }, why, skipped);
}

/** Until the first candidate of the plan recovers, in milliseconds: a true `Retry-After`. */
function soonest({ plan, view }: Pick<Case, "plan" | "view">): number {
  let soonMs = Number.POSITIVE_INFINITY;
  for (const { target } of askable(plan, view)) {
    for (const credential of target.credentials) {
      const standing = view.standing(target, credential);
      const waitMs = standing.is === "out" ? standing.until - view.now : SOON_MS;
      soonMs = Math.min(soonMs, waitMs);
    }
  }
  return Math.max(SOON_MS, soonMs);
}
