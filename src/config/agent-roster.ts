// The agents of a file in one shape, whichever way they are written: by id (`agents.entries`) or as a list (`agents.list`, up to 2026.5).
import { agentIdOf, MAIN_AGENT } from "./agent-id.ts";
import type { KeyPath } from "./key-path.ts";
import { nearest } from "./nearest.ts";
import type { Report } from "./report.ts";
import type { AgentConfig } from "./schema/agents.ts";
import type { Config } from "./schema/root.ts";

type AgentsConfig = Config["agents"];

/** One agent as written, with its place. */
export interface RosteredAgent {
  /** Normalised. */
  readonly id: string;
  readonly agent: AgentConfig;
  readonly path: KeyPath;
  /** Where its id stands. */
  readonly idPath: KeyPath;
}

/** A way to write agents. */
interface Notation {
  readonly key: "entries" | "list";
  readonly agentsOf: (agents: AgentsConfig) => readonly RosteredAgent[];
  /** True where the first agent answers for all when none is marked. */
  readonly firstIsDefault: boolean;
}

/** TABLE: the notations; a file has one of them. */
const NOTATIONS: readonly Notation[] = [
  {
    key: "entries",
    agentsOf: ({ entries = {} }) =>
      Object.entries(entries).map(([key, agent]) => {
        const path = ["agents", "entries", key];
        return { id: agentIdOf(key), agent, path, idPath: path };
      }),
    firstIsDefault: false,
  },
  {
    key: "list",
    agentsOf: ({ list = [] }) =>
      list.map((agent, index) => {
        const path = ["agents", "list", index];
        return { id: agentIdOf(agent.id), agent, path, idPath: [...path, "id"] };
      }),
    firstIsDefault: true,
  },
];

/** The one that exists when the file names none. */
export const IMPLICIT_AGENT: RosteredAgent = {
  id: MAIN_AGENT,
  agent: {},
  path: ["agents", "defaults"],
  idPath: ["agents", "defaults"],
};

const notationOf = (agents: AgentsConfig): Notation | undefined =>
  NOTATIONS.find(({ key }) => agents[key] !== undefined);

/** Every agent in the order of the file; at least one. */
export function rosterOf(agents: AgentsConfig): readonly RosteredAgent[] {
  const written = notationOf(agents)?.agentsOf(agents) ?? [];
  return written.length === 0 ? [IMPLICIT_AGENT] : written;
}

/** What an agent itself says of embeddings, with the place: newer files write `memory.search`. */
export function ownMemoryOf({ agent, path }: RosteredAgent) {
  return agent.memory?.search === undefined
    ? { written: agent.memorySearch, path: [...path, "memorySearch"] }
    : { written: agent.memory.search, path: [...path, "memory", "search"] };
}

/** What the file says of embeddings for all agents. */
export function commonMemoryOf({ agents, memory }: Config) {
  return memory.search === undefined
    ? { written: agents.defaults.memorySearch, path: ["agents", "defaults", "memorySearch"] }
    : { written: memory.search, path: ["memory", "search"] };
}

const DESIGNATED: KeyPath = ["agents", "defaults", "systemAgent", "agentId"];

/**
 * The agent of requests that name none; null where several could be meant, which is then said: the wrong one may be another's model, bill
 * and privacy. The marked one, else the only one, else the one that the file designates, else, in a list, the first.
 */
export function defaultAgentOf(agents: AgentsConfig, report: Report): string | null {
  const roster = rosterOf(agents);
  const isExplicit = agents.ownership === "explicit";
  const marked = isExplicit ? [] : roster.filter(({ agent }) => agent.default === true);
  const firstIsDefault = notationOf(agents)?.firstIsDefault === true && !isExplicit;
  if (marked.length > 1 && !firstIsDefault) {
    const path = [...(marked[1]?.path ?? []), "default"];
    report({ code: "duplicate", path, message: `is said of another agent, too: "${marked[0]?.id ?? ""}"` });
  }
  const chosen = marked[0]?.id ?? (roster.length === 1 ? roster[0]?.id : designated(agents, roster, report));
  if (chosen !== undefined) return chosen;
  if (firstIsDefault) return roster[0]?.id ?? null;
  const message =
    "names several agents and none for requests that name none: `openclaw` and `openclaw/default` are refused; write agents.defaults.systemAgent.agentId to have them answered";
  report({ severity: "warning", code: "no_default_agent", path: ["agents"], message });
  return null;
}

function designated({ defaults }: AgentsConfig, roster: readonly RosteredAgent[], report: Report): string | undefined {
  const written = defaults.systemAgent?.agentId;
  if (written === undefined) return undefined;
  const ids = roster.map(({ id }) => id);
  const id = agentIdOf(written);
  if (ids.includes(id)) return id;
  const message = `there is no agent "${written}"`;
  report({ severity: "warning", code: "unknown_agent", path: DESIGNATED, message, suggestion: nearest(id, ids) });
  return undefined;
}
