// The document that `explain` prints: a plan and what cools, as plain values without a secret.
import type { Loaded } from "../config/load-snapshot.ts";
import { agentFillOf } from "../core/agent-fill.ts";
import type { Failure } from "../core/failure.ts";
import { statusOf } from "../core/failure.ts";
import type { Json } from "../core/json.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import type { RepairName } from "../core/repairs.ts";
import { isRemedyName, type RemedyName } from "../core/remedy.ts";
import { remedyLine } from "../core/remedy-line.ts";
import { remedied } from "../core/remedied.ts";
import type { Agent, Target } from "../core/snapshot.ts";
import { OPERATION_DIALECTS } from "../dialects/index.ts";
import type { NotReadyLine } from "../server/health.ts";
import { type TransformName, transformNames } from "../transforms/index.ts";
import type { Asked, Planned } from "./asked.ts";
import type { GatewayHealth } from "./gateway-health.ts";

/** One candidate; durations in milliseconds. */
export interface ExplainedCandidate {
  readonly target: string;
  readonly api: string;
  /** Without its query, which may hold what only the provider should read; null for the mock. */
  readonly url: string | null;
  readonly dialect: string;
  readonly lane: { readonly request: string; readonly response: string };
  /** Those that run for this request. */
  readonly clocks: Readonly<Record<string, number>>;
  readonly credentials: readonly { readonly id: string; readonly masked: string }[];
  readonly rotation: string;
  readonly inflightMax: number;
  /** Names of what is mended in its answers. */
  readonly repairs: readonly RepairName[];
  /** Calls that it writes as text are read. */
  readonly toolText: boolean;
  /** What its requests are changed by, in this order. */
  readonly changes: readonly Change[];
  /** What the running gateway has learned of the shape that it takes; null when nobody could be asked. */
  readonly learned: readonly Learned[] | null;
  /** What of it is not ready; null when nobody could be asked. */
  readonly notReady: readonly NotReadyLine[] | null;
}

/** A transform that runs for the candidate's requests. */
export interface Change {
  readonly transform: TransformName;
  /** True when only what was learned calls for it. */
  readonly learned: boolean;
}

/** A learned remedy, and the line of the file that makes it permanent. */
export interface Learned {
  readonly remedy: RemedyName;
  readonly config: string;
}

/** A plan. */
export interface Explained {
  readonly config: string;
  readonly revision: string;
  readonly operation: string;
  readonly stream: boolean;
  /** What the request needs from a model, such as `images`. */
  readonly needs: readonly string[];
  readonly agent: string;
  readonly requested: string;
  readonly candidates: readonly ExplainedCandidate[];
  readonly refused: Plan["refused"];
  readonly limits: Omit<Plan["limits"], "deadlineAt"> & { readonly deadlineMs: number };
  readonly health: GatewayHealth | null;
}

/** A request that would be refused. */
export interface ExplainedFailure {
  readonly config: string;
  readonly revision: string;
  readonly operation: string;
  readonly status: number;
  /** As the client would get it. */
  readonly error: Json;
  /** What the log would say beyond that. */
  readonly detail: string | null;
}

/** The document of a plan. */
export function explained({ facts, plan }: Planned, loaded: Loaded, health: GatewayHealth | null): Explained {
  const { deadlineAt, ...limits } = plan.limits;
  return {
    config: loaded.source,
    revision: loaded.snapshot.revision,
    operation: facts.operation,
    stream: facts.stream,
    needs: [...facts.needs],
    agent: plan.agent,
    requested: plan.requested,
    candidates: plan.candidates.map((each) => ({
      ...candidateOf(each, facts.stream, health),
      ...changesOf(each, loaded.snapshot.agents.get(plan.agent) ?? null, health),
    })),
    refused: plan.refused,
    limits: { ...limits, deadlineMs: deadlineAt - facts.bodyAt },
    health,
  };
}

/** The document of a refusal. */
export function explainedFailure({ operation }: Asked, loaded: Loaded, because: Failure): ExplainedFailure {
  const { error = null } = OPERATION_DIALECTS[operation].ingress.encodeFailure(because);
  return {
    config: loaded.source,
    revision: loaded.snapshot.revision,
    operation,
    status: statusOf(because),
    error,
    detail: because.detail,
  };
}

type Unchanged = Omit<ExplainedCandidate, "changes" | "learned">;

function candidateOf(candidate: Candidate, stream: boolean, health: GatewayHealth | null): Unchanged {
  const { target, dialect, path, request, response, attemptMsMax } = candidate;
  const { connectMs, idleMs } = target.timeouts;
  const bounded = (ms: number): number => Math.min(ms, attemptMsMax ?? ms);
  const [commitMs, wholeMs] = [bounded(target.timeouts.commitMs), bounded(target.timeouts.wholeMs)];
  return {
    target: target.id,
    api: target.api,
    url: target.via === "mock" ? null : `${target.transport.origin}${path.split("?")[0]}`,
    dialect,
    lane: { request, response },
    clocks: stream ? { connectMs, commitMs, idleMs } : { connectMs, wholeMs },
    credentials: target.credentials.map(({ id, masked }) => ({ id, masked })),
    rotation: target.rotation,
    inflightMax: target.inflightMax,
    repairs: [...target.repairs],
    toolText: target.readsToolText,
    notReady: health?.notReady.filter((line) => concerns(line, target)) ?? null,
  };
}

/** By the flags of the file, and by what the gateway has learned beyond them. */
function changesOf({ target, dialect }: Candidate, agent: Agent | null, health: GatewayHealth | null) {
  const agentFill = agent === null ? {} : agentFillOf(agent, target);
  const { id, provider, isListed } = target;
  const remedies = health?.learned.find((each) => each.target === id)?.remedies.filter(isRemedyName) ?? null;
  const namesFor = (of: Target) => transformNames({ target: of, fill: { ...of.fill, ...agentFill } }, dialect);
  const written = new Set(namesFor(target));
  const names = namesFor(remedied(target, remedies ?? []));
  const owner = { provider, target: id, isListed };
  return {
    changes: names.map((transform) => ({ transform, learned: !written.has(transform) })),
    learned: health && (remedies ?? []).map((remedy) => ({ remedy, config: remedyLine(owner, remedy) })),
  };
}

/** Lines of the target itself, of its credentials on this model, and of its credentials on every model. */
function concerns(line: NotReadyLine, { id, credentials }: Target): boolean {
  return line.target === null ? credentials.some((each) => each.id === line.credential) : line.target === id;
}
