// What an answer cost, from the prices that the file states and the tokens that the provider counted. Both or nothing: an estimate would
// look like a bill.
import type { ServiceTier, Usage } from "../core/lane.ts";
import type { Cost, Prices } from "../core/snapshot.ts";

const TOKENS_PER_PRICE = 1_000_000;

/** OpenClaw §5.7. */
const TIER_FACTOR: Readonly<Record<ServiceTier, number>> = { flex: 0.5, priority: 2 };

/** USD; null when the prices or the tokens are unknown. Cached tokens are parts of the input and have prices of their own. */
export function costUsd(cost: Cost | null, usage: Usage | null): number | null {
  if (cost === null || usage === null) return null;
  const { input, output, cacheRead = 0, cacheWrite = 0, serviceTier } = usage;
  const prices = pricesFor(cost, input);
  const fresh = Math.max(0, input - cacheRead - cacheWrite);
  const sum =
    fresh * prices.input + cacheRead * prices.cacheRead + cacheWrite * prices.cacheWrite + output * prices.output;
  return (sum / TOKENS_PER_PRICE) * (serviceTier === undefined ? 1 : TIER_FACTOR[serviceTier]);
}

/** The whole request is billed in the tier that its input lies in, as providers do. */
function pricesFor(cost: Cost, input: number): Prices {
  return cost.tiers?.find(({ from, below }) => input >= from && input < below) ?? cost;
}
