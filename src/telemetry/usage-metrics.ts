// TABLE: tokens and what they cost, by attempt: a provider bills each, also those that lost or broke. Rows of fed-metrics.ts.
import type { Usage } from "../core/lane.ts";
import { costUsd } from "./cost.ts";
import type { FedRow } from "./fed-row.ts";
import { BUCKETS, LABELS, METRIC, NOTHING, TOKEN_TYPE } from "./names.ts";
import { usageStateOf } from "./usage-state.ts";

type TokenType = keyof typeof TOKEN_TYPE;

/** How many tokens of a type a call took; 0 where nobody told. */
const TOKENS: Readonly<Record<TokenType, (usage: Usage) => number>> = {
  input: ({ input }) => input,
  output: ({ output }) => output,
  cacheRead: ({ cacheRead = 0 }) => cacheRead,
  cacheWrite: ({ cacheWrite = 0 }) => cacheWrite,
  total: ({ input, output }) => input + output,
};
const TOKEN_TYPES = Object.keys(TOKEN_TYPE) as TokenType[];

/** The rows, in the order of the exposition. */
export const USAGE_METRICS: readonly FedRow[] = [
  {
    labels: LABELS.modelTokens,
    shows: [
      { name: METRIC.modelTokens, type: "counter", help: "Tokens as providers counted them; unknown adds nothing." },
    ],
    ends: {
      attempt: TOKEN_TYPES.map((type) => {
        const tokensOf = TOKENS[type];
        return {
          labels: ({ agent, channel, target: { model, provider } }) => [
            agent,
            channel,
            model,
            provider,
            TOKEN_TYPE[type],
          ],
          add: ({ attempt: { told } }, place) => {
            const usage = told === null ? null : told.usage;
            const tokens = usage === null ? 0 : tokensOf(usage);
            if (tokens > 0) place.cell.count += tokens;
          },
        };
      }),
    },
  },
  {
    labels: LABELS.tokenUsage,
    bounds: BUCKETS.tokens,
    shows: [{ name: METRIC.tokenUsage, type: "histogram", help: "Tokens of one call, as the provider counted them." }],
    ends: {
      attempt: [
        {
          labels: ({ target: { model, provider } }) => [model, provider, TOKEN_TYPE.input],
          add: ({ attempt: { told } }, place) => {
            if (told !== null && told.usage !== null) place.cell.observe(told.usage.input);
          },
        },
        {
          labels: ({ target: { model, provider } }) => [model, provider, TOKEN_TYPE.output],
          add: ({ attempt: { told } }, place) => {
            if (told !== null && told.usage !== null) place.cell.observe(told.usage.output);
          },
        },
      ],
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
    ends: {
      attempt: [
        {
          labels: ({ channel, target: { model, provider } }) => [channel, "used", model, provider],
          add: ({ attempt: { told } }, place) => {
            if (told !== null && told.usage !== null) place.cell.observe(told.usage.input + told.usage.output);
          },
        },
        {
          labels: ({ channel, target: { model, provider } }) => [channel, "limit", model, provider],
          add: ({ attempt: { target, told } }, place) => {
            const { contextWindow } = target.stated;
            if (told !== null && told.usage !== null && contextWindow !== null) place.cell.observe(contextWindow);
          },
        },
      ],
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
    ends: {
      attempt: [
        {
          labels: ({ agent, channel, target: { model, provider } }) => [agent, channel, model, provider],
          add: ({ attempt: { target, told } }, place) => {
            const usd = told === null ? null : costUsd(target.stated.cost, told.usage);
            if (usd !== null) place.cell.count += usd;
          },
        },
      ],
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
    ends: {
      attempt: [
        {
          labels: ({ target: { model, provider }, usage }) => [provider, model, usage ?? NOTHING],
          add: ({ attempt, request }, place) => {
            if (usageStateOf(attempt, request.operation) !== null) place.cell.count += 1;
          },
        },
      ],
    },
  },
];
