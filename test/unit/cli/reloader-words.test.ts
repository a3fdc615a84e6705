// What a reading tells, in the log and to observers, and when files are read by themselves.
import { describe, expect, it } from "vitest";
import type { Taken } from "../../../src/cli/running.ts";
import { BASE, configFile, Rig, setEnv, withRedact, write, inFolders } from "./reloader-rig.ts";

inFolders();

describe("what is told", () => {
  it.each([
    [20, 20, undefined],
    [25, 20, 5],
  ])("of %i keys that changed is %i, and how many more there are", async (count, named, more) => {
    const rig = await Rig.open();
    const redactPatterns = Array.from({ length: count }, (_, at) => `pattern-${at}`);
    write({ ...BASE, logging: { redactPatterns } });
    await rig.reloader.ask("watch");
    expect(rig.lines[0]?.["changed"]).toHaveLength(named);
    expect(rig.lines[0]?.["more"]).toBe(more);
    expect(rig.told[0]?.changed).toHaveLength(count);
  });

  it("of a door that cannot open is which keys would have changed, and what still needs a restart", async () => {
    const rig = await Rig.open();
    rig.take = () => ({ heldBack: ["gateway.port"] });
    write(withRedact("one"));
    await rig.reloader.ask("watch");
    rig.take = () => ({ fault: { message: "port in use" } }) as unknown as Taken;
    write(withRedact("two"));
    await rig.reloader.ask("watch");
    expect(rig.lines.at(-1)).toMatchObject({ changed: ["logging.redactPatterns[0]"] });
    expect(rig.told.at(-1)).toEqual({
      result: "rejected",
      complaints: 1,
      changed: [],
      restartNeeded: ["gateway.port"],
    });
    expect(rig.reloader.standing).toEqual({ readings: 2, result: "rejected", restartNeeded: ["gateway.port"] });
  });

  it("of nothing is nothing", async () => {
    const rig = await Rig.open();
    expect(rig.reloader.standing).toEqual({ readings: 0, result: null, restartNeeded: [] });
  });

  it("of warnings are the new ones, with their place", async () => {
    const rig = await Rig.open();
    const naming = (redact: string, ...refs: string[]): object => {
      const models = Object.fromEntries(["mock/echo", ...refs].map((ref) => [ref, {}]));
      return { ...withRedact(redact), agents: { defaults: { model: "mock/echo", models } } };
    };
    const warned = (): unknown[] => rig.lines.filter(({ level }) => level === "warn");
    write(naming("one", "none/a"));
    await rig.reloader.ask("watch");
    const first = { code: "unknown_model", path: 'agents.defaults.models["none/a"]' };
    expect(warned()).toMatchObject([{ ...first, file: configFile(), line: 1 }]);
    write(naming("two", "none/a", "none/b"));
    await rig.reloader.ask("watch");
    const second = { code: "unknown_model", path: 'agents.defaults.models["none/b"]' };
    expect(warned()).toMatchObject([first, second]);
    expect(rig.told.map(({ complaints }) => complaints)).toEqual([1, 2]);
    setEnv({ OPENCLAW_LOG_LEVEL: "nonsense" });
    write(withRedact("three"));
    await rig.reloader.ask("watch");
    expect(warned()).toHaveLength(3);
    expect(rig.lines.at(-1)).toMatchObject({ level: "warn", code: "wrong_value" });
    expect(rig.lines.at(-1)).not.toHaveProperty("file");
  });

  it("of many errors are the first twenty, in words with their place, and the number of all", async () => {
    const rig = await Rig.open();
    const keys = Array.from({ length: 25 }, (_, at) => [`nonsense${at}`, at] as const);
    write({ ...BASE, logging: Object.fromEntries(keys), gateway: { ...BASE.gateway, auth: { token: "short-token" } } });
    await rig.reloader.ask("watch");
    const [line] = rig.lines;
    const complaints = line?.["complaints"];
    expect(complaints).toHaveLength(20);
    expect(complaints).toContainEqual(expect.stringMatching(/^.*openclaw\.json:1:\d+ {2}logging\.nonsense0 {2}/));
    expect(line?.["code"]).toBeUndefined();
    expect(rig.told[0]).toEqual({ result: "rejected", complaints: 25, changed: [], restartNeeded: [] });
  });

  it("of refused contents is bounded: after many others, one is told again", async () => {
    const rig = await Rig.open();
    const refuse = async (text: string): Promise<number> => {
      const said = rig.said.length;
      write(`{ broken ${text}`);
      await rig.reloader.ask("watch");
      return rig.said.length - said;
    };
    for (let at = 0; at < 64; at += 1) expect(await refuse(String(at))).toBe(1);
    expect(await refuse("0")).toBe(0);
    expect(await refuse("1")).toBe(1);
  });

  it("of secrets that are whole is told once, and not where none was missing", async () => {
    const rig = await Rig.open();
    write("{ broken");
    await rig.reloader.ask("watch");
    write(withRedact("one"));
    await rig.reloader.ask("watch");
    write(withRedact("two"));
    await rig.reloader.ask("watch");
    expect(rig.said.slice(1)).toEqual(["info config reloaded", "info config reloaded"]);
  });

  it("of a content that was refused before a good one is told again", async () => {
    const rig = await Rig.open();
    for (const text of ["{ broken", withRedact("one"), "{ broken"]) {
      write(text);
      await rig.reloader.ask("watch");
    }
    expect(rig.said).toEqual([
      "warn config reload skipped (invalid config)",
      "info config reloaded",
      "warn config reload skipped (invalid config)",
    ]);
  });

  it("of a person's question about the same file names what runs", async () => {
    const rig = await Rig.open();
    await rig.reloader.ask("signal");
    expect(rig.lines[0]?.["revision"]).toMatch(/./);
  });

  it("of secrets that became whole is told once", async () => {
    const rig = await Rig.open();
    const token = { source: "file", provider: "default", id: "/none" };
    for (const text of [{ ...BASE, gateway: { ...BASE.gateway, auth: { token } } }, withRedact("1"), withRedact("2")]) {
      write(text);
      await rig.reloader.ask("watch");
    }
    expect(rig.said.filter((line) => line.includes("whole again"))).toHaveLength(1);
  });

  it("of a bug keeps what needs a restart", async () => {
    const rig = await Rig.open();
    rig.take = () => ({ heldBack: ["gateway.port"] });
    write(withRedact("one"));
    await rig.reloader.ask("watch");
    rig.beforeLoad = () => Promise.reject(new Error("oops"));
    await rig.reloader.ask("watch");
    expect(rig.told.at(-1)).toEqual({
      result: "rejected",
      complaints: 1,
      changed: [],
      restartNeeded: ["gateway.port"],
    });
    expect(rig.lines.at(-1)?.["error"]).toMatchObject({ message: "oops" });
  });
});

describe("files that are watched", () => {
  const watched = (redact: string): object => ({
    ...withRedact(redact),
    gateway: { ...BASE.gateway, reload: { mode: "hot" } },
  });

  it("are read again by themselves once they changed", async () => {
    const rig = await Rig.open(watched("zero"));
    rig.reloader.start();
    write(watched("one"));
    expect(await rig.pass(10_000)).toBe(1);
    expect(rig.told).toMatchObject([{ result: "swapped" }]);
    rig.reloader.stop();
    expect(rig.clock.pending).toBe(0);
  });

  it("are not watched where the config says so", async () => {
    const rig = await Rig.open();
    rig.reloader.start();
    expect(rig.clock.pending).toBe(0);
    write(withRedact("one"));
    expect(await rig.pass(6_000)).toBe(0);
  });

  it("are watched no more once the config says so", async () => {
    const rig = await Rig.open(watched("zero"));
    rig.reloader.start();
    write(withRedact("one"));
    await rig.reloader.ask("signal");
    expect(rig.clock.pending).toBe(0);
  });

  it("are not watched after the end", async () => {
    const rig = await Rig.open(watched("zero"));
    rig.reloader.stop();
    rig.reloader.start();
    expect(rig.clock.pending).toBe(0);
  });

  it("are told once while they stay refused, and taken once they are mended", async () => {
    const rig = await Rig.open(watched("zero"));
    rig.reloader.start();
    write("{ broken");
    expect(await rig.pass(10_000)).toBe(1);
    expect(await rig.pass(8_000)).toBe(0);
    write(watched("one"));
    expect(await rig.pass(10_000)).toBe(1);
    expect(rig.told.map(({ result }) => result)).toEqual(["rejected", "swapped"]);
    rig.reloader.stop();
  });

  it("are not read again for a change whose door could not open, until there is another", async () => {
    const rig = await Rig.open(watched("zero"));
    rig.take = () => ({ fault: { message: "port in use" } }) as unknown as Taken;
    rig.reloader.start();
    write(watched("one"));
    expect(await rig.pass(10_000)).toBe(1);
    expect(await rig.pass(8_000)).toBe(0);
    rig.reloader.stop();
  });
});
