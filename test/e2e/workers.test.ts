// Several processes behind one port: what one learns all know, what is changed all follow, what ends is started again, and one scrape
// shows them all.
import { once } from "node:events";
import { mkdtempDisposableSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, EDGE_TOKEN, runCommand, startEdge } from "../support/edge.ts";
import { chainConfig, mockConfig, withEdgeKeys } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { RawClient } from "../support/raw.ts";
import { until } from "../support/script.ts";
import { readChat } from "../support/sse.ts";
import { polled } from "../support/wait.ts";
import { freshCall, type WorkerLine, workerLines, workerPids } from "../support/workers.ts";

let a: Provider;
let b: Provider;
let edge: Edge;
let lines: WorkerLine[] = [];

beforeAll(async () => {
  [a, b] = await Promise.all([startProvider(), startProvider()]);
});
afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
});
beforeEach(() => {
  a.on("m", play.answer());
  b.on("m", play.answer());
});
afterEach(async () => {
  for (const line of lines) line.close();
  lines = [];
  await edge?.stop("SIGKILL");
});

const CHAT = "/v1/chat/completions";
const CALL = { messages: [{ role: "user", content: "hi" }] };
const PATIENCE_MS = 90_000;
const START_MS = 40_000;

/** A chain with two workers before it. */
function twoWorkers(providers: Readonly<Record<string, string>>, more: object = {}, workers: number | string = 2) {
  return withEdgeKeys(chainConfig(providers, more), { workers });
}

async function start(config: object, more: Partial<Parameters<typeof startEdge>[0]> = {}): Promise<void> {
  edge = await startEdge({ config, patienceMs: START_MS, ...more });
}

/** As soon as the log has told of both. */
async function bothPids(): Promise<ReadonlyMap<number, number>> {
  await edge.child.until(() => workerPids(edge).size === 2, "both workers in the log");
  return workerPids(edge);
}

async function completed(): Promise<number> {
  const { text } = await freshCall(edge, "/api/diagnostics/prometheus");
  const found = [...text.matchAll(/^openclaw_run_completed_total\{.*\} (\d+)$/gm)];
  return found.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function servedBy(line: WorkerLine): Promise<unknown> {
  return (await line.post(CHAT, CALL)).headers["x-openclaw-served-by"];
}

describe("a worker that is killed under load", { timeout: PATIENCE_MS }, () => {
  it("takes only its own streams along: the port never refuses, counts never fall, and it comes back", async () => {
    await start(twoWorkers({ a: a.url }));
    const faults: string[] = [];
    const scrapes: number[] = [];
    let served = 0;
    const over = new AbortController();
    const until = async (step: () => Promise<void>): Promise<void> => {
      while (!over.signal.aborted)
        await step().catch((error: NodeJS.ErrnoException) => faults.push(String(error.code)));
    };
    const load = Array.from({ length: 6 }, () =>
      until(async () => {
        const { status } = await freshCall(edge, CHAT, { ...CALL, stream: true });
        if (status === 200) served += 1;
        else faults.push(`status ${status}`);
      }),
    );
    const scraping = until(async () => void scrapes.push(await completed()));
    await polled(async () => served > 50 && scrapes.length > 2, "load", 30_000);
    const killed = workerPids(edge).get(1) as number;
    process.kill(killed, "SIGKILL");
    await edge.logged(({ msg }) => String(msg).startsWith("a worker ended"), "the end in the log");
    const before = served;
    await polled(async () => workerPids(edge).get(1) !== killed && served > before + 50, "the worker again", 30_000);
    over.abort();
    await Promise.all([...load, scraping]);
    expect(faults).not.toContain("ECONNREFUSED");
    expect(faults.filter((fault) => fault !== "ECONNRESET")).toEqual([]);
    expect(faults.length, "streams of the worker that was killed").toBeLessThanOrEqual(7);
    expect(scrapes).toEqual(scrapes.toSorted((x, y) => x - y));
    lines = await workerLines(edge, 2);
    expect(await completed()).toBeGreaterThanOrEqual(scrapes.at(-1) as number);
  });

  it("together with all others comes back with them: the first process serves on", async () => {
    await start(twoWorkers({ a: a.url }));
    const killed = [...(await bothPids()).values()];
    for (const pid of killed) process.kill(pid, "SIGKILL");
    const hasAnother = (number: number): boolean => !killed.includes(workerPids(edge).get(number) ?? 0);
    await edge.child.until(() => edge.child.code !== null || [1, 2].every(hasAnother), "both workers again");
    expect(edge.child.code).toBeNull();
    expect((await freshCall(edge, CHAT, CALL)).status).toBe(200);
  });

  it("is started again when it ends by a bug, while its streams have their end", async () => {
    const bug = `process.on("SIGUSR2", () => setImmediate(() => { throw new Error("bug") }));`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(bug)}`;
    await start(twoWorkers({ a: a.url }), { env: { NODE_OPTIONS: preload } });
    lines = await workerLines(edge, 2);
    a.on("m", play.answer({ paceMs: 60 }));
    const stream = (lines[1] as WorkerLine).post(CHAT, { ...CALL, stream: true });
    await a.request(a.requests.length + 1);
    const pid = workerPids(edge).get(2) as number;
    process.kill(pid, "SIGUSR2");
    const line = await edge.logged(({ msg }) => String(msg).startsWith("uncaughtException"), "the bug in the log");
    expect(line["worker"]).toBe(2);
    expect(readChat(Buffer.from((await stream).text))).toMatchObject({ finish: "stop", dones: 1, errors: [] });
    await polled(async () => workerPids(edge).get(2) !== pid, "the worker again", 30_000);
    expect(await edge.stop("SIGTERM")).toBe(0);
  });
});

describe("more connections than there are files for", { timeout: PATIENCE_MS }, () => {
  it("end one another's waiting: silent ones make room, and none is passed round between full workers", async () => {
    await start(twoWorkers({ a: a.url }, { edge: { timeouts: { headSeconds: 300 } } }), { openFiles: 80 });
    const silent = await Promise.all(Array.from({ length: 120 }, () => RawClient.connect(edge.url)));
    const health = async (): Promise<number> => (await freshCall(edge, "/healthz").catch(() => ({ status: 0 }))).status;
    await polled(async () => (await health()) === 200, "an answer from the house that was full", 30_000);
    for (const each of silent) each.close();
  });
});

describe("what one worker learns", { timeout: PATIENCE_MS }, () => {
  it("of a provider holds in the other: a cooldown", async () => {
    await start(twoWorkers({ a: a.url, b: b.url }));
    lines = await workerLines(edge, 2);
    const [first, second] = lines as [WorkerLine, WorkerLine];
    a.on("m", play.status(429, undefined, [["retry-after", "60"]]));
    expect(await servedBy(first)).toBe("b/m");
    const asked = a.requests.length;
    await polled(async () => (await second.get("/readyz")).text.includes(`"state":"cooling"`), "the news");
    expect([await servedBy(second), await servedBy(second)]).toEqual(["b/m", "b/m"]);
    expect(a.requests.length).toBe(asked);
    const told = edge.logs.filter(({ msg }) => msg === "auth profile failure state updated");
    expect(told.map(({ worker }) => worker)).toEqual([first.number]);
  });

  it("of a provider is known to a worker that is started later", async () => {
    await start(twoWorkers({ a: a.url, b: b.url }));
    lines = await workerLines(edge, 2);
    a.on("m", play.status(429, undefined, [["retry-after", "60"]]));
    expect(await servedBy(lines[0] as WorkerLine)).toBe("b/m");
    const pid = workerPids(edge).get(2) as number;
    process.kill(pid, "SIGKILL");
    await polled(async () => workerPids(edge).get(2) !== pid, "the worker again", 30_000);
    for (const line of lines) line.close();
    lines = await workerLines(edge, 2);
    expect((await (lines[1] as WorkerLine).get("/readyz")).text).toContain(`"state":"cooling"`);
  });

  it("of a provider that cools is found out by one request of many that come at once", async () => {
    await start(twoWorkers({ a: a.url }));
    lines = await workerLines(edge, 2);
    a.on("m", play.status(429));
    expect((await (lines[0] as WorkerLine).post(CHAT, CALL)).status).toBe(429);
    for (const line of lines)
      await polled(async () => (await line.get("/readyz")).text.includes(`"cooling"`), "the news");
    const { promise: known, resolve: letKnow } = Promise.withResolvers<void>();
    a.on("m", (request) => [until(known), ...play.answer()(request)]);
    const before = a.requests.length;
    const told: number[] = [];
    const calls = Array.from({ length: 30 }, () =>
      freshCall(edge, CHAT, CALL)
        .then(({ status }) => told.push(status))
        .catch(() => told.push(0)),
    );
    await polled(async () => told.length === 29, "an answer for all but the one that finds out", 30_000);
    expect(new Set(told)).toEqual(new Set([429]));
    expect(a.requests.length - before).toBe(1);
    letKnow();
    await Promise.all(calls);
    expect(told.at(-1)).toBe(200);
  });

  it("of a caller who guesses counts for all", async () => {
    const rateLimit = { maxAttempts: 4, windowMs: 60_000, lockoutMs: 60_000, exemptLoopback: false };
    await start(twoWorkers({ a: a.url }, { gateway: { auth: { rateLimit } } }));
    lines = await workerLines(edge, 2);
    const [first, second] = lines as [WorkerLine, WorkerLine];
    const wrong = { authorization: "Bearer wrong" };
    for (const line of [first, first, second, second]) {
      expect((await line.post(CHAT, CALL, wrong)).status).toBe(401);
      // News of the guess are on their way for an instant.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect([(await first.post(CHAT, CALL)).status, (await second.post(CHAT, CALL)).status]).toEqual([429, 429]);
  });
});

describe("a change of the configuration", { timeout: PATIENCE_MS }, () => {
  it("reaches all workers", async () => {
    await start(twoWorkers({ a: a.url }));
    lines = await workerLines(edge, 2);
    edge.writeConfig(twoWorkers({ b: b.url }));
    await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
    expect(await Promise.all(lines.map(servedBy))).toEqual(["b/m", "b/m"]);
    const health = await Promise.all(lines.map(async (line) => JSON.parse((await line.get("/readyz")).text)));
    expect(health.map(({ reload, pid }) => [reload.readings, reload.result, pid])).toEqual([
      [1, "swapped", edge.child.pid],
      [1, "swapped", edge.child.pid],
    ]);
  });

  it("is not held up by a worker that stands still: that one is ended, and comes back with the change", async () => {
    await start(twoWorkers({ a: a.url }));
    const still = (await bothPids()).get(1) as number;
    process.kill(still, "SIGSTOP");
    edge.writeConfig(twoWorkers({ b: b.url }));
    await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
    await polled(async () => workerPids(edge).get(1) !== still, "the worker again", 30_000);
    lines = await workerLines(edge, 2);
    expect(await Promise.all(lines.map(servedBy))).toEqual(["b/m", "b/m"]);
  });

  it("is taken by none when one cannot follow", async () => {
    await start({ ...twoWorkers({ a: a.url }), gateway: { port: 0 } }, { port: "file" });
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    edge.writeConfig({ ...twoWorkers({ b: b.url }), gateway: { port } });
    await edge.logged(({ msg }) => msg === "config reload skipped (cannot listen)", "the refusal");
    lines = await workerLines(edge, 2);
    expect(await Promise.all(lines.map(servedBy))).toEqual(["a/m", "a/m"]);
    taken.close();
  });

  it("moves all workers to another address of the same port", async () => {
    await start({ ...twoWorkers({ a: a.url }), gateway: { port: 0, bind: "loopback" } }, { port: "file" });
    edge.writeConfig({
      ...twoWorkers({ a: a.url }),
      gateway: { port: 0, bind: "custom", customBindHost: "127.0.0.2", auth: { token: EDGE_TOKEN } },
    });
    await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
    const url = new URL(edge.url);
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await fetch(`http://127.0.0.2:${url.port}/healthz`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    await expect(freshCall(edge, "/healthz")).rejects.toThrow(/ECONNREFUSED/);
  });

  it("of their number starts more of them, and lets go those that are too many", async () => {
    await start(twoWorkers({ a: a.url }));
    edge.writeConfig(twoWorkers({ a: a.url }, {}, 3));
    await polled(async () => workerPids(edge).size === 3, "a third worker", 30_000);
    lines = await workerLines(edge, 3);
    edge.writeConfig(twoWorkers({ a: a.url }, {}, 1));
    const standing = async (): Promise<string> => (await freshCall(edge, "/readyz")).text;
    await polled(
      async () => (await standing()).includes(`{"number":1,"wanted":1,"serving":1,"outdated":0}`),
      "one worker",
      30_000,
    );
    expect(edge.logs.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("the end of all", { timeout: PATIENCE_MS }, () => {
  it("comes by one signal, after the streams of every worker", async () => {
    await start(twoWorkers({ a: a.url }));
    lines = await workerLines(edge, 2);
    a.on("m", play.answer({ paceMs: 100 }));
    const seen = a.requests.length;
    const streams = lines.map((line) => line.post(CHAT, { ...CALL, stream: true }));
    await a.request(seen + 2);
    edge.child.signal("SIGTERM");
    for (const { text } of await Promise.all(streams)) {
      expect(readChat(Buffer.from(text))).toMatchObject({ finish: "stop", dones: 1, errors: [] });
    }
    expect(await edge.child.exited).toBe(0);
    for (const pid of workerPids(edge).values()) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  it("comes at once by a second signal, which the exit code tells", async () => {
    await start(twoWorkers({ a: a.url }));
    lines = await workerLines(edge, 2);
    a.on("m", play.stallAfter(2));
    const seen = a.requests.length;
    const streams = lines.map((line) => line.post(CHAT, { ...CALL, stream: true }));
    await a.request(seen + 2);
    edge.child.signal("SIGTERM");
    await edge.logged(({ msg }) => msg === "draining", "the drain");
    edge.child.signal("SIGTERM");
    for (const { text } of await Promise.all(streams)) expect(text).toContain("shutting down");
    expect(await edge.child.exited).toBe(143);
  });

  it("comes to workers whose primary was killed, after their streams", async () => {
    await start(twoWorkers({ a: a.url }));
    lines = await workerLines(edge, 2);
    a.on("m", play.answer({ paceMs: 60 }));
    const seen = a.requests.length;
    const stream = (lines[0] as WorkerLine).post(CHAT, { ...CALL, stream: true });
    await a.request(seen + 1);
    const pids = [...workerPids(edge).values()];
    edge.child.signal("SIGKILL");
    expect(readChat(Buffer.from((await stream).text))).toMatchObject({ finish: "stop", dones: 1, errors: [] });
    const isGone = (pid: number): boolean => !readStat(pid);
    await polled(async () => pids.every(isGone), "the workers to end", 30_000);
  });
});

/** The processes that one has started and that have not ended. */
function childrenOf(pid: number): number[] {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  return pids.filter(readStat);
}

/** False for a process that is not there, or is dead and not buried. */
function readStat(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("workers", { timeout: PATIENCE_MS }, () => {
  it("have no key of a provider in their environment or on their command line", async () => {
    const env = { OPENAI_API_KEY: "sk-canary-in-the-environment", UPSTREAM: "sk-canary-of-the-file" };
    const providers = {
      models: { providers: { a: { baseUrl: a.url, apiKey: "${UPSTREAM}", models: [{ id: "m" }] } } },
    };
    await start({ ...twoWorkers({ a: a.url }), ...providers }, { env, args: ["--token", EDGE_TOKEN] });
    for (const pid of workerPids(edge).values()) {
      const seen = readFileSync(`/proc/${pid}/environ`, "utf8") + readFileSync(`/proc/${pid}/cmdline`, "utf8");
      expect(seen).not.toMatch(/sk-canary|edge-test-token/);
    }
    lines = await workerLines(edge, 2);
    expect(await servedBy(lines[1] as WorkerLine)).toBe("a/m");
    expect(a.requests.at(-1)?.headers["authorization"]).toBe("Bearer sk-canary-of-the-file");
  });

  it("write the log file together, one line at a time, and say which of them wrote it", async () => {
    // A folder of its own: process ids come again, and so would the lines of an earlier run.
    using folder = mkdtempDisposableSync(join(tmpdir(), "openclaw-edge-test-"));
    const file = join(folder.path, "gateway.log");
    await start(twoWorkers({ a: a.url }, { logging: { file } }));
    lines = await workerLines(edge, 2);
    await Promise.all(lines.flatMap((line) => Array.from({ length: 20 }, () => line.post(CHAT, CALL))));
    expect(await edge.stop("SIGTERM")).toBe(0);
    const written = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const requests = written.filter(({ msg }) => msg === "request");
    expect(requests.map(({ worker }) => worker).toSorted()).toEqual([...Array(20).fill(1), ...Array(20).fill(2)]);
    expect(edge.logs.filter(({ msg }) => msg === "request")).toHaveLength(40);
  });
});

describe("a log that nobody reads", { timeout: PATIENCE_MS }, () => {
  it("keeps no worker from coming back, and no gateway from leaving", async () => {
    await start(twoWorkers({ a: a.url }));
    const killed = (await bothPids()).get(1) as number;
    edge.child.output("stand-still");
    const loud = { ...CALL, messages: [{ role: "user", content: "hi" }], model: "nobody-has-such-a-model" };
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(Array.from({ length: 20 }, () => freshCall(edge, CHAT, loud)));
    }
    process.kill(killed, "SIGKILL");
    await polled(
      async () => childrenOf(edge.child.pid).filter((pid) => pid !== killed).length === 2,
      "the worker again",
    );
    expect(await edge.child.stop("SIGTERM")).toBe(0);
  });
});

interface Readiness {
  readonly failing?: readonly string[];
  readonly workers?: { readonly wanted: number; readonly serving: number };
}

/** What a port says of itself on a connection of its own; nothing while nobody listens there. */
async function readiness(port: number): Promise<Readiness> {
  const headers = { connection: "close" };
  const response = await fetch(`http://127.0.0.1:${port}/readyz`, { headers }).catch(() => null);
  return response === null ? {} : ((await response.json()) as Readiness);
}

describe("a start", { timeout: PATIENCE_MS }, () => {
  it("is no readiness before all workers serve: whoever comes then would stay with the first", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    free.close();
    const config = mockConfig("mock/echo", { gateway: { port }, edge: { workers: 3 } });
    const starting = start(config, { port: "file", until: "listening" });
    const seen: string[] = [];
    await polled(async () => {
      const { failing, workers } = await readiness(port);
      if (failing !== undefined) seen.push(`${String(failing)} ${workers?.serving === workers?.wanted}`);
      return seen.includes(" true");
    }, "readiness");
    await starting;
    expect(seen.filter((each) => each === " false")).toEqual([]);
    expect(seen.filter((each) => !/^(?:workers-starting (?:true|false)| true)$/.test(each))).toEqual([]);
  });
});

describe("a start that fails", { timeout: PATIENCE_MS }, () => {
  const config = mockConfig("mock/echo", { edge: { workers: 2 } });

  it.each([
    ["a bad configuration", { edge: { workers: 2, worker: 3 } }, 78, /is not a key/],
    ["none at all", { edge: { workers: 0 } }, 78, /workers/],
  ])("for %s: exit code, one word, and no worker", async (_what, more, code, words) => {
    const result = await runCommand(["serve", "--config", "{config}", "--port", "0"], {
      config: mockConfig("mock/echo", more),
    });
    expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(words)]);
    expect(result.stdout).toBe("");
  });

  it("for a port that is taken ends with 1 and says so once", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const result = await runCommand(["serve", "--config", "{config}", "--port", String(port)], { config });
    taken.close();
    expect(result.code).toBe(1);
    expect(result.stderr.match(/another gateway instance is already listening/g)).toHaveLength(1);
    expect(result.stdout).toBe("");
  });
});
