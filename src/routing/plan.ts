// Snapshot and facts to the ordered candidates of one request, with a reason for every target passed over. Pure; knows nothing of health.
import type { RequestFacts } from "../core/facts.ts";
import { failure, type Failure, type FailureKind, isFailure } from "../core/failure.ts";
import type { DialectName, Need, Operation } from "../core/names.ts";
import type { Candidate, Plan, PlanLimits, Refusal } from "../core/plan.ts";
import type { Agent, BehaviourSettings, Snapshot, Target } from "../core/snapshot.ts";
import { type Resolved, resolve } from "./resolve.ts";

/** A need's word for lacking it, and who states that. */
interface Lack {
  readonly word: string;
  readonly of: (target: Target) => boolean;
}

/** Decision 12, in the order in which needs are met when no target meets all: what cannot be dropped first. Null: nothing can state it. */
const LACKS = {
  images: { word: "lacks_image", of: (target) => lacksInput(target, "image") },
  audio: { word: "lacks_audio", of: (target) => lacksInput(target, "audio") },
  tools: { word: "lacks_tools", of: lacksTools },
  // Such a request needs tools, too. The flag that denies them is always a written one, so the choice may be dropped with them.
  "forced-tool": null,
  structured: { word: "lacks_schema", of: lacksSchema },
  // `input` has no word for files.
  files: null,
  // Who speaks the dialect natively keeps it, see `plan`.
  "stored-state": null,
} as const satisfies Record<Need, Lack | null>;
const STATED = (Object.entries(LACKS) as [Need, Lack | null][]).filter((row): row is [Need, Lack] => row[1] !== null);

/** Wire formats that requests are translated into where answers are no conversation; each comes with one that the target speaks. */
const COMPANIONS: Readonly<Partial<Record<Operation, readonly DialectName[]>>> = {
  embeddings: ["google-embeddings", "ollama-embeddings"],
  "count-tokens": ["google-count-tokens"],
};
/** A refusal's word where no wire format of the target answers the operation. */
const SPEECHLESS: Readonly<Partial<Record<Operation, string>>> = {
  embeddings: "no_embeddings",
  "count-tokens": "no_token_counts",
};

/** A field that leans on what a provider stores, and the failure where nobody keeps it: by its code clients know to say all anew. */
interface StateField {
  readonly field: string;
  readonly kind: FailureKind;
  readonly code: string | null;
}

/** What leans on stored state: fields at the top, of which the first that is there counts, and else the one that holds it deeper. */
interface StateFields {
  readonly top: readonly StateField[];
  readonly else: StateField;
  /** For whoever reads the failure: some libraries lean on it unless they are told not to. */
  readonly instead: string;
}

/** TABLE: decision 8 by operation. */
const STATE_FIELDS: Readonly<Partial<Record<Operation, StateFields>>> = {
  responses: {
    top: [
      { field: "previous_response_id", kind: "unsupported-parameter", code: "previous_response_not_found" },
      { field: "conversation", kind: "unsupported-parameter", code: null },
    ],
    else: { field: "input", kind: "unsupported-parameter", code: null },
    instead: "Send the items themselves (with `store: false`, where your library chooses).",
  },
  messages: {
    top: [],
    else: { field: "thread", kind: "not-found", code: "thread_not_found" },
    instead: "Send the whole conversation.",
  },
};

/** A window that is too small to talk in is large enough for a text to embed. */
const NOT_FOR_EMBEDDINGS = "context_window_too_small";

/** Makes the plan, or says why there can be none. */
export function plan(snapshot: Snapshot, facts: RequestFacts): Plan | Failure {
  const resolved = resolve(snapshot, facts);
  if (isFailure(resolved)) return resolved;
  const refused: Refusal[] = [];
  const targets = orderedTargets(resolved, facts, snapshot.behaviour);
  const leansOn = facts.needs.has("stored-state") ? STATE_FIELDS[facts.operation] : undefined;
  const pinned = leansOn !== undefined;
  const speaking = targets.filter((target) => {
    const why = refusalOf(target, resolved.agent, { facts, speaking: pinned ? "native" : "any" });
    if (why !== null) refused.push({ target: target.id, why });
    return why === null;
  });
  if (speaking.length === 0) {
    const keeper = targets.length === 0 || targets.some((target) => keepsState(target, facts.dialect));
    if (facts.operation === "count-tokens" && refused.length > 0) return uncounted(refused);
    if (pinned && !keeper) return unpinnable(leansOn, facts);
    return vectorless(resolved, facts, refused) ?? noCandidate(resolved, refused);
  }
  // State lives with the first that speaks the dialect, whatever else the request needs (decision 8).
  const able = pinned ? speaking.slice(0, 1) : withNeeds(speaking, facts, refused);
  const candidates = able.map((target, position) => candidateOf(target, { position, facts, agent: resolved.agent }));
  return {
    agent: resolved.agent.id,
    requested: resolved.requested,
    candidates,
    refused,
    limits: limitsOf(snapshot.behaviour, {
      deadlineAt: facts.bodyAt + resolved.agent.deadlineMs,
      // Stored state lives with one provider (decision 8).
      failsOver: !resolved.exact && !pinned && mayChangeModel(snapshot.behaviour, facts),
    }),
  };
}

/** Vectors of two models do not mix (decision 14), and one model's tokens are not another's. */
function mayChangeModel({ embeddingsFallBack }: BehaviourSettings, { operation }: RequestFacts): boolean {
  return operation === "embeddings" ? embeddingsFallBack : operation !== "count-tokens";
}

function limitsOf(behaviour: BehaviourSettings, own: Pick<PlanLimits, "deadlineAt" | "failsOver">): PlanLimits {
  const { attemptsMax, overloadedBackoffMs, sameProviderShare, hedge, rotations, selfHeals } = behaviour;
  return {
    heals: selfHeals,
    attemptsMax,
    overloadedBackoffMs,
    sameProviderShare,
    hedge,
    rotations: { rate_limit: rotations.rateLimited, overloaded: rotations.overloaded },
    deadlineAt: own.deadlineAt,
    failsOver: own.failsOver,
  };
}

/** The chain, with the embeddings target or the image chain in front where the request asks for them. */
function orderedTargets(
  { agent, chain, exact, requested }: Resolved,
  facts: RequestFacts,
  behaviour: BehaviourSettings,
): readonly Target[] {
  if (exact) return chain;
  if (facts.operation === "embeddings") {
    // Who names a model wants its vectors, and not those of the next in the chain that has some.
    if (namesModel(agent, requested)) return mayChangeModel(behaviour, facts) ? chain : chain.slice(0, 1);
    return agent.embeddings === null ? chain : [agent.embeddings];
  }
  // A count is of the model that would answer; others' tokens are not its.
  if (facts.operation === "count-tokens") return chain.filter(({ unavailable }) => unavailable === null).slice(0, 1);
  const primary = chain[0];
  if (agent.imageChain.length === 0 || primary === undefined || !lacksInput(primary, "image")) return chain;
  return facts.needs.has("images") ? [...new Set([...agent.imageChain, ...chain])] : chain;
}

/** What a target is asked to be. State is kept in the words that it was made in: no translation reaches it. */
interface Asked {
  readonly facts: RequestFacts;
  readonly speaking: "native" | "any";
}

function refusalOf(target: Target, { tooSmall }: Agent, { facts, speaking }: Asked): string | null {
  const { operation, dialect } = facts;
  const { endpoints } = target;
  const unavailable = target.unavailable ?? (tooSmall.has(target.id.toLowerCase()) ? NOT_FOR_EMBEDDINGS : null);
  if (speaking === "native" && endpoints[dialect] !== undefined && !keepsState(target, dialect))
    return "lacks_stored_state";
  const translation = speaking === "native" ? null : translationOf(target, operation);
  if (unavailable !== null && !(operation === "embeddings" && unavailable === NOT_FOR_EMBEDDINGS)) return unavailable;
  if (endpoints[dialect] !== undefined || translation !== null) return null;
  return SPEECHLESS[operation] ?? "needs_translation";
}

function keepsState({ endpoints, compat }: Target, dialect: DialectName): boolean {
  if (endpoints[dialect] === undefined) return false;
  return dialect !== "openai-responses" || compat.supportsResponsesContinuation !== false;
}

/**
 * Passes over what states that it lacks a need, while something else has it. What all lack is nobody's lack: they stay in their
 * order, and their flags drop what they must.
 */
function withNeeds(targets: readonly Target[], facts: RequestFacts, refused: Refusal[]): readonly Target[] {
  if (targets.length === 1 || facts.needs.size === 0) return targets;
  let left = targets;
  for (const [need, lack] of STATED) {
    if (!facts.needs.has(need) || !left.some(lack.of)) continue;
    const able = left.filter((target) => !lack.of(target));
    if (able.length === 0) continue;
    for (const target of left) if (lack.of(target)) refused.push({ target: target.id, why: lack.word });
    left = able;
  }
  return left;
}

/** The wire format that a request is translated into for a target that does not speak the client's own (decision 27); null: none. */
function translationOf({ translatesTo, endpoints }: Target, operation: Operation): DialectName | null {
  const companions = COMPANIONS[operation];
  if (companions !== undefined) return companions.find((name) => endpoints[name] !== undefined) ?? null;
  if (translatesTo === null) return null;
  return endpoints[translatesTo] === undefined ? null : translatesTo;
}

interface CandidateParts {
  readonly position: number;
  readonly facts: RequestFacts;
  readonly agent: Agent;
}

function candidateOf(target: Target, { position, facts, agent }: CandidateParts): Candidate {
  const { dialect, operation } = facts;
  const { chain, image } = agent.attemptMsMax;
  const attemptMsMax = agent.chain.includes(target) || !agent.imageChain.includes(target) ? chain : image;
  const own = target.endpoints[dialect];
  if (own !== undefined) {
    return { position, target, dialect, path: own, request: "patch", response: "relay", attemptMsMax };
  }
  const other = translationOf(target, operation) as DialectName;
  const path = target.endpoints[other] as string;
  return { position, target, dialect: other, path, request: "translate", response: "translate", attemptMsMax };
}

function lacksInput({ stated }: Target, kind: string): boolean {
  return stated.input !== null && !stated.input.has(kind);
}

function lacksSchema({ compat }: Target): boolean {
  return compat.supportsJsonSchemaResponseFormat === false;
}

function lacksTools({ stated }: Target): boolean {
  return stated.tools === false;
}

function noCandidate(resolved: Resolved, refused: readonly Refusal[]): Failure {
  const reasons = [...new Set(refused.map(({ why }) => why))].join(", ");
  const why = reasons === "" ? "no model is configured" : reasons;
  return failure("no-candidate", `No provider can answer for agent '${resolved.agent.id}' here (${why}).`, {
    phase: "request",
    detail: refused.map(({ target, why: word }) => `${target}: ${word}`).join(", "),
  });
}

/** A model that was named and gives no vectors: to ask again would not help, as it might where nobody was named. */
function vectorless({ agent, requested, exact }: Resolved, { operation }: RequestFacts, refused: readonly Refusal[]) {
  if (operation !== "embeddings" || !namesModel(agent, requested)) return null;
  if (refused.length === 0 || refused.some(({ why }) => why !== SPEECHLESS.embeddings)) return null;
  // Only the header selects exactly.
  const param = exact ? "x-openclaw-model" : "model";
  const message = `Model '${requested}' gives no embeddings.`;
  return failure("request-invalid", message, { param, code: "model_not_supported", phase: "request" });
}

/** True where a model was asked for and not the agent itself. */
function namesModel({ id }: Agent, requested: string): boolean {
  return requested !== `openclaw/${id}`;
}

/** Clients reckon for themselves when they hear that nobody counts. */
function uncounted([refused]: readonly Refusal[]): Failure {
  const message = `The provider of '${refused?.target ?? ""}' does not count tokens before it answers.`;
  return failure("not-found", message, { code: "token_counts_unavailable", phase: "request" });
}

/** Decision 8: nothing in the chain keeps the state that the request leans on. */
function unpinnable({ top, else: deeper, instead }: StateFields, { body }: RequestFacts): Failure {
  const { field, kind, code } = top.find((each) => body.member(each.field) !== undefined) ?? deeper;
  const message = `\`${field}\` leans on state that no provider of this agent keeps. ${instead}`;
  return failure(kind, message, { param: field, code, phase: "request" });
}
