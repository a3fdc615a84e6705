// The models that a configuration shows to clients, drawn once per configuration.
import { createHash } from "node:crypto";
import { allowsModel } from "../core/allowed-models.ts";
import type { Cost, Snapshot, Target } from "../core/snapshot.ts";
import { once } from "./once.ts";

const TOKENS_PER_PRICE = 1_000_000;
/** Digits behind the point: a millionth of a dollar per million tokens. */
const PRICE_DIGITS = 12;

/** The drawn list. */
export interface ModelList {
  readonly listBody: string;
  readonly etag: string;
  /** Lower-case id to the drawn entry. */
  readonly byId: ReadonlyMap<string, string>;
}

/** One entry; the optional keys are OpenRouter's, which LibreChat and others read. */
interface ModelEntry {
  readonly id: string;
  readonly object: "model";
  readonly created: 0;
  readonly owned_by: string;
  readonly permission: readonly never[];
  readonly context_length?: number;
  readonly architecture?: {
    readonly input_modalities: readonly string[];
    readonly output_modalities: readonly ["text"];
  };
  readonly top_provider?: { readonly context_length?: number; readonly max_completion_tokens: number };
  readonly pricing?: Pricing;
}

/** Dollars per token, as decimal texts. */
interface Pricing {
  readonly prompt: string;
  readonly completion: string;
  readonly input_cache_read?: string;
  readonly input_cache_write?: string;
}

/** The list of a configuration; the first entry of an id stands. */
export const modelListOf = once((snapshot: Snapshot): ModelList => {
  const entries = new Map<string, ModelEntry>();
  for (const entry of [...agentEntries(snapshot), ...exposedEntries(snapshot)]) {
    const key = entry.id.toLowerCase();
    if (!entries.has(key)) entries.set(key, entry);
  }
  const listBody = JSON.stringify({ object: "list", data: [...entries.values()] });
  return {
    listBody,
    etag: `"${createHash("sha256").update(listBody).digest("base64url").slice(0, 22)}"`,
    byId: new Map([...entries].map(([key, entry]) => [key, JSON.stringify(entry)])),
  };
});

function agentEntries({ agents, defaultAgent }: Snapshot): ModelEntry[] {
  const usual = defaultAgent === null ? [] : ["openclaw", "openclaw/default", `openclaw/${defaultAgent}`];
  const ids = [...agents.keys()].map((id) => `openclaw/${id}`);
  return [...usual, ...ids].map((id) => bareEntry(id, "openclaw"));
}

/** Aliases as written, `provider/model`, and bare ids that mean one model only: what the default agent may be asked for and can serve. */
function exposedEntries(snapshot: Snapshot): ModelEntry[] {
  if (snapshot.expose !== "all" || snapshot.defaultAgent === null) return [];
  const allowed = snapshot.agents.get(snapshot.defaultAgent)?.allowed ?? null;
  const shows = (target: Target): boolean =>
    target.unavailable === null && (allowed === null || allowsModel(allowed, target.id));
  const targets = [...snapshot.targets.values()].filter(shows);
  const aliases = [...snapshot.aliasNames].filter(([, target]) => shows(target));
  const bare = targets.filter((target) => snapshot.bareIds.get(target.model.toLowerCase()) === target);
  return [
    ...aliases.map(([alias, target]) => targetEntry(alias, target)),
    ...targets.map((target) => targetEntry(target.id, target)),
    ...bare.map((target) => targetEntry(target.model, target)),
  ];
}

function bareEntry(id: string, owner: string): ModelEntry {
  return { id, object: "model", created: 0, owned_by: owner, permission: [] };
}

/** Only what is stated: an unknown price or window is left out, never guessed. */
function targetEntry(id: string, { provider, stated }: Target): ModelEntry {
  const { contextWindow, cost, input, maxTokens } = stated;
  const window = contextWindow === null ? {} : { context_length: contextWindow };
  return {
    ...bareEntry(id, provider),
    ...window,
    ...(input !== null && { architecture: { input_modalities: [...input], output_modalities: ["text"] as const } }),
    ...(maxTokens !== null && { top_provider: { ...window, max_completion_tokens: maxTokens } }),
    ...(cost !== null && { pricing: pricing(cost) }),
  };
}

/** A cache that costs nothing is one of which nothing is said: the file's zero is its default. */
function pricing({ input, output, cacheRead, cacheWrite }: Cost): Pricing {
  return {
    prompt: perToken(input),
    completion: perToken(output),
    ...(cacheRead > 0 && { input_cache_read: perToken(cacheRead) }),
    ...(cacheWrite > 0 && { input_cache_write: perToken(cacheWrite) }),
  };
}

function perToken(perMillion: number): string {
  return (perMillion / TOKENS_PER_PRICE).toFixed(PRICE_DIGITS).replace(/\.?0+$/, "");
}
