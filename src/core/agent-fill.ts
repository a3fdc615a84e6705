// What an agent gives to requests for a target that leave it out.
import type { JsonObject } from "./json.ts";
import type { Agent, Target } from "./snapshot.ts";

/** The agent's own params, with those that it has for this target beneath them. Always the same object for the same two. */
export function agentFillOf(agent: Agent, { id }: Target): JsonObject {
  if (agent.fillByTarget.size === 0) return agent.fill;
  return agent.fillByTarget.get(id.toLowerCase()) ?? agent.fill;
}
