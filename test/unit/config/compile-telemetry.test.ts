// What is exported and where to: the file, OpenTelemetry's variables, and which of them wins (OpenClaw §6.2).
import { describe, expect, it } from "vitest";
import type { Environment } from "../../../src/config/environment.ts";
import type { MetricsShown } from "../../../src/core/telemetry-settings.ts";
import { compileTree, said, snapshotOf, withProvider } from "./compile-rig.ts";

const SHARED = "OTEL_EXPORTER_OTLP_ENDPOINT";
const on = { enabled: true };
const PLUGIN_OFF = { plugins: { entries: { "diagnostics-prometheus": { enabled: false } } } };

async function telemetryOf(otel: object, env: Environment = {}, rest: object = {}) {
  const tree = withProvider({ apiKey: "sk-x" }, { diagnostics: { otel }, ...rest });
  return (await snapshotOf(tree, { env })).telemetry;
}

const WHERE: readonly (readonly [string, object, Environment, string])[] = [
  ["nothing said: where collectors listen", on, {}, "http://localhost:4318/v1/traces"],
  ["the file's endpoint with the signal's path", { ...on, endpoint: "http://c:1/" }, {}, "http://c:1/v1/traces"],
  [
    "the variable before the file",
    { ...on, endpoint: "http://c:1" },
    { [SHARED]: "http://v:2" },
    "http://v:2/v1/traces",
  ],
  [
    "a shared one that names a signal stands as it is",
    on,
    { [SHARED]: "http://v:2/x/v1/traces?k=1" },
    "http://v:2/x/v1/traces?k=1",
  ],
  [
    "the signal's variable before the shared one, as it is",
    on,
    { [SHARED]: "http://v:2", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t:3/in" },
    "http://t:3/in",
  ],
  [
    "the signal's key in the file before everything",
    { ...on, tracesEndpoint: "http://f:4/here" },
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t:3/in" },
    "http://f:4/here",
  ],
  [
    "a variable that is no URL counts as not set",
    { ...on, endpoint: "http://c:1" },
    { [SHARED]: "c:1" },
    "http://c:1/v1/traces",
  ],
  [
    "a file's that is an unset variable counts as not set",
    { ...on, endpoint: "${GONE}" },
    {},
    "http://localhost:4318/v1/traces",
  ],
  ["also in the middle of one", { ...on, endpoint: "https://${GONE}:4318" }, {}, "http://localhost:4318/v1/traces"],
  ["also a signal's own", { ...on, endpoint: "http://c:1", tracesEndpoint: "${GONE}/in" }, {}, "http://c:1/v1/traces"],
];

const WHETHER: readonly (readonly [string, object, Environment, object, boolean])[] = [
  ["nothing said", {}, {}, {}, false],
  ["the file says so", on, {}, {}, true],
  ["an endpoint in the file alone does not", { endpoint: "http://c" }, {}, {}, false],
  ["a variable with an endpoint does", {}, { [SHARED]: "http://c" }, {}, true],
  ["also one of a single signal", {}, { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://c" }, {}, true],
  ["an SDK that is there already does", {}, { OPENCLAW_OTEL_PRELOADED: "1" }, {}, true],
  ["a variable that is no URL does not", {}, { [SHARED]: "collector:4317" }, {}, false],
  ["the file's no wins over variables", { enabled: false }, { [SHARED]: "http://c" }, {}, false],
  ["OTEL_SDK_DISABLED wins over the file", on, { OTEL_SDK_DISABLED: "true" }, {}, false],
  ["diagnostics are off", on, {}, { diagnostics: { enabled: false, otel: on } }, false],
  ["the plugin is off", on, {}, { plugins: { entries: { "diagnostics-otel": { enabled: false } } } }, false],
  ["the plugin is not allowed", on, {}, { plugins: { allow: ["telegram"] } }, false],
  ["the plugin is allowed", on, {}, { plugins: { allow: ["diagnostics-otel"] } }, true],
];

const SAMPLED: readonly (readonly [string, object, Environment, number])[] = [
  ["all by default", on, {}, 1],
  ["as the file says", { ...on, sampleRate: 0.25 }, { OTEL_TRACES_SAMPLER: "always_off" }, 0.25],
  ["none by variable", on, { OTEL_TRACES_SAMPLER: "always_off" }, 0],
  ["a part by variable", on, { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" }, 0.1],
  ["all where the part is no number", on, { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "x" }, 1],
  ["none where traces are not exported", { ...on, traces: false }, {}, 0],
  ["none where nothing is", { sampleRate: 1 }, {}, 0],
];

describe("traces go to", () => {
  it.each(WHERE)("%s", async (_sentence, otel, env, url) => {
    expect((await telemetryOf(otel, env)).otlp?.traces?.url).toBe(url);
  });
});

describe("whether anything is exported", () => {
  it.each(WHETHER)("%s", async (_sentence, otel, env, rest, exported) => {
    expect((await telemetryOf(otel, env, rest)).otlp !== null).toBe(exported);
  });

  it.each<[string, Record<string, unknown>, MetricsShown]>([
    ["are all there when nothing is said", {}, "all"],
    ["have a path and nothing on it while diagnostics are off", { diagnostics: { enabled: false } }, "nothing"],
    ["have no path where their plugin is not allowed", { plugins: { allow: ["diagnostics-otel"] } }, "no-path"],
    [
      "have no path where it is off, whatever diagnostics are",
      { ...PLUGIN_OFF, diagnostics: { enabled: false } },
      "no-path",
    ],
  ])("metrics on demand %s", async (_sentence, rest, shown) => {
    expect((await snapshotOf(withProvider({ apiKey: "sk-x" }, rest))).metrics).toBe(shown);
  });
});

describe("how many requests are sampled", () => {
  it.each(SAMPLED)("%s", async (_sentence, otel, env, rate) => {
    expect((await telemetryOf(otel, env)).sampleRate).toBe(rate);
  });
});

describe("a sampler that is not understood", () => {
  // Ten per cent, meant as 10, traced everything, and nobody was told.
  it.each([
    [
      "a percentage",
      { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "10" },
      "OTEL_TRACES_SAMPLER_ARG",
    ],
    ["another vendor's", { OTEL_TRACES_SAMPLER: "jaeger_remote" }, "OTEL_TRACES_SAMPLER"],
  ])("samples all and is told of: %s", async (_what, env, path) => {
    const tree = withProvider({ apiKey: "sk-x" }, { diagnostics: { otel: on } });
    expect((await telemetryOf(on, env)).sampleRate).toBe(1);
    expect((await compileTree(tree, { env })).complaints.map((complaint) => complaint.path)).toEqual([path]);
  });

  it("does not matter where the file says how many", async () => {
    const tree = withProvider({ apiKey: "sk-x" }, { diagnostics: { otel: { ...on, sampleRate: 0.5 } } });
    expect((await compileTree(tree, { env: { OTEL_TRACES_SAMPLER: "xray" } })).complaints).toEqual([]);
  });
});

describe("an export", () => {
  it("leaves out signals that the file or a variable switches off", async () => {
    const { otlp } = await telemetryOf({ ...on, logs: false }, { OTEL_METRICS_EXPORTER: "none" });
    expect([otlp?.traces, otlp?.metrics, otlp?.logs].map((signal) => signal !== null)).toEqual([true, false, false]);
  });

  it.each([
    ["otlp", true],
    ["both", true],
    ["stdout", false],
  ])("sends logs where the file says %s: %s", async (logsExporter, sends) => {
    expect((await telemetryOf({ ...on, logsExporter })).otlp?.logs !== null).toBe(sends);
  });

  it.each([
    [undefined, "openclaw."],
    ["acme.", "acme."],
    ["", ""],
  ])("calls metrics by the prefix of the file: %s", async (metricNamePrefix, prefix) => {
    expect((await telemetryOf({ ...on, metricNamePrefix })).otlp?.metricNamePrefix).toBe(prefix);
  });

  it("bears the headers of both, the file's first, and they are secrets", async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=from%20env-1234,Authorization=Bearer env-token-99, =bad" };
    const otel = { ...on, headers: { "x-api-key": "from-file-1234" } };
    const { telemetry, secrets } = await snapshotOf(withProvider({ apiKey: "sk-x" }, { diagnostics: { otel } }), {
      env,
    });
    expect(telemetry.otlp?.logs?.headers.reveal()).toEqual({
      "x-api-key": "from-file-1234",
      Authorization: "Bearer env-token-99",
    });
    expect(secrets.reveal()).toEqual(expect.arrayContaining(["from-file-1234", "env-token-99"]));
  });

  // A variable of a signal lost to the shared one: a backend that wants another key for traces than for metrics refused one of them.
  it("bears the headers of a signal's variable before those of the shared one, and they are secrets", async () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=shared-key-1,x-team=t",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "api-key=traces-key-2,x-set=a",
    };
    const otel = { ...on, headers: { "x-set": "b" } };
    const { telemetry, secrets } = await snapshotOf(withProvider({ apiKey: "sk-x" }, { diagnostics: { otel } }), {
      env,
    });
    const { traces, metrics } = telemetry.otlp ?? {};
    expect(traces?.headers.reveal()).toEqual({ "api-key": "traces-key-2", "x-team": "t", "x-set": "b" });
    expect(metrics?.headers.reveal()).toEqual({ "api-key": "shared-key-1", "x-team": "t", "x-set": "b" });
    expect(secrets.reveal()).toEqual(expect.arrayContaining(["shared-key-1", "traces-key-2"]));
  });

  it.each([
    ["serviceName", { ...on, serviceName: "file" }, {}, "file"],
    ["OTEL_SERVICE_NAME", { ...on, serviceName: "file" }, { OTEL_SERVICE_NAME: "env" }, "env"],
    ["neither", on, {}, null],
  ])("is named by %s", async (_what, otel, env, name) => {
    expect((await telemetryOf(otel, env)).otlp?.serviceName).toBe(name);
  });

  it.each([
    ["every minute by default", on, {}, 60_000],
    ["as the file says", { ...on, flushIntervalMs: 5_000 }, { OTEL_METRIC_EXPORT_INTERVAL: "9000" }, 5_000],
    ["as the variable says", on, { OTEL_METRIC_EXPORT_INTERVAL: "9000" }, 9_000],
    ["never more often than every second", { ...on, flushIntervalMs: 10 }, {}, 1_000],
  ])("of metrics happens %s", async (_what, otel, env, ms) => {
    expect((await telemetryOf(otel, env)).otlp?.flushIntervalMs).toBe(ms);
  });

  it.each([
    ["as the SDK has it by default", {}, {}],
    [
      "as the variables say",
      { OTEL_BLRP_MAX_QUEUE_SIZE: "9", OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "3", OTEL_BLRP_SCHEDULE_DELAY: "50" },
      { maxQueueSize: 9, maxExportBatchSize: 3, scheduledDelayMillis: 50 },
    ],
    ["without what is no number", { OTEL_BLRP_EXPORT_TIMEOUT: "soon", OTEL_BLRP_MAX_QUEUE_SIZE: "0" }, {}],
  ])("batches log records %s", async (_what, env, batch) => {
    expect((await telemetryOf(on, env)).otlp?.logBatch).toEqual(batch);
  });

  it("says what it does not do as told", async () => {
    const tree = withProvider(
      { apiKey: "sk-x" },
      { diagnostics: { otel: { ...on, protocol: "grpc", flushIntervalMs: 10 } } },
    );
    const { complaints } = await compileTree(tree);
    expect(said(complaints)).toEqual([
      "warning wrong_value diagnostics.otel.protocol",
      "warning wrong_value diagnostics.otel.flushIntervalMs",
    ]);
    const asked = await compileTree(withProvider({ apiKey: "sk-x" }, { diagnostics: { otel: on } }), {
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
    });
    expect(asked.complaints.map(({ path }) => path)).toEqual(["OTEL_EXPORTER_OTLP_PROTOCOL"]);
  });

  // It was left out without a word, and everything went to a collector on this machine that nobody runs.
  it.each([
    ["says so of a variable that is no URL, and not what it holds", {}, [SHARED]],
    ["also where the file asks for the export", on, [SHARED]],
    ["says nothing where the file wants no export", { enabled: false }, []],
  ])("%s", async (_what, otel, paths) => {
    const tree = withProvider({ apiKey: "sk-x" }, { diagnostics: { otel } });
    const { complaints } = await compileTree(tree, { env: { [SHARED]: "u:canary-4711@collector:4317" } });
    expect(complaints.map(({ path }) => path)).toEqual(paths);
    expect(JSON.stringify(complaints)).not.toContain("canary-4711");
  });

  it.each([
    ["names of the file", { Telegram: { botToken: "x" }, "team-a": {} }, ["telegram", "team-a"]],
    ["none where the root is no object", ["telegram"], []],
    ["none where there is none", undefined, []],
  ])("has channels: %s", async (_what, channels, names) => {
    const { telemetry } = await snapshotOf(
      withProvider({ apiKey: "sk-x" }, channels === undefined ? {} : { channels }),
    );
    expect([...telemetry.channels]).toEqual(names);
  });

  it("has flags from the file and the variable", async () => {
    const tree = withProvider({ apiKey: "sk-x" }, { diagnostics: { flags: ["model.*"] } });
    const { telemetry } = await snapshotOf(tree, { env: { OPENCLAW_DIAGNOSTICS: "a, b" } });
    expect(telemetry.flags).toEqual(["model.*", "a", "b"]);
  });
});
