// Every metric, label and bucket list that leaves this process, in one place: dashboards and alerts depend on these words.
// OpenClaw's names where it has one (OpenClaw §6.1), else the prefix `openclaw_edge_`; units last, counters end in `_total`.

/** Metric names. */
export const METRIC = {
  runCompleted: "openclaw_run_completed_total",
  runDuration: "openclaw_run_duration_seconds",
  modelCall: "openclaw_model_call_total",
  modelCallDuration: "openclaw_model_call_duration_seconds",
  runAttempt: "openclaw_run_attempt_total",
  modelCallRequestBytes: "openclaw_model_call_request_bytes",
  modelCallResponseBytes: "openclaw_model_call_response_bytes",
  modelCallFirstByte: "openclaw_model_call_time_to_first_byte_seconds",
  modelTokens: "openclaw_model_tokens_total",
  tokenUsage: "openclaw_gen_ai_client_token_usage",
  contextTokens: "openclaw_context_tokens",
  modelCost: "openclaw_model_cost_usd_total",
  memory: "openclaw_memory_bytes",
  memoryRss: "openclaw_memory_rss_bytes",
  memoryHeapUsed: "openclaw_memory_heap_used_bytes",
  memoryPressure: "openclaw_memory_pressure_total",
  exports: "openclaw_telemetry_exporter_total",
  seriesDropped: "openclaw_prometheus_series_dropped_total",
  failovers: "openclaw_edge_failovers_total",
  hedges: "openclaw_edge_hedges_total",
  retryBudgetExhausted: "openclaw_edge_retry_budget_exhausted_total",
  cooldownState: "openclaw_edge_cooldown_state",
  breakerState: "openclaw_edge_breaker_state",
  streamErrors: "openclaw_edge_stream_errors_total",
  clientAborts: "openclaw_edge_client_aborts_total",
  configReloads: "openclaw_edge_config_reloads_total",
  configGeneration: "openclaw_edge_config_generation",
  authFailures: "openclaw_edge_auth_failures_total",
  usageReports: "openclaw_edge_usage_reports_total",
  shed: "openclaw_edge_shed_total",
  repairs: "openclaw_edge_repairs_total",
  adjusted: "openclaw_edge_adjusted_total",
  remediesLearned: "openclaw_edge_remedies_learned_total",
  inflight: "openclaw_edge_inflight_requests",
  overhead: "openclaw_edge_overhead_seconds",
  loopLag: "openclaw_edge_event_loop_lag_seconds",
  logLinesDropped: "openclaw_edge_log_lines_dropped_total",
  build: "openclaw_edge_build_info",
} as const;

/** Label names of the families that have several; in alphabetical order where OpenClaw writes them so. */
export const LABELS = {
  run: ["channel", "model", "outcome", "provider", "trigger"],
  modelCall: ["api", "error_category", "model", "outcome", "provider", "transport"],
  modelTokens: ["agent", "channel", "model", "provider", "token_type"],
  modelBytes: ["api", "model", "provider", "transport"],
  tokenUsage: ["model", "provider", "token_type"],
  modelCost: ["agent", "channel", "model", "provider"],
  failovers: ["from", "to", "reason"],
  standing: ["provider", "model"],
} as const;

/** Values of `token_type` (OpenClaw §6.1); `total` is input plus output, since cache figures are parts of those. */
export const TOKEN_TYPE = {
  input: "input",
  output: "output",
  cacheRead: "cache_read",
  cacheWrite: "cache_write",
  total: "total",
} as const;

/** What started a run. OpenClaw tells `user`, `cron`, `heartbeat`; a proxy keeps no clock and no session: a request is all there is. */
export const TRIGGER = "http";

/**
 * TABLE: channels that OpenClaw knows by itself. Others are those that the file lists under `channels`: a header of a client's names one, and
 * what a client writes is no label.
 */
export const CHANNELS: ReadonlySet<string> = new Set([
  "api",
  "bluebubbles",
  "cli",
  "discord",
  "feishu",
  "googlechat",
  "imessage",
  "irc",
  "line",
  "matrix",
  "mattermost",
  "msteams",
  "nextcloud-talk",
  "nostr",
  "signal",
  "slack",
  "synology-chat",
  "telegram",
  "tlon",
  "twitch",
  "voice",
  "web",
  "webchat",
  "whatsapp",
  "zalo",
]);

/** Label values for what has no name of its own. */
export const NOTHING = "none";
/** Outside the configured catalogue: no label value comes from a client. */
export const OTHER = "other";

/** The label `model` of what concerns all models of a provider. */
export const EVERY_MODEL = "*";

/** Upper bounds of histogram buckets. */
export const BUCKETS = {
  // A whole model call: from a cached embedding to the ten minutes of the longest default clock. OpenClaw §6.1 leaves the bounds open;
  // these are the ones proposed there.
  seconds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
  // Tokens of one call (GenAI conventions).
  tokens: [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
  // Bodies: from a short question to the bound of an answer.
  bytes: [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
  // OpenClaw §6.1: 64 MiB to 4 GiB.
  memoryBytes: [64, 128, 256, 512, 1024, 2048, 4096].map((mebibytes) => mebibytes * 1_048_576),
  // What we add: 50 us is the goal for one request; above 100 ms something is wrong.
  overheadSeconds: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1],
} as const;

/** Label sets over all families at most (OpenClaw §6.1); what would come on top is dropped and counted. */
export const LABEL_SETS_MAX = 2048;
/** Of these, those whose labels a client has a say in: it must not take the room of what tells that a provider fails. */
export const CHOSEN_LABEL_SETS_MAX = 1024;
/** Of these, kept for what cools and what is broken now. */
export const STANDING_LABEL_SETS_MAX = 256;
