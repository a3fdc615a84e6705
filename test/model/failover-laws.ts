// What must hold at every step, whatever the model of the policy says: laws that a reader can check against the decisions one by one.
import type { AttemptStep, FailStep, Tried, WaitStep } from "../../src/core/step.ts";
import { type FailoverWorld, type Sim, USELESS } from "./failover-world.ts";
import { meaningOf } from "./meaning.ts";

function law(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(`broken: ${sentence}`);
}

/** Laws of beginning an attempt. */
export function checkAttempt(world: FailoverWorld, sim: Sim, step: AttemptStep): void {
  const { plan, tried, over, winner, ends } = sim;
  const { target } = step.candidate;
  const { now } = world;
  const isReplay = step.because === "replay";
  const isRemedy = step.because === "repair";
  law(over === null && winner === null && ends === 0, "no attempt after a cancel, a commit or the end");
  law(now < plan.limits.deadlineAt, "no attempt after the deadline");
  law(
    tried.every(({ failure }) => failure === null || meaningOf(failure.kind).advances !== "never"),
    "nothing follows what is final",
  );
  const counted = tried.filter(({ step: each }) => each.because !== "replay").length;
  law(isReplay || counted < plan.limits.attemptsMax, "attempts are bounded");
  law(tried.length <= plan.limits.attemptsMax, "a replay is the only attempt beyond the bound");
  law(plan.limits.failsOver || target === plan.candidates[0]?.target, "the model does not change where it must not");
  law(
    isReplay ||
      isRemedy ||
      tried.every(({ step: each }) => each.credential !== step.credential || each.candidate.target !== target),
    "nothing is tried twice",
  );
  law(!isReplay || tried.every(({ step: each }) => each.because !== "replay"), "one replay a request");
  law(isReplay || !world.health.isFull(target), "no attempt at a full provider");
  if (isRemedy) checkRemedy(sim, step);
  checkProbe(world, step);
  checkRepeat(world, sim, step);
  checkHedge(world, sim, step);
}

function checkRemedy({ plan, tried }: Sim, step: AttemptStep): void {
  const { target } = step.candidate;
  const here = tried.filter(({ step: each }) => each.candidate.target === target);
  const last = here.at(-1);
  law(plan.limits.heals, "nothing is healed where that is switched off");
  law(
    here.every(({ step: each }) => each.because !== "repair"),
    "one remedy a target and request",
  );
  law((last?.failure?.remedies.length ?? 0) > 0, "a remedy follows a complaint of its target");
  const fresh = step.remedies.filter((name) => last?.step.remedies.includes(name) !== true);
  law(fresh.length > 0 && !fresh.includes(USELESS), "a remedy changes the request");
  law(
    fresh.every((name) => last?.failure?.remedies.includes(name)),
    "a remedy changes what was complained of and nothing else",
  );
}

function checkProbe({ model, now }: FailoverWorld, step: AttemptStep): void {
  const { target } = step.candidate;
  const { fingerprint } = step.credential;
  const isReplay = step.because === "replay";
  // A replay is its probe's second half; between the two another request may have begun to find out.
  law(isReplay || !step.probe || model.probing(target.id) === 0, "one probe at a time at a target");
  for (const name of [`model ${target.id}`, `key ${fingerprint} on ${target.id}`, `key ${fingerprint}`]) {
    law(isReplay || model.windows.get(name)?.mustWait(now) !== true, "no attempt before a stated wait has passed");
    law(step.probe || isReplay || model.windows.get(name)?.isCooling(now) !== true, "what cools is only probed");
  }
  const state = model.breakers.get(target.id)?.at(now) ?? "closed";
  law(step.probe || isReplay || state === "closed" || state.startsWith("ramp"), "what is broken is only probed");
  const inflight = model.running((ref) => ref.target.id === target.id);
  law(step.probe || isReplay || inflight < model.allowed(target, now), "no more at once than the ramp allows");
}

function checkRepeat({ model, now }: FailoverWorld, { plan, tried }: Sim, step: AttemptStep): void {
  const { provider } = step.candidate.target;
  const isRepeat = tried.some(({ step: each }) => each.candidate.target.provider === provider);
  law(step.because === "replay" || step.repeat === isRepeat, "a repeat is known as one");
  const isPaid = model.mayRepeat(provider, plan.limits.sameProviderShare, now);
  law(step.because === "replay" || !isRepeat || isPaid, "repeats stay within their budget");
}

function checkHedge({ hedgesPaid, hedges }: FailoverWorld, { tried }: Sim, step: AttemptStep): void {
  const running = tried.filter(({ failure }) => failure === null);
  law(running.length === 0 || step.because === "hedge", "attempts do not run side by side but for hedges");
  if (step.because !== "hedge") return;
  law(running.length === 1 && isOther(step, tried), "one hedge, at another provider");
  law(
    tried.every(({ step: each }) => each.because !== "hedge"),
    "one hedge a request",
  );
  law(hedges + 1 <= hedgesPaid + 1e-6, "hedges are a share of requests");
}

function isOther(step: AttemptStep, tried: readonly Tried[]): boolean {
  return tried.every(({ step: each }) => each.candidate.target.provider !== step.candidate.target.provider);
}

/** Laws of waiting. */
export function checkWait({ tried }: Sim, { until }: WaitStep, now: number): void {
  law(until === null || until > now, "a wait has an end that is to come");
  law(
    until !== null || tried.some(({ failure }) => failure === null),
    "nothing is waited for without end but what is under way",
  );
}

/** Laws of ending. */
export function checkEnd({ model }: FailoverWorld, { plan, tried, ends }: Sim, step: FailStep): void {
  law(ends === 1, "a request ends once");
  law(tried.every(({ failure }) => failure !== null) || step.why === "over", "a request ends after its attempts");
  if (step.why === "over" || step.why === "final" || step.why === "attempts") return;
  if (!plan.limits.failsOver || tried.some(({ failure }) => failure?.kind === "context-overflow")) return;
  for (const { target } of plan.candidates) {
    const isTried = tried.some((each) => each.step.candidate.target === target);
    const neverFailed = model.breakers.get(target.id)?.everFailed !== true && !hasCooled(model, target.id);
    const keysNeverFailed = target.credentials.every(({ fingerprint }) => !hasCooled(model, `key ${fingerprint}`));
    const isRepeat = tried.some((each) => each.step.candidate.target.provider === target.provider);
    // As if the file said so: another candidate has what this one lacks, and is worth waiting for (decision 12).
    const lacks = plan.limits.heals && model.learned(target).includes("no-tools");
    law(
      isTried || isRepeat || lacks || model.isFull(target) || !neverFailed || !keysNeverFailed,
      `${target.id} never failed and was not tried`,
    );
  }
  law(
    step.why !== "all-cooling" || (step.failure.retryAfterMs ?? 0) >= 1_000,
    "who is sent away is told when to come back",
  );
}

function hasCooled({ windows }: FailoverWorld["model"], name: string): boolean {
  return [...windows.keys()].some((each) => each.includes(name));
}
