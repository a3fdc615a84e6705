// TABLE: what OpenClaw tells of each call of a provider beside its duration (OpenClaw §6.2). Rows of fed-metrics.ts.
import type { FedRow } from "./fed-row.ts";
import { BUCKETS, LABELS, METRIC } from "./names.ts";
import type { AttemptShape } from "./shapes.ts";

const MS_PER_S = 1000;

/** The rows, in the order of the exposition. */
export const CALL_METRICS: readonly FedRow[] = [
  {
    labels: ["attempt"],
    shows: [{ name: METRIC.runAttempt, type: "counter", help: "Attempts by their number within the request." }],
    on: {
      "attempt-start": ({ attempt }, tally) => {
        tally.at(String(attempt.number)).count += 1;
      },
    },
  },
  {
    labels: LABELS.modelBytes,
    bounds: BUCKETS.bytes,
    shows: [{ name: METRIC.modelCallRequestBytes, type: "histogram", help: "Bytes of the body sent to the provider." }],
    ends: {
      attempt: [
        {
          labels: travelOf,
          add: ({ attempt }, place) => {
            if (attempt.requestBytes > 0) place.cell.observe(attempt.requestBytes);
          },
        },
      ],
    },
  },
  {
    labels: LABELS.modelBytes,
    bounds: BUCKETS.bytes,
    shows: [{ name: METRIC.modelCallResponseBytes, type: "histogram", help: "Bytes that the provider answered with." }],
    ends: {
      attempt: [
        {
          labels: travelOf,
          add: ({ attempt }, place) => {
            if (attempt.responseBytes > 0) place.cell.observe(attempt.responseBytes);
          },
        },
      ],
    },
  },
  {
    labels: LABELS.modelBytes,
    bounds: BUCKETS.seconds,
    shows: [
      { name: METRIC.modelCallFirstByte, type: "histogram", help: "Time from dispatch to the first byte of a body." },
    ],
    ends: {
      attempt: [
        {
          labels: travelOf,
          add: ({ at, attempt }, place) => {
            const { firstByteAt, startedAt, trace } = attempt;
            if (firstByteAt !== null) place.cell.observe((firstByteAt - startedAt) / MS_PER_S, trace, at);
          },
        },
      ],
    },
  },
];

function travelOf({ target: { api, model, provider }, transport }: AttemptShape): readonly string[] {
  return [api, model, provider, transport];
}
