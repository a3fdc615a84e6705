// The agent that a command is about when none is named.
import type { Agent, Snapshot } from "../core/snapshot.ts";

/** The default agent; null where the file names several and none for all. */
export function defaultAgentIn({ agents, defaultAgent }: Snapshot): Agent | null {
  return defaultAgent === null ? null : (agents.get(defaultAgent) ?? null);
}

/** Some agent where any will do: the default one, else the first. */
export function someAgentIn(snapshot: Snapshot): Agent | null {
  return defaultAgentIn(snapshot) ?? snapshot.agents.values().next().value ?? null;
}

/** The model name of a request for which any agent will do. */
export function anyAgentsName(snapshot: Snapshot): string {
  return snapshot.defaultAgent === null ? `openclaw/${someAgentIn(snapshot)?.id ?? ""}` : "openclaw";
}

/** What is said where one has to be named. */
export function nameOne({ agents }: Snapshot): string {
  return `the configuration has several agents and none for all: ${[...agents.keys()].join(", ")}`;
}
