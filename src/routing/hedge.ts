// While an attempt is under way: wait, or ask a second provider when the first has been silent for too long (decision 21). Pure.
import type { Plan } from "../core/plan.ts";
import type { Step, Tried } from "../core/step.ts";
import type { View } from "./decide.ts";
import { isLarger, overflowed } from "./overflow.ts";
import { askable } from "./pick.ts";

const UNTIL_SOMETHING_HAPPENS: Step = { do: "wait", until: null };

/** Waits, or hedges: once a request, only to another provider that is ready and has a free slot. */
export function hedge(plan: Plan, tried: readonly Tried[], view: View): Step {
  const { hedge: settings, failsOver, attemptsMax } = plan.limits;
  const running = tried[tried.length - 1];
  const hedged = tried.some(({ step }) => step.because === "hedge");
  if (settings === null || running === undefined || !failsOver || hedged) return UNTIL_SOMETHING_HAPPENS;
  const at = running.startedAt + settings.afterMs;
  if (view.now < at) return { do: "wait", until: at };
  if (!view.mayHedge || tried.length >= attemptsMax) return UNTIL_SOMETHING_HAPPENS;
  const asked = new Set(tried.map(({ step }) => step.candidate.target.provider));
  const largerThan = overflowed(tried);
  for (const candidate of askable(plan, view)) {
    const { target } = candidate;
    if (asked.has(target.provider) || view.isFull(target) || !isLarger(target, largerThan)) continue;
    const credential = view.order(target).find((each) => view.standing(target, each).is === "ready");
    if (credential === undefined) continue;
    return {
      do: "attempt",
      because: "hedge",
      candidate,
      credential,
      remedies: view.learned(target),
      probe: false,
      repeat: false,
      commitMsMax: null,
      skipped: [],
    };
  }
  return UNTIL_SOMETHING_HAPPENS;
}
