// Agents: what `openclaw/<id>` resolves to. Chains are flattened here, so that a request only walks them.
import type { Agent, Target } from "../core/snapshot.ts";
import { agentIdOf, MAIN_AGENT } from "./agent-id.ts";
import { type Choice, choiceOf, MentionReader, overlaid } from "./compile-chain.ts";
import { fillOf } from "./fill.ts";
import { contextWindowOf, WINDOW_CODES, WINDOW_TOO_SMALL, windowWords } from "./context-window.ts";
import type { JsonObject } from "../core/json.ts";
import { memoryTarget } from "./compile-memory.ts";
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { ModelList } from "./model-list.ts";
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
  /** The primary when the file names none; null when nothing is configured. */
  readonly fallbackPrimary: Target | null;
}

/** All agents by id, and which one answers to `openclaw`. */
export interface CompiledAgents {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly defaultAgent: string;
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
  const memory = { path: [...DEFAULTS_PATH, "memorySearch"], book, context: frames };
  const image = choiceOf(defaults.imageModel, [...DEFAULTS_PATH, "imageModel"]);
  return {
    context,
    reader,
    model: choiceOf(defaults.model, [...DEFAULTS_PATH, "model"]),
    imageChain: reader.chain(image),
    imageMsMax: image.timeoutMs,
    embeddings: memoryTarget(defaults.memorySearch, memory),
    deadlineMs: Math.min(defaults.timeoutSeconds, config.edge.timeouts.deadlineSeconds) * 1000,
  };
}

/** A file that names no primary means the first model that it configures (OpenClaw §3.1). */
function chainFor(choice: Choice, { reader, context }: Common): readonly Target[] {
  const written = reader.chain(choice);
  if (choice.primary !== null || context.fallbackPrimary === null) return written;
  return [...new Set([context.fallbackPrimary, ...written])];
}

function allowedFor(chain: readonly Target[], list: ModelList): ReadonlySet<string> | null {
  return list === null ? null : new Set([...list, ...chain].map(({ id }) => id.toLowerCase()));
}

/** `index` is the agent's place in the list; null for the implicit one. */
function compileAgent(agent: AgentConfig, index: number | null, common: Common): Agent {
  const { context, model } = common;
  const path = index === null ? DEFAULTS_PATH : ["agents", "list", index];
  const choice = overlaid(choiceOf(agent.model, [...path, "model"]), model);
  const chain = chainFor(choice, common);
  const { imageChain } = common;
  const memory = { path: [...path, "memorySearch"], book: context.book, context: context.frames };
  return {
    id: agentIdOf(agent.id),
    name: agent.name ?? null,
    chain,
    imageChain,
    embeddings: agent.memorySearch === undefined ? common.embeddings : memoryTarget(agent.memorySearch, memory),
    allowed: allowedFor(chain, context.list),
    deadlineMs: common.deadlineMs,
    attemptMsMax: { chain: choice.timeoutMs, image: common.imageMsMax },
    tooSmall: tooSmallFor(agent, [...chain, ...imageChain, ...(context.list ?? [])], { path, context }),
    fill: fillFor(agent, context),
  };
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

function reportUnusable(agent: Agent, index: number | null, { frames }: AgentContext): void {
  const why = ({ id, unavailable }: Target): string | null =>
    unavailable ?? (agent.tooSmall.has(id.toLowerCase()) ? WINDOW_TOO_SMALL : null);
  if (agent.chain.some((target) => why(target) === null)) return;
  const reasons = agent.chain.map((target) => `${target.id}: ${why(target)}`).join(", ");
  const because = agent.chain.length === 0 ? "no model is configured" : reasons;
  const path = index === null ? [...DEFAULTS_PATH, "model"] : ["agents", "list", index];
  frames.report({
    code: "agent_unusable",
    path,
    message: `no provider can answer for agent "${agent.id}" (${because})`,
  });
}

/** Compiles every agent; one without any usable target is complained of as `agent_unusable`. */
export function compileAgents(context: AgentContext): CompiledAgents {
  const { list } = context.config.agents;
  const common = commonOf(context);
  const entries =
    list.length === 0 ? [{ agent: { id: MAIN_AGENT }, index: null }] : list.map((agent, index) => ({ agent, index }));
  const agents = new Map<string, Agent>();
  for (const { agent, index } of entries) {
    const compiled = compileAgent(agent, index, common);
    if (agents.has(compiled.id)) {
      const path = ["agents", "list", index ?? 0, "id"];
      context.frames.report({ code: "duplicate", path, message: `is the id of another agent, too: "${compiled.id}"` });
    } else agents.set(compiled.id, compiled);
    reportUnusable(compiled, index, context);
  }
  const chosen = entries.find(({ agent }) => "default" in agent && agent.default === true) ?? entries[0];
  return { agents, defaultAgent: agentIdOf(chosen?.agent.id ?? MAIN_AGENT) };
}
