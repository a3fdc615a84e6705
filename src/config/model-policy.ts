// Which models requests may select (OpenClaw §3.3). Files that OpenClaw has migrated say it in `modelPolicy`; in older ones the model list
// says it, with every chain beside it.
import { allowsModel, type AllowedModels } from "../core/allowed-models.ts";
import type { Target } from "../core/snapshot.ts";
import { type KeyPath, valueAt } from "./key-path.ts";
import { badWildcard, belowOf, complaintOf } from "./model-list.ts";
import type { ModelNames } from "./model-names.ts";
import type { Report } from "./report.ts";
import type { ModelPolicyConfig } from "./schema/agents.ts";
import type { Config } from "./schema/root.ts";

/** What may be selected. */
export interface Selectable {
  readonly ids: AllowedModels;
  /** True where an agent's own chain may be selected, too. */
  readonly withChain: boolean;
}

/** Null: anything may be selected. */
export type Policy = Selectable | null;

const COMMON: KeyPath = ["agents", "defaults", "modelPolicy"];
const MIGRATED: KeyPath = ["meta", "migrations", "modelPolicyAllowlist"];

/** What the common rule is made of. */
export interface PolicySources {
  readonly config: Config;
  /** Ids and wildcards of `agents.defaults.models`; null when it is empty. */
  readonly listed: AllowedModels | null;
  readonly names: ModelNames;
  readonly report: Report;
}

/** The rule for agents that have none of their own. */
export function commonPolicy({ config, listed, names, report }: PolicySources): Policy {
  const { modelPolicy } = config.agents.defaults;
  if (modelPolicy?.allow !== undefined) return writtenPolicy(modelPolicy, { path: COMMON, names, report });
  const restricts = modelPolicy === undefined && valueAt(config, MIGRATED) !== true;
  return listed === null || !restricts ? null : { ids: listed, withChain: true };
}

/** A `modelPolicy` as written; an empty one, or one that names nothing, is told apart: the first allows all, the second nothing. */
export function writtenPolicy(
  { allow = [] }: ModelPolicyConfig,
  { path, names, report }: { readonly path: KeyPath; readonly names: ModelNames; readonly report: Report },
): Policy {
  if (allow.length === 0) return null;
  const ids = allow.flatMap((written, index) => {
    const at = [...path, "allow", index];
    const below = belowOf(written);
    const named = below === null ? (badWildcard(written) ?? names.resolve(written, at)) : names.lackOf(below);
    if (named !== null && "target" in named) return [named.target.id.toLowerCase()];
    if (named !== null) report({ severity: "warning", code: "unknown_model", path: at, ...complaintOf(named) });
    return below === null ? [] : [below];
  });
  return { ids: new Set(ids), withChain: false };
}

/** The ids that an agent's requests may select. */
export function allowedBy(policy: Policy, chain: readonly Target[]): AllowedModels | null {
  if (policy === null) return null;
  return policy.withChain ? new Set([...policy.ids, ...chain.map(({ id }) => id.toLowerCase())]) : policy.ids;
}

/** The known targets that any of the agents may be asked for; null when one may be asked for anything. */
export function selectableOf(
  agents: Iterable<{ readonly allowed: AllowedModels | null }>,
  known: Iterable<Target>,
): readonly Target[] | null {
  const rules = [...agents].map(({ allowed }) => allowed);
  if (rules.includes(null)) return null;
  return [...known].filter(({ id }) => rules.some((allowed) => allowed !== null && allowsModel(allowed, id)));
}
