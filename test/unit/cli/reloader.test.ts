// Reloading by hand: what is taken into use, what is kept, and who is answered.
import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Taken } from "../../../src/cli/running.ts";
import { BASE, configFile, HELD_BACK, Rig, withRedact, write, inFolders } from "./reloader-rig.ts";

inFolders();

describe("a reading", () => {
  it("of a changed file is taken into use, and says what changed", async () => {
    const rig = await Rig.open();
    write(withRedact("one"));
    await rig.reloader.ask("watch");
    expect(rig.taken).toHaveLength(1);
    expect(rig.told).toEqual([
      { result: "swapped", complaints: 0, changed: ["logging.redactPatterns[0]"], restartNeeded: [] },
    ]);
    expect(rig.said).toEqual(["info config reloaded"]);
    expect(rig.lines[0]).toMatchObject({ changed: ["logging.redactPatterns[0]"], revision: rig.taken[0]?.revision });
    expect(rig.reloader.standing).toEqual({ readings: 1, result: "swapped", restartNeeded: [] });
  });

  it.each([
    ["signal", ["info config read again: nothing changed"]],
    ["watch", []],
  ] as const)("of the same file by %s swaps nothing", async (by, said) => {
    const rig = await Rig.open();
    await rig.reloader.ask(by);
    expect(rig.taken).toEqual([]);
    expect(rig.told).toMatchObject([{ result: "unchanged", complaints: 0 }]);
    expect(rig.said).toEqual(said);
  });

  it("of a bad file keeps what runs; each content is told once, and again to a person who asks", async () => {
    const rig = await Rig.open();
    write("{ broken");
    await rig.reloader.ask("watch");
    await rig.reloader.ask("watch");
    expect(rig.said).toEqual(["warn config reload skipped (invalid config)"]);
    await rig.reloader.ask("signal");
    expect(rig.said).toHaveLength(2);
    write("{ broken otherwise");
    await rig.reloader.ask("watch");
    expect(rig.said).toHaveLength(3);
    expect(rig.taken).toEqual([]);
    expect(rig.told.map(({ result }) => result)).toEqual(["rejected", "rejected", "rejected", "rejected"]);
    expect(rig.told[0]?.complaints).toBeGreaterThan(0);
  });

  it("of a file that is gone says so, and of one that came back that nothing changed", async () => {
    const rig = await Rig.open();
    rmSync(configFile());
    await rig.reloader.ask("watch");
    write(BASE);
    await rig.reloader.ask("watch");
    expect(rig.said).toEqual([
      "warn config reload skipped (config file missing)",
      "info config read again: nothing changed",
    ]);
  });

  it("without a secret is told as degraded, and as whole once it is there", async () => {
    const rig = await Rig.open();
    write({
      ...BASE,
      gateway: { ...BASE.gateway, auth: { token: { source: "file", provider: "default", id: "/none" } } },
    });
    await rig.reloader.ask("watch");
    write(withRedact("two"));
    await rig.reloader.ask("watch");
    expect(rig.said.at(-1)).toBe("info secrets are whole again");
    expect(rig.lines.map(({ code }) => code).filter(Boolean)).toEqual([
      "SECRETS_RELOADER_DEGRADED",
      "SECRETS_RELOADER_RECOVERED",
    ]);
  });

  it("whose door cannot open is skipped with its reason", async () => {
    const rig = await Rig.open();
    rig.take = () => ({ fault: { message: "port in use" } }) as unknown as Taken;
    write(withRedact("three"));
    await rig.reloader.ask("watch");
    expect(rig.lines).toMatchObject([{ msg: "config reload skipped (cannot listen)", reason: "port in use" }]);
    expect(rig.told).toMatchObject([{ result: "rejected", complaints: 1 }]);
    rig.take = () => HELD_BACK;
    await rig.reloader.ask("watch");
    expect(rig.told.at(-1)?.result).toBe("swapped");
  });

  it("that needs a restart names the keys that were held back", async () => {
    const rig = await Rig.open();
    rig.take = () => ({ heldBack: ["gateway.port", "edge.workers"] });
    write({ ...withRedact("four"), edge: { workers: 2 } });
    await rig.reloader.ask("watch");
    expect(rig.told[0]?.restartNeeded).toEqual(["gateway.port", "edge.workers"]);
    expect(rig.said.slice(1, 3)).toEqual(["warn restart needed: gateway.port", "warn restart needed: edge.workers"]);
    expect(rig.lines[1]).toMatchObject({ code: "restart_needed", path: "gateway.port" });
    await rig.reloader.ask("watch");
    expect(rig.reloader.standing).toMatchObject({
      result: "unchanged",
      restartNeeded: ["gateway.port", "edge.workers"],
    });
  });

  it("that throws is a bug of ours: told, and what runs stays", async () => {
    const rig = await Rig.open();
    rig.beforeLoad = () => Promise.reject(new Error("oops"));
    await rig.reloader.ask("watch");
    expect(rig.said).toEqual(["error a bug of the gateway: the config was not read"]);
    expect(rig.told).toMatchObject([{ result: "rejected", complaints: 1 }]);
    rig.beforeLoad = () => Promise.resolve();
    write(withRedact("five"));
    await rig.reloader.ask("watch");
    expect(rig.told.at(-1)?.result).toBe("swapped");
  });
});

describe("several who ask", () => {
  it("while a reading is under way get one more together", async () => {
    const rig = await Rig.open();
    const gate = Promise.withResolvers<void>();
    rig.beforeLoad = () => gate.promise;
    const all = [rig.reloader.ask("watch"), rig.reloader.ask("watch"), rig.reloader.ask("signal")];
    gate.resolve();
    await Promise.all(all);
    expect(rig.loads).toBe(2);
    // A person was among those who waited, and is answered.
    expect(rig.said).toEqual(["info config read again: nothing changed"]);
    await rig.reloader.ask("watch");
    expect([rig.loads, rig.said.length]).toEqual([3, 1]);
  });

  it("and no person among them, are told of no change by nothing", async () => {
    const rig = await Rig.open();
    await Promise.all([rig.reloader.ask("signal"), rig.reloader.ask("watch"), rig.reloader.ask("watch")]);
    expect([rig.loads, rig.said.length]).toEqual([2, 1]);
    await Promise.all([rig.reloader.ask("watch"), rig.reloader.ask("signal")]);
    await Promise.all([rig.reloader.ask("watch"), rig.reloader.ask("watch")]);
    expect([rig.loads, rig.said.length]).toEqual([6, 2]);
  });

  it("get nothing once it has stopped, not even what was under way", async () => {
    const rig = await Rig.open();
    const gate = Promise.withResolvers<void>();
    rig.beforeLoad = () => gate.promise;
    write(withRedact("six"));
    const asked = rig.reloader.ask("signal");
    rig.reloader.stop();
    gate.resolve();
    await asked;
    await rig.reloader.ask("signal");
    expect([rig.loads, rig.taken, rig.told]).toEqual([1, [], []]);
  });
});
