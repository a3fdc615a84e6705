// TABLE: the HTTP server metrics of OpenTelemetry: every request of the door, whoever answered it. Their bounds end at 10 s by convention;
// model calls are judged by the GenAI metrics.
import type { FedRow } from "./fed-row.ts";
import { ROUTES } from "../core/names.ts";

const MS_PER_S = 1000;
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;
/** Model calls are told of only when they were asked by this method. */
const POST = "POST";
/** Never sent: the client had gone. */
const CLIENT_GONE_STATUS = 499;

/** Prometheus names of the conventions. */
export const HTTP_METRIC = {
  duration: "http_server_request_duration_seconds",
  active: "http_server_active_requests",
} as const;

/** The rows, in the order of the exposition. */
export const HTTP_METRICS: readonly FedRow[] = [
  {
    labels: ["error_type", "http_request_method", "http_response_status_code", "http_route", "url_scheme"],
    bounds: BOUNDS,
    shows: [{ name: HTTP_METRIC.duration, type: "histogram", help: "Time of HTTP requests, by route and status." }],
    ends: {
      request: [
        {
          labels: ({ kind, operation, outcome, scheme, status }) => [
            outcome === "failed" ? (kind ?? "_OTHER") : "",
            POST,
            statusLabel(status),
            ROUTES[operation],
            scheme,
          ],
          add: ({ at, request }, { cell }) => {
            cell.observe((at - request.startedAt) / MS_PER_S, request.trace, at);
          },
        },
      ],
    },
    on: {
      "request-refused": ({ at, endpoint, failure, method, startedAt, status, trace }, tally, words) => {
        const error = status >= 500 ? failure.kind : "";
        tally
          .at(error, words.method(method), statusLabel(status), words.route(endpoint), words.scheme())
          .observe((at - startedAt) / MS_PER_S, trace, at);
      },
      "request-answered": ({ at, endpoint, method, startedAt, status }, tally, words) => {
        tally
          .at("", words.method(method), statusLabel(status), words.route(endpoint), words.scheme())
          .observe((at - startedAt) / MS_PER_S);
      },
    },
  },
  {
    labels: ["http_request_method", "url_scheme"],
    shows: [{ name: HTTP_METRIC.active, type: "gauge", help: "Model calls that have not ended." }],
    on: {
      "request-start": (_event, tally, words) => {
        tally.at(POST, words.scheme()).count += 1;
      },
    },
    ends: {
      request: [
        {
          labels: ({ scheme }) => [POST, scheme],
          add: (_event, { cell }) => {
            cell.count -= 1;
          },
        },
      ],
    },
  },
];

function statusLabel(status: number): string {
  return status === CLIENT_GONE_STATUS ? "" : String(status);
}
