// L5: providers that fail in every way, clients that leave, a reload and a scrape every second or two. Every answer is exact, an envelope, or
// a stream that says that it broke; the process lives, and asks its providers little more often than it is asked.
import { setTimeout as after } from "node:timers/promises";
import { exchange } from "../../src/cli/bench/exchange.ts";
import { atPace } from "../../src/cli/bench/pace.ts";
import { keptConnections } from "../../src/cli/bench/run-load.ts";
import { residentMiB } from "../../bench/proc.ts";
import * as play from "../support/behaviours.ts";
import { chainConfig } from "../support/edge-config.ts";
import { startEdge, type Edge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { seeded } from "../support/rechunk.ts";
import { readChat } from "../support/sse.ts";
import type { Soak, SoakGiven } from "./soak.ts";

const RATE = 60;
const CONNECTIONS = 60;
const SHARE = { faults: 0.2, leaves: 0.1 };
const EVERY_MS = { reload: 2_000, scrape: 1_000 };
const LEAVE_AFTER_MS = 3;
const PATIENCE_MS = 30_000;
const SEED = 5;

/** What a provider does instead of answering. */
const FAULTS: readonly play.Behaviour[] = [
  play.cutAfterEvents(2, "reset"),
  play.cutAfterEvents(3, "fin"),
  play.drop("reset"),
  play.drop("fin"),
  play.html(),
  play.status(500),
  play.status(503),
  play.status(429),
];

/** How a request ended for its client. */
type Verdict = "exact" | "envelope" | "said so in the stream" | "left" | "wrong";

/** What a client heard. */
interface Heard {
  readonly status: number | null;
  readonly text: string;
  readonly end: string;
}

function verdictOf({ status, text, end }: Heard, isStream: boolean): Verdict {
  if (status === null || end !== "complete") return "wrong";
  try {
    if (status !== 200)
      return typeof (JSON.parse(text) as { error?: { message?: unknown } }).error?.message === "string"
        ? "envelope"
        : "wrong";
    if (!isStream)
      return (JSON.parse(text) as { choices?: readonly unknown[] }).choices?.length === 1 ? "exact" : "wrong";
    const { errors, dones, finish } = readChat(text);
    if (errors.length === 0) return dones === 1 && finish !== null ? "exact" : "wrong";
    return dones === 0 && errors.length === 1 ? "said so in the stream" : "wrong";
  } catch {
    return "wrong";
  }
}

/** One client after the other at an even rate; how many ended how, and one that went wrong. */
async function load(
  edge: Edge,
  seconds: number,
): Promise<{ readonly ended: Map<Verdict, number>; readonly wrong: string }> {
  const target = new URL("/v1/chat/completions", edge.url);
  const agent = keptConnections(target, CONNECTIONS);
  const random = seeded(SEED);
  const ended = new Map<Verdict, number>();
  let wrong = "";
  const pace = { connections: CONNECTIONS, rate: RATE, durationMs: seconds * 1_000, requests: null };
  await atPace(pace, async () => {
    const isStream = random() < 0.7;
    const leaves = random() < SHARE.leaves;
    const body = JSON.stringify({ stream: isStream, messages: [{ role: "user", content: "hi" }] });
    const heard = await ask({ target, agent, headers: edge.headers(), body, leaves });
    const verdict = leaves ? "left" : verdictOf(heard, isStream);
    if (verdict === "wrong" && wrong === "") wrong = `${heard.status} ${heard.end} ${heard.text.slice(-120)}`;
    ended.set(verdict, (ended.get(verdict) ?? 0) + 1);
  });
  agent.destroy();
  return { ended, wrong };
}

interface Asked {
  readonly target: URL;
  readonly agent: ReturnType<typeof keptConnections>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly leaves: boolean;
}

async function ask({ target, agent, headers, body, leaves }: Asked): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<Heard>();
  const parts: Buffer[] = [];
  let status: number | null = null;
  const go = exchange(
    { url: target, agent, headers, body, timeoutMs: PATIENCE_MS },
    {
      head: (code) => (status = code),
      bytes: (chunk) => parts.push(chunk),
      end: (end) => resolve({ status, text: Buffer.concat(parts).toString(), end }),
    },
  );
  if (leaves) {
    await after(LEAVE_AFTER_MS);
    go();
  }
  return promise;
}

/** Again and again until it is over. */
async function every(ms: number, until: AbortSignal, act: (count: number) => Promise<void> | void): Promise<void> {
  for (let count = 1; ; count += 1) {
    await after(ms, undefined, { signal: until }).catch(() => undefined);
    if (until.aborted) return;
    await act(count);
  }
}

function faulty(provider: Provider, seed: number): Provider {
  const random = seeded(seed);
  const fine = play.answer();
  return provider.answerAll((request) => {
    const fault = random() < SHARE.faults ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined;
    return (fault ?? fine)(request);
  });
}

async function run({ entry, seconds, say }: SoakGiven): ReturnType<Soak["run"]> {
  await using first = faulty(await startProvider(), SEED);
  await using second = faulty(await startProvider(), SEED + 1);
  const config = chainConfig({ a: first.url, b: second.url });
  await using edge = await startEdge({ config, entry });
  const over = new AbortController();
  const beside = Promise.all([
    every(EVERY_MS.reload, over.signal, (count) =>
      edge.writeConfig({ ...config, logging: { redactPatterns: [`chaos-${count}`] } }),
    ),
    every(EVERY_MS.scrape, over.signal, async () => {
      await (await edge.get("/api/diagnostics/prometheus")).text();
    }),
  ]);
  const { ended, wrong } = await load(edge, seconds);
  over.abort();
  await beside;
  for (const [verdict, count] of ended) say(`${verdict}: ${count}`);
  const requests = [...ended.values()].reduce((sum, count) => sum + count, 0);
  const attempts = first.requests.length + second.requests.length;
  const bugs = edge.logs.filter(({ level, msg }) => level === "fatal" || String(msg).includes("a bug of the gateway"));
  const isAlive = (await edge.get("/healthz")).status === 200 && edge.child.code === null;
  return [
    { what: "requests", value: requests, unit: "", atLeast: 1 },
    {
      what: `ends that are neither exact, nor an envelope, nor said${wrong === "" ? "" : ` (${wrong})`}`,
      value: ended.get("wrong") ?? 0,
      unit: "",
      atMost: 0,
    },
    { what: "attempts for each request", value: attempts / requests, unit: "x", atMost: 1.25 },
    { what: "unhandled errors", value: bugs.length, unit: "", atMost: 0 },
    { what: "alive at the end", value: isAlive ? 1 : 0, unit: "", atLeast: 1 },
    { what: "resident memory at the end", value: residentMiB(edge.child.pid) ?? Number.NaN, unit: "MiB" },
  ];
}

/** The row. */
export const chaos: Soak = {
  what: "L5: one answer in five fails in one of eight ways, one client in ten leaves, a reload every 2 s, a scrape every second",
  minutes: 8,
  run,
};
