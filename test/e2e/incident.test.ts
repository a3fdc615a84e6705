// One incident, four accounts of it: a primary that limits, then hangs, then answers again, once not to the end. The status page, the metrics, the traces and
// the log are each read as an operator would, brought into one form, and must be equal to the request.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Collector, type Item } from "../support/collector.ts";
import { type Edge, type LogLine, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { polled } from "../support/wait.ts";
import { labelsOf, type ReadFamily, readExposition } from "../unit/telemetry/exposition-text.ts";

/** An attempt as every account must tell it. */
interface Attempt {
  readonly target: string;
  readonly credential: string;
  readonly because: string;
  readonly outcome: string;
  readonly kind: string | null;
  readonly reason: string | null;
  readonly status: number | null;
}

/** A request as every account must tell it. */
interface Account {
  readonly id: string;
  readonly traceId: string;
  readonly agent: string;
  readonly requested: string;
  readonly served: string | null;
  readonly status: number;
  readonly outcome: string;
  readonly attempts: readonly Attempt[];
  readonly tokens: readonly [input: number | null, output: number | null];
  /** Whether the tokens are all; null where there was no answer. */
  readonly usage: string | null;
  readonly usd: number | null;
}

/** What an account tells beside it. */
type Row = Account & { readonly stream: boolean; readonly overheadMs: number; readonly tokensIn: number | null } & {
  readonly tokensOut: number | null;
};

interface Picture {
  readonly rows: readonly Row[];
  readonly chains: readonly { readonly links: readonly Record<string, unknown>[] }[];
  readonly gauges: { readonly errors: { readonly ended: number; readonly failed: number } };
}

const CLIENT_LEFT = 499;
/** Long enough for what has to happen within it on a busy machine. */
const WAIT_S = 3;
const cost = { input: 3, output: 15 };

let first: Provider;
let second: Provider;
let collector: Collector;
let edge: Edge;
let picture: Picture;
let cooling: Record<string, unknown> | undefined;
let families: ReadonlyMap<string, ReadFamily>;
let spans: readonly Item[];
/** Of the client: the id and status of each answer, in order; null for the one it did not wait for. */
const told: ([id: string | null, status: number] | null)[] = [];

async function ask(stream: boolean, signal: AbortSignal | null = null): Promise<void> {
  const body = { model: "openclaw", stream, messages: [{ role: "user", content: "x" }] };
  const response = await edge.post("/v1/chat/completions", body, { signal });
  await response.text();
  told.push([response.headers.get("x-request-id"), response.status]);
}

async function pictureNow(): Promise<Picture> {
  return (await (await edge.get("/status.json")).json()) as Picture;
}

const firstLink = async () => (await pictureNow()).chains[0]?.links[0];

/** The primary limits; then it hangs while the second one fails once and answers once, and a client loses patience; then all is well, but for a stream that breaks. */
async function incident(): Promise<void> {
  first.on("m", play.status(429, undefined, [["retry-after", String(WAIT_S)]]));
  second.on("m", play.answer());
  await ask(true);
  cooling = await firstLink();
  await ask(false);
  await polled(async () => (await firstLink())?.["state"] === "ready", "the primary's cooldown to end");
  first.on("m", play.silent());
  second.on("m", play.status(500), play.answer());
  await ask(false);
  await ask(true);
  await impatient();
  first.on("m", play.answer());
  await ask(true);
  await ask(false);
  first.on("m", play.cutAfterEvents(3, "reset", { usage: "every-chunk" }));
  await ask(true);
}

/** A client that leaves while the primary hangs. */
async function impatient(): Promise<void> {
  const patience = new AbortController();
  const seen = first.requests.length;
  const asking = ask(true, patience.signal);
  await first.request(seen + 1);
  patience.abort();
  await expect(asking).rejects.toThrow();
  told.push(null);
  await polled(async () => (await pictureNow()).rows.at(-1)?.status === CLIENT_LEFT, "the gateway to notice");
}

beforeAll(async () => {
  [first, second, collector] = await Promise.all([startProvider(), startProvider(), Collector.listen()]);
  const chain = chainConfig({
    first: { url: first.url, model: { cost }, more: { timeoutSeconds: WAIT_S } },
    second: { url: second.url, model: { cost } },
  });
  const otel = { enabled: true, endpoint: collector.url, metrics: false, logs: false, flushIntervalMs: 60_000 };
  edge = await startEdge({ config: { ...chain, diagnostics: { otel } } });
  await incident();
  picture = await pictureNow();
  families = readExposition(await (await edge.get("/api/diagnostics/prometheus")).text());
  await edge.stop();
  spans = collector.items("/v1/traces");
}, 60_000);
afterAll(async () => {
  await Promise.all([edge.stop("SIGKILL"), first.close(), second.close(), collector[Symbol.asyncDispose]()]);
});

/** The page's account. */
function fromPage(): Account[] {
  return picture.rows.map((row) =>
    account(row, {
      attempts: row.attempts.map(attempt),
      tokens: [row.tokensIn, row.tokensOut],
      usage: row.usage,
      usd: row.usd,
    }),
  );
}

/** The log's account; what a line leaves out is nothing. */
function fromLog(): Account[] {
  const lines = edge.logs.filter(({ msg }) => msg === "request");
  return lines.map((line) => {
    const tokens = (line["tokens"] ?? {}) as Record<string, number | undefined>;
    const attempts = (line["attempts"] as readonly LogLine[]).map((each) => attempt({ because: "first", ...each }));
    const usd = numberOf(line["costUsd"]);
    const named = Object.assign({ id: line["requestId"] }, line);
    // What is complete goes without saying.
    const usage = String(line["usage"] ?? (line["tokens"] === undefined ? "" : "complete")) || null;
    return account(named, { attempts, tokens: [tokens["input"] ?? null, tokens["output"] ?? null], usage, usd });
  });
}

/** The traces' account: a SERVER span each, with its CLIENT spans in order. */
function fromTraces(): Account[] {
  return spans.filter((span) => span["parentSpanId"] === undefined).map(fromTrace);
}

function fromTrace(span: Item): Account {
  const { attributes: of } = span;
  const calls = spans.filter((each) => each["parentSpanId"] === span["spanId"]);
  const serving = calls.find(({ attributes }) => attributes["openclaw.usage"] !== undefined)?.attributes ?? {};
  const named = {
    id: of["openclaw.request_id"],
    traceId: span["traceId"],
    agent: of["openclaw.agent"],
    requested: of["openclaw.requested"],
    served: targetOf(of),
    status: of["http.response.status_code"] ?? CLIENT_LEFT,
    outcome: of["openclaw.outcome"],
  };
  const [input, output] = [serving["gen_ai.usage.input_tokens"], serving["gen_ai.usage.output_tokens"]];
  return account(named, {
    attempts: calls.map(attemptOfSpan),
    tokens: [numberOf(input), numberOf(output)],
    usage: (of["openclaw.usage"] ?? null) as string | null,
    usd: numberOf(of["openclaw.cost.usd"]),
  });
}

function attemptOfSpan({ attributes: of }: Item): Attempt {
  return attempt({
    target: targetOf(of),
    credential: of["openclaw.attempt.credential"],
    because: of["openclaw.attempt.because"],
    outcome: of["openclaw.outcome"],
    kind: of["error.type"],
    reason: of["openclaw.reason"],
    status: of["http.response.status_code"],
  });
}

function targetOf(of: Readonly<Record<string, unknown>>): string | null {
  const [provider, model] = [of["openclaw.provider"], of["openclaw.model"]];
  return typeof provider === "string" && typeof model === "string" ? `${provider}/${model}` : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function account(named: object, more: Pick<Account, "attempts" | "tokens" | "usage" | "usd">): Account {
  const { id, traceId, agent, requested, served, status, outcome } = named as Account;
  return { id, traceId, agent, requested, served: served ?? null, status, outcome, ...more };
}

/** Cancelled attempts have no failure of the provider; whoever has words for the leaving may use them. */
function attempt(of: object): Attempt {
  const { target, credential, because, outcome, kind, reason, status } = of as Attempt;
  const failed = outcome === "failed";
  const why = failed ? { kind: kind ?? null, reason: reason ?? null } : { kind: null, reason: null };
  return { target, credential, because, outcome, ...why, status: status ?? null };
}

/** A family's samples, each under the values of some of its labels; zeros are not there. */
function samples(name: string, labels: readonly string[], suffix = ""): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [series, value] of families.get(name)?.samples ?? []) {
    if (!series.startsWith(`${name}${suffix}{`) || value === 0) continue;
    const of = labelsOf(series);
    const key = labels.map((label) => of.get(label) ?? "").join(" ");
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return Object.fromEntries(sums);
}

/** The same from the accounts: how often, or how much, by key. */
function tally<T>(from: readonly T[], key: (each: T) => string, amount: (each: T) => number = () => 1) {
  const sums = new Map<string, number>();
  for (const each of from) sums.set(key(each), (sums.get(key(each)) ?? 0) + amount(each));
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0));
}

const providerOf = (target: string): string => target.split("/")[0] as string;
/** Of a request: who served it, else who was tried last. */
const lastProvider = ({ served, attempts }: Account): string => providerOf(served ?? attempts.at(-1)?.target ?? "");

/** What the metrics call an attempt that went wrong; a client that leaves is a category of its own. */
const categoryOf = ({ outcome, kind }: Attempt): string =>
  outcome === "cancelled" ? "client-closed" : (kind ?? "none");

describe("an incident of limits, hangs and recovery", () => {
  it("went as it was scripted, for the client too", () => {
    const story = fromPage().map(({ status, attempts }) => {
      return [String(status)].concat(attempts.map(({ target, kind }) => `${target} ${kind}`));
    });
    expect(story).toEqual([
      ["200", "first/m rate-limited", "second/m null"],
      ["200", "second/m null"],
      ["502", "first/m whole-timeout", "second/m server-error"],
      ["200", "first/m commit-timeout", "second/m null"],
      ["499", "first/m null"],
      ["200", "first/m null"],
      ["200", "first/m null"],
      ["200", "first/m stream-broken"],
    ]);
    const usage = fromPage().map((each) => each.usage ?? "none");
    expect(usage.join(" ")).toBe("complete complete none complete none complete complete partial");
    expect(fromPage().map(({ id, status }) => (status === CLIENT_LEFT ? null : [id, status]))).toEqual(told);
    expect(cooling).toMatchObject({ target: "first/m", state: "cooling", reason: "rate_limit" });
    expect(cooling?.["recoversInMs"]).toBeGreaterThan(0);
    expect(cooling?.["recoversInMs"]).toBeLessThanOrEqual(WAIT_S * 1_000);
  });

  it("is told alike by the page and the log", () => {
    expect(fromLog()).toEqual(fromPage());
  });

  it("is told alike by the page and the traces, one trace a request", () => {
    expect(fromTraces()).toEqual(fromPage());
    for (const { id, traceId } of fromTraces()) expect(id).toBe(`req_${traceId}`);
    const ids = spans.map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("is legible in one trace: what failed, why the next was tried, and what was told to each provider", () => {
    const { traceId } = fromPage()[3] as Account;
    const [server, hung, answered] = spans.filter((span) => span["traceId"] === traceId);
    expect(server).toMatchObject({ name: "POST /v1/chat/completions", status: [{ code: 0 }] });
    expect(hung).toMatchObject({ name: "chat m", status: [{ code: 2 }], parentSpanId: server?.["spanId"] });
    expect(answered).toMatchObject({ name: "chat m", status: [{ code: 0 }], parentSpanId: server?.["spanId"] });
    expect(answered?.attributes).toMatchObject({
      "openclaw.attempt.because": "failover",
      "openclaw.fallback.from": "first/m",
      "openclaw.fallback.reason": "timeout",
      "http.request.resend_count": 1,
    });
    const toldOf = (provider: Provider) => provider.requests.map(({ headers }) => headers["traceparent"]);
    for (const [provider, span] of [
      [first, hung],
      [second, answered],
    ] as const)
      expect(toldOf(provider)).toContain(`00-${traceId}-${String(span?.["spanId"])}-01`);
  });

  it("is counted alike in the metrics: requests, attempts, failovers", () => {
    const accounts = fromPage();
    const attempts = accounts.flatMap((account) => account.attempts);
    expect(samples("openclaw_run_completed_total", ["provider", "outcome"])).toEqual(
      tally(accounts, (each) => `${lastProvider(each)} ${each.outcome}`),
    );
    expect(samples("openclaw_model_call_total", ["provider", "outcome", "error_category"])).toEqual(
      tally(attempts, (each) => `${providerOf(each.target)} ${each.outcome} ${categoryOf(each)}`),
    );
    expect(samples("openclaw_run_attempt_total", ["attempt"])).toEqual(
      tally(
        accounts.flatMap((account) => account.attempts.map((_each, at) => String(at + 1))),
        String,
      ),
    );
    const moves = accounts.flatMap(({ attempts: tries }) =>
      tries.slice(1).map(({ target }, at) => `${tries[at]?.target} ${target} ${tries[at]?.reason}`),
    );
    expect(samples("openclaw_edge_failovers_total", ["from", "to", "reason"])).toEqual(tally(moves, String));
    expect(samples("openclaw_edge_client_aborts_total", [])).toEqual({ "": 1 });
    expect(samples("openclaw_edge_inflight_requests", ["endpoint"])).toEqual({});
  });

  it("is counted alike in the metrics: statuses, tokens, dollars, durations", () => {
    const accounts = fromPage();
    const chat = "/v1/chat/completions";
    const http = samples("http_server_request_duration_seconds", ["http_route", "http_response_status_code"], "_count");
    const answers = Object.entries(http).filter(([key]) => key.startsWith(chat));
    // Nothing was sent to the client that left, so there is no status of it.
    expect(Object.fromEntries(answers)).toEqual(
      tally(accounts, ({ status }) => `${chat} ${status === CLIENT_LEFT ? "" : status}`),
    );
    const served = accounts.filter((account) => account.served !== null);
    for (const [at, type] of ["input", "output"].entries()) {
      const sums = tally(served, lastProvider, ({ tokens }) => tokens[at] ?? 0);
      const counted = samples("openclaw_model_tokens_total", ["token_type", "provider"]);
      for (const [provider, sum] of Object.entries(sums)) expect(counted[`${type} ${provider}`]).toBe(sum);
      expect(samples(`gen_ai_client_inference_usage_${type}_tokens_total`, ["gen_ai_provider_name"])).toEqual(sums);
    }
    expect(samples("openclaw_edge_usage_reports_total", ["provider", "state"])).toEqual(
      tally(served, (each) => `${lastProvider(each)} ${each.usage}`),
    );
    const usd = tally(served, lastProvider, (each) => each.usd ?? 0);
    const spent = samples("openclaw_model_cost_usd_total", ["provider"]);
    expect(Object.keys(spent)).toEqual(Object.keys(usd));
    for (const [provider, sum] of Object.entries(usd)) expect(spent[provider]).toBeCloseTo(sum, 12);
    const times = families.get("openclaw_edge_overhead_seconds")?.samples;
    const ours = picture.rows.reduce((sum, { overheadMs }) => sum + overheadMs, 0) / 1_000;
    expect(times?.get("openclaw_edge_overhead_seconds_sum")).toBeCloseTo(ours, 3);
  });

  it("is summed alike on the page", () => {
    const attempts = fromPage().flatMap((account) => account.attempts);
    for (const link of picture.chains[0]?.links ?? []) {
      const own = attempts.filter(({ target }) => target === link["target"]);
      const failed = own.filter(({ outcome }) => outcome === "failed");
      const served = fromPage().filter((account) => account.served === link["target"]);
      expect(link).toMatchObject({ attempts: own.length, failed: failed.length, served: served.length, running: 0 });
    }
    const failed = fromPage().filter(({ outcome }) => outcome === "failed");
    expect(picture.gauges.errors).toMatchObject({ ended: told.length, failed: failed.length });
  });
});
