// TABLE: the metrics of the GenAI conventions: `client` is one call of a provider, `server` what the user felt, failing over included.
// Time per output chunk is missing: it takes a clock per chunk.
import type { AttemptRef, RequestEnd } from "../core/events.ts";
import type { Cell } from "./cells.ts";
import type { Usage } from "../core/lane.ts";
import type { Target } from "../core/snapshot.ts";
import type { FedRow, Shown } from "./fed-row.ts";
import { GENAI_BUCKETS, GENAI_METRIC, OPERATION_NAME } from "./genai-names.ts";
import { BUCKETS } from "./names.ts";

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
    on: {
      "attempt-end": ({ at, attempt, request }, tally, words) => {
        const { genAi, model } = words.target(attempt.target);
        const seconds = ((attempt.endedAt ?? at) - attempt.startedAt) / MS_PER_S;
        tally.at(OPERATION_NAME[request.operation], genAi, model, errorOf(attempt)).observe(seconds, attempt.trace, at);
      },
    },
  };
}

const FIRST_CHUNK: FedRow = {
  labels: CALL,
  bounds: GENAI_BUCKETS.durationSeconds,
  shows: [
    { name: GENAI_METRIC.firstChunk, type: "histogram", help: "Time from dispatch to the first chunk of a stream." },
  ],
  on: {
    "attempt-end": ({ at, attempt, request }, tally, words) => {
      // The first that says something: comments and lifecycle frames may come long before it.
      const { startedAt, committedAt, trace } = attempt;
      if (!request.stream || committedAt === null) return;
      const { genAi, model } = words.target(attempt.target);
      tally
        .at(OPERATION_NAME[request.operation], genAi, model)
        .observe((committedAt - startedAt) / MS_PER_S, trace, at);
    },
  },
};

/** `always`: an answer without figures adds 0, so that its series shows that nobody counted (conventions). */
const COUNTED: readonly {
  readonly name: string;
  readonly help: string;
  readonly of: keyof Usage;
  readonly always?: true;
}[] = [
  { name: GENAI_METRIC.inputTokens, help: "Input tokens, cached ones included.", of: "input", always: true },
  { name: GENAI_METRIC.outputTokens, help: "Output tokens, reasoning included.", of: "output", always: true },
  { name: GENAI_METRIC.cacheReadTokens, help: "Input tokens read from the provider's cache.", of: "cacheRead" },
  { name: GENAI_METRIC.cacheWriteTokens, help: "Input tokens written to the provider's cache.", of: "cacheWrite" },
  { name: GENAI_METRIC.reasoningTokens, help: "Output tokens spent on reasoning.", of: "reasoning" },
];

const TOKEN_COUNTERS: readonly FedRow[] = COUNTED.map(({ name, help, of, always }) => ({
  labels: [...CALL, "gen_ai_token_modality"],
  shows: [{ name, help, type: "counter" }],
  on: {
    "attempt-end": ({ attempt, request }, tally, words) => {
      if (OPERATION_NAME[request.operation] !== OPERATION_NAME.chat) return;
      const figure = attempt.told?.usage?.[of];
      const tokens = typeof figure === "number" ? figure : 0;
      if (tokens === 0 && (always !== true || attempt.committedAt === null)) return;
      const { genAi, model } = words.target(attempt.target);
      tally.at(OPERATION_NAME[request.operation], genAi, model, MODALITY).count += tokens;
    },
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
    on: {
      "attempt-end": ({ at, attempt, request }, tally, words) => {
        const usage = attempt.told?.usage ?? null;
        if (usage === null) return;
        const { genAi, model } = words.target(attempt.target);
        const operation = OPERATION_NAME[request.operation];
        tally.at(operation, genAi, model, "input").observe(usage.input, attempt.trace, at);
        // Embeddings have no output, and a row of zeros would look like answers without words.
        if (operation !== OPERATION_NAME.chat) return;
        tally.at(operation, genAi, model, "output").observe(usage.output, attempt.trace, at);
      },
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
    on: {
      "request-end": (event, tally, words) => {
        const { at, request } = event;
        const { genAi, model } = words.target(lastTarget(event));
        const seconds = (at - request.startedAt) / MS_PER_S;
        tally
          .at(OPERATION_NAME[request.operation], genAi, words.requested(request), model, errorOf(event))
          .observe(seconds, request.trace, at);
      },
    },
  },
  {
    labels: SERVED,
    bounds: GENAI_BUCKETS.firstTokenSeconds,
    shows: [
      { name: GENAI_METRIC.serverFirstToken, type: "histogram", help: "Time from a request to the first token sent." },
    ],
    on: {
      "request-end": (event, tally, words) => {
        const { at, firstWriteAt, request } = event;
        if (!request.stream || firstWriteAt === null) return;
        const seconds = (firstWriteAt - request.startedAt) / MS_PER_S;
        const { genAi, model } = words.target(lastTarget(event));
        tally
          .at(OPERATION_NAME[request.operation], genAi, words.requested(request), model)
          .observe(seconds, request.trace, at);
      },
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
    on: {
      "request-end": (event, tally, words) => {
        const { at, firstWriteAt, outcome, request, served } = event;
        const output = served?.told?.usage?.output ?? 0;
        if (!request.stream || firstWriteAt === null || outcome !== "completed" || output < 2) return;
        const seconds = (at - firstWriteAt) / MS_PER_S / (output - 1);
        const { genAi, model } = words.target(lastTarget(event));
        tally
          .at(OPERATION_NAME[request.operation], genAi, words.requested(request), model)
          .observe(seconds, request.trace, at);
      },
    },
  },
];

/** Who answered, or failed last. */
function lastTarget({ attempts, served }: RequestEnd): Target | null {
  return (served ?? attempts.at(-1))?.target ?? null;
}

/** Empty, which is no label at all, for what did not fail; a client that left is no error (HTTP conventions). */
function errorOf({ failure, outcome }: Pick<AttemptRef, "failure" | "outcome">): string {
  return outcome === "failed" ? (failure?.kind ?? "_OTHER") : "";
}
