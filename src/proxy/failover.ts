// The attempt loop: ask, do, report, remember. All policy is in routing/decide.
import { decide, type FailStep } from "../routing/decide.ts";
import type { Run } from "./run.ts";

/** Tries until an answer is committed (null) or nothing is left to try. */
export async function failover(run: Run): Promise<FailStep | null> {
  while (!run.committed) {
    const step = decide(run.plan, run.tried, run);
    if (step.do === "fail") return step;
    if (step.do === "attempt") run.start(step);
    else await run.happening();
  }
  return null;
}
