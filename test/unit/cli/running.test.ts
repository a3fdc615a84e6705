// A configuration taken into use: what is followed, what stays as it was started, and that a fault changes nothing.
import { describe, expect, it } from "vitest";
import { takeIntoUse, transportKeysOf } from "../../../src/cli/running.ts";
import type { GatewaySettings, Snapshot } from "../../../src/core/snapshot.ts";
import type { Doorway } from "../../../src/server/doorway.ts";
import type { ListenFault } from "../../../src/server/servers.ts";
import { aGateway, anAgent, aSnapshot, aTarget } from "../../support/snapshot.ts";

const snapshotWith = (more: Partial<Snapshot> = {}, gateway: Partial<GatewaySettings> = {}): Snapshot => ({
  ...aSnapshot([aTarget("a/m")]),
  gateway: aGateway({ port: 1, ...gateway }),
  ...more,
});

/** A doorway that notes which revisions it followed, in order. */
function noting(fault: (snapshot: Snapshot) => ListenFault | null = () => null) {
  const followed: string[] = [];
  let renewals = 0;
  const doorway = {
    follow: async (next: Snapshot) => {
      followed.push(next.revision);
      return fault(next);
    },
    renewConnections: () => (renewals += 1),
  } as unknown as Doorway;
  return { doorway, followed, renewals: () => renewals };
}

const FAULT: ListenFault = { code: "EADDRINUSE", message: "taken" };

describe("a configuration", () => {
  it("serves after every door has followed", async () => {
    const [first, second] = [noting(), noting()];
    const holder = { current: snapshotWith({ revision: "old" }) };
    const swapped: string[] = [];
    const onSwap = (next: Snapshot): void => void swapped.push(next.revision);
    const doorways = [first.doorway, second.doorway];
    const taken = await takeIntoUse(snapshotWith({ revision: "new" }), "hybrid", { holder, doorways, onSwap });
    expect([taken, holder.current.revision, swapped]).toEqual([{ heldBack: [] }, "new", ["new"]]);
    expect([first.followed, second.followed, first.renewals()]).toEqual([["new"], ["new"], 0]);
  });

  it("is not taken when a door cannot follow, and those that did go back", async () => {
    const [first, second] = [noting(), noting(() => FAULT)];
    const holder = { current: snapshotWith({ revision: "old" }) };
    const doorways = [first.doorway, second.doorway];
    const taken = await takeIntoUse(snapshotWith({ revision: "new" }), "hybrid", {
      holder,
      doorways,
      onSwap: () => expect.fail(),
    });
    expect([taken, holder.current.revision, first.followed]).toEqual([{ fault: FAULT }, "old", ["new", "old"]]);
  });

  it("renews connections in mode restart only", async () => {
    const door = noting();
    const followers = { holder: { current: snapshotWith() }, doorways: [door.doorway], onSwap: () => undefined };
    await takeIntoUse(snapshotWith(), "hot", followers);
    await takeIntoUse(snapshotWith(), "hybrid", followers);
    expect(door.renewals()).toBe(0);
    await takeIntoUse(snapshotWith(), "restart", followers);
    expect(door.renewals()).toBe(1);
  });

  it.each<[sentence: string, next: Snapshot, held: string[]]>([
    ["another port", snapshotWith({}, { port: 2 }), ["gateway.port"]],
    ["other addresses", snapshotWith({}, { hosts: ["127.0.0.2"] }), ["gateway.bind"]],
    [
      "an admin door",
      snapshotWith({}, { admin: { port: 3, hosts: ["127.0.0.1"], metricsAuth: "token" } }),
      ["edge.admin"],
    ],
    ["another token", snapshotWith({ expose: "all" }), []],
  ])("in mode hot stays where it is: %s", async (_sentence, next, held) => {
    const holder = { current: snapshotWith() };
    const taken = await takeIntoUse(next, "hot", { holder, doorways: [noting().doorway], onSwap: () => undefined });
    expect(taken).toEqual({ heldBack: held });
    const { port, hosts, admin } = holder.current.gateway;
    expect({ port, hosts, admin }).toEqual({ port: 1, hosts: ["127.0.0.1"], admin: null });
    expect(holder.current.expose).toBe(next.expose);
  });

  it("says what the process was started with, as long as it runs", async () => {
    const base = snapshotWith();
    const holder = { current: base };
    const logging = { ...base.logging, style: "pretty", file: "/x.log", level: "error" } as const;
    const next = snapshotWith({ logging, telemetry: { ...base.telemetry, flags: ["a"], trustTraceContext: true } });
    const followers = { holder, doorways: [], onSwap: () => undefined };
    for (let time = 0; time < 2; time += 1) {
      const taken = await takeIntoUse(next, "hybrid", followers);
      expect(taken).toEqual({ heldBack: ["logging.consoleStyle", "logging.file"] });
    }
    expect(holder.current.logging).toEqual({ ...base.logging, level: "error" });
    expect(holder.current.telemetry).toEqual({ ...base.telemetry, flags: ["a"], trustTraceContext: true });
    expect(await takeIntoUse(base, "hybrid", followers)).toEqual({ heldBack: [] });
  });
});

it("pools of targets and of embeddings are those that are kept", () => {
  const transport = (key: string) => ({ transport: { ...aTarget("a/m").transport, key } });
  const chain = [aTarget("a/m", transport("chain"))];
  const embeddings = aTarget("e/m", transport("memory"));
  const snapshot = aSnapshot(chain, { agents: new Map([["main", anAgent("main", chain, { embeddings })]]) });
  expect(transportKeysOf(snapshot)).toEqual(new Set(["chain", "memory"]));
});
