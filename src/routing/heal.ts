// Asking the same target again with a request that it can take: what it complained of is changed, once a request (decision 20). Pure.
import type { Failure } from "../core/failure.ts";
import { REMEDIES } from "../core/remedy.ts";
import type { AttemptStep, Tried } from "../core/step.ts";
import type { Choice } from "./pick.ts";

/**
 * The repeat that the last failure is worth; null when it names no remedy, this target was healed before, or nothing would change. Whether its
 * provider's budget allows it is not asked.
 */
export function heal({ plan, tried, view }: Choice, last: Tried & { readonly failure: Failure }): AttemptStep | null {
  const { step, failure } = last;
  const { target } = step.candidate;
  if (!plan.limits.heals || failure.remedies.length === 0) return null;
  if (tried.some(({ step: each }) => each.because === "repair" && each.candidate.target === target)) return null;
  if (view.isFull(target)) return null;
  const standing = view.standing(target, step.credential);
  if (standing.is === "out") return null;
  const unused = failure.remedies.filter((name) => !step.remedies.includes(name));
  const helpful = unused.length === 0 ? unused : view.helpful(step, unused);
  if (helpful.length === 0) return null;
  const remedies = [...step.remedies, ...helpful];
  const probe = standing.is === "probe";
  return { ...step, because: "repair", remedies, probe, repeat: true, skipped: [] };
}

/** True when the changed request would lack what it needs: another candidate that has it goes first (decision 12). */
export function takesNeed({ remedies }: AttemptStep): boolean {
  return remedies.some((name) => REMEDIES[name].takes !== null);
}
