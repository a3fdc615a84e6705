// The agent that a command is about when none is named.
import { allowsModel } from "../core/allowed-models.ts";
import type { Agent, Snapshot } from "../core/snapshot.ts";
import { findTarget } from "../routing/resolve.ts";

/** The default agent; null where the file names several and none for all. */
export function defaultAgentIn({ agents, defaultAgent }: Snapshot): Agent | null {
  return defaultAgent === null ? null : (agents.get(defaultAgent) ?? null);
}

/** Some agent where any will do: the default one, else the first. */
export function someAgentIn(snapshot: Snapshot): Agent | null {
  return defaultAgentIn(snapshot) ?? snapshot.agents.values().next().value ?? null;
}

/** The model name of a request for which any agent will do; any that may be asked for this model, where one is selected. */
export function anyAgentsName(snapshot: Snapshot, selected: string | null = null): string {
  if (snapshot.defaultAgent !== null) return "openclaw";
  const id = selected === null ? null : (findTarget(snapshot, selected)?.id ?? selected);
  const agents = [...snapshot.agents.values()];
  const able = id === null ? agents : agents.filter(({ allowed }) => allowed === null || allowsModel(allowed, id));
  return `openclaw/${(able[0] ?? agents[0])?.id ?? ""}`;
}

/** What is said where one has to be named. */
export function nameOne({ agents }: Snapshot): string {
  return `the configuration has several agents and none for all: ${[...agents.keys()].join(", ")}`;
}
