// The service tier that OpenAI says it served in: it multiplies the price. Other providers use the same words for other things.
import type { Json } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";

/** The usage with the tier beside it, where the tier has a price of its own. */
export function withServiceTier(usage: Usage | null, written: Json | undefined): Usage | null {
  if (usage === null || (written !== "flex" && written !== "priority")) return usage;
  return { ...usage, serviceTier: written };
}
