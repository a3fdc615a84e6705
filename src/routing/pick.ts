// Which candidate and which of its credentials come next: healthy ones in the order of the plan, then cooling ones by their recovery
// (decisions 17 to 19, 21). Pure.
import type { Candidate, Plan } from "../core/plan.ts";
import type { Credential } from "../core/snapshot.ts";
import type { Standing } from "../core/standing.ts";
import type { AttemptStep, Skip, Tried } from "../core/step.ts";
import type { View } from "./decide.ts";
import { isLarger, overflowed } from "./overflow.ts";

/** What is picked. */
export type Pick = Omit<AttemptStep, "do" | "because" | "remedies" | "skipped">;

/** What is picked from. */
export interface Choice {
  readonly plan: Plan;
  readonly tried: readonly Tried[];
  readonly view: View;
}

/** A probe made while another candidate is healthy must not keep the client waiting (decision 18). */
export const PROBE_COMMIT_MS_MAX = 10_000;

const NONE: readonly Skip[] = [];

/** A candidate with the credential that stands best. */
interface Option {
  readonly candidate: Candidate;
  readonly credential: Credential;
  readonly standing: Standing;
  readonly repeat: boolean;
}

/** An option that is not ready. */
interface OutOption extends Option {
  readonly standing: Extract<Standing, { is: "out" }>;
}

/** A candidate before its credential is chosen. */
type Asked = Omit<Option, "credential" | "standing">;

/**
 * The candidates that may be asked: where the model must not change, only the first is; and what was learned to lack a need is passed
 * over as if the file said so, while another has it (decision 12).
 */
export function askable({ candidates, limits }: Plan, view: View): readonly Candidate[] {
  if (!limits.failsOver) return candidates.slice(0, 1);
  if (!candidates.some(({ target }) => view.lacks(target))) return candidates;
  const able = candidates.filter(({ target }) => !view.lacks(target));
  return able.length === 0 ? candidates : able;
}

/** The next untried target, or null with the reasons why each was passed over. */
export function pickNext(choice: Choice): {
  readonly pick: Pick | null;
  readonly skipped: readonly Skip[];
} {
  const first = firstReady(choice);
  if (first !== null) return { pick: picked(first, null), skipped: NONE };
  const skipped: Skip[] = [];
  const cooling: OutOption[] = [];
  let probe: Option | null = null;
  for (const option of options(choice, skipped)) {
    if (isOut(option)) cooling.push(option);
    else if (option.standing.is === "probe") probe ??= option;
    // A half-open target that stands first is asked first, but not for long: this one is healthy.
    else
      return {
        pick: picked(probe ?? option, probe === null ? null : PROBE_COMMIT_MS_MAX),
        skipped: [...skipped, ...cooling.map(skip)],
      };
  }
  const last = probe ?? soonestProbe(cooling);
  const others = cooling.filter((each) => each !== last).map(skip);
  return { pick: last === null ? null : picked(last, null), skipped: [...skipped, ...others] };
}

/** What nearly every request takes, without a list of what else there is: the candidate that stands first, where nothing is tried yet. */
function firstReady({ plan, tried, view }: Choice): Option | null {
  const candidate = tried.length === 0 ? askable(plan, view)[0] : undefined;
  if (candidate === undefined || view.isFull(candidate.target)) return null;
  const option = bestOption(view, { candidate, repeat: false });
  return option?.standing.is === "ready" ? option : null;
}

/** Another credential of the same target, ready and untried; null when there is none. Whether its provider's budget allows it is not asked. */
export function pickOther({ tried, view }: Choice, candidate: Candidate): Pick | null {
  const { target } = candidate;
  if (view.isFull(target)) return null;
  const used = new Set(tried.filter(({ step }) => step.candidate.target === target).map(({ step }) => step.credential));
  const credential = view.order(target).find((each) => !used.has(each) && view.standing(target, each).is === "ready");
  if (credential === undefined) return null;
  return { candidate, credential, probe: false, repeat: true, commitMsMax: null };
}

/** Untried targets that could take the request, each with its best credential; those that could not are noted. */
function* options({ plan, tried, view }: Choice, skipped: Skip[]): Generator<Option> {
  const largerThan = overflowed(tried);
  for (const candidate of askable(plan, view)) {
    const { target } = candidate;
    if (tried.some(({ step }) => step.candidate.target === target)) continue;
    if (!isLarger(target, largerThan)) continue;
    const repeat = tried.some(({ step }) => step.candidate.target.provider === target.provider);
    const option = bestOption(view, { candidate, repeat });
    if (option === null) continue;
    const closed = view.isFull(target) ? "full" : repeat && !view.mayRepeat(target.provider) ? "budget" : null;
    if (closed === null) yield option;
    else skipped.push({ target: target.id, credential: null, reason: closed, until: null });
  }
}

/** The first ready credential, else the first that may probe, else the one that recovers first. */
function bestOption(view: View, of: Asked): Option | null {
  let best: Option | null = null;
  const { candidate, repeat } = of;
  for (const credential of view.order(candidate.target)) {
    const standing = view.standing(candidate.target, credential);
    const option = { candidate, credential, standing, repeat };
    if (standing.is === "ready") return option;
    if (best === null || isBetter(option.standing, best.standing)) best = option;
  }
  return best;
}

/** Orders what is not ready: what may be asked all the same goes first, then the sooner the better. */
function isBetter(one: Standing, other: Standing): boolean {
  if (one.is !== "out") return other.is === "out";
  if (other.is !== "out") return false;
  return one.mayProbe === other.mayProbe ? one.until < other.until : one.mayProbe;
}

/** Of the cooling ones the first to recover, where one request may find out (decision 18). */
function soonestProbe(cooling: readonly OutOption[]): OutOption | null {
  let soonest: OutOption | null = null;
  for (const option of cooling) {
    if (!option.standing.mayProbe) continue;
    if (soonest === null || isBetter(option.standing, soonest.standing)) soonest = option;
  }
  return soonest;
}

function picked({ candidate, credential, standing, repeat }: Option, commitMsMax: number | null): Pick {
  return { candidate, credential, probe: standing.is !== "ready", repeat, commitMsMax };
}

function skip({ candidate, credential, standing: { reason, until } }: OutOption): Skip {
  return { target: candidate.target.id, credential: credential.id, reason, until };
}

function isOut(option: Option): option is OutOption {
  return option.standing.is === "out";
}
