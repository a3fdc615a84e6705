// A file that changes under a running process (fault rows P10 to P16): what is good is served within two seconds, what is not never is,
// and no request notices. A real process, real files.
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, type LogLine, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { polled } from "../support/wait.ts";

let a: Provider;
let b: Provider;
let edge: Edge;

beforeAll(async () => {
  [a, b] = await Promise.all([startProvider(), startProvider()]);
});
afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
});
afterEach(async () => {
  await edge.stop("SIGKILL");
});

const CALL = { messages: [{ role: "user", content: "hi" }] };
const toA = (more: object = {}): object => chainConfig({ a: a.url }, more);
const toB = (more: object = {}): object => chainConfig({ b: b.url }, more);

async function servedBy(from: Edge = edge): Promise<string> {
  const response = await from.post("/v1/chat/completions", CALL);
  await response.text();
  return response.headers.get("x-openclaw-served-by") ?? `status ${response.status}`;
}

const serves = (who: string): Promise<void> => polled(async () => (await servedBy()) === who, `${who} to serve`);

const isSwap = (line: LogLine): boolean => line["msg"] === "config reloaded";
const isRefusal = (line: LogLine): boolean => String(line["msg"]).startsWith("config reload skipped");
const nth = (look: (line: LogLine) => boolean, number: number): Promise<LogLine> =>
  edge.child.until(() => edge.logs.filter(look)[number - 1], `line ${number} of its kind`);

describe("a file that is written anew", () => {
  beforeEach(async () => {
    edge = await startEdge({ config: toA() });
  });

  it("is served, and what changed is told by key path, without a value", async () => {
    edge.writeConfig(toB());
    const line = await edge.logged(isSwap, "the reload");
    expect(line["changed"]).toEqual([
      "models.providers.a",
      "models.providers.b",
      "agents.defaults.model.primary",
      "edge.providers.a",
      "edge.providers.b",
    ]);
    expect(JSON.stringify(edge.logs)).not.toContain("sk-upstream-b-secret");
    expect(await servedBy()).toBe("b/m");
  });

  it("keeps running streams where they are", async () => {
    a.on("m", play.answer({ paceMs: 100 }));
    const response = await edge.post("/v1/chat/completions", { ...CALL, stream: true });
    edge.writeConfig(toB());
    await edge.logged(isSwap, "the reload");
    expect(await servedBy()).toBe("b/m");
    const text = await response.text();
    expect(response.headers.get("x-openclaw-served-by")).toBe("a/m");
    expect(text).toContain("[DONE]");
    a.on("m", play.answer());
  });

  it.each<[sentence: string, text: string]>([
    ["is no config", "not a config at all"],
    ["is empty", ""],
    ["is a list", "[]"],
    ["has a wrong type", '{ "gateway": { "port": "soon" } }'],
    ["has an unknown key", '{ "gatway": {} }'],
    ["ends in the middle", '{ "models": { "providers": {'],
    [
      "needs a variable that is not set",
      '{ models: { mode: "replace", providers: { x: { baseUrl: "https://x.example", apiKey: "${NOT_SET}", models: [{ id: "m" }] } } } }',
    ],
  ])(
    "is not served when it %s: the last good one is, with one warning, until it is repaired",
    async (_sentence, text) => {
      edge.writeConfig(text);
      const line = await edge.logged(isRefusal, "the refusal");
      expect(line).toMatchObject({ level: "warn", msg: "config reload skipped (invalid config)" });
      const metrics = await (await edge.get("/api/diagnostics/prometheus")).text();
      expect(metrics).toMatch(/^openclaw_edge_config_reloads_total\{result="rejected"\} 1$/m);
      // Written again, it is the same content: looked at, and no news.
      edge.writeConfig(text);
      expect(await servedBy()).toBe("a/m");
      edge.writeConfig(toB());
      await edge.logged(isSwap, "the reload");
      expect(await servedBy()).toBe("b/m");
      expect(edge.logs.filter(isRefusal)).toHaveLength(1);
    },
  );

  it("that is repaired to what it was is told, and serves on", async () => {
    edge.writeConfig("{");
    await edge.logged(isRefusal, "the refusal");
    edge.writeConfig(toA());
    await edge.logged((line) => line["msg"] === "config read again: nothing changed", "the repair");
    expect(await servedBy()).toBe("a/m");
  });

  it("slowly, piece by piece, is served when it is whole, and no request fails meanwhile", async () => {
    const text = JSON.stringify(toB(), null, 2);
    const statuses: number[] = [];
    const written = new AbortController();
    const asking = (async () => {
      while (!written.signal.aborted) statuses.push((await edge.post("/v1/chat/completions", CALL)).status);
    })();
    for (let end = 50; end < text.length + 50; end += 50) {
      writeFileSync(edge.configPath, text.slice(0, end));
      // Slower than the quiet time, so that halves are looked at.
      await fetch(`${edge.url}/healthz`);
    }
    await edge.logged(isSwap, "the reload");
    written.abort();
    await asking;
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await servedBy()).toBe("b/m");
  });

  it("by a rename is seen every time", async () => {
    for (const [number, config] of [toB(), toA(), toB()].entries()) {
      writeFileSync(`${edge.configPath}.new`, JSON.stringify(config));
      renameSync(`${edge.configPath}.new`, edge.configPath);
      await nth(isSwap, number + 1);
      expect(await servedBy()).toBe(number === 1 ? "a/m" : "b/m");
    }
  });

  it("and is deleted leaves the last good one, with a warning; it is seen when it comes back", async () => {
    unlinkSync(edge.configPath);
    expect((await edge.logged(isRefusal, "the refusal"))["msg"]).toBe("config reload skipped (config file missing)");
    expect(await servedBy()).toBe("a/m");
    edge.writeConfig(toB());
    await edge.logged(isSwap, "the reload");
    expect(await servedBy()).toBe("b/m");
  });

  it("with another comment only is another revision of the same settings", async () => {
    edge.writeConfig(`// a comment\n${JSON.stringify(toA())}`);
    expect((await edge.logged(isSwap, "the reload"))["changed"]).toEqual([]);
  });

  it("with another token lets in who has it at once, and nobody who has the old one", async () => {
    const token = "another-token-4be1c07d5a3344f2";
    edge.writeConfig(toA({ gateway: { auth: { token } } }));
    await edge.logged(isSwap, "the reload");
    const asked = (bearer: string) => edge.get("/v1/models", { authorization: `Bearer ${bearer}` });
    expect([(await asked(token)).status, (await asked(edge.token)).status]).toEqual([200, 401]);
  });

  it("makes a level of the log hold, too", async () => {
    edge.writeConfig(toA({ logging: { level: "error" } }));
    const reload = async (): Promise<unknown> =>
      ((await (await edge.get("/readyz")).json()) as { reload: unknown }).reload;
    await polled(async () => JSON.stringify(await reload()).includes("swapped"), "the reload");
    expect(await reload()).toEqual({ readings: 1, result: "swapped", restartNeeded: [] });
    const told = edge.logs.length;
    expect(await servedBy()).toBe("a/m");
    expect(edge.logs.length).toBe(told);
  });

  it("switches diagnostics on and off", async () => {
    const calls = (): number => edge.logs.filter(({ msg }) => msg === "model call started").length;
    edge.writeConfig(toA({ diagnostics: { flags: ["model.*"] } }));
    await nth(isSwap, 1);
    await servedBy();
    await edge.child.until(() => calls() === 1, "the call in the log");
    edge.writeConfig(toA({ diagnostics: { flags: [] } }));
    expect(await nth(isSwap, 2)).toMatchObject({ changed: ["diagnostics.flags[0]"] });
    await servedBy();
    await edge.child.until(() => edge.logs.filter(({ msg }) => msg === "request").length === 2, "the second request");
    expect(calls()).toBe(1);
    expect(edge.logs.filter(({ code }) => code === "restart_needed")).toEqual([]);
  });

  it("with a key that is read once at the start is served but for it, and that is told", async () => {
    edge.writeConfig(toB({ logging: { consoleStyle: "json" } }));
    const line = await edge.logged(({ code }) => code === "restart_needed", "the word");
    expect(line["msg"]).toBe("restart needed: logging.consoleStyle");
    expect(await servedBy()).toBe("b/m");
  });

  it("fifty times in a few seconds ends with the last one, and with no pool of the others", async () => {
    for (let number = 0; number < 50; number += 1) {
      edge.writeConfig(number % 2 === 0 ? toB() : toA());
      await servedBy();
    }
    edge.writeConfig(toB());
    await serves("b/m");
    await polled(async () => a.connectionsOpen === 0, "the old pool to close");
    expect(edge.logs.filter(isSwap).length).toBeLessThan(25);
  });
});

describe("files around the config", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "edge-reload-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** One generation of a ConfigMap volume, as the kubelet lays it out. */
  function mount(generation: number, files: Readonly<Record<string, object>>): void {
    const data = `..2026_11_21_${generation}`;
    mkdirSync(join(folder, data));
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, data, name), JSON.stringify(content));
    symlinkSync(data, join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
    if (generation > 1) return;
    for (const name of Object.keys(files)) symlinkSync(join("..data", name), join(folder, name));
  }

  it("a ConfigMap that is exchanged twice is seen twice, with the file that it includes", async () => {
    const main = { $include: "./models.json", gateway: { mode: "local" } };
    mount(1, { "openclaw.json": main, "models.json": toA() });
    edge = await startEdge({ config: {}, args: ["--config", join(folder, "openclaw.json")] });
    expect(await servedBy()).toBe("a/m");
    mount(2, { "openclaw.json": main, "models.json": toB() });
    await nth(isSwap, 1);
    expect(await servedBy()).toBe("b/m");
    rmSync(join(folder, "..2026_11_21_1"), { recursive: true });
    mount(3, { "openclaw.json": main, "models.json": toA() });
    await nth(isSwap, 2);
    expect(await servedBy()).toBe("a/m");
  });

  it("an included file that changes, goes and comes back", async () => {
    const part = join(folder, "models.json");
    writeFileSync(part, JSON.stringify(toA()));
    edge = await startEdge({ config: { $include: part }, env: { OPENCLAW_INCLUDE_ROOTS: folder } });
    unlinkSync(part);
    await edge.logged(isRefusal, "the refusal");
    expect(await servedBy()).toBe("a/m");
    writeFileSync(part, JSON.stringify(toB()));
    await edge.logged(isSwap, "the reload");
    expect(await servedBy()).toBe("b/m");
  });

  it("a secret that is rotated in its file goes out with the next request", async () => {
    const path = join(folder, "key");
    const write = (key: string): void => writeFileSync(path, key, { mode: 0o600 });
    write("sk-first-0123456789");
    const apiKey = { source: "file", provider: "f", id: "value" };
    const secrets = { providers: { f: { source: "file", path, mode: "singleValue" } } };
    edge = await startEdge({ config: chainConfig({ a: { url: a.url, more: { apiKey } } }, { secrets }) });
    const keyOfLast = (): string | undefined => a.requests.at(-1)?.headers["authorization"];
    await servedBy();
    expect(keyOfLast()).toBe("Bearer sk-first-0123456789");
    write("sk-second-0123456789");
    expect((await edge.logged(isSwap, "the reload"))["changed"]).toEqual(["models.providers.a.apiKey"]);
    await servedBy();
    expect(keyOfLast()).toBe("Bearer sk-second-0123456789");
    unlinkSync(path);
    expect(await edge.logged(isRefusal, "the refusal")).toMatchObject({ code: "SECRETS_RELOADER_DEGRADED" });
    await servedBy();
    expect(keyOfLast()).toBe("Bearer sk-second-0123456789");
    write("sk-second-0123456789");
    await edge.logged(({ code }) => code === "SECRETS_RELOADER_RECOVERED", "the recovery");
    expect(edge.child.lines.join("\n")).not.toMatch(/sk-(first|second)/);
  });

  it("a secret that a program gives is asked for again on SIGHUP", async () => {
    const command = join(folder, "vault");
    const write = (key: string): void =>
      writeFileSync(command, `#!/bin/sh\nprintf '{"protocolVersion":1,"values":{"k":"${key}"}}'\n`, { mode: 0o700 });
    write("sk-first-0123456789");
    const apiKey = { source: "exec", provider: "x", id: "k" };
    const secrets = { providers: { x: { source: "exec", command } } };
    edge = await startEdge({ config: chainConfig({ a: { url: a.url, more: { apiKey } } }, { secrets }) });
    write("sk-second-0123456789");
    edge.child.signal("SIGHUP");
    expect((await edge.logged(isSwap, "the reload"))["changed"]).toEqual(["models.providers.a.apiKey"]);
    await servedBy();
    expect(a.requests.at(-1)?.headers["authorization"]).toBe("Bearer sk-second-0123456789");
  });

  it("a variable in the .env file of its folder", async () => {
    edge = await startEdge({ config: toB() });
    const env = (key: string): void => writeFileSync(join(dirname(edge.configPath), ".env"), `A_KEY=${key}\n`);
    env("sk-from-env-0123456789");
    edge.writeConfig(chainConfig({ a: { url: a.url, more: { apiKey: "${A_KEY}" } } }));
    await edge.logged(isSwap, "the reload");
    await servedBy();
    expect(a.requests.at(-1)?.headers["authorization"]).toBe("Bearer sk-from-env-0123456789");
    env("sk-other-env-0123456789");
    await nth(isSwap, 2);
    await servedBy();
    expect(a.requests.at(-1)?.headers["authorization"]).toBe("Bearer sk-other-env-0123456789");
  });
});
