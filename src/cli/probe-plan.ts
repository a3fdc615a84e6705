// Whom `models status --probe` asks: every credential of every provider in question, with one model each. Asks nobody.
import type { ProviderKeys } from "../config/provider-keys.ts";
import { PRESETS } from "../config/presets.ts";
import type { Credential, Snapshot, Target } from "../core/snapshot.ts";
import type { ReasonCode } from "./probe-buckets.ts";
import { someAgentIn } from "./usual-agent.ts";

/** A credential that can be asked. */
export interface Askable {
  readonly provider: string;
  readonly target: Target;
  readonly credential: Credential;
  readonly source: "env" | "models.json";
}

/** A credential that cannot, and why. */
export interface Unaskable {
  readonly provider: string;
  readonly source: "env" | "models.json";
  readonly reasonCode: ReasonCode;
  readonly error: string;
}

/** What is asked about. */
export interface ProbeScope {
  readonly snapshot: Snapshot;
  /** Keys of the providers in question. */
  readonly keys: readonly ProviderKeys[];
  /** Provider id; null for all. */
  readonly provider: string | null;
  /** Credential ids; empty for all. */
  readonly profiles: readonly string[];
}

/** Everybody in question, in the order of the providers. */
export function probePlan({ snapshot, keys, provider, profiles }: ProbeScope): readonly (Askable | Unaskable)[] {
  const wanted = keys.filter((each) => provider === null || each.provider === provider);
  const rows = wanted.flatMap((each) => rowsOf(each, snapshot));
  return profiles.length === 0
    ? rows
    : rows.filter((row) => "credential" in row && profiles.includes(row.credential.id));
}

function rowsOf(of: ProviderKeys, snapshot: Snapshot): (Askable | Unaskable)[] {
  const { provider, lacks } = of;
  const target = modelOf(provider, snapshot);
  const source = sourceOf(of, 0);
  const lacking = lacks.map(({ problem, why, path }): Unaskable => {
    const isRef = why === "missing" || why === "unfilled";
    const reasonCode = isRef ? "unresolved_ref" : "ineligible_profile";
    return {
      provider,
      source: "models.json",
      reasonCode,
      error: `Credentials are missing: ${problem} (${path.join(".")}).`,
    };
  });
  if (target === null) {
    const error = "Nothing to ask: the provider has no model here.";
    return [...lacking, { provider, source, reasonCode: "no_model", error }];
  }
  const asked = target.credentials.map((credential, at) => ({
    provider,
    target,
    credential,
    source: sourceOf(of, at),
  }));
  if (asked.length > 0 || lacking.length > 0) return [...lacking, ...asked];
  const error = `Credentials are missing: ${advice(of)}.`;
  return [{ provider, source, reasonCode: "missing_credential", error }];
}

/** What would give the provider a key. */
export function advice({ provider, variables }: ProviderKeys): string {
  const variable = variables.find((name) => name.endsWith("_API_KEY")) ?? variables[0];
  return `${variable === undefined ? "" : `set ${variable} or `}write models.providers.${provider}.apiKey`;
}

/** Keys of the file carry its key path; everything else is the environment's. */
export function sourceOf({ keys, place }: ProviderKeys, at: number): "env" | "models.json" {
  const from = keys[at]?.from;
  return from === undefined || from.startsWith(place) || from.includes("/") ? "models.json" : "env";
}

/** The model that stands for a provider: of the default chain, else the first that is listed, else its usual one. */
function modelOf(id: string, snapshot: Snapshot): Target | null {
  const chain = someAgentIn(snapshot)?.chain ?? [];
  const provider = snapshot.providers.get(id);
  const usual = PRESETS.get(id)?.defaultModel ?? null;
  const known = [...chain, ...snapshot.targets.values()].find((target) => target.provider === id && speaks(target));
  return known ?? (provider === undefined || provider.lists || usual === null ? null : provider.unlisted(usual));
}

/** False for a model that only embeds. */
function speaks({ endpoints, translatesTo, via }: Target): boolean {
  return via === "mock" || translatesTo !== null || Object.keys(endpoints).some((name) => !name.endsWith("embeddings"));
}
