// The attempt loop: ask, do, report, remember. All policy is in routing/decide.
import type { AttemptStep, FailStep } from "../core/step.ts";
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

/** One probe at a time, over all processes (decision 18). Whoever is told no sees by then who is at it, and decides anew. */
async function mayProbe({ services }: Run, { candidate, credential }: AttemptStep): Promise<boolean> {
  if (services.mayProbe === undefined) return true;
  return services.mayProbe({ target: candidate.target.id, fingerprint: credential.fingerprint });
}
