// `openclaw-edge bench`: a load for a gateway that runs (or any server that speaks chat completions), and what its answers were like.
// Every answer is judged by its content; a bad one makes the command fail.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseJson } from "../core/json.ts";
import { type Load, sampled } from "./bench/asking.ts";
import { type LoadReport, loadReport, regressions, type Spread } from "./bench/load-report.ts";
import { type LoadPlan, runLoad } from "./bench/run-load.ts";
import { bearer } from "./bearer.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { statusExit } from "./failure-exit.ts";
import { trusting } from "./gateway-client.ts";
import { type GatewayPlace, placeOf, placeWritten } from "./gateway-place.ts";
import { LOAD_OPTIONS } from "./load-options.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { print, printFault } from "./print.ts";
import { progress } from "./progress.ts";

const TIMEOUT_MS = 120_000;
const MS_PER_S = 1000;
const PATH = "/v1/chat/completions";
const BAD_SHOWN_MAX = 5;

/** Measures; exits 1 for a bad answer or a figure worse than those of `--compare`. */
export const bench: Command = {
  operands: [],
  options: {
    ...LOAD_OPTIONS,
    url: {
      type: "string",
      value: "URL",
      about: "Whom to ask; else the gateway of the config. A path such as /v1 may stand in it.",
    },
    model: {
      type: "string",
      value: "NAME",
      about: "Model of the requests (openclaw). A hosted one costs what it costs.",
    },
    prompt: { type: "string", value: "TEXT", about: "What to say." },
    "max-tokens": { type: "string", value: "N", about: "Bound of each answer." },
    whole: { type: "boolean", about: "Whole answers instead of streams." },
    stream: { type: "boolean", about: "Streams (the default)." },
    connections: { type: "string", value: "N", about: "Requests at once (8)." },
    duration: { type: "string", value: "S", about: "Seconds (10)." },
    requests: { type: "string", value: "N", about: "Stop after so many requests." },
    rate: { type: "string", value: "N", about: "Requests per second, whether answers are there or not." },
    compare: { type: "string", value: "FILE", about: "An earlier --json; a figure that got worse by a fifth fails." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    if (given.flag("whole") && given.flag("stream")) throw new UsageError("--whole and --stream exclude each other");
    const before = await earlier(given, terminal);
    const place = await placeFor(given, terminal);
    if (place === null) return EXIT.config;
    const plan = planOf(given, place);
    const first = await sampled({ ...plan.load, agent: undefined });
    if (first.bad !== null) return unfit(place, first, { given, terminal });
    const steps = Math.ceil(plan.durationMs / MS_PER_S);
    const shown = await progress(
      terminal,
      `Asking ${place.url.origin} for ${steps} s, ${plan.connections} at once`,
      steps,
    );
    let answers = 0;
    const second = setInterval(() => shown.step(`${answers} answers`), MS_PER_S);
    const result = await runLoad(plan, () => {
      answers += 1;
    });
    clearInterval(second);
    shown.end(`${result.samples.length} answers`);
    const { connections, rate } = plan;
    const names = { url: place.url.origin, model: modelOf(given), stream: !given.flag("whole"), connections, rate };
    const report = loadReport(names, result);
    await print(report, { given, terminal }, reportText);
    const worse = before === null ? [] : regressions(report, before);
    for (const line of worse) terminal.stderr.write(`worse: ${line}\n`);
    return report.good === report.requests && worse.length === 0 ? EXIT.ok : EXIT.failed;
  },
};

async function earlier(given: Given, { cwd }: Terminal): Promise<LoadReport | null> {
  const path = given.text("compare");
  if (path === null) return null;
  const text = await readFile(resolve(cwd, path), "utf8").catch((error: unknown) => {
    throw new UsageError(`--compare: ${error instanceof Error ? error.message : String(error)}`);
  });
  const report = parseJson(text) as LoadReport | undefined;
  if (typeof report?.requestsPerSecond !== "number")
    throw new UsageError(`--compare: ${path} is no report of bench --json`);
  return report;
}

/** A URL alone needs no config. */
async function placeFor(given: Given, terminal: Terminal): Promise<GatewayPlace | null> {
  const written = placeWritten(given, terminal.env);
  if (written !== null) return written;
  const { loadOrTell } = await import("./load.ts");
  const loaded = await loadOrTell(given, terminal);
  return loaded === null ? null : placeOf(loaded, given);
}

function modelOf(given: Given): string {
  return given.text("model") ?? "openclaw";
}

function planOf(given: Given, { url, secret, certificate }: GatewayPlace): LoadPlan & { readonly durationMs: number } {
  const isWhole = given.flag("whole");
  const maxTokens = given.text("max-tokens") === null ? {} : { max_tokens: given.count("max-tokens", 1, 1) };
  const content = given.text("prompt") ?? "Count from 1 to 20 in words.";
  const stream = isWhole ? {} : { stream: true };
  const body = JSON.stringify({
    model: modelOf(given),
    ...stream,
    ...maxTokens,
    messages: [{ role: "user", content }],
  });
  // As people write it: the server, its base URL, or the very path.
  const path = url.pathname.replace(/\/+$/, "").replace(/\/v1(?:\/chat\/completions)?$/, "") + PATH;
  const load: Omit<Load, "agent"> = {
    url: new URL(path, url),
    headers: { "content-type": "application/json", ...bearer(secret) },
    body,
    trust: trusting(certificate),
    shape: isWhole ? "whole" : "streamed",
    timeoutMs: TIMEOUT_MS,
  };
  return {
    load,
    connections: given.count("connections", 8, 1),
    durationMs: given.number("duration", 10, 0.1) * MS_PER_S,
    rate: given.text("rate") === null ? null : given.number("rate", 1, 0.01),
    requests: given.text("requests") === null ? null : given.count("requests", 1, 1),
  };
}

/** A server that fails the first request is not measured: fast refusals are no speed. */
function unfit(
  { url }: GatewayPlace,
  { status, bad }: { readonly status: number | null; readonly bad: string | null },
  asked: { readonly given: Given; readonly terminal: Terminal },
) {
  const why = status === null ? `cannot be reached (${bad})` : `does not answer well: ${bad}`;
  printFault(`${url.origin} ${why}`, asked);
  return status === null ? EXIT.unreachable : statusExit(status);
}

function reportText(report: LoadReport): string {
  const { url, model, stream, seconds, requests, good, bad, missed, rate } = report;
  const reasons = Object.entries(bad).slice(0, BAD_SHOWN_MAX);
  const lines = [
    `${url}  ${model}  ${stream ? "streams" : "whole answers"}, ${report.connections} at once, ${seconds} s`,
    `requests   ${requests} (${report.requestsPerSecond}/s), good ${good}, bad ${requests - good}`,
    ...(rate === null ? [] : [`rate       ${rate}/s asked for, ${missed} starts missed`]),
    ...(stream ? [`first      ${spreadWords(report.ttftMs)}`] : []),
    `whole      ${spreadWords(report.latencyMs)}`,
    ...(stream ? [`per part   ${spreadWords(report.tpotMs)}`, `parts      ${report.partsPerSecond}/s`] : []),
    ...reasons.map(([why, count]) => `bad        ${count} × ${why}`),
  ];
  return `${lines.join("\n")}\n`;
}

function spreadWords({ p50, p90, p99, max }: Spread): string {
  return p50 === null ? "-" : `p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, max ${max} ms`;
}
