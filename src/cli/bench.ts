// `openclaw-edge bench`: a load for a gateway that runs (or any server that speaks chat completions), and what its answers were like.
// Every answer is judged by its content; a bad one makes the command fail.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseJson } from "../core/json.ts";
import { strangersText } from "./answer-text.ts";
import { type Load, type Sample, sampled } from "./bench/asking.ts";
import {
  type LoadNames,
  type LoadReport,
  loadReport,
  otherLoad,
  regressions,
  type Spread,
} from "./bench/load-report.ts";
import { type LoadPlan, runLoad } from "./bench/run-load.ts";
import { bearer } from "./bearer.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { statusExit } from "./failure-exit.ts";
import { trusting } from "./gateway-client.ts";
import { type GatewayPlace, placeOf, placeWritten } from "./gateway-place.ts";
import { LOAD_OPTIONS } from "./load-options.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { type Asking, print, printFault } from "./print.ts";
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
    rate: {
      type: "string",
      value: "N",
      about: "Requests per second, whether answers are there or not; timed from when each was due.",
    },
    compare: { type: "string", value: "FILE", about: "An earlier --json; a figure that got worse by a fifth fails." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    if (given.flag("whole") && given.flag("stream")) throw new UsageError("--whole and --stream exclude each other");
    const before = await earlier(given, terminal);
    const place = await placeFor(given, terminal);
    if (place === null) return EXIT.config;
    const plan = planOf(given, place);
    const names = namesOf(given, place, plan);
    const other = before === null ? null : otherLoad(names, before);
    if (other !== null) throw new UsageError(`--compare: that was another load: ${other}`);
    const first = await sampled({ ...plan.load, agent: undefined });
    if (first.bad !== null) return unfit({ ...place, url: plan.load.url }, first, { given, terminal });
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

function namesOf(given: Given, { url }: GatewayPlace, { connections, rate }: LoadPlan): LoadNames {
  return { url: url.origin, model: modelOf(given), stream: !given.flag("whole"), connections, rate };
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

/** What the system's words for a failed connection mean here. */
const CONNECT_WORDS: Readonly<Record<string, string>> = {
  EPROTO: "EPROTO: no https there, or another TLS",
  ENOTFOUND: "ENOTFOUND: no such host",
  ECONNREFUSED: "ECONNREFUSED: nobody listens there",
};

/** A server that fails the first request is not measured: fast refusals are no speed. */
async function unfit(place: GatewayPlace, { status, bad, said }: Sample, to: Asking) {
  const { url } = place;
  if (status === null) {
    await printFault(`${url.origin} cannot be reached (${CONNECT_WORDS[bad ?? ""] ?? bad})`, to);
    return EXIT.unreachable;
  }
  const words = strangersText(said, place);
  // Where it was asked: a path that is not there is the commonest mistake.
  await printFault(`${url.origin}${url.pathname} does not answer well: ${bad}${words === "" ? "" : `: ${words}`}`, to);
  return statusExit(status);
}

function reportText(report: LoadReport): string {
  const { url, model, stream, seconds, requests, good, bad, missed, rate } = report;
  const reasons = Object.entries(bad).slice(0, BAD_SHOWN_MAX);
  const lines = [
    `${url}  ${model}  ${stream ? "streams" : "whole answers"}, ${report.connections} at once, ${seconds} s`,
    `requests   ${requests} (${report.requestsPerSecond}/s), good ${good}, bad ${requests - good}`,
    ...(rate === null ? [] : [`rate       ${rate}/s asked for, ${missedWords(missed)}`]),
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

/** Either the server is slower than the rate, or there are too few connections for answers of this length; only who asks can tell. */
function missedWords(missed: number): string {
  const why = "every connection was busy (--connections); the times count how long they had waited";
  return missed === 0 ? "0 starts missed" : `${missed} starts missed: ${why}`;
}
