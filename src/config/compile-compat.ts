// The flags of a target as they are written, and what stands at its other end. Nothing is derived here: a flag that neither the file nor
// the built-in row writes is absent (decision 11).
import type { Compat, RouteClass } from "../core/snapshot.ts";
import type { Address } from "./address.ts";
import { mappedEfforts } from "./mapped-efforts.ts";
import type { Preset } from "./preset.ts";
import type { ProviderConfig } from "./schema/models.ts";
import type { ModelConfig } from "./stated.ts";

/** Where flags may be written, the nearest last. */
export interface CompatSources {
  readonly preset: Preset | null;
  readonly provider: ProviderConfig | null;
  readonly model: ModelConfig | null;
}

/** The written flags; the model's win over the provider's, and those over the row's. */
export function compatOf({ preset, provider, model }: CompatSources): Compat {
  const { injectNumCtxForOpenAICompat } = provider ?? {};
  const layers = [preset?.compat, { injectNumCtxForOpenAICompat }, model?.compat, levelsOf(model), fieldsOf(model)];
  const written = layers.flatMap((layer) => Object.entries(layer ?? {})).filter(([, value]) => value !== undefined);
  return Object.fromEntries(written) as Compat;
}

/** `thinkingLevelMap` says the same of more levels, and wins. */
function levelsOf(model: ModelConfig | null): Pick<Compat, "reasoningEffortMap"> {
  if (model?.thinkingLevelMap === undefined) return {};
  return { reasoningEffortMap: { ...model.compat?.reasoningEffortMap, ...mappedEfforts(model.thinkingLevelMap) } };
}

/** Flags that are about one field, wherever the wire format has it. */
function fieldsOf(model: ModelConfig | null): Pick<Compat, "dropFields"> {
  return model?.compat?.supportsTemperature === false ? { dropFields: ["temperature"] } : {};
}

/** OpenAI's own services (OpenClaw §5.1): `api.openai.com`, the ChatGPT backend, Azure. */
const NATIVE_HOST = /^(?:api\.openai\.com|chatgpt\.com|.+\.openai\.azure\.com)$/i;

/** The class of an address; what never leaves the process is as native as can be. */
export function routeOf(address: Address | null): RouteClass {
  if (address === null) return "native";
  if (address.local) return "local";
  return NATIVE_HOST.test(address.url.hostname) ? "native" : "proxy-like";
}
