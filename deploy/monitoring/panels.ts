// TABLE: the panels of the dashboard, row by row: what an operator asks first stands on top. Names are those of src/telemetry.

/** One expression of a panel. */
export interface Query {
  readonly expr: string;
  /** `{{label}}` templates. */
  readonly legend: string;
}

/** One panel; `unit` in Grafana's words. */
export interface Panel {
  readonly title: string;
  /** What it means, for who hovers. */
  readonly about: string;
  readonly type: "stat" | "timeseries" | "state-timeline" | "table";
  readonly unit: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly queries: readonly Query[];
  /** From this value on the colour is a warning, then an alarm. */
  readonly bad?: readonly [warning: number, alarm: number];
  readonly stacked?: true;
}

/** A row of panels under one heading. */
export interface Row {
  readonly title: string;
  readonly height: number;
  readonly panels: readonly Panel[];
}

const JOB = 'job=~"$job"';
/** The variables hold values of our own labels. `gen_ai_provider_name` is another word for some: `mistral_ai`, `gcp.gemini`. */
const CALLS = `${JOB}, provider=~"$provider", model=~"$model"`;
const ROUTES = `${JOB}, http_route=~"/v1/.+"`;
/** As the rules count it: also behind a 200, unless it would have been the client's own 4xx. */
const NO_FAILURE =
  "|request-invalid|unsupported-parameter|rejected|rejected-by-provider|too-large|content-refused|context-overflow";
const FAILED = `${ROUTES}, http_response_status_code=~"200|429|5..", error_type!~"${NO_FAILURE}"`;
const SPAN = "$__rate_interval";

const quantile = (q: number, metric: string, selector: string, by = ""): string =>
  `histogram_quantile(${q}, sum by (le${by}) (rate(${metric}_bucket{${selector}}[${SPAN}])))`;
const rate = (metric: string, selector: string, by = ""): string => {
  const summed = `(rate(${metric}{${selector}}[${SPAN}]))`;
  return by === "" ? `sum${summed}` : `sum by (${by}) ${summed}`;
};
const percentiles = (metric: string, selector: string): Query[] =>
  [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, metric, selector), legend: `p${q * 100}` }));

/** The rows, from top to bottom. */
export const ROWS: readonly Row[] = [
  {
    title: "Now",
    height: 4,
    panels: [
      {
        title: "Requests",
        about: "Model calls of clients per second.",
        type: "stat",
        unit: "reqps",
        width: 4,
        queries: [{ expr: rate("http_server_request_duration_seconds_count", ROUTES), legend: "" }],
      },
      {
        title: "Failed",
        about:
          "Part of the requests that failed because of us or our providers: 429, 5xx, or a stream cut behind its 200.",
        type: "stat",
        unit: "percentunit",
        width: 4,
        bad: [0.01, 0.05],
        queries: [
          {
            expr: `(${rate("http_server_request_duration_seconds_count", FAILED)} or vector(0)) / ${rate("http_server_request_duration_seconds_count", ROUTES)}`,
            legend: "",
          },
        ],
      },
      {
        title: "First token, p95",
        about: "From the request to the first token sent, failing over included.",
        type: "stat",
        unit: "s",
        width: 4,
        bad: [5, 10],
        queries: [{ expr: quantile(0.95, "gen_ai_server_time_to_first_token_seconds", JOB), legend: "" }],
      },
      {
        title: "Overhead, p95",
        about: "What the gateway itself adds to a request.",
        type: "stat",
        unit: "s",
        width: 4,
        bad: [0.005, 0.01],
        queries: [{ expr: quantile(0.95, "openclaw_edge_overhead_seconds", JOB), legend: "" }],
      },
      {
        title: "In flight",
        about: "Requests that have not ended.",
        type: "stat",
        unit: "none",
        width: 4,
        queries: [{ expr: `sum(openclaw_edge_inflight_requests{${JOB}})`, legend: "" }],
      },
      {
        title: "Cost per hour",
        about: "US dollars by the prices of the configuration; what has no price counts nothing.",
        type: "stat",
        unit: "currencyUSD",
        width: 4,
        queries: [{ expr: `3600 * ${rate("openclaw_model_cost_usd_total", CALLS)}`, legend: "" }],
      },
    ],
  },
  {
    title: "What clients feel",
    height: 8,
    panels: [
      {
        title: "Requests by status",
        about: "The empty status is a client that left. A stream that is cut later has its 200.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        stacked: true,
        queries: [
          {
            expr: rate("http_server_request_duration_seconds_count", ROUTES, "http_response_status_code"),
            legend: "{{http_response_status_code}}",
          },
        ],
      },
      {
        title: "Time to first token",
        about: "Streams, failing over included.",
        type: "timeseries",
        unit: "s",
        width: 8,
        queries: percentiles("gen_ai_server_time_to_first_token_seconds", JOB),
      },
      {
        title: "Duration",
        about: "From the request to the end of its answer.",
        type: "timeseries",
        unit: "s",
        width: 8,
        queries: percentiles("gen_ai_server_request_duration_seconds", JOB),
      },
    ],
  },
  {
    title: "Providers",
    height: 8,
    panels: [
      {
        title: "Calls by provider and outcome",
        about: "Attempts; one request may make several.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        stacked: true,
        queries: [
          { expr: rate("openclaw_model_call_total", CALLS, "provider, outcome"), legend: "{{provider}} {{outcome}}" },
        ],
      },
      {
        title: "Failures by kind",
        about: "Why attempts failed.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        stacked: true,
        queries: [
          {
            expr: rate("openclaw_model_call_total", `${CALLS}, outcome="failed"`, "provider, error_category"),
            legend: "{{provider}} {{error_category}}",
          },
        ],
      },
      {
        title: "First byte by provider, p95",
        about: "Of one streamed call, from dispatch to the first byte of its body; what says an error counts, too.",
        type: "timeseries",
        unit: "s",
        width: 8,
        queries: [
          {
            expr: quantile(
              0.95,
              "openclaw_model_call_time_to_first_byte_seconds",
              `${CALLS}, transport!="http"`,
              ", provider, model",
            ),
            legend: "{{provider}}/{{model}}",
          },
        ],
      },
    ],
  },
  {
    title: "Failing over",
    height: 8,
    panels: [
      {
        title: "Moves",
        about: "From which target to which, and OpenClaw's reason.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        queries: [
          {
            expr: rate("openclaw_edge_failovers_total", JOB, "from, to, reason"),
            legend: "{{from}} → {{to}} ({{reason}})",
          },
        ],
      },
      {
        title: "Breakers",
        about: "0 closed, 1 half-open or load returning, 2 open; targets that were never broken have no line.",
        type: "state-timeline",
        unit: "none",
        width: 8,
        bad: [1, 2],
        queries: [
          {
            expr: `max by (provider, model) (openclaw_edge_breaker_state{${CALLS}})`,
            legend: "{{provider}}/{{model}}",
          },
        ],
      },
      {
        title: "Cooling credentials",
        about: "1 while a credential is left alone; * cools for all models of its provider.",
        type: "state-timeline",
        unit: "none",
        width: 8,
        bad: [1, 2],
        queries: [
          {
            expr: `max by (provider, model) (openclaw_edge_cooldown_state{${JOB}, provider=~"$provider"})`,
            legend: "{{provider}}/{{model}}",
          },
        ],
      },
      {
        title: "Streams that broke, clients that left",
        about: "Before or after their first content.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        queries: [
          {
            expr: rate("openclaw_edge_stream_errors_total", `${JOB}, provider=~"$provider"`, "provider, phase"),
            legend: "{{provider}} broke, {{phase}}",
          },
          { expr: rate("openclaw_edge_client_aborts_total", JOB, "phase"), legend: "client left, {{phase}}" },
        ],
      },
      {
        title: "Repairs and adjustments",
        about: "What was mended in answers, and left out of requests because a target cannot take it.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        queries: [
          { expr: rate("openclaw_edge_repairs_total", JOB, "provider, repair"), legend: "{{provider}}: {{repair}}" },
          { expr: rate("openclaw_edge_adjusted_total", JOB, "provider, field"), legend: "{{provider}}: {{field}}" },
        ],
      },
      {
        title: "Hedges and spent budgets",
        about: "Second providers asked beside a silent first; repeats that were not made.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        queries: [
          { expr: rate("openclaw_edge_hedges_total", JOB, "outcome"), legend: "hedge {{outcome}}" },
          {
            expr: rate("openclaw_edge_retry_budget_exhausted_total", JOB, "provider"),
            legend: "{{provider}}: budget spent",
          },
        ],
      },
    ],
  },
  {
    title: "Tokens and money",
    height: 8,
    panels: [
      {
        title: "Tokens by type",
        about: "As providers counted them.",
        type: "timeseries",
        unit: "short",
        width: 8,
        queries: [
          {
            expr: rate("openclaw_model_tokens_total", `${CALLS}, token_type!="total"`, "token_type"),
            legend: "{{token_type}}",
          },
        ],
      },
      {
        title: "Cost per hour by agent",
        about: "US dollars.",
        type: "timeseries",
        unit: "currencyUSD",
        width: 8,
        stacked: true,
        queries: [{ expr: `3600 * ${rate("openclaw_model_cost_usd_total", CALLS, "agent")}`, legend: "{{agent}}" }],
      },
      {
        title: "The last hour by model",
        about: "Calls that completed.",
        type: "table",
        unit: "short",
        width: 8,
        queries: [
          {
            expr: `sort_desc(sum by (provider, model) (increase(openclaw_model_call_total{${CALLS}, outcome="completed"}[1h])))`,
            legend: "",
          },
        ],
      },
    ],
  },
  {
    title: "The process",
    height: 7,
    panels: [
      {
        title: "Overhead",
        about: "Request read to first dispatch, gaps between attempts, commit to first write.",
        type: "timeseries",
        unit: "s",
        width: 6,
        queries: percentiles("openclaw_edge_overhead_seconds", JOB),
      },
      {
        title: "Event loop delay, p99",
        about: "Above 100 ms streams stutter; above 500 ms requests are shed.",
        type: "timeseries",
        unit: "s",
        width: 6,
        bad: [0.1, 0.5],
        queries: [{ expr: `openclaw_edge_event_loop_lag_seconds{${JOB}}`, legend: "{{instance}}" }],
      },
      {
        title: "Memory",
        about: "Resident.",
        type: "timeseries",
        unit: "bytes",
        width: 6,
        queries: [{ expr: `openclaw_memory_bytes{${JOB}, kind="rss"}`, legend: "{{instance}}" }],
      },
      {
        title: "In flight by endpoint",
        about: "What the autoscaler looks at.",
        type: "timeseries",
        unit: "none",
        width: 6,
        stacked: true,
        queries: [{ expr: `sum by (endpoint) (openclaw_edge_inflight_requests{${JOB}})`, legend: "{{endpoint}}" }],
      },
      {
        title: "Turned away",
        about: "Shed for want of room, and callers without a valid credential.",
        type: "timeseries",
        unit: "reqps",
        width: 8,
        queries: [
          { expr: rate("openclaw_edge_shed_total", JOB, "reason"), legend: "shed: {{reason}}" },
          { expr: rate("openclaw_edge_auth_failures_total", JOB, "reason"), legend: "auth: {{reason}}" },
        ],
      },
      {
        title: "Configurations",
        about: "Readings by what came of them, and how many were taken into use.",
        type: "timeseries",
        unit: "none",
        width: 8,
        queries: [
          {
            expr: `sum by (result) (increase(openclaw_edge_config_reloads_total{${JOB}}[${SPAN}]))`,
            legend: "{{result}}",
          },
          { expr: `openclaw_edge_config_generation{${JOB}}`, legend: "generation of {{instance}}" },
        ],
      },
      {
        title: "Versions, dropped series",
        about: "More than one version during a rollout; a dropped series makes charts too low.",
        type: "timeseries",
        unit: "none",
        width: 8,
        queries: [
          {
            expr: `count by (version, node) (openclaw_edge_build_info{${JOB}})`,
            legend: "{{version}} on Node {{node}}",
          },
          { expr: rate("openclaw_prometheus_series_dropped_total", JOB), legend: "dropped per second" },
        ],
      },
    ],
  },
];
