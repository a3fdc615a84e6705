// The models of a configuration as `models list` shows them (OpenClaw's keys and tags).
import type { Loaded } from "../config/load-snapshot.ts";
import { PRESETS } from "../config/presets.ts";
import { providerIdOf } from "../config/provider-id.ts";
import type { Snapshot, Target } from "../core/snapshot.ts";
import { defaultAgentIn } from "./usual-agent.ts";

/** One model. */
export interface ModelRow {
  readonly key: string;
  readonly name: string;
  /** `text+image`; `-` when nothing is stated. */
  readonly input: string;
  readonly contextWindow: number | null;
  /** The part of the window to use, where it is stated. */
  readonly contextTokens?: number;
  readonly local: boolean;
  /** False when no request can go there. */
  readonly available: boolean;
  readonly tags: readonly string[];
  /** True when the file names a model that nobody has; such a file does not load here. */
  readonly missing: false;
}

/** Which models are wanted. */
export interface RowFilter {
  /** Those of built-in providers, too. */
  readonly all: boolean;
  readonly local: boolean;
  /** A provider id in any spelling; null for every provider. */
  readonly provider: string | null;
}

/** The rows, the default chain first. */
export function modelRows({ snapshot, read }: Loaded, filter: RowFilter): readonly ModelRow[] {
  const names = namesOf(read.reveal().config.models.providers);
  const tags = tagsOf(snapshot);
  const wanted = filter.provider === null ? null : providerIdOf(filter.provider);
  const provider = wanted === null ? null : (snapshot.providerSynonyms.get(wanted) ?? wanted);
  const targets = [...tags.keys(), ...snapshot.targets.values(), ...(filter.all ? builtIn(snapshot) : [])];
  return [...new Map(targets.map((target) => [target.id, target])).values()]
    .filter((target) => (provider === null || target.provider === provider) && (!filter.local || target.local))
    .map((target) => rowOf(target, names.get(target.id) ?? target.model, tags.get(target) ?? []));
}

type Providers = ReturnType<Loaded["read"]["reveal"]>["config"]["models"]["providers"];

/** Display names as the file has them, by `provider/model`. */
function namesOf(providers: Providers): ReadonlyMap<string, string> {
  const entries = Object.entries(providers).flatMap(([id, { models }]) =>
    models.map((model) => [`${providerIdOf(id)}/${model.id}`, model.name ?? model.id] as const),
  );
  return new Map(entries);
}

/** What built-in rows name: their usual model and the one that embeds. */
function builtIn(snapshot: Snapshot): readonly Target[] {
  return [...PRESETS].flatMap(([id, { defaultModel, embeddingModel }]) => {
    const models = [defaultModel, embeddingModel].filter((model) => typeof model === "string");
    const provider = snapshot.providers.get(id);
    return provider === undefined || provider.lists ? [] : models.map((model) => provider.unlisted(model));
  });
}

/** OpenClaw's tags by target; its order is the order of the list. */
function tagsOf(snapshot: Snapshot): ReadonlyMap<Target, readonly string[]> {
  const tags = new Map<Target, string[]>();
  const add = (target: Target, tag: string): void => void tags.set(target, [...(tags.get(target) ?? []), tag]);
  const agent = defaultAgentIn(snapshot);
  agent?.chain.forEach((target, at) => add(target, at === 0 ? "default" : `fallback#${at}`));
  agent?.imageChain.forEach((target, at) => add(target, at === 0 ? "image" : `img-fallback#${at}`));
  for (const target of snapshot.targets.values()) add(target, "configured");
  for (const [alias, target] of snapshot.aliasNames) add(target, `alias:${alias}`);
  return tags;
}

function rowOf(target: Target, name: string, tags: readonly string[]): ModelRow {
  const { id, stated, local, unavailable } = target;
  return {
    key: id,
    name,
    input: stated.input === null ? "-" : [...stated.input].join("+"),
    contextWindow: stated.contextWindow,
    ...(stated.contextTokens !== null && { contextTokens: stated.contextTokens }),
    local,
    available: unavailable === null,
    tags,
    missing: false,
  };
}
