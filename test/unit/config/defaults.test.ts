// What holds where the file says nothing: bounds, clocks and switches, by their numbers. A change of one is a change for everybody who runs us.
import { describe, expect, it } from "vitest";
import { snapshotOf } from "./compile-rig.ts";

/** A file that says what it must. */
const sparse = (gateway: object = {}): object => ({
  models: {
    mode: "replace",
    providers: {
      up: { baseUrl: "https://up.example/v1", api: "openai-completions", apiKey: "k", models: [{ id: "m" }] },
    },
  },
  agents: { defaults: { model: "up/m" } },
  gateway: { auth: { token: "gateway-token-0123456789" }, ...gateway },
});
const MIB = 1_048_576;

describe("a file that says nothing of it", () => {
  it("bounds what is taken and held", async () => {
    const { limits, targets } = await snapshotOf(sparse());
    expect(limits).toEqual({
      bodyBytes: 20 * MIB,
      bodyBytesOf: {},
      headerBytes: 16_384,
      depth: 64,
      eventBytes: 8 * MIB,
      answerBytes: 64 * MIB,
      bytesInFlight: 256 * MIB,
      inflight: 2_000,
    });
    expect([...targets.values()].map(({ inflightMax }) => inflightMax)).toEqual([500]);
  });

  it("ends every wait", async () => {
    const { gateway, agents, targets } = await snapshotOf(sparse());
    expect(gateway).toMatchObject({ headMs: 15_000, bodyMs: 60_000, writeIdleMs: 60_000 });
    expect(agents.get("main")?.deadlineMs).toBe(900_000);
    const waits = { connectMs: 5_000, commitMs: 120_000, wholeMs: 600_000, idleMs: 120_000 };
    expect([...targets.values()][0]?.timeouts).toMatchObject(waits);
  });

  it.each([
    ["loopback", { preStopMs: 0, deadlineMs: 25_000 }],
    ["lan", { preStopMs: 5_000, deadlineMs: 25_000 }],
  ])("drains on a bind to %s as it must", async (bind, drain) => {
    expect((await snapshotOf(sparse({ bind }))).gateway.drain).toEqual(drain);
  });

  it("opens nothing that it need not", async () => {
    const { gateway, expose, telemetry } = await snapshotOf(sparse());
    expect(gateway).toMatchObject({ hosts: ["127.0.0.1", "::1"], corsAllowOrigins: [], admin: null });
    expect(gateway.auth).toMatchObject({ mode: "token", trustedProxies: [], allowRealIpFallback: false });
    expect(gateway.statusPage.hosts).toEqual([]);
    expect([expose, telemetry.otlp]).toEqual(["agents", null]);
  });

  it("tries again with measure", async () => {
    const { behaviour } = await snapshotOf(sparse());
    expect(behaviour).toEqual({
      attemptsMax: 5,
      sameProviderShare: 0.2,
      emptyAnswer: "advance",
      selfHeals: true,
      headersAfterMs: 0,
      keepAliveMs: 15_000,
      streamMs: 0,
      overloadedBackoffMs: 0,
      rotations: { rateLimited: 1, overloaded: 1 },
      hedge: null,
      embeddingsFallBack: false,
    });
  });
});
