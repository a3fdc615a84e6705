// How much a model shall think, in its own words (OpenClaw §5.7), and the room that this needs: a budget is part of `max_tokens`.
import type { JsonObject } from "../../core/json.ts";
import type { Stated } from "../../core/snapshot.ts";
import { given } from "../given.ts";
import type { RequestNotes } from "../request-notes.ts";
import { effortOf } from "../effort.ts";
import type { ChatRequest, Thinking } from "../vocabulary.ts";
import type { ModelTraits, Thinks } from "./models.ts";

/** What is known of the model. */
export interface Model {
  readonly traits: ModelTraits;
  readonly stated: Stated;
}

/** What is asked for. */
export interface AskedThinking {
  readonly thinking?: JsonObject;
  readonly effort?: string;
  /** Tokens; 0 without a budget. */
  readonly budget: number;
  readonly isOn: boolean;
}

const NOT_ASKED: AskedThinking = { budget: 0, isOn: false };

/** Budgets for efforts, in tokens. */
const BUDGETS = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 16_384,
  max: 16_384,
} as const satisfies Record<Thinks, number>;

/** The API refuses smaller budgets. */
const BUDGET_MIN = 1_024;
/** What is left for the answer beside a budget. */
const ANSWER_MIN = 1_024;

const OUTPUT_DEFAULT = 4_096;
const OUTPUT_DEFAULT_MAX = 32_000;

/** The words for a request's thinking; `mayThink` is false where a tool is forced, which the API refuses beside it. */
export function askThinking(
  { thinking = {} }: Pick<ChatRequest, "thinking">,
  { traits, stated }: Model,
  { mayThink, notes }: { readonly mayThink: boolean; readonly notes: RequestNotes },
): AskedThinking {
  const { effort, budget } = thinking;
  // A wish for a summary alone asks for no thinking.
  if (effort === undefined && budget === undefined) return NOT_ASKED;
  if (effort === "none" || budget === 0) return switchOff({ traits, stated }, notes);
  if (traits.thinking === "none" || stated.reasoning === false || !mayThink) {
    notes.lose("thinking");
    return NOT_ASKED;
  }
  const byBudget = traits.thinking === "budget" || (traits.thinking === "either" && effort === undefined);
  return byBudget ? askByBudget(thinking) : askByEffort(thinking, traits, notes);
}

function switchOff({ traits, stated }: Model, notes: RequestNotes): AskedThinking {
  if (traits.thinking === "none") return NOT_ASKED;
  if (traits.off === "never") {
    notes.lose("thinking");
    return { ...NOT_ASKED, effort: traits.efforts.low };
  }
  if (traits.off === "stated" && stated.reasoning !== true) return NOT_ASKED;
  return { ...NOT_ASKED, thinking: { type: "disabled" } };
}

function askByBudget({ effort, budget }: Thinking): AskedThinking {
  const tokens = budget ?? BUDGETS[(effort ?? "medium") as Thinks];
  return { ...budgetWords(Math.max(tokens, BUDGET_MIN)), isOn: true };
}

function budgetWords(budget: number): { readonly thinking: JsonObject; readonly budget: number } {
  return { thinking: { type: "enabled", budget_tokens: budget }, budget };
}

/** Models that think by effort alone keep their thoughts to themselves unless they are asked for them. */
function askByEffort(thinking: Thinking, traits: ModelTraits, notes: RequestNotes): AskedThinking {
  const lost = new Set<string>();
  const effort = effortOf(thinking, lost) ?? "medium";
  for (const name of lost) notes.lose(name);
  const isShown = traits.thinking === "adaptive" && thinking.summary !== undefined;
  const words = { type: "adaptive", ...given({ display: isShown ? "summarized" : undefined }) };
  return { thinking: words, effort: traits.efforts[effort as Thinks], budget: 0, isOn: true };
}

/** `max_tokens`, and the thinking that fits into it. */
export interface Limits {
  readonly maxTokens: number;
  readonly asked: AskedThinking;
}

/**
 * The API wants a limit always. A budget that the client did not count into its own limit raises it, as far as the model goes; what does
 * not fit even so is not thought.
 */
export function limitsFor(
  request: Pick<ChatRequest, "thinking" | "outputMax">,
  asked: AskedThinking,
  { traits, stated, notes }: Model & { readonly notes: RequestNotes },
): Limits {
  const stands = stated.maxTokens === null ? OUTPUT_DEFAULT : Math.min(stated.maxTokens, OUTPUT_DEFAULT_MAX);
  const base = request.outputMax ?? stands;
  if (asked.budget === 0) return { maxTokens: base, asked };
  const counted = request.thinking?.budget !== undefined && base > asked.budget;
  if (counted) return { maxTokens: base, asked };
  const ceiling = Math.max(base, stated.maxTokens ?? traits.outputMax ?? Number.POSITIVE_INFINITY);
  const maxTokens = Math.min(base + asked.budget, ceiling);
  const budget = Math.min(asked.budget, maxTokens - ANSWER_MIN);
  if (budget < BUDGET_MIN) {
    notes.lose("thinking");
    return { maxTokens: base, asked: NOT_ASKED };
  }
  if (request.outputMax !== undefined && request.outputMax !== maxTokens) notes.lose("max_tokens");
  return { maxTokens, asked: { ...asked, ...budgetWords(budget) } };
}
