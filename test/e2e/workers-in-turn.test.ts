// Settings that are read only at a start, changed while several workers serve: they are replaced one after the other, nobody is refused,
// no stream is cut, no count falls.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Child } from "../support/child.ts";
import { type Edge, EDGE_TOKEN, type LogLine, startEdge } from "../support/edge.ts";
import { chainConfig, withEdgeKeys } from "../support/edge-config.ts";
import { PROGRAM } from "../support/program.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { readChat } from "../support/sse.ts";
import { polled } from "../support/wait.ts";
import { call, freshCall, type WorkerLine, workerLines, workerPids } from "../support/workers.ts";

let a: Provider;
let edge: Edge;
let folder: string;
let lines: WorkerLine[] = [];

beforeAll(async () => {
  a = await startProvider();
});
afterAll(async () => {
  await a.close();
});
beforeEach(() => {
  a.on("m", play.answer());
  folder = mkdtempSync(join(tmpdir(), "openclaw-edge-in-turn-"));
});
afterEach(async () => {
  for (const line of lines) line.close();
  lines = [];
  await edge?.stop("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const CHAT = "/v1/chat/completions";
const CALL = { messages: [{ role: "user", content: "hi" }] };
const PATIENCE_MS = 120_000;
const START_MS = 40_000;
const isSwap = ({ msg }: LogLine): boolean => msg === "config reloaded";

interface Change {
  readonly mode?: string;
  readonly file?: string;
  readonly deferralTimeoutMs?: number;
  readonly more?: object;
}

function withLog({ mode = "hybrid", file, deferralTimeoutMs, more = {} }: Change): object {
  const logging = file === undefined ? {} : { logging: { file } };
  const reload = { mode, ...(deferralTimeoutMs !== undefined && { deferralTimeoutMs }) };
  return withEdgeKeys(chainConfig({ a: a.url }, { gateway: { reload }, ...logging, ...more }), { workers: 2 });
}

async function start(config: object, env: Readonly<Record<string, string>> = {}): Promise<void> {
  edge = await startEdge({ config, env, patienceMs: START_MS });
  await edge.child.until(
    () => edge.child.lines.filter((line) => line.includes("a worker serves"))[1],
    "both in the log",
  );
}

async function standing(): Promise<{ readonly wanted: number; readonly serving: number; readonly outdated: number }> {
  return JSON.parse((await freshCall(edge, "/readyz")).text).workers;
}

/** Resolves when both have been replaced. */
async function replaced(before: ReadonlyMap<number, number>): Promise<void> {
  await polled(async () => [1, 2].every((n) => workerPids(edge).get(n) !== before.get(n)), "two others", 60_000);
  await polled(async () => (await standing()).outdated === 0, "nobody to be replaced");
}

async function completed(): Promise<number> {
  const { text } = await freshCall(edge, "/api/diagnostics/prometheus");
  const found = [...text.matchAll(/^openclaw_run_completed_total\{.*\} (\d+)$/gm)];
  return found.reduce((sum, [, count]) => sum + Number(count), 0);
}

const linesOf = (file: string): LogLine[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("another log file", { timeout: PATIENCE_MS }, () => {
  it("is written by workers that come one after the other: no call fails, no stream is cut, no count falls", async () => {
    const [first, second] = [join(folder, "first.log"), join(folder, "second.log")];
    await start(withLog({ file: first }));
    lines = await workerLines(edge, 2);
    a.on("m", play.answer({ paceMs: 400 }));
    const seen = a.requests.length;
    const streams = lines.map((line) => line.post(CHAT, { ...CALL, stream: true }));
    await a.request(seen + 2);
    a.on("m", play.answer());
    const before = workerPids(edge);
    const faults: string[] = [];
    const scrapes: number[] = [];
    const over = new AbortController();
    const until = async (step: () => Promise<void>): Promise<void> => {
      while (!over.signal.aborted) await step().catch((error: unknown) => void faults.push(String(error)));
    };
    // Half of the callers keep their connections, as clients do, and half come anew each time.
    const kept = new Agent({ keepAlive: true });
    const load = Array.from({ length: 6 }, (_, at) =>
      until(async () => {
        const ask = { path: CHAT, body: { ...CALL, stream: at % 3 === 0 } };
        const { status } = await call(edge, at % 2 === 0 ? kept : new Agent(), ask);
        if (status !== 200) faults.push(`status ${status}`);
      }),
    );
    const watching = until(async () => {
      scrapes.push(await completed());
      if ((await freshCall(edge, "/readyz")).status !== 200) faults.push("not ready");
    });
    edge.writeConfig(withLog({ file: second }));
    const told = await edge.logged(({ msg }) => String(msg).startsWith("workers are replaced"), "the word");
    expect(told["because"]).toEqual(["logging.file"]);
    await replaced(before);
    for (const { text } of await Promise.all(streams)) {
      expect(readChat(Buffer.from(text))).toMatchObject({ finish: "stop", dones: 1, errors: [] });
    }
    over.abort();
    await Promise.all([...load, watching]);
    kept.destroy();
    expect(faults).toEqual([]);
    expect(scrapes).toEqual(scrapes.toSorted((x, y) => x - y));
    expect(edge.logs.filter(({ code }) => code === "restart_needed")).toEqual([]);
    for (const line of lines) line.close();
    lines = await workerLines(edge, 2);
    for (const line of lines) expect((await line.post(CHAT, CALL)).status).toBe(200);
    expect(await completed()).toBeGreaterThanOrEqual(scrapes.at(-1) as number);
    expect(await edge.stop("SIGTERM")).toBe(0);
    const wrote = (file: string): Set<unknown> => new Set(linesOf(file).map(({ worker }) => worker));
    expect([wrote(first), wrote(second)]).toEqual([new Set([undefined, 1, 2]), new Set([undefined, 1, 2])]);
    expect(linesOf(second).some(isSwap), "the reload itself is told in the new file").toBe(true);
  });
});

describe("settings that are read only at a start", { timeout: PATIENCE_MS }, () => {
  it("wait for a restart in mode hot, and nobody is replaced", async () => {
    const file = join(folder, "edge.log");
    await start(withLog({ mode: "hot" }));
    const before = workerPids(edge);
    edge.writeConfig(withLog({ mode: "hot", file }));
    const line = await edge.logged(({ code }) => code === "restart_needed", "the word");
    expect(line["path"]).toBe("logging.file");
    expect(await standing()).toMatchObject({ wanted: 2, serving: 2, outdated: 0 });
    expect([workerPids(edge), existsSync(file)]).toEqual([before, false]);
  });

  it("are obeyed by those who come after: the style of the log, which the command `reload` says", async () => {
    await start(withLog({ mode: "off", more: { logging: { consoleStyle: "json" } } }));
    edge.writeConfig(withLog({ mode: "off", more: { logging: { consoleStyle: "pretty" } } }));
    const { code, stdout } = await reloadCommand(edge);
    expect([code, stdout]).toEqual([0, expect.stringContaining("; the workers are replaced, one after the other")]);
    const isPretty = (line: string): boolean => /a worker serves.*worker=/.test(line);
    await polled(async () => edge.child.lines.filter(isPretty).length === 2, "two others", 60_000);
    await polled(async () => (await standing()).outdated === 0, "nobody to be replaced");
    lines = await workerLines(edge, 2);
    for (const line of lines) await line.post(CHAT, CALL);
    const served = (): unknown[] =>
      edge.child.lines.flatMap((line) => /→ a\/m 200 .*worker=(\d)/.exec(line)?.[1] ?? []);
    await edge.child.until(() => served().length === 2, "two lines");
    expect(served().toSorted()).toEqual(["1", "2"]);
  });

  it("replace a worker whose stream takes longer than the file allows: the stream is told", async () => {
    const edgeOf = (file: string): object =>
      withEdgeKeys(withLog({ file: join(folder, file), deferralTimeoutMs: 300 }), { drain: { deadlineSeconds: 1 } });
    await start(edgeOf("first.log"));
    lines = await workerLines(edge, 2);
    a.on("m", play.stallAfter(2));
    const seen = a.requests.length;
    const stream = (lines[0] as WorkerLine).post(CHAT, { ...CALL, stream: true });
    await a.request(seen + 1);
    const before = workerPids(edge);
    edge.writeConfig(edgeOf("second.log"));
    expect((await stream).text).toContain("shutting down");
    for (const pid of before.values()) {
      await polled(async () => !existsSync(`/proc/${pid}`), "the old ones to end", 30_000);
    }
    expect((await freshCall(edge, "/v1/models")).status).toBe(200);
  });

  it("do not keep all from leaving while workers are replaced", async () => {
    await start(withLog({ file: join(folder, "0.log") }));
    edge.writeConfig(withLog({ file: join(folder, "1.log") }));
    await edge.logged(({ msg }) => String(msg).startsWith("workers are replaced"), "the word");
    expect(await edge.stop("SIGTERM")).toBe(0);
    for (const pid of workerPids(edge).values()) expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(edge.logs.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("leave those serving whose successors cannot start, and are tried again", async () => {
    const stone = join(folder, "stone");
    const stumble = `if (process.argv.includes("--as-worker") && process.getBuiltinModule("node:fs").existsSync(${JSON.stringify(stone)})) process.exit(3);`;
    await start(withLog({ file: join(folder, "0.log") }), {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stumble)}`,
    });
    const before = workerPids(edge);
    writeFileSync(stone, "");
    edge.writeConfig(withLog({ file: join(folder, "1.log") }));
    const line = await edge.logged(({ msg }) => String(msg).startsWith("a worker cannot be replaced"), "the trouble");
    expect(line).toMatchObject({ level: "error", worker: 1, reason: expect.stringContaining("exit code 3") });
    expect((await freshCall(edge, CHAT, CALL)).status).toBe(200);
    expect([await standing(), workerPids(edge)]).toMatchObject([{ wanted: 2, serving: 2, outdated: 2 }, before]);
    rmSync(stone);
    await replaced(before);
    expect((await freshCall(edge, CHAT, CALL)).status).toBe(200);
  });

  it("change again while workers are replaced: the last file is what all serve in the end", async () => {
    await start(withLog({ file: join(folder, "0.log") }));
    for (const number of [1, 2, 3]) {
      edge.writeConfig(withLog({ file: join(folder, `${number}.log`) }));
      await edge.child.until(() => edge.logs.filter(isSwap)[number - 1], `reload ${number}`);
    }
    await polled(async () => (await standing()).outdated === 0, "nobody to be replaced", 60_000);
    lines = await workerLines(edge, 2);
    for (const line of lines) expect((await line.post(CHAT, CALL)).status).toBe(200);
    expect(await edge.stop("SIGTERM")).toBe(0);
    const requests = linesOf(join(folder, "3.log")).filter(({ msg }) => msg === "request");
    expect(requests.map(({ worker }) => worker).toSorted()).toEqual([1, 2]);
  });
});

/** The product's own `reload` against the running edge. */
async function reloadCommand({ configPath, url }: Edge): Promise<{ readonly code: number; readonly stdout: string }> {
  const child = Child.start({
    args: [PROGRAM, "reload", "--config", configPath, "--port", new URL(url).port],
    env: { PATH: process.env["PATH"] ?? "", HOME: dirname(configPath), OPENCLAW_GATEWAY_TOKEN: EDGE_TOKEN },
    cwd: dirname(configPath),
  });
  return { code: await child.exited, stdout: child.stdout.join("\n") };
}
