// Says where an agent's deadline ends a request before its first provider counts as silent: then one that hangs is never failed over.
import type { Agent } from "../core/snapshot.ts";
import type { KeyPath } from "./key-path.ts";
import type { Report } from "./report.ts";
import type { Config } from "./schema/root.ts";

const STREAM_CLOCK = ["a streamed answer", "commitMs"] as const;
const WHOLE_CLOCK = ["a whole answer", "wholeMs"] as const;

/** One warning for the deadline, naming the first agent whose fallbacks it keeps from ever being asked. */
export function reportDeadlines(agents: readonly Agent[], config: Config, report: Report): void {
  for (const { id, chain, deadlineMs } of agents) {
    const [first] = chain;
    if (first === undefined || chain.length < 2) continue;
    const late = [STREAM_CLOCK, WHOLE_CLOCK].find(([, clock]) => first.timeouts[clock] >= deadlineMs);
    if (late === undefined) continue;
    const [answer, clock] = late;
    const message =
      `${seconds(deadlineMs)} end a request of agent "${id}" before ${first.id} has used its ${seconds(first.timeouts[clock])} for ` +
      `${answer}: when it hangs, no fallback is asked; give the provider less (timeoutSeconds) or the request more`;
    report({ severity: "warning", code: "deadline_before_failover", path: pathOf(config), message });
    return;
  }
}

/** The shorter of the two that make the deadline. */
function pathOf({ agents, edge }: Config): KeyPath {
  return agents.defaults.timeoutSeconds <= edge.timeouts.deadlineSeconds
    ? ["agents", "defaults", "timeoutSeconds"]
    : ["edge", "timeouts", "deadlineSeconds"];
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
