// Dashboard and rules: every expression is one, every alert comes and stays away when it should, every metric and label exists in a real
// scrape of the real product.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { ROWS } from "../../deploy/monitoring/panels.ts";
import { DISPOSITION } from "../../src/core/failure.ts";
import { METRIC } from "../../src/telemetry/names.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { polled } from "../support/wait.ts";
import { hasPrometheus, Prometheus, promtool } from "./prometheus.ts";

const folder = new URL("../../deploy/monitoring/", import.meta.url).pathname;
const rulesFile = join(folder, "rules.yaml");
/** Longer than the test: what has happened stays in sight. */
const SPAN = "2m";

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
}

const { groups } = parse(readFileSync(rulesFile, "utf8")) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const alerts = [...new Set(rules.flatMap(({ alert }) => alert ?? []))];

/** A provider that the GenAI conventions call by another name, `mistral_ai`. */
const PROVIDER = "mistral";
const MODELS = ["echo", "fail-500", "fail-402", "error-midstream"];
/** The dashboard's variables when each value is picked by itself: all of a variable is `.*`, which fits labels that it has nothing to do with. */
const PICKED: Readonly<Record<string, string>> = { job: "edge", provider: PROVIDER, model: `(${MODELS.join("|")})` };

/** A panel's expressions as Grafana sends them. */
const panels = ROWS.flatMap((row) =>
  row.panels.map(({ title, queries }) => ({
    title,
    exprs: queries.map(({ expr }) =>
      expr.replaceAll("$__rate_interval", SPAN).replaceAll(/\$(\w+)/g, (_, name: string) => PICKED[name] ?? ""),
    ),
  })),
);

/** The metrics that an expression reads; selectors, labels and recorded series are none. */
function metricsOf(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}/g, "").replaceAll(/\b(?:by|without|on)\s*\([^)]*\)/g, "");
  return bare.match(/\b(?:openclaw|gen_ai|http|process|nodejs)_\w+(?![\w:])/g) ?? [];
}

/** Said before there is a plan, so never behind a 200. */
const AT_THE_DOOR: ReadonlySet<string> = new Set([
  "unauthorized",
  "auth-lockout",
  "forbidden",
  "not-found",
  "model-unknown",
  "method-not-allowed",
  "request-timeout",
  "body-too-large",
  "head-too-large",
  "unsupported-media",
  "expectation-failed",
]);
/** These end a request as cancelled, without an error type. */
const CLIENT_LEFT: ReadonlySet<string> = new Set(["client-closed", "write-idle"]);

const familyOf = (metric: string): string => metric.replace(/_(?:bucket|sum|count)$/, "");

describe("monitoring files", () => {
  it("dashboard.json and prometheus-rule.yaml are what their tables say", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, "write.ts"), "--check"], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  // They hold the values of our own labels; `gen_ai_provider_name` says `mistral_ai` where `provider` says `mistral`.
  it("every variable of the dashboard is compared with the label that it was read from, and with no other", () => {
    const written = ROWS.flatMap((row) => row.panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)));
    const matchers = [...written.join("\n").matchAll(/(\w+)(?:=~|!~|=|!=)"[^"]*\$(\w+)[^"]*"/g)];
    expect(new Set(matchers.map(([, , name]) => name))).toEqual(new Set(Object.keys(PICKED)));
    expect(matchers.filter(([, label, name]) => label !== name).map(([text]) => text)).toEqual([]);
  });

  it("every alert has a scene in which it comes", () => {
    const { tests } = parse(readFileSync(join(folder, "rules.test.yaml"), "utf8")) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    const scenes = tests.flatMap((test) => test.alert_rule_test).filter(({ exp_alerts }) => exp_alerts.length > 0);
    expect(scenes.map(({ alertname }) => alertname)).toEqual(expect.arrayContaining(alerts));
  });
});

// A stream that fails behind its 200 has its kind alone to be judged by: a new kind must be put on one side or the other.
describe("a failed request", () => {
  const panel = panels.find(({ title }) => title === "Failed");
  const ratios = rules.filter(({ record }) => record?.startsWith("openclaw_edge:failed_requests:"));
  const selectors = [...ratios.map(({ expr }) => expr), ...(panel?.exprs ?? [])].map((expr) => ({
    status: /http_response_status_code=~"([^"]*)", error_type/.exec(expr)?.[1],
    notError: /error_type!~"([^"]*)"/.exec(expr)?.[1],
  }));
  const [{ status, notError } = {}] = selectors;
  const counts = (sent: number, kind: string): boolean =>
    new RegExp(`^(?:${status})$`).test(String(sent)) && !new RegExp(`^(?:${notError})$`).test(kind);

  it("is the same for every window and for the panel", () => {
    expect(ratios.map(({ record }) => record?.split("_rate").at(-1))).toEqual(["5m", "30m", "1h", "6h"]);
    expect(selectors).toEqual(Array.from({ length: 5 }, () => ({ status, notError })));
    expect(notError).toBeDefined();
  });

  it("does not count what succeeded", () => {
    expect(counts(200, "")).toBe(false);
  });

  const kinds = Object.entries(DISPOSITION)
    .filter(([kind]) => !AT_THE_DOOR.has(kind) && !CLIENT_LEFT.has(kind))
    .map(([kind, row]) => ({ kind, status: row.status, counted: row.status === 429 || row.status >= 500 }));

  it.each(kinds)("$kind counts behind a 200 as it does by its own status, $status: $counted", (each) => {
    expect(counts(each.status, each.kind)).toBe(each.counted);
    expect(counts(200, each.kind)).toBe(each.counted);
  });
});

describe.runIf(hasPrometheus)("by Prometheus", () => {
  it("the rules are rules, and every scene of rules.test.yaml plays", () => {
    expect(promtool("check", "rules", rulesFile)).toMatchObject({ code: 0 });
    expect(promtool("test", "rules", join(folder, "rules.test.yaml"))).toMatchObject({ code: 0 });
  });

  it("every expression of the dashboard is one", () => {
    const home = mkdtempSync(join(tmpdir(), "openclaw-edge-panels-"));
    const file = join(home, "panels.yaml");
    const wrapped = panels
      .flatMap(({ exprs }) => exprs)
      .map((expr, index) => ({ record: `panel:number${index}`, expr }));
    writeFileSync(file, stringify({ groups: [{ name: "panels", rules: wrapped }] }));
    const judged = promtool("check", "rules", file);
    rmSync(home, { recursive: true });
    expect(judged).toMatchObject({ code: 0 });
  });

  describe("against a scrape of a gateway that has seen good and bad days", () => {
    let edge: Edge;
    let prometheus: Prometheus;

    beforeAll(async () => {
      edge = await startEdge({ config: CONFIG });
      prometheus = await Prometheus.start(edge, rulesFile);
      await live(edge);
      await polled(async () => (await prometheus.query("openclaw_run_completed_total")).length > 1, "a scrape");
      await live(edge);
      const rate = `sum(rate(openclaw_run_completed_total[${SPAN}])) > 0`;
      await polled(async () => (await prometheus.query(rate)).length > 0, "a rate");
    });
    afterAll(async () => {
      await prometheus.stop();
      await edge.stop();
    });

    // A family without a sample is not in a scrape: what never happened here is looked up in our own table of names.
    it("every metric that a rule or a panel reads is there", async () => {
      const read = [...rules.map(({ expr }) => expr), ...panels.flatMap(({ exprs }) => exprs)].flatMap(metricsOf);
      const declared = new Set<string>([...(await prometheus.families()), ...Object.values(METRIC)]);
      expect([...new Set(read.map(familyOf))].filter((name) => !declared.has(name)).sort()).toEqual([]);
    });

    it.each(panels.filter(({ title }) => !Object.hasOwn(QUIET, title)))("$title shows something", async ({ exprs }) => {
      const shown = await Promise.all(exprs.map((expr) => prometheus.query(expr)));
      expect(shown.flat().length, exprs.join("\n")).toBeGreaterThan(0);
    });

    it("a stream that broke after its commit is a 200 with an error type, and part of what failed", async () => {
      const labels = 'http_route="/v1/chat/completions", http_response_status_code="200"';
      const cut = `http_server_request_duration_seconds_count{${labels}, error_type!=""}`;
      expect((await prometheus.query(cut)).length).toBeGreaterThan(0);
      const failed = panels.find(({ title }) => title === "Failed")?.exprs[0] ?? "";
      const byStatus = failed.replace('"200|429|5.."', '"429|5.."');
      expect(byStatus).not.toBe(failed);
      expect(await prometheus.query(`(${failed}) > (${byStatus})`)).toHaveLength(1);
    });

    it.each(rules.filter(({ record }) => record !== undefined && !/1h|6h|30m/.test(record)))(
      "$record is recorded",
      async ({ record }) => polled(async () => (await prometheus.query(record!)).length > 0, record!),
    );
  });
});

/** Panels without a line on these days, each with its reason; their metrics are checked by name. */
const QUIET: Readonly<Record<string, string>> = {
  "Hedges and spent budgets": "hedging is off until it is asked for",
  "Repairs and adjustments": "the mock needs no mending",
};

const CONFIG = {
  models: {
    mode: "replace",
    providers: {
      [PROVIDER]: {
        api: "mock",
        params: { ttftMs: 5, tokensPerSecond: 500 },
        models: MODELS.map((id) => ({
          id,
          cost: { input: 1, output: 2 },
        })),
      },
    },
  },
  agents: {
    list: [
      { id: "main", model: `${PROVIDER}/echo` },
      {
        id: "moves",
        model: { primary: `${PROVIDER}/fail-500`, fallbacks: [`${PROVIDER}/fail-402`, `${PROVIDER}/echo`] },
      },
      { id: "fails", model: { primary: `${PROVIDER}/fail-500`, fallbacks: [`${PROVIDER}/fail-402`] } },
      { id: "breaks", model: `${PROVIDER}/error-midstream` },
    ],
  },
};

/** A day: good answers, whole and streamed, moves, an exhausted chain, a broken stream, a wrong token. */
async function live(edge: Edge): Promise<void> {
  const messages = [{ role: "user", content: "some words to say" }];
  const asks = ["main", "main", "moves", "moves", "fails", "fails", "fails", "breaks"].flatMap((agent) =>
    [true, false].map(async (stream) => {
      const answer = await edge.post("/v1/chat/completions", { model: `openclaw/${agent}`, stream, messages });
      await answer.text();
    }),
  );
  await Promise.all(asks);
  await (await edge.get("/v1/models", { authorization: "Bearer wrong" })).text();
}
