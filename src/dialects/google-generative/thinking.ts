// How much a model shall think, in Google's words: levels since Gemini 3, budgets in 2.5 (OpenClaw §5.7).
import type { JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import { effortOf } from "../effort.ts";
import type { Effort, Thinking } from "../vocabulary.ts";
import { familyOf, type ThinkingScale } from "./models.ts";

type Levels = Extract<ThinkingScale, { in: "levels" }>;
type Tokens = Extract<ThinkingScale, { in: "tokens" }>;

/** Asks for as many tokens as the model likes. */
const AS_IT_LIKES = -1;

/** The `thinkingConfig` for a model, or undefined when there is nothing to say. What had to be bent or left out is named in `lost`. */
export function encodeThinking(thinking: Thinking, model: string, lost: Set<string>): JsonObject | undefined {
  const family = familyOf(model);
  if (family === null) {
    if (thinking.budget !== undefined && thinking.budget !== 0) lost.add("thinking");
    if (thinking.effort !== undefined && thinking.effort !== "none") lost.add("reasoning_effort");
    if (thinking.summary !== undefined) lost.add("reasoning.summary");
    return undefined;
  }
  const { scale } = family;
  const depth = scale.in === "levels" ? levelOf(thinking, scale, lost) : budgetOf(thinking, scale, lost);
  const isOff = thinking.budget === undefined ? thinking.effort === "none" : thinking.budget === 0;
  return { ...depth, ...(isOff ? {} : { includeThoughts: true }) };
}

function levelOf(thinking: Thinking, { of }: Levels, lost: Set<string>): JsonObject {
  const effort = effortOf(thinking, lost);
  if (effort === undefined) return {};
  const level = of[effort];
  if (level !== effort.toUpperCase()) lost.add("reasoning_effort");
  return { thinkingLevel: level };
}

/** A budget in tokens says more than a word. */
function budgetOf({ effort, budget }: Thinking, scale: Tokens, lost: Set<string>): JsonObject {
  if (budget === undefined) return given({ thinkingBudget: effort && budgetOfEffort(effort, scale, lost) });
  if (budget === AS_IT_LIKES) return { thinkingBudget: budget };
  const bound = budget === 0 ? scale.of.none : Math.min(Math.max(budget, scale.min), scale.max);
  if (bound !== budget) lost.add("thinking");
  return { thinkingBudget: bound };
}

/** Efforts above the highest budget, and none where a model always thinks, are bent. */
function budgetOfEffort(effort: Effort, { of }: Tokens, lost: Set<string>): number {
  const isBent = (effort !== "high" && of[effort] === of.high) || (effort === "none" && of.none > 0);
  if (isBent) lost.add("reasoning_effort");
  return of[effort];
}
