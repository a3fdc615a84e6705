// How much a model shall think, read from what clients and files write, and in words where only budgets were given.
import type { Json } from "../core/json.ts";
import type { Effort, Thinking } from "./vocabulary.ts";

const EFFORTS: ReadonlySet<string> = new Set<Effort>(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);

/** How much a model shall think; `off` is said by some clients. */
export function readEffort(value: Json | undefined): Effort | undefined {
  if (value === "off") return "none";
  return typeof value === "string" && EFFORTS.has(value) ? (value as Effort) : undefined;
}

/** From how many tokens on a budget is worth an effort (OpenClaw §5.7: 1024, 2048, 8192 and 16384 are the efforts' budgets). */
const BUDGET_EFFORTS: readonly (readonly [tokensMin: number, effort: Effort])[] = [
  [16_384, "high"],
  [8_192, "medium"],
  [2_048, "low"],
  [1, "minimal"],
  [0, "none"],
];

/** The effort for an API that knows no budget; `lost` hears of the budget. */
export function effortOf({ effort, budget }: Thinking, lost: Set<string>): Effort | undefined {
  if (budget === undefined) return effort;
  lost.add("thinking");
  return effort ?? BUDGET_EFFORTS.find(([tokensMin]) => budget >= tokensMin)?.[1];
}
