// What the file states about a model. Nothing is assumed: null is unknown, and nothing acts on unknown (decision 11 d).
import type { Cost, Prices, Stated } from "../core/snapshot.ts";
import type { ProviderConfig } from "./schema/models.ts";

/** One entry of `models.providers.<id>.models`. */
export type ModelConfig = ProviderConfig["models"][number];

/** The model's own words first, then the provider's for models that say nothing. */
export function statedOf(provider: ProviderConfig | null, model: ModelConfig | null): Stated {
  const window = model?.contextWindow ?? provider?.contextWindow ?? null;
  const answer = model?.maxTokens ?? provider?.maxTokens ?? null;
  const cost = model?.cost;
  return {
    input: model?.input === undefined ? null : new Set<string>(model.input),
    tools: model?.compat?.supportsTools ?? null,
    contextWindow: window,
    contextTokens: model?.contextTokens ?? provider?.contextTokens ?? null,
    // An answer longer than the context cannot be (OpenClaw §2.3).
    maxTokens: answer === null || window === null ? answer : Math.min(answer, window),
    reasoning: model?.reasoning ?? null,
    cost: cost === undefined ? null : costOf(cost),
  };
}

type CostConfig = NonNullable<ModelConfig["cost"]>;

/** A tier without a range is for every size. */
function costOf({ tieredPricing, ...flat }: CostConfig): Cost {
  if (tieredPricing === undefined) return pricesOf(flat);
  const tiers = tieredPricing.map(({ range: [from = 0, below = Number.POSITIVE_INFINITY] = [], ...prices }) => {
    return { ...pricesOf(prices), from, below };
  });
  return { ...pricesOf(flat), tiers };
}

function pricesOf({ input, output, cacheRead, cacheWrite }: Prices): Prices {
  return { input, output, cacheRead, cacheWrite };
}
