// What the product wrote about a row: its log line, its metrics, the state of the provider's connection; and what must not be
// written anywhere. Each function gives a sentence per demand that is not met.
import type { FailureKind } from "../../src/core/failure.ts";
import type { LogLine } from "../support/edge.ts";
import { PATIENCE_MS, within } from "../support/wait.ts";
import type { Bench } from "./bench.ts";
import { KEY_CANARY, PROMPT_CANARY, TELLS_ADDRESS, WELL } from "./names.ts";
import { actorOf, type Outcome, type RequestRow } from "./row.ts";
import { readSamples, type Sample, sumOf } from "./samples.ts";

interface LoggedAttempt {
  readonly target: string;
  readonly kind?: string;
  readonly because?: string;
}

/** The request's line in the log. */
export async function checkLog(row: RequestRow, outcome: Outcome, bench: Bench): Promise<string[]> {
  const line = await bench.lineOf(outcome);
  const actor = actorOf(row, outcome.shape);
  const attempts = (line["attempts"] as readonly LoggedAttempt[]).filter(({ target }) => providerOf(target) === actor);
  const problems = countsOf(row, attempts, bench.over === "wire" ? outcome : null);
  const [kind] = attempts.map((attempt) => attempt.kind);
  if (row.kind !== undefined && kind !== row.kind) problems.push(`logged as ${kind} instead of ${row.kind}`);
  if (row.logs !== undefined && !JSON.stringify(line).includes(row.logs)) problems.push(`the log lacks ${row.logs}`);
  return [...problems, ...outcomeOf(row, line)];
}

/** How often the provider was asked. Once more is right where a reused connection ended without a byte: rows share connections. */
function countsOf(row: RequestRow, attempts: readonly LoggedAttempt[], outcome: Outcome | null): string[] {
  const replays = attempts.filter(({ because }) => because === "replay").length;
  const wanted = row.attempts ?? 1;
  const problems: string[] = [];
  if (attempts.length - replays !== wanted) problems.push(`${attempts.length} attempts are logged, not ${wanted}`);
  if (outcome === null) return problems;
  const { length } = outcome.requests;
  const reused = outcome.requests.filter(({ onConnection }) => onConnection > 1).length;
  if (replays > Math.min(1, reused)) problems.push("repeated, though the connection was new");
  const reached = row.provider === null ? 0 : attempts.length;
  if (length !== reached) problems.push(`${length} requests at the provider, not ${reached}`);
  return problems;
}

function outcomeOf({ expect }: RequestRow, line: LogLine): string[] {
  const wanted = expect.see === "next" || expect.see === "answer" ? "completed" : "failed";
  const { outcome } = line;
  return outcome === wanted ? [] : [`logged as ${String(outcome)} instead of ${wanted}`];
}

/** The provider on its socket is let go where it should be; rejects when it is not. */
export async function freed({ letsGo }: RequestRow, { requests }: Outcome): Promise<void> {
  if (letsGo !== true) return;
  await within(Promise.all(requests.map((request) => request.gone)), "the provider to be let go");
}

/** Of gateways that never let go: half a minute each would say no more. */
const LET_GO_MS_OF_OTHERS = 5_000;

/** Waits until the provider's connection is gone; a sentence where it stays. */
export async function letGo(bench: Bench, gone: Promise<unknown>): Promise<readonly string[]> {
  const patienceMs = bench.adapter.own ? PATIENCE_MS : LET_GO_MS_OF_OTHERS;
  return within(gone, "", patienceMs).then(
    () => [],
    () => [`the provider is not let go within ${patienceMs / 1000} s`],
  );
}

/** The same behind a row that is about something else: owed by the product alone, so that a peer is not blamed for it twice. */
export async function tidied(bench: Bench, gone: Promise<unknown>): Promise<readonly string[]> {
  const problems = await letGo(bench, gone);
  return bench.adapter.own ? problems : [];
}

/** Moves, broken streams and tokens, as the metrics count them once the row has been played. */
export function checkMetrics(row: RequestRow, samples: readonly Sample[]): string[] {
  const { see } = row.expect;
  return row.shapes.flatMap((shape) => {
    const actor = actorOf(row, shape);
    const problems: string[] = [];
    const moves = samples.filter(({ name, labels }) => name === FAILOVERS && providerOf(labels["from"]) === actor);
    const moved = moves.reduce((sum, { value }) => sum + value, 0);
    if (moved !== (see === "next" ? 1 : 0)) problems.push(`${shape}: ${moved} failovers are counted`);
    if (moves.some(({ labels }) => providerOf(labels["to"]) !== WELL)) problems.push("a failover to nowhere");
    const { kind } = row;
    const [reason] = moves.map(({ labels }) => labels["reason"]);
    if (kind !== undefined && reason !== undefined && reason !== REASONS[kind])
      problems.push(`a failover for ${reason} instead of ${REASONS[kind]}`);
    const blamed = sumOf(samples, "openclaw_model_call_total", { provider: actor, error_category: kind ?? "" });
    if (kind !== undefined && blamed < 1) problems.push(`${shape}: no call is counted as ${kind}`);
    const errors = sumOf(samples, "openclaw_edge_stream_errors_total", { provider: actor, phase: "stream" });
    if (errors !== (see === "broken" ? 1 : 0)) problems.push(`${shape}: ${errors} stream errors are counted`);
    const tokens = sumOf(samples, "openclaw_model_tokens_total", { provider: actor, token_type: "total" });
    if (row.tokens !== undefined && tokens !== row.tokens) problems.push(`${shape}: ${tokens} tokens are booked`);
    return problems;
  });
}

/** OpenClaw's words for the kinds of failure that these rows see (decision 15), written down a second time on purpose. */
const REASONS: Readonly<Partial<Record<FailureKind, string>>> = {
  "connect-failed": "timeout",
  "connect-timeout": "timeout",
  "commit-timeout": "timeout",
  "whole-timeout": "timeout",
  "idle-timeout": "timeout",
  "stream-broken": "timeout",
  "bad-payload": "unclassified",
  "server-error": "timeout",
  overloaded: "overloaded",
  "rate-limited": "rate_limit",
  billing: "billing",
  auth: "auth",
  "auth-permanent": "auth_permanent",
  "model-missing": "model_not_found",
  "rejected-by-provider": "format",
  "unexpected-status": "unclassified",
  redirected: "unclassified",
  "empty-answer": "empty_response",
};

const FAILOVERS = "openclaw_edge_failovers_total";

function providerOf(target: string | undefined): string | undefined {
  return target?.split("/")[0];
}

/** What must not be seen outside: keys, the gateway's token, where providers live, stacks. */
export function leaksIn(text: string, { gateway, failing, healthy }: Bench, where: string): string[] {
  const secrets: readonly (readonly [string, string])[] = [
    ["a provider's key", KEY_CANARY],
    ["the gateway's token", gateway.token ?? KEY_CANARY],
    ["a provider's address", new URL(failing.origin).host],
    ["a provider's address", new URL(healthy.origin).host],
    ["a stack", "\n    at "],
  ];
  return secrets.filter(([, secret]) => text.includes(secret)).map(([what]) => `${what} in ${where}`);
}

/** Leaks in an answer. The prompt may not come back either: no provider here repeats it. */
export function checkLeaks({ head, text }: Outcome, bench: Bench): string[] {
  const all = `${head}\n${text}`;
  const prompt = all.includes(PROMPT_CANARY) ? ["the prompt in the answer"] : [];
  return [...leaksIn(all, bench, "the answer"), ...prompt];
}

/** What is wrong with everything that was written meanwhile: the names behind the canaries tell the rows. */
export function checkTraces(bench: Bench, metrics: string): string[] {
  const lines = bench.written.split("\n").filter((line) => !line.includes(TELLS_ADDRESS));
  const traces = `${lines.join("\n")}\n${metrics}`;
  const samples = readSamples(metrics);
  const plain = Buffer.concat(bench.places.plainReceived).toString("latin1");
  const dropped = sumOf(samples, "openclaw_prometheus_series_dropped_total");
  const inflight = sumOf(samples, "openclaw_edge_inflight_requests");
  const demands: readonly (readonly [met: boolean, otherwise: string])[] = [
    [!/POST|HTTP|sk-/.test(plain), "HTTP or a key went where TLS failed [U04]"],
    [!bench.failing.requests.some(({ path }) => path.includes("decoy")), "a redirect was followed [U24]"],
    [bench.edge.child.code === null, "the process has ended"],
    [!bench.written.includes('"kind":"internal"'), "the log tells of a bug"],
    [inflight === 0, `${inflight} requests are still under way`],
    [dropped === 0, `${dropped} series were dropped: metrics cannot be checked`],
  ];
  const unmet = demands.filter(([met]) => !met).map(([, otherwise]) => otherwise);
  const where = "logs or metrics";
  const names = [...new Set(traces.match(NAMED_CANARY)), ...new Set(traces.match(PROVIDER_PATH))];
  return [...leaksIn(traces, bench, where), ...names.map((name) => `${name} in ${where}`), ...unmet];
}

/** Prompts and keys, with the name of their row. */
const NAMED_CANARY = new RegExp(`(?:${PROMPT_CANARY}|${KEY_CANARY})-[a-z0-9-]+`, "g");
/** The path of a provider's address, which bears its name. */
const PROVIDER_PATH = /\/[a-z0-9-]+\/v1\b/g;
