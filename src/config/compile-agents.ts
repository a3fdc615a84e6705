// Agents: what `openclaw/<id>` resolves to. Chains are flattened here, so that a request only walks them.
import type { Agent, Target } from "../core/snapshot.ts";
import {
  commonMemoryOf,
  defaultAgentOf,
  IMPLICIT_AGENT,
  ownMemoryOf,
  type RosteredAgent,
  rosterOf,
} from "./agent-roster.ts";
import { type Choice, choiceOf, MentionReader, overlaid } from "./compile-chain.ts";
import { fillOf, paramsByTarget } from "./fill.ts";
import { contextWindowOf, WINDOW_CODES, WINDOW_TOO_SMALL, windowWords } from "./context-window.ts";
import type { JsonObject } from "../core/json.ts";
import { memoryOver, memoryTarget } from "./compile-memory.ts";
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { ModelList } from "./model-list.ts";
import { allowedBy, type Policy, writtenPolicy } from "./model-policy.ts";
import type { ModelNames } from "./model-names.ts";
import type { FrameContext } from "./provider-frame.ts";
import type { Config } from "./schema/root.ts";
import type { AgentConfig } from "./schema/agents.ts";
import type { TargetBook } from "./target-book.ts";

/** What agents are compiled with. */
export interface AgentContext {
  readonly config: Config;
  readonly frames: FrameContext;
  readonly book: TargetBook;
  readonly names: ModelNames;
  readonly list: ModelList;
  /** What may be selected, of agents that say nothing of it. */
  readonly policy: Policy;
  /** The primary when the file names none; null when nothing is configured. */
  readonly fallbackPrimary: Target | null;
}

/** All agents by id, and which one answers to `openclaw`. */
export interface CompiledAgents {
  readonly agents: ReadonlyMap<string, Agent>;
  /** Null where several could be meant. */
  readonly defaultAgent: string | null;
}

const DEFAULTS_PATH: KeyPath = ["agents", "defaults"];

/** What all agents share, resolved once. */
interface Common {
  readonly context: AgentContext;
  readonly reader: MentionReader;
  readonly model: Choice;
  readonly imageChain: readonly Target[];
  readonly imageMsMax: number | null;
  readonly embeddings: Target | null;
  readonly deadlineMs: number;
}

function commonOf(context: AgentContext): Common {
  const { config, names, frames, book } = context;
  const { defaults } = config.agents;
  const reader = new MentionReader(names, frames.report);
  const memory = commonMemoryOf(config);
  const image = choiceOf(defaults.imageModel, [...DEFAULTS_PATH, "imageModel"]);
  return {
    context,
    reader,
    model: choiceOf(defaults.model, [...DEFAULTS_PATH, "model"]),
    imageChain: reader.chain(image),
    imageMsMax: image.timeoutMs,
    embeddings: memoryTarget(memory.written, { path: memory.path, book, context: frames }),
    deadlineMs: Math.min(defaults.timeoutSeconds, config.edge.timeouts.deadlineSeconds) * 1000,
  };
}

/** A file that names no primary means the first model that it configures (OpenClaw §3.1). */
function chainFor(choice: Choice, { reader, context }: Common): readonly Target[] {
  const written = reader.chain(choice);
  if (choice.primary !== null || context.fallbackPrimary === null) return written;
  return [...new Set([context.fallbackPrimary, ...written])];
}

function compileAgent(rostered: RosteredAgent, common: Common): Agent {
  const { context, model } = common;
  const { id, agent, path } = rostered;
  const choice = overlaid(choiceOf(agent.model, [...path, "model"]), model);
  const chain = chainFor(choice, common);
  const { imageChain } = common;
  return {
    id,
    name: agent.name ?? null,
    chain,
    imageChain,
    embeddings: embeddingsFor(rostered, common),
    allowed: allowedBy(policyFor(rostered, context), chain),
    deadlineMs: common.deadlineMs,
    attemptMsMax: { chain: choice.timeoutMs, image: common.imageMsMax },
    tooSmall: tooSmallFor(agent, [...chain, ...imageChain, ...context.list.targets], { path, context }),
    fill: fillFor(agent, context),
    fillByTarget: fillByTarget(agent, context),
  };
}

/** An agent's own rule stands in place of the common one. */
function policyFor({ agent, path }: RosteredAgent, { names, frames, policy }: AgentContext): Policy {
  if (agent.modelPolicy?.allow === undefined) return policy;
  return writtenPolicy(agent.modelPolicy, { path: [...path, "modelPolicy"], names, report: frames.report });
}

function embeddingsFor(rostered: RosteredAgent, { context, embeddings }: Common): Target | null {
  const { config, book, frames } = context;
  const { written, path } = ownMemoryOf(rostered);
  if (written === undefined) return embeddings;
  return memoryTarget(memoryOver(written, commonMemoryOf(config).written), { path, book, context: frames });
}

/** Judges contexts under the agent's own cap, and says which are low or too small at the key that lowers them. */
function tooSmallFor(
  agent: AgentConfig,
  targets: readonly Target[],
  { path, context }: { readonly path: KeyPath; readonly context: AgentContext },
): ReadonlySet<string> {
  const { contextTokens } = agent;
  const common = context.frames.contextTokensMax;
  const tooSmall = new Set<string>();
  if (contextTokens === undefined || (common !== null && common <= contextTokens)) return tooSmall;
  for (const target of new Set(targets)) {
    const window = contextWindowOf(target.stated, contextTokens);
    // What is small without the cap is said of the model, once for all agents.
    if (window === null || window.verdict === "ok" || window.source !== "agentContextTokens") continue;
    if (window.verdict === "too-small") tooSmall.add(target.id.toLowerCase());
    const code = WINDOW_CODES[window.verdict];
    const at = [...path, "contextTokens"];
    context.frames.report({
      severity: "warning",
      code,
      path: at,
      message: windowWords(target, window, formatKeyPath(at)),
    });
  }
  return tooSmall;
}

/** The agent's own params, and the reasoning level that it has or all agents share. */
function fillFor(agent: AgentConfig, { config }: AgentContext): JsonObject {
  const thinkingDefault = agent.thinkingDefault ?? config.agents.defaults.thinkingDefault;
  return { ...fillOf(agent.params), ...(thinkingDefault === undefined ? {} : { thinkingDefault }) };
}

/** What the agent's own model list gives to requests for single models, with what it gives to all of them laid over. */
function fillByTarget(agent: AgentConfig, context: AgentContext): ReadonlyMap<string, JsonObject> {
  const own = fillFor(agent, context);
  const entries = paramsByTarget(agent.models ?? {});
  return new Map([...entries].map(([id, params]) => [id, { ...fillOf(params), ...own }]));
}

function reportUnusable(agent: Agent, { path }: RosteredAgent, { frames }: AgentContext): void {
  const why = ({ id, unavailable }: Target): string | null =>
    unavailable ?? (agent.tooSmall.has(id.toLowerCase()) ? WINDOW_TOO_SMALL : null);
  if (agent.chain.some((target) => why(target) === null)) return;
  const reasons = agent.chain.map((target) => `${target.id}: ${why(target)}`).join(", ");
  const because = agent.chain.length === 0 ? "no model is configured" : reasons;
  frames.report({
    code: "agent_unusable",
    path: path === IMPLICIT_AGENT.path ? [...path, "model"] : path,
    message: `no provider can answer for agent "${agent.id}" (${because})`,
  });
}

/** Compiles every agent; one without any usable target is complained of as `agent_unusable`. */
export function compileAgents(context: AgentContext): CompiledAgents {
  const common = commonOf(context);
  const { report } = context.frames;
  const agents = new Map<string, Agent>();
  for (const rostered of rosterOf(context.config.agents)) {
    const compiled = compileAgent(rostered, common);
    if (agents.has(compiled.id)) {
      const message = `is the id of another agent, too: "${compiled.id}"`;
      report({ code: "duplicate", path: rostered.idPath, message });
    } else agents.set(compiled.id, compiled);
    reportUnusable(compiled, rostered, context);
  }
  return { agents, defaultAgent: defaultAgentOf(context.config.agents, report) };
}
