// TABLE: the metrics of the GenAI conventions: `client` is one call of a provider, `server` what the user felt, failing over included.
// Time per output chunk is missing: it takes a clock per chunk.
import type { Cell } from "./cells.ts";
import type { Usage } from "../core/lane.ts";
import type { FedRow, Shown } from "./fed-row.ts";
import { GENAI_BUCKETS, GENAI_METRIC, OPERATION_NAME } from "./genai-names.ts";
import { BUCKETS } from "./names.ts";
import type { EndShape, RequestShape } from "./shapes.ts";

const MS_PER_S = 1000;
const CALL = ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"] as const;
const SERVED = [...CALL, "gen_ai_response_model"] as const;
const ERROR = "error_type";
/** Providers tell one figure for all that went in, whatever it was. */
const MODALITY = "unknown";

/** The rows. `legacy` also shows the two names of older conventions, which most tools still ask for. */
export function genAiMetrics(legacy: boolean): readonly FedRow[] {
  return [durationRow(legacy), FIRST_CHUNK, ...TOKEN_COUNTERS, callTokensRow(legacy), ...SERVER_ROWS];
}

function durationRow(legacy: boolean): FedRow {
  const shows: Shown[] = [
    {
      name: GENAI_METRIC.inferenceDuration,
      type: "histogram",
      help: "Time of one inference call of a provider.",
      only: isInference,
    },
    {
      name: GENAI_METRIC.operationDuration,
      type: "histogram",
      help: "Time of one call of a provider: embeddings, and with the older names inference, too.",
      ...(!legacy && { only: (cell) => !isInference(cell) }),
    },
  ];
  return {
    labels: [...CALL, ERROR],
    bounds: GENAI_BUCKETS.durationSeconds,
    shows,
    ends: {
      attempt: [
        {
          labels: (shape) => [...callOf(shape), errorOf(shape)],
          add: ({ at, attempt }, { cell }) => {
            cell.observe(((attempt.endedAt ?? at) - attempt.startedAt) / MS_PER_S, attempt.trace, at);
          },
        },
      ],
    },
  };
}

const FIRST_CHUNK: FedRow = {
  labels: CALL,
  bounds: GENAI_BUCKETS.durationSeconds,
  shows: [
    { name: GENAI_METRIC.firstChunk, type: "histogram", help: "Time from dispatch to the first chunk of a stream." },
  ],
  ends: {
    attempt: [
      {
        labels: callOf,
        add: ({ at, attempt, request }, place) => {
          // The first that says something: comments and lifecycle frames may come long before it.
          const { startedAt, committedAt, trace } = attempt;
          if (request.stream && committedAt !== null) {
            place.cell.observe((committedAt - startedAt) / MS_PER_S, trace, at);
          }
        },
      },
    ],
  },
};

/** `always`: an answer without figures adds 0, so that its series shows that nobody counted (conventions). */
const COUNTED: readonly {
  readonly name: string;
  readonly help: string;
  readonly of: (usage: Usage) => number | undefined;
  readonly always?: true;
}[] = [
  {
    name: GENAI_METRIC.inputTokens,
    help: "Input tokens, cached ones included.",
    of: ({ input }) => input,
    always: true,
  },
  {
    name: GENAI_METRIC.outputTokens,
    help: "Output tokens, reasoning included.",
    of: ({ output }) => output,
    always: true,
  },
  {
    name: GENAI_METRIC.cacheReadTokens,
    help: "Input tokens read from the provider's cache.",
    of: ({ cacheRead }) => cacheRead,
  },
  {
    name: GENAI_METRIC.cacheWriteTokens,
    help: "Input tokens written to the provider's cache.",
    of: ({ cacheWrite }) => cacheWrite,
  },
  { name: GENAI_METRIC.reasoningTokens, help: "Output tokens spent on reasoning.", of: ({ reasoning }) => reasoning },
];

const TOKEN_COUNTERS: readonly FedRow[] = COUNTED.map(({ name, help, of, always }) => ({
  labels: [...CALL, "gen_ai_token_modality"],
  shows: [{ name, help, type: "counter" }],
  ends: {
    attempt: [
      {
        labels: (shape) => [...callOf(shape), MODALITY],
        add: ({ attempt: { committedAt, told }, request }, place) => {
          if (OPERATION_NAME[request.operation] !== OPERATION_NAME.chat) return;
          const usage = told === null ? null : told.usage;
          const tokens = usage === null ? 0 : (of(usage) ?? 0);
          if (tokens === 0 && (always !== true || committedAt === null)) return;
          place.cell.count += tokens;
        },
      },
    ],
  },
}));

function isInference({ labels }: Cell): boolean {
  return labels[0] === OPERATION_NAME.chat;
}

function callTokensRow(legacy: boolean): FedRow {
  const shows: Shown[] = [
    {
      name: GENAI_METRIC.callInputTokens,
      type: "histogram",
      help: "Input tokens of one inference call.",
      labels: CALL,
      only: (cell) => isInference(cell) && cell.labels[3] === "input",
    },
    {
      name: GENAI_METRIC.callOutputTokens,
      type: "histogram",
      help: "Output tokens of one inference call.",
      labels: CALL,
      only: (cell) => isInference(cell) && cell.labels[3] === "output",
    },
  ];
  const older: Shown = { name: GENAI_METRIC.tokenUsage, type: "histogram", help: "Tokens of one call." };
  return {
    labels: [...CALL, "gen_ai_token_type"],
    bounds: BUCKETS.tokens,
    shows: legacy ? [...shows, older] : shows,
    ends: {
      attempt: [
        {
          labels: (shape) => [...callOf(shape), "input"],
          add: ({ at, attempt: { told, trace } }, place) => {
            if (told !== null && told.usage !== null) place.cell.observe(told.usage.input, trace, at);
          },
        },
        {
          labels: (shape) => [...callOf(shape), "output"],
          add: ({ at, attempt: { told, trace }, request }, place) => {
            // Embeddings have no output, and a row of zeros would look like answers without words.
            if (told === null || told.usage === null || OPERATION_NAME[request.operation] !== OPERATION_NAME.chat)
              return;
            place.cell.observe(told.usage.output, trace, at);
          },
        },
      ],
    },
  };
}

const SERVER_ROWS: readonly FedRow[] = [
  {
    labels: [...SERVED, ERROR],
    bounds: GENAI_BUCKETS.durationSeconds,
    shows: [
      {
        name: GENAI_METRIC.serverDuration,
        type: "histogram",
        help: "Time of a request, all of its attempts included.",
      },
    ],
    ends: {
      request: [
        {
          labels: (shape) => [...servedOf(shape), errorOf(shape)],
          add: ({ at, request }, { cell }) => {
            cell.observe((at - request.startedAt) / MS_PER_S, request.trace, at);
          },
        },
      ],
    },
  },
  {
    labels: SERVED,
    bounds: GENAI_BUCKETS.firstTokenSeconds,
    shows: [
      { name: GENAI_METRIC.serverFirstToken, type: "histogram", help: "Time from a request to the first token sent." },
    ],
    ends: {
      request: [
        {
          labels: servedOf,
          add: ({ at, firstWriteAt, request }, place) => {
            if (!request.stream || firstWriteAt === null) return;
            place.cell.observe((firstWriteAt - request.startedAt) / MS_PER_S, request.trace, at);
          },
        },
      ],
    },
  },
  {
    labels: SERVED,
    bounds: GENAI_BUCKETS.perTokenSeconds,
    shows: [
      {
        name: GENAI_METRIC.serverPerToken,
        type: "histogram",
        help: "Time per output token behind the first, of completed streams.",
      },
    ],
    ends: {
      request: [
        {
          labels: servedOf,
          add: ({ at, firstWriteAt, outcome, request, served }, place) => {
            const output = served?.told?.usage?.output ?? 0;
            if (!request.stream || firstWriteAt === null || outcome !== "completed" || output < 2) return;
            place.cell.observe((at - firstWriteAt) / MS_PER_S / (output - 1), request.trace, at);
          },
        },
      ],
    },
  },
];

/** The labels of CALL. */
function callOf({ operation, target: { genAi, model } }: EndShape): readonly [string, string, string] {
  return [OPERATION_NAME[operation], genAi, model];
}

/** The labels of SERVED. */
function servedOf({ operation, requested, target: { genAi, model } }: RequestShape): readonly string[] {
  return [OPERATION_NAME[operation], genAi, requested, model];
}

/** Empty, which is no label at all, for what did not fail; a client that left is no error (HTTP conventions). */
function errorOf({ kind, outcome }: EndShape): string {
  return outcome === "failed" ? (kind ?? "_OTHER") : "";
}
