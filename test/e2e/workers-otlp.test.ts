// Telemetry of several workers on its way to a collector: what all counted is pushed once and never falls, spans and log records come from
// whoever served, also while workers are replaced.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Collector, type Item, plain } from "../support/collector.ts";
import { startEdge } from "../support/edge.ts";
import { chainConfig, withEdgeKeys } from "../support/edge-config.ts";
import type { Read } from "../support/protobuf.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { polled } from "../support/wait.ts";
import { freshCall, workerLines, workerPids } from "../support/workers.ts";

const CHAT = "/v1/chat/completions";
const CALL = { messages: [{ role: "user", content: "hi" }] };
const SERVER = 2;

let a: Provider;

beforeAll(async () => {
  a = await startProvider();
  a.on("m", play.answer());
});
afterAll(async () => {
  await a.close();
});

function exportingTo(collector: Collector, otel: object = {}): object {
  const on = { enabled: true, endpoint: collector.url, flushIntervalMs: 1_000 };
  return withEdgeKeys(chainConfig({ a: a.url }, { diagnostics: { otel: { ...on, ...otel } } }), { workers: 2 });
}

/** What is said of tokens in each export: the input count, since when, and by whom. */
function told(collector: Collector): { readonly count: number; readonly since: unknown; readonly by: unknown }[] {
  return collector.scopes("/v1/metrics").flatMap(({ resource, items }) =>
    items
      .filter(({ name }) => name === "openclaw.tokens")
      .flatMap((metric: Item) => ((metric["sum"] as Read[])[0]?.["points"] ?? []) as Read[])
      .filter((point) => plain(point["attributes"] as Read[])["openclaw.token"] === "input")
      .map((point) => ({ count: Number(point["double"]), since: point["start"], by: resource["service.instance.id"] })),
  );
}

const serversOf = (collector: Collector): Item[] => collector.items("/v1/traces").filter(({ kind }) => kind === SERVER);

describe("two workers that export", { timeout: 90_000 }, () => {
  // How long each of them waits is said in the unit tests; here, that all of them give up.
  it("leave in order where the collector hangs", async () => {
    await using collector = await Collector.listen();
    collector.manners = "hang";
    await using edge = await startEdge({ config: exportingTo(collector), patienceMs: 40_000 });
    expect((await freshCall(edge, CHAT, CALL)).status).toBe(200);
    await collector.until(() => collector.exports.some(({ path }) => path === "/v1/metrics"), "an export");
    expect(await edge.stop("SIGTERM")).toBe(0);
  });

  it("push what they counted once, and what each served; none of it falls or doubles while they are replaced", async () => {
    await using collector = await Collector.listen();
    await using edge = await startEdge({
      config: exportingTo(collector),
      env: { OTEL_EXPORTER_OTLP_HEADERS: "x-collector-key=ck-canary-1234567" },
      patienceMs: 40_000,
    });
    const lines = await workerLines(edge, 2);
    for (const line of [...lines, ...lines]) await line.post(CHAT, CALL);
    await collector.until(() => told(collector).some(({ count }) => count === 28), "all four calls");
    for (const line of lines) line.close();
    const before = workerPids(edge);
    edge.writeConfig(exportingTo(collector, { serviceName: "renamed" }));
    await polled(async () => [1, 2].every((n) => workerPids(edge).get(n) !== before.get(n)), "two others", 60_000);
    for (let call = 0; call < 4; call += 1) expect((await freshCall(edge, CHAT, CALL)).status).toBe(200);
    expect(await edge.stop("SIGTERM")).toBe(0);
    const tokens = told(collector);
    const counts = tokens.map(({ count }) => count);
    expect(counts).toEqual(counts.toSorted((x, y) => x - y));
    expect(counts.at(-1)).toBe(56);
    expect(new Set(tokens.map(({ by }) => by)).size, "one source of what is counted").toBe(1);
    expect(new Set(tokens.map(({ since }) => since)).size, "one time since when it is counted").toBe(1);
    expect(new Set(serversOf(collector).map(({ traceId }) => traceId)).size).toBe(8);
    expect(serversOf(collector)).toHaveLength(8);
    const names = collector.scopes("/v1/traces").map(({ resource }) => resource["service.name"]);
    expect(new Set(names)).toEqual(new Set(["openclaw-edge", "renamed"]));
    expect(collector.scopes("/v1/metrics").at(-1)?.resource["service.name"]).toBe("renamed");
    const records = collector.items("/v1/logs").filter(({ body }) => (body as Read[])[0]?.["string"] === "request");
    expect(records).toHaveLength(8);
    expect(new Set(records.map(({ attributes }) => attributes["worker"]))).toEqual(new Set([1, 2]));
    expect(new Set(collector.exports.map(({ headers }) => headers["x-collector-key"]))).toEqual(
      new Set(["ck-canary-1234567"]),
    );
  });
});
