// From what a request names to an agent and an ordered chain of targets (decisions 2 and 3, OpenClaw §3 and §4.1). Pure.
import { allowsModel } from "../core/allowed-models.ts";
import type { RequestFacts } from "../core/facts.ts";
import { failure, type Failure } from "../core/failure.ts";
import { OF_MEMORY } from "../core/names.ts";
import type { Agent, Snapshot, Target } from "../core/snapshot.ts";

/** What a request resolves to. */
export interface Resolved {
  readonly agent: Agent;
  /** Label of what was asked for. */
  readonly requested: string;
  readonly chain: readonly Target[];
  /** True when exactly this model was asked for: no other may answer. */
  readonly exact: boolean;
}

/** In place of an agent's id: the file names several agents, and none for requests that name none. */
export const NO_AGENT = "";
const AGENT_PREFIXES = ["openclaw/", "openclaw:", "agent:"];
/** Decision 3; each segment between slashes is checked apart. */
const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,199}$/;
const NAME_SHOWN_MAX = 64;
const VALID_SHOWN_MAX = 12;

/** Resolves the agent first, then an exact selection by header, else a model named in the body where that is allowed. */
export function resolve(snapshot: Snapshot, facts: RequestFacts): Resolved | Failure {
  const override = facts.steering.model?.trim() ?? "";
  const header = facts.steering.agent?.trim().toLowerCase() ?? "";
  const named = header === "" ? agentNamed(snapshot, facts.model) : header;
  // An exact selection stands above whatever model the body names, where bodies may name models at all.
  const exact = override !== "" && snapshot.expose === "all";
  if (named === null && !exact) return resolveModel(snapshot, facts);
  const id = named ?? snapshot.defaultAgent ?? NO_AGENT;
  const agent = snapshot.agents.get(id);
  if (agent === undefined) {
    if (snapshot.defaultAgent === null && id === NO_AGENT) return noDefaultAgent(snapshot);
    return failure("model-unknown", `There is no agent '${shown(id)}'.`, { param: "model", phase: "request" });
  }
  if (override !== "") return resolveOverride(snapshot, agent, { text: override, facts });
  return { agent, requested: `openclaw/${agent.id}`, chain: agent.chain, exact: false };
}

/** The agent id that a body's `model` names, `NO_AGENT` where it means a default agent that there is not; null when it names something else. */
export function agentNamed(snapshot: Snapshot, model: string): string | null {
  const text = model.toLowerCase();
  const usual = snapshot.defaultAgent ?? NO_AGENT;
  if (text === "" || text === "openclaw" || text === "openclaw/default") return usual;
  const prefix = AGENT_PREFIXES.find((each) => text.startsWith(each));
  if (prefix === undefined) return null;
  const id = text.slice(prefix.length);
  return id === "default" && !snapshot.agents.has(id) ? usual : id;
}

/** A target by alias, `provider/model` or bare id; null when the file has none. */
export function findTarget(snapshot: Snapshot, text: string): Target | null {
  const key = text.toLowerCase();
  return (
    snapshot.aliases.get(key) ?? snapshot.targets.get(canonicalRef(snapshot, key)) ?? snapshot.bareIds.get(key) ?? null
  );
}

/** `expose: "all"`: the model goes first, the default agent's fallbacks follow. */
function resolveModel(snapshot: Snapshot, facts: RequestFacts): Resolved | Failure {
  const { model } = facts;
  const agent = snapshot.agents.get(snapshot.defaultAgent ?? NO_AGENT);
  const target = snapshot.expose === "all" ? findTarget(snapshot, model) : null;
  const own =
    snapshot.expose === "all"
      ? ownEmbeddings(agent, { text: model, ref: canonicalRef(snapshot, model.toLowerCase()), facts, target })
      : null;
  if (agent !== undefined && own !== null) return { agent, requested: own.id, chain: [own], exact: false };
  if (target === null) return unknownModel(snapshot, model);
  if (agent === undefined) return noDefaultAgent(snapshot);
  if (!isAllowed(agent, target)) return notAllowed(agent, target, "model");
  return { agent, requested: target.id, chain: chainBehind(agent, target), exact: false };
}

/** OpenClaw §4.1: the requested model, then the fallbacks unless it is a stranger to the chain, and last the primary. */
function chainBehind(agent: Agent, requested: Target): readonly Target[] {
  const [primary, ...fallbacks] = agent.chain;
  if (primary === undefined) return [requested];
  const known = requested.provider === primary.provider || fallbacks.includes(requested);
  return [...new Set([requested, ...(known ? fallbacks : []), primary])];
}

/** A model by the name that a request gave it. */
interface NamedModel {
  readonly text: string;
  readonly facts: RequestFacts;
}

/** What embeds for the agent may be named to embed, with what the file fills in: the allowlist is of models that answer. */
function ownEmbeddings(
  agent: Agent | undefined,
  { text, ref, facts, target }: NamedModel & { readonly ref: string; readonly target: Target | null },
): Target | null {
  const own = facts.operation === "embeddings" ? (agent?.embeddings ?? null) : null;
  if (own === null) return null;
  const isNamed = own.id === target?.id || own.model.toLowerCase() === text.toLowerCase();
  return isNamed || own.id.toLowerCase().replace(`${OF_MEMORY}/`, "/") === ref ? own : null;
}

function resolveOverride(snapshot: Snapshot, agent: Agent, named: NamedModel): Resolved | Failure {
  const { text } = named;
  if (!MODEL_NAME.test(text) || text.split("/").some((part) => part === "" || part === "." || part === "..")) {
    return failure("request-invalid", "Invalid `x-openclaw-model`.", {
      param: "x-openclaw-model",
      code: "model_not_found",
      phase: "request",
    });
  }
  const target = findTarget(snapshot, text) ?? unlistedTarget(snapshot, agent, text);
  const own = ownEmbeddings(agent, { ...named, ref: canonicalRef(snapshot, text.toLowerCase()), target });
  if (own !== null) return { agent, requested: own.id, chain: [own], exact: true };
  if (target === null) {
    return failure("model-unknown", `There is no model '${shown(text)}'.`, {
      param: "x-openclaw-model",
      phase: "request",
    });
  }
  if (!isAllowed(agent, target)) return notAllowed(agent, target, "x-openclaw-model");
  return { agent, requested: target.id, chain: [target], exact: true };
}

/** A model that the file does not list, of a provider that lists none. */
function unlistedTarget(snapshot: Snapshot, agent: Agent, text: string): Target | null {
  const slash = text.indexOf("/");
  const named =
    slash > 0 ? snapshot.providers.get(canonicalProvider(snapshot, text.slice(0, slash).toLowerCase())) : undefined;
  if (named !== undefined) {
    const model = text.slice(slash + 1);
    return named.lists || !MODEL_NAME.test(model) ? null : named.unlisted(model);
  }
  const own = agent.chain[0] === undefined ? undefined : snapshot.providers.get(agent.chain[0].provider);
  return own === undefined || own.lists || slash >= 0 ? null : own.unlisted(text);
}

function canonicalRef(snapshot: Snapshot, key: string): string {
  const slash = key.indexOf("/");
  return slash < 0 ? key : `${canonicalProvider(snapshot, key.slice(0, slash))}${key.slice(slash)}`;
}

function canonicalProvider(snapshot: Snapshot, id: string): string {
  return snapshot.providerSynonyms.get(id) ?? id;
}

function isAllowed(agent: Agent, target: Target): boolean {
  return agent.allowed === null || allowsModel(agent.allowed, target.id);
}

function notAllowed(agent: Agent, target: Target, param: string): Failure {
  return failure("request-invalid", `Model '${shown(target.id)}' is not allowed for agent '${agent.id}'.`, {
    param,
    code: "model_not_allowed",
    phase: "request",
  });
}

function unknownModel(snapshot: Snapshot, model: string): Failure {
  return invalidModel(`Invalid \`model\` '${shown(model)}'`, snapshot);
}

function noDefaultAgent(snapshot: Snapshot): Failure {
  return invalidModel("The configuration has several agents and none that answers for all", snapshot);
}

function invalidModel(what: string, snapshot: Snapshot): Failure {
  const agents = [...snapshot.agents.keys()].map((id) => `openclaw/${id}`);
  const models = snapshot.expose === "all" ? [...snapshot.aliasNames.keys()] : [];
  const usual = snapshot.defaultAgent === null ? [] : ["openclaw", "openclaw/default"];
  const valid = [...usual, ...agents, ...models].slice(0, VALID_SHOWN_MAX).map((id) => `\`${id}\``);
  const hint = "use one of the models of `GET /v1/models`";
  return failure("request-invalid", `${what}: ${hint}, such as ${valid.join(", ")}.`, {
    param: "model",
    code: "model_not_found",
    phase: "request",
  });
}

function shown(text: string): string {
  return text.length > NAME_SHOWN_MAX ? `${text.slice(0, NAME_SHOWN_MAX)}…` : text;
}
