// The status page of several workers: whoever answers shows what all of them do and did.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig, withEdgeKeys } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { eventsOf } from "../support/sse.ts";
import { polled } from "../support/wait.ts";
import { freshCall, type WorkerLine, workerLines, workerPids } from "../support/workers.ts";
import type { Feed } from "../../src/server/status/feed.ts";

let a: Provider;
let edge: Edge;
let lines: WorkerLine[] = [];

beforeAll(async () => {
  a = await startProvider();
});
afterAll(async () => {
  await a.close();
});
beforeEach(() => a.on("m", play.answer()));
afterEach(async () => {
  for (const line of lines) line.close();
  lines = [];
  await edge?.stop("SIGKILL");
});

const CHAT = "/v1/chat/completions";
const CALL = { messages: [{ role: "user", content: "hi" }] };

async function start(more: object = {}): Promise<void> {
  const config = withEdgeKeys(chainConfig({ a: a.url }, more), { workers: 2 });
  edge = await startEdge({ config, patienceMs: 40_000 });
  lines = await workerLines(edge, 2);
}

async function feedOf(line: WorkerLine): Promise<Feed> {
  return JSON.parse((await line.get("/status.json")).text) as Feed;
}

const servedOf = ({ chains }: Feed): number | undefined => chains[0]?.links[0]?.served;

describe("the status of two workers", { timeout: 90_000 }, () => {
  it("is the same whoever answers: requests under way, ended ones, who served them, the last reload", async () => {
    await start();
    for (const line of lines) for (let call = 0; call < 3; call += 1) await line.post(CHAT, CALL);
    a.on("m", play.stallAfter(2));
    const seen = a.requests.length;
    const streams = lines.map((line) => line.post(CHAT, { ...CALL, stream: true }).catch(() => null));
    await a.request(seen + 2);
    edge.child.signal("SIGHUP");
    await edge.logged(({ msg }) => String(msg).startsWith("config read again"), "the reading");
    const watchers = await Promise.all([0, 1].map(() => workerLines(edge, 2)));
    lines.push(...watchers.flat());
    await polled(async () => (await feedOf(watchers[0]?.[0] as WorkerLine)).gauges.inFlight.now === 2, "two streams");
    for (const line of watchers[0] ?? []) {
      const feed = await feedOf(line);
      expect(feed).toMatchObject({ rowsUntil: 6, reloaded: { result: "unchanged" }, workers: { number: line.number } });
      expect(feed.gauges.inFlight.now).toBe(2);
      expect(feed.gauges.errors).toMatchObject({ ended: 6, failed: 0 });
      expect(feed.running).toMatchObject([{ target: "a/m", count: 2, awaited: 0 }]);
      expect([servedOf(feed), feed.chains[0]?.links[0]?.running]).toEqual([6, 2]);
      expect(new Set(feed.rows.map(({ id }) => id)).size).toBe(6);
    }
    for (const line of lines) line.close();
    await Promise.all(streams);
  });

  it("is told to viewers as it goes on, each ended request once, in whichever worker it ended", async () => {
    await start();
    const leaving = new AbortController();
    const response = await fetch(`${edge.url}/status/events`, { headers: edge.headers(), signal: leaving.signal });
    const events = eventsOf(response.body as AsyncIterable<Uint8Array>);
    const rows: string[] = [];
    let asked = 0;
    for (let until = 0; until < 8;) {
      const { value } = await events.next();
      const feed = JSON.parse(String(value?.data)) as Feed;
      expect(feed.rowsBefore).toBe(until);
      until = feed.rowsUntil;
      rows.push(...feed.rows.map(({ id }) => id));
      if (asked++ < 2) for (const line of [...lines, ...lines]) await line.post(CHAT, CALL);
    }
    expect([rows.length, new Set(rows).size]).toEqual([8, 8]);
    leaving.abort();
  });

  it("keeps what a worker did that was replaced, and its time runs on", async () => {
    await start();
    for (const line of lines) await line.post(CHAT, CALL);
    const [before, pids] = [await feedOf(lines[0] as WorkerLine), workerPids(edge)];
    expect([before.rowsUntil, servedOf(before)]).toEqual([2, 2]);
    for (const line of lines) line.close();
    const logging = { consoleStyle: "json", maxFileBytes: 1_000_000 };
    edge.writeConfig(withEdgeKeys(chainConfig({ a: a.url }, { logging }), { workers: 2 }));
    await polled(async () => [1, 2].every((n) => workerPids(edge).get(n) !== pids.get(n)), "two others", 60_000);
    const look = async (): Promise<Feed> => JSON.parse((await freshCall(edge, "/status.json")).text) as Feed;
    await polled(async () => (await look()).workers?.outdated === 0, "nobody to be replaced");
    const after = await look();
    expect([after.rowsUntil, servedOf(after), after.gauges.errors.ended]).toEqual([2, 2, 2]);
    expect(after.rows.map(({ id }) => id)).toEqual(before.rows.map(({ id }) => id));
    expect(after.uptimeMs).toBeGreaterThan(before.uptimeMs);
  });
});
