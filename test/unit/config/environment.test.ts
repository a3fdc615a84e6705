import { mkdtemp, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layered } from "../../../src/config/environment.ts";
import { parseConfigTree, readConfig } from "../../../src/config/read-file.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-env-"));
  await mkdir(join(root, "cwd"));
  await mkdir(join(root, "state"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

interface Layers {
  readonly process?: Record<string, string>;
  readonly cwd?: string;
  readonly state?: string;
  readonly config?: unknown;
}

async function read({ process = {}, cwd, state, config = {} }: Layers) {
  if (cwd !== undefined) await writeFile(join(root, "cwd/.env"), cwd);
  if (state !== undefined) await writeFile(join(root, "state/.env"), state);
  await writeFile(join(root, "openclaw.json"), JSON.stringify(config));
  const from = { cwd: join(root, "cwd"), stateDir: join(root, "state") };
  return readConfig({ path: join(root, "openclaw.json"), env: process, ...from });
}

describe("the environment of a config", () => {
  const config = { env: { vars: { V: "vars" }, D: "direct" } };
  it.each<[string, Layers, string, string | undefined]>([
    ["the process's own wins", { process: { V: "process" }, cwd: "V=cwd", state: "V=state", config }, "V", "process"],
    ["then .env in the working folder", { cwd: "V=cwd", state: "V=state", config }, "V", "cwd"],
    ["then .env in the state folder", { state: "V=state", config }, "V", "state"],
    ["then the config's vars", { config }, "V", "vars"],
    ["and names written directly", { config }, "D", "direct"],
    [
      "vars win over the same name written directly",
      { config: { env: { vars: { V: "vars" }, V: "direct" } } },
      "V",
      "vars",
    ],
    ["an empty variable counts as unset", { process: { V: "" }, cwd: "V=", config }, "V", "vars"],
    ["values that hold ${…} are not applied", { config: { env: { vars: { V: "${HOME}" } } } }, "V", undefined],
    ["quotes, export and comments in .env", { cwd: `# c\nexport V="a b" # d\n` }, "V", "a b"],
  ])("%s", async (_sentence, layers, name, value) => {
    const result = await read(layers);
    expect(result.ok && result.env[name]).toBe(value);
  });

  it("fills texts from every layer", async () => {
    const texts = { agents: { defaults: { model: "${A}/${B}" }, list: [{ id: "${C}" }] }, env: { C: "c" } };
    const result = await read({ process: { A: "a" }, cwd: "B=b", config: texts });
    expect(result.ok && result.config.agents).toMatchObject({ defaults: { model: "a/b" }, list: [{ id: "c" }] });
  });

  it("warns of a value of its own that is not applied", async () => {
    const result = await read({ config: { env: { vars: { V: "${HOME}" } } } });
    expect(result.ok && result.warnings).toMatchObject([{ code: "env_skipped", path: "env.vars.V" }]);
  });

  it("warns of a .env file that cannot be read, and goes on", async () => {
    await mkdir(join(root, "cwd/.env"));
    const result = await read({});
    expect(result.ok && result.warnings).toMatchObject([{ code: "env_file_unreadable", file: join(root, "cwd/.env") }]);
  });

  it("warns of variables of OpenClaw's predecessors", async () => {
    const result = await read({ process: { MOLTBOT_PORT: "1", CLAWDBOT_X: "2" } });
    expect(result.ok && result.warnings).toMatchObject([{ code: "legacy_env", file: null }]);
    expect(result.ok && result.warnings[0]?.message).toContain("CLAWDBOT_X, MOLTBOT_PORT");
  });

  it("is not changed by names that every object has", () => {
    const hostile = JSON.parse(`{ "__proto__": "x", "constructor": "y" }`) as Record<string, string>;
    expect(layered([{}, hostile])["toString"]).toBeUndefined();
  });

  it("leaves the layers as they were", () => {
    const layer = { A: "1" };
    layered([layer, { A: "2", B: "3" }]);
    expect(layer).toEqual({ A: "1" });
  });
});

describe("references", () => {
  const tree = {
    models: { providers: { p: { baseUrl: "http://${HOST}/v1", apiKey: "${KEY}" } } },
    channels: { telegram: { token: "${TELEGRAM}" } },
    gateway: { auth: { token: "$${LITERAL}" } },
  };

  it("are told with their key, set or not; those in ignored parts lack nothing when they are not set", () => {
    const result = parseConfigTree(tree, { HOST: "h" });
    if (!result.ok) expect.fail(JSON.stringify(result.complaints));
    expect(result.references).toEqual([
      { path: ["models", "providers", "p", "baseUrl"], variable: "HOST", whole: false, set: true },
      { path: ["models", "providers", "p", "apiKey"], variable: "KEY", whole: true, set: false },
      { path: ["channels", "telegram", "token"], variable: "TELEGRAM", whole: true, set: false },
    ]);
    expect(result.unresolved.map((reference) => reference.variable)).toEqual(["KEY"]);
    expect(result.config.models.providers["p"]).toMatchObject({ baseUrl: "http://h/v1", apiKey: "${KEY}" });
    expect(result.config.gateway.auth.token).toBe("${LITERAL}");
  });

  it("that are unset where only a number fits are errors of their own", () => {
    const result = parseConfigTree({ gateway: { port: "${PORT}" } });
    expect(result.ok ? [] : result.complaints).toMatchObject([
      { code: "unset_variable", path: "gateway.port", message: "${PORT} is not set" },
    ]);
  });
});
