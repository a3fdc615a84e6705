// The document of `models status`: the chain, names, and where keys come from. Keys are OpenClaw's; no secret is in it.
import { rosterOf } from "../config/agent-roster.ts";
import type { Loaded } from "../config/load-snapshot.ts";
import { type ProviderKeys, providerKeys } from "../config/provider-keys.ts";
import type { Config } from "../config/schema/root.ts";
import type { AgentConfig } from "../config/schema/agents.ts";
import type { Agent, Snapshot } from "../core/snapshot.ts";
import type { NotReadyLine } from "../server/health.ts";
import { masked } from "../telemetry/redact.ts";
import { advice, sourceOf } from "./probe-plan.ts";

/** How one provider gets its key. */
export interface ProviderAuth {
  readonly provider: string;
  readonly effective: { readonly kind: "env" | "models.json" | "synthetic" | "missing"; readonly detail: string };
  /** OpenClaw's stored logins; there are none here. */
  readonly profiles: {
    readonly count: 0;
    readonly oauth: 0;
    readonly token: 0;
    readonly apiKey: 0;
    readonly labels: readonly never[];
  };
  readonly env?: { readonly value: string; readonly source: string };
  readonly modelsJson?: { readonly value: string; readonly source: string };
  readonly syntheticAuth?: { readonly value: string; readonly source: string };
}

/** A credential that the running gateway leaves alone for now. */
export interface UnusableProfile {
  readonly profileId: string;
  readonly provider: string;
  readonly kind: "cooldown" | "disabled";
  readonly reason: string;
  /** Unix milliseconds. */
  readonly until: number;
  readonly remainingMs: number;
}

/** The document, without probes. */
export interface ModelsOverview {
  readonly configPath: string;
  readonly agentId?: string;
  readonly agentDir: null;
  readonly defaultModel: string | null;
  readonly resolvedDefault: string | null;
  readonly fallbacks: readonly string[];
  readonly imageModel: string | null;
  readonly imageFallbacks: readonly string[];
  readonly modelConfig?: { readonly defaultSource: string; readonly fallbacksSource: string };
  readonly aliases: Readonly<Record<string, string>>;
  readonly allowed: readonly string[];
  readonly auth: {
    readonly storePath: null;
    readonly shellEnvFallback: { readonly enabled: false; readonly appliedKeys: readonly never[] };
    readonly providersWithOAuth: readonly never[];
    readonly missingProvidersInUse: readonly string[];
    readonly providers: readonly ProviderAuth[];
    readonly unusableProfiles: readonly UnusableProfile[];
    readonly oauth: {
      readonly warnAfterMs: number;
      readonly profiles: readonly never[];
      readonly providers: readonly never[];
    };
  };
}

/** What the document is made of. */
export interface OverviewParts {
  readonly loaded: Loaded;
  readonly agent: Agent;
  /** True when `--agent` named it. */
  readonly named: boolean;
  readonly notReady: readonly NotReadyLine[];
  /** Unix milliseconds. */
  readonly wall: number;
}

const OAUTH_WARN_AFTER_MS = 86_400_000;
const NO_PROFILES = { count: 0, oauth: 0, token: 0, apiKey: 0, labels: [] } as const;
/** Failures that last until somebody pays or changes the key. */
const DISABLING = new Set(["billing", "auth_permanent"]);

/** Draws the document. */
export function modelsOverview({ loaded, agent, named, notReady, wall }: OverviewParts): ModelsOverview {
  const { snapshot, source, read } = loaded;
  const { agents } = read.reveal().config;
  const own = rosterOf(agents).find(({ id }) => id === agent.id)?.agent;
  const [first, ...fallbacks] = agent.chain.map(({ id }) => id);
  const [image, ...imageFallbacks] = agent.imageChain.map(({ id }) => id);
  return {
    configPath: source,
    ...(named && { agentId: agent.id }),
    agentDir: null,
    defaultModel: primaryOf(own?.model) ?? primaryOf(agents.defaults.model),
    resolvedDefault: first ?? null,
    fallbacks,
    imageModel: image ?? null,
    imageFallbacks,
    ...(named && { modelConfig: sourcesOf(own) }),
    aliases: Object.fromEntries([...snapshot.aliasNames].map(([alias, { id }]) => [alias, id])),
    allowed: allowedWords(agents, { own, agent }),
    auth: {
      storePath: null,
      shellEnvFallback: { enabled: false, appliedKeys: [] },
      providersWithOAuth: [],
      missingProvidersInUse: missingInUse(agent),
      providers: keysInQuestion(loaded).map((keys) => authOf(keys, snapshot, source)),
      unusableProfiles: notReady.flatMap((line) => unusableOf(line, wall)),
      oauth: { warnAfterMs: OAUTH_WARN_AFTER_MS, profiles: [], providers: [] },
    },
  };
}

/** What may be selected, as it is written. */
function allowedWords(
  { defaults }: Config["agents"],
  { own, agent }: { readonly own: AgentConfig | undefined; readonly agent: Agent },
): readonly string[] {
  const listed = own?.modelPolicy?.allow ?? defaults.modelPolicy?.allow;
  return listed ?? (agent.allowed === null ? [] : Object.keys(defaults.models));
}

/** Providers of the file, of any chain, and built-in ones that have a key. */
export function keysInQuestion({ snapshot, read, book }: Loaded): readonly ProviderKeys[] {
  const used = [...snapshot.agents.values()].flatMap(({ chain, imageChain }) => chain.concat(imageChain));
  const providers = new Set([...used, ...snapshot.targets.values()].map(({ provider }) => provider));
  const all = providerKeys(read.reveal(), book);
  return all.filter(({ provider, written, keys }) => written || providers.has(provider) || keys.length > 0);
}

function primaryOf(choice: AgentConfig["model"]): string | null {
  if (choice === undefined) return null;
  return typeof choice === "string" ? choice : (choice.primary ?? null);
}

/** Whether the agent speaks for itself. */
function sourcesOf(own: AgentConfig | undefined): { readonly defaultSource: string; readonly fallbacksSource: string } {
  const choice = own?.model;
  const hasFallbacks = typeof choice === "object" && choice.fallbacks !== undefined;
  return {
    defaultSource: primaryOf(choice) === null ? "defaults" : "agent",
    fallbacksSource: hasFallbacks || primaryOf(choice) !== null ? "agent" : "defaults",
  };
}

function missingInUse({ chain, imageChain }: Agent): readonly string[] {
  const lacking = [...chain, ...imageChain].filter(({ unavailable }) => unavailable === "missing_credential");
  return [...new Set(lacking.map(({ provider }) => provider))];
}

function authOf(of: ProviderKeys, snapshot: Snapshot, config: string): ProviderAuth {
  const { provider, keys, marker, place } = of;
  const sourced = keys.map((key, at) => ({ value: masked(key.value), from: key.from, kind: sourceOf(of, at) }));
  const env = sourced.find(({ kind }) => kind === "env");
  const file = sourced.find(({ kind }) => kind === "models.json");
  const shown = marker === null ? file?.value : `marker(${marker})`;
  const base = {
    provider,
    profiles: NO_PROFILES,
    ...(env !== undefined && { env: { value: env.value, source: `env: ${env.from}` } }),
    ...(shown !== undefined && { modelsJson: { value: shown, source: `${config}#${place}` } }),
  };
  const first = sourced[0];
  if (first !== undefined) return { ...base, effective: { kind: first.kind, detail: first.value } };
  const isOpen = [...snapshot.targets.values()].some(
    (target) => target.provider === provider && target.unavailable === null,
  );
  if (!isOpen) return { ...base, effective: { kind: "missing", detail: advice(of) } };
  const detail = marker === null ? "no key needed" : `marker(${marker})`;
  return { ...base, effective: { kind: "synthetic", detail }, syntheticAuth: { value: detail, source: "keyless" } };
}

function unusableOf(
  { credential, provider, reason, recoversInMs }: NotReadyLine,
  wall: number,
): readonly UnusableProfile[] {
  if (credential === null) return [];
  const kind = DISABLING.has(reason) ? "disabled" : "cooldown";
  return [
    {
      profileId: credential,
      provider,
      kind,
      reason,
      until: Math.round(wall + recoversInMs),
      remainingMs: recoversInMs,
    },
  ];
}
