// TABLE: what is counted, by which labels, for which metrics, and how which event feeds it. A new metric is a row here and a name in
// names.ts. A duration is counted with its calls: both metrics show the same cells, so one event finds one cell.
import type { Failure, FailureKind } from "../core/failure.ts";
import { CALL_METRICS } from "./call-metrics.ts";
import { FAILOVER_METRICS } from "./failover-metrics.ts";
import type { FedRow } from "./fed-row.ts";
import { BUCKETS, LABELS, METRIC, NOTHING, OTHER, TRIGGER } from "./names.ts";
import { USAGE_METRICS } from "./usage-metrics.ts";
import { overheadMs } from "./request-times.ts";

const MS_PER_S = 1000;
const CLIENT_LEFT: ReadonlySet<FailureKind> = new Set(["client-closed", "write-idle"]);
const AUTH_FAILURES: ReadonlySet<FailureKind> = new Set(["unauthorized", "auth-lockout", "forbidden"]);
/** The door's words for what was full (decision 23). */
const SHED_REASONS: ReadonlySet<string> = new Set(["inflight", "bytes", "event_loop", "heap", "connections"]);

/** The rows, in the order of the exposition. */
export const FED_METRICS: readonly FedRow[] = [
  {
    labels: LABELS.run,
    bounds: BUCKETS.seconds,
    shows: [
      {
        name: METRIC.runCompleted,
        type: "counter",
        help: "Requests that ended, by outcome and the target that served.",
      },
      { name: METRIC.runDuration, type: "histogram", help: "Time from the request's head to the end of its answer." },
    ],
    ends: {
      request: [
        {
          labels: ({ channel, target, outcome }) => [channel, target.model, outcome ?? OTHER, target.provider, TRIGGER],
          add: ({ at, request }, { cell }) => {
            cell.observe((at - request.startedAt) / MS_PER_S, request.trace, at);
          },
        },
      ],
    },
  },
  {
    labels: LABELS.modelCall,
    bounds: BUCKETS.seconds,
    shows: [
      { name: METRIC.modelCall, type: "counter", help: "Attempts at providers, by outcome and kind of failure." },
      { name: METRIC.modelCallDuration, type: "histogram", help: "Time from dispatch to the end of one attempt." },
    ],
    ends: {
      attempt: [
        {
          labels: ({ kind, outcome, target: { api, model, provider }, transport }) => [
            api,
            kind ?? NOTHING,
            model,
            outcome ?? OTHER,
            provider,
            transport,
          ],
          add: ({ at, attempt }, { cell }) => {
            cell.observe(((attempt.endedAt ?? at) - attempt.startedAt) / MS_PER_S, attempt.trace, at);
          },
        },
      ],
    },
  },
  ...CALL_METRICS,
  ...USAGE_METRICS,
  ...FAILOVER_METRICS,
  {
    labels: ["provider", "phase"],
    shows: [{ name: METRIC.streamErrors, type: "counter", help: "Streams that broke, before or after their commit." }],
    on: {
      "attempt-end": ({ attempt, request }, tally, words) => {
        if (attempt.outcome !== "failed" || !request.stream || !isSuccess(attempt.status)) return;
        const phase = attempt.committedAt === null ? "first-event" : "stream";
        tally.at(words.target(attempt.target).provider, phase).count += 1;
      },
    },
  },
  {
    labels: ["phase"],
    shows: [{ name: METRIC.clientAborts, type: "counter", help: "Clients that left or stopped reading, by phase." }],
    on: {
      "request-end": ({ failure, phase }, tally) => {
        if (failure !== null && CLIENT_LEFT.has(failure.kind)) tally.at(phase).count += 1;
      },
      "request-refused": ({ failure }, tally) => {
        if (CLIENT_LEFT.has(failure.kind)) tally.at(failure.phase ?? "request").count += 1;
      },
    },
  },
  {
    labels: ["reason"],
    shows: [
      { name: METRIC.authFailures, type: "counter", help: "Requests refused for their credential or origin, by why." },
    ],
    on: {
      // Why is for the operator alone (the caller hears the same whatever it was), and the log has the same word.
      "request-refused": ({ failure }, tally, words) => {
        if (AUTH_FAILURES.has(failure.kind)) tally.at(words.denial(failure.detail ?? failure.kind)).count += 1;
      },
    },
  },
  {
    labels: ["reason"],
    shows: [{ name: METRIC.shed, type: "counter", help: "Requests turned away for want of room, by what was full." }],
    on: {
      "request-refused": ({ failure }, tally) => {
        if (failure.kind === "draining") tally.at("draining").count += 1;
        if (failure.kind === "overloaded-here") tally.at(shedReasonOf(failure)).count += 1;
      },
      // The door had room: no provider had, or what is said.
      "request-end": ({ failure }, tally) => {
        if (failure?.kind !== "overloaded-here") return;
        tally.at(failure.detail === null ? "provider_inflight" : shedReasonOf(failure)).count += 1;
      },
    },
  },
  {
    labels: ["provider", "repair"],
    shows: [
      { name: METRIC.repairs, type: "counter", help: "Alterations of answers, at most one of a name per attempt." },
    ],
    on: {
      "attempt-end": ({ attempt }, tally, words) => {
        for (const repair of attempt.told?.repairs ?? []) {
          tally.at(words.target(attempt.target).provider, words.repair(repair)).count += 1;
        }
      },
    },
  },
  {
    labels: ["provider", "field"],
    shows: [
      { name: METRIC.adjusted, type: "counter", help: "Request fields dropped, renamed or clamped for a target." },
    ],
    on: {
      "request-adjusted": ({ adjusted, target }, tally, words) => {
        for (const field of adjusted) tally.at(words.target(target).provider, words.field(field)).count += 1;
      },
    },
  },
  {
    labels: ["provider", "remedy"],
    shows: [
      {
        name: METRIC.remediesLearned,
        type: "counter",
        help: "What a target's requests are changed by since it complained of their shape; each change is counted as adjusted.",
      },
    ],
    on: {
      "remedy-learned": ({ provider, remedy }, tally) => {
        tally.at(provider, remedy).count += 1;
      },
    },
  },
  {
    labels: ["endpoint"],
    shows: [{ name: METRIC.inflight, type: "gauge", help: "Requests with a plan that have not ended." }],
    on: {
      "request-start": ({ request }, tally) => {
        tally.at(request.operation).count += 1;
      },
    },
    ends: {
      request: [
        {
          labels: ({ operation }) => [operation],
          add: (_event, { cell }) => {
            cell.count -= 1;
          },
        },
      ],
    },
  },
  {
    labels: [],
    bounds: BUCKETS.overheadSeconds,
    shows: [
      {
        name: METRIC.overhead,
        type: "histogram",
        help: "What the gateway adds: request read to first dispatch, gaps between attempts, commit to first write.",
      },
    ],
    ends: {
      request: [
        {
          labels: () => [],
          add: (event, place) => {
            if (event.attempts.length === 0) return;
            place.cell.observe(overheadMs(event) / MS_PER_S, event.request.trace, event.at);
          },
        },
      ],
    },
  },
  {
    labels: ["result"],
    shows: [
      { name: METRIC.configReloads, type: "counter", help: "Readings of the configuration, by what came of them." },
    ],
    on: {
      "config-reloaded": ({ result }, tally) => {
        tally.at(result).count += 1;
      },
    },
  },
  {
    labels: [],
    startsAt: 1,
    shows: [
      {
        name: METRIC.configGeneration,
        type: "gauge",
        across: "max",
        help: "Configurations taken into use since the start.",
      },
    ],
    on: {
      "config-reloaded": ({ result }, tally) => {
        if (result === "swapped") tally.at().count += 1;
      },
    },
  },
];

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

function shedReasonOf({ detail }: Failure): string {
  return detail !== null && SHED_REASONS.has(detail) ? detail : OTHER;
}
