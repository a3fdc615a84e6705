// The attempt loop: ask, do, report, remember. All policy is in routing/decide.
import type { AttemptStep, FailStep, Step } from "../core/step.ts";
import { decide } from "../routing/decide.ts";
import type { Run } from "./run.ts";

/** Tries until an answer is committed (null) or nothing is left to try. */
export async function failover(run: Run): Promise<FailStep | null> {
  while (!run.committed) {
    const step = decide(run.plan, run.tried, run.view);
    if (step.do === "wait") {
      await run.happening(step.until);
      continue;
    }
    if (step.do === "attempt" && step.probe && !(await mayProbe(run, step))) continue;
    run.tellDecision(step);
    if (step.do === "fail") return step;
    run.start(step);
  }
  return null;
}

/**
 * One probe at a time, over all processes (decision 18). Whoever is told no sees by then who is at it, and decides anew; so does whoever
 * finds the world changed by what was heard meanwhile, or its client gone.
 */
async function mayProbe(run: Run, step: AttemptStep): Promise<boolean> {
  const { mayProbe: ask, health } = run.services;
  if (ask === undefined) return true;
  const subject = { target: step.candidate.target.id, fingerprint: step.credential.fingerprint };
  const release = health.holdProbe(subject);
  const isGranted = await ask(subject);
  release();
  if (!isGranted) return false;
  if (isSameProbe(step, decide(run.plan, run.tried, run.view))) return true;
  health.leaveProbe(subject);
  return false;
}

function isSameProbe({ candidate, credential }: AttemptStep, now: Step): boolean {
  return now.do === "attempt" && now.probe && now.candidate === candidate && now.credential === credential;
}
