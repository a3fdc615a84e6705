// Liveness and readiness: one bit for everybody, details for those who may know.
import { describe, expect, it } from "vitest";
import { realClock } from "../../../src/core/clock.ts";
import type { NotReady } from "../../../src/core/standing.ts";
import { LoopMonitor } from "../../../src/server/loop-monitor.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { anAgent, aTarget } from "../../support/snapshot.ts";
import { auth, BEARER, DoorKit, gateway, snapshot } from "./door-kit.ts";

const unusable = snapshot({
  agents: new Map([["main", anAgent("main", [aTarget("a/b", { unavailable: "missing_credential" })])]]),
});
/** A request that came through a proxy: not of this machine. */
const FORWARDED = { "x-forwarded-for": "1.1.1.1" };

async function read(kit: DoorKit, headers: Record<string, string> = {}) {
  const response = await kit.ask({ path: "/readyz", headers });
  return { status: response.status, body: JSON.parse(response.body.toString()) as Record<string, unknown> };
}

describe("liveness", () => {
  it.each([["/healthz"], ["/health"]])("%s says live, cached by nobody", async (path) => {
    await using kit = await DoorKit.open({ snapshot: unusable });
    const response = await kit.ask({ path });
    expect([response.status, response.body.toString()]).toEqual([200, `{"ok":true,"status":"live"}`]);
    expect(response.headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
  });

  it.each([["/healthz"], ["/health"], ["/readyz"], ["/ready"]])(
    "HEAD %s says the same without a body",
    async (path) => {
      // Uptime is told: on a clock that stands still both tell the same.
      await using kit = await DoorKit.open({ clock: new FakeClock() });
      const [get, head] = [await kit.ask({ path }), await kit.ask({ method: "HEAD", path })];
      expect([head.status, head.headers["content-length"]]).toEqual([200, get.headers["content-length"]]);
    },
  );
});

describe("readiness", () => {
  it("shows one bit to strangers", async () => {
    await using kit = await DoorKit.open();
    expect(await read(kit, FORWARDED)).toEqual({ status: 200, body: { ready: true } });
    kit.door.lobby.leaving = true;
    expect(await read(kit, FORWARDED)).toEqual({ status: 503, body: { ready: false } });
  });

  it("shows details, without the process id, to a program of this machine", async () => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    clock.advance(1234.4);
    const { status, body } = await read(kit);
    expect(status).toBe(200);
    expect(body).toEqual({
      ready: true,
      failing: [],
      uptimeMs: 1234,
      revision: "revision-1",
      eventLoop: expect.objectContaining({ degraded: false, reasons: [], delayP99Ms: 0 }),
    });
  });

  it("shows details with the process id to a caller with the token", async () => {
    await using kit = await DoorKit.open();
    for (const headers of [BEARER, { ...BEARER, ...FORWARDED }]) {
      expect((await read(kit, headers)).body).toMatchObject({ ready: true, pid: 4242 });
    }
  });

  it("shows what cools, and for how long yet, to a caller with the token", async () => {
    const clock = new FakeClock();
    const until = clock.now() + 30_000;
    const cooling: NotReady = {
      of: "credential",
      provider: "acme",
      target: null,
      credential: "acme#1",
      state: "cooling",
      reason: "rate_limit",
      until,
      failures: 2,
    };
    const probed: NotReady = { ...cooling, of: "target", target: "acme/large", credential: null, state: "half-open" };
    const notReady = (now: number) => [cooling, { ...probed, until: now - 5 }];
    await using kit = await DoorKit.open({ clock, parts: { notReady } });
    clock.advance(1_000.4);
    const { until: _instant, ...line } = cooling;
    expect((await read(kit, BEARER)).body["notReady"]).toEqual([
      { ...line, recoversInMs: 29_000 },
      { ...line, of: "target", target: "acme/large", credential: null, state: "half-open", recoversInMs: 0 },
    ]);
    expect((await read(kit)).body).not.toHaveProperty("notReady");
    expect((await read(kit, FORWARDED)).body).toEqual({ ready: true });
  });

  it("shows what was learned of targets to a caller with the token", async () => {
    const learned = [{ provider: "acme", target: "acme/large", remedies: ["no-store"] }] as const;
    await using kit = await DoorKit.open({ parts: { learned: () => learned } });
    expect((await read(kit, BEARER)).body["learned"]).toEqual(learned);
    expect((await read(kit)).body).not.toHaveProperty("learned");
  });

  it("shows the process id to programs of this machine in mode none: they are who reloads", async () => {
    const settings = gateway({ auth: auth({ mode: "none", token: null }) });
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: settings }) });
    expect((await read(kit)).body).toMatchObject({ pid: 4242 });
    expect((await read(kit, FORWARDED)).body).toEqual({ ready: true });
  });

  it.each([
    ["a wrong token", { ...FORWARDED, authorization: "Bearer wrong" }],
    ["a page of another name for this machine", { host: "rebound.example" }],
  ])("shows one bit to %s", async (_whom, headers) => {
    await using kit = await DoorKit.open();
    expect((await read(kit, headers)).body).toEqual({ ready: true });
    expect(kit.events.map(({ type }) => type)).toEqual(["request-answered"]);
  });

  it("counts guesses that are made here", async () => {
    const rateLimit = { maxAttempts: 2, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: false };
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: gateway({ auth: auth({ rateLimit }) }) }) });
    const guess = { authorization: "Bearer wrong" };
    await read(kit, guess);
    await read(kit, guess);
    expect((await kit.chat()).status).toBe(429);
    expect((await read(kit)).status).toBe(200);
  });

  it.each<[sentence: string, change: (kit: DoorKit) => void, failing: string[]]>([
    ["no agent can serve", (kit) => (kit.holder.current = unusable), ["no-usable-candidate"]],
    ["there is no agent", (kit) => (kit.holder.current = snapshot({ agents: new Map() })), ["no-usable-candidate"]],
    ["the process goes", (kit) => (kit.door.lobby.leaving = true), ["draining"]],
  ])("is 503 when %s", async (_sentence, change, failing) => {
    await using kit = await DoorKit.open();
    change(kit);
    expect(await read(kit, BEARER)).toMatchObject({ status: 503, body: { ready: false, failing } });
  });

  it("hears further reasons of the roof", async () => {
    await using kit = await DoorKit.open({ parts: { failing: () => ["starting"] } });
    expect(await read(kit)).toMatchObject({ status: 503, body: { failing: ["starting"] } });
  });
});

describe("LoopMonitor", () => {
  it("is calm at first and reads the process after a window", () => {
    const clock = new FakeClock();
    const monitor = new LoopMonitor(clock);
    expect([monitor.strain, monitor.reading.intervalMs]).toEqual([null, 5000]);
    const before = monitor.reading;
    clock.advance(5000);
    expect(monitor.reading).not.toBe(before);
    expect(monitor.reading.delayMaxMs).toBeGreaterThanOrEqual(0);
    expect(monitor.reading.utilization).toBeGreaterThanOrEqual(0);
    expect(monitor.reading.cpuCoreRatio).toBeGreaterThan(0);
    monitor.stop();
    expect(clock.pending).toBe(0);
  });

  it("sees a blocked loop", async () => {
    const clock = new FakeClock();
    const monitor = new LoopMonitor(clock);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const until = realClock.now() + 600;
    while (realClock.now() < until) {
      // blocks
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(5000);
    expect(monitor.strain).toBe("event_loop");
    expect(monitor.reading.delayP99Ms).toBeGreaterThan(500);
    clock.advance(5000);
    expect(monitor.strain).toBeNull();
    monitor.stop();
  });
});
