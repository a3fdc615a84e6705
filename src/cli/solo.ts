// A configuration in which there is one model with one credential: for questions whose answer must be that one's.
import type { Credential, Snapshot, Target } from "../core/snapshot.ts";
import { someAgentIn } from "./usual-agent.ts";

/** The same configuration with this target as the only candidate, asked once. */
export function solo(snapshot: Snapshot, target: Target, credential: Credential | null): Snapshot {
  const agent = someAgentIn(snapshot);
  if (agent === null) throw new Error("a configuration without an agent");
  const only = credential === null ? target : { ...target, credentials: [credential] };
  const chain = [only];
  return {
    ...snapshot,
    agents: new Map([
      [agent.id, { ...agent, chain, imageChain: [], allowed: null, fill: {}, fillByTarget: new Map() }],
    ]),
    defaultAgent: agent.id,
    behaviour: { ...snapshot.behaviour, attemptsMax: 1, hedge: null },
  };
}
