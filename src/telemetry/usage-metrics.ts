// TABLE: tokens and what they cost, by attempt: a provider bills each, also those that lost or broke. Rows of fed-metrics.ts.
import type { Usage } from "../core/lane.ts";
import { costUsd } from "./cost.ts";
import type { FedRow } from "./fed-row.ts";
import { BUCKETS, LABELS, METRIC, TOKEN_TYPE } from "./names.ts";
import { usageStateOf } from "./usage-state.ts";

type TokenType = keyof typeof TOKEN_TYPE;
const TOKEN_TYPES = Object.keys(TOKEN_TYPE) as TokenType[];

/** The rows, in the order of the exposition. */
export const USAGE_METRICS: readonly FedRow[] = [
  {
    labels: LABELS.modelTokens,
    shows: [
      { name: METRIC.modelTokens, type: "counter", help: "Tokens as providers counted them; unknown adds nothing." },
    ],
    on: {
      "attempt-end": ({ attempt, request }, tally, words) => {
        const usage = attempt.told?.usage ?? null;
        if (usage === null) return;
        const { model, provider } = words.target(attempt.target);
        const channel = words.channel(request.channel);
        for (const type of TOKEN_TYPES) {
          const tokens = tokensOf(usage, type);
          if (tokens > 0) tally.at(request.agent, channel, model, provider, TOKEN_TYPE[type]).count += tokens;
        }
      },
    },
  },
  {
    labels: LABELS.tokenUsage,
    bounds: BUCKETS.tokens,
    shows: [{ name: METRIC.tokenUsage, type: "histogram", help: "Tokens of one call, as the provider counted them." }],
    on: {
      "attempt-end": ({ attempt }, tally, words) => {
        const usage = attempt.told?.usage ?? null;
        if (usage === null) return;
        const { model, provider } = words.target(attempt.target);
        tally.at(model, provider, TOKEN_TYPE.input).observe(usage.input);
        tally.at(model, provider, TOKEN_TYPE.output).observe(usage.output);
      },
    },
  },
  {
    labels: ["channel", "context", "model", "provider"],
    bounds: BUCKETS.tokens,
    shows: [
      {
        name: METRIC.contextTokens,
        type: "histogram",
        help: "Context of one call in tokens: what was used, and the stated limit.",
      },
    ],
    on: {
      "attempt-end": ({ attempt, request }, tally, words) => {
        const usage = attempt.told?.usage ?? null;
        if (usage === null) return;
        const { model, provider } = words.target(attempt.target);
        const channel = words.channel(request.channel);
        const { contextWindow } = attempt.target.stated;
        tally.at(channel, "used", model, provider).observe(usage.input + usage.output);
        if (contextWindow !== null) tally.at(channel, "limit", model, provider).observe(contextWindow);
      },
    },
  },
  {
    labels: LABELS.modelCost,
    shows: [
      {
        name: METRIC.modelCost,
        type: "counter",
        help: "US dollars by the prices of the configuration; tokens or prices that nobody told add nothing.",
      },
    ],
    on: {
      "attempt-end": ({ attempt, request }, tally, words) => {
        const usd = costUsd(attempt.target.stated.cost, attempt.told?.usage ?? null);
        if (usd === null) return;
        const { model, provider } = words.target(attempt.target);
        tally.at(request.agent, words.channel(request.channel), model, provider).count += usd;
      },
    },
  },
  {
    labels: ["provider", "model", "state"],
    shows: [
      {
        name: METRIC.usageReports,
        type: "counter",
        help: "Answers by what the provider told of their tokens: complete, partial (it was cut), or absent.",
      },
    ],
    on: {
      "attempt-end": ({ attempt, request }, tally, words) => {
        const state = usageStateOf(attempt, request.operation);
        if (state === null) return;
        const { model, provider } = words.target(attempt.target);
        tally.at(provider, model, state).count += 1;
      },
    },
  },
];

function tokensOf(usage: Usage, type: TokenType): number {
  return type === "total" ? usage.input + usage.output : (usage[type] ?? 0);
}
