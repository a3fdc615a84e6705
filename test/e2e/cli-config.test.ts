// Commands about the program and its config, as a newcomer runs them: good case, wrong words, bad config, no terminal.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliRoom, SECRETS } from "../support/cli.ts";

const room = new CliRoom();
const CONFIG = {
  gateway: { port: 1, auth: { token: "${TOKEN}" } },
  models: {
    mode: "replace",
    providers: {
      lab: {
        baseUrl: `http://127.0.0.1:9/v1?key=${SECRETS.provider}`,
        apiKey: SECRETS.provider,
        headers: { "x-team": "research", "x-access-token": SECRETS.variable },
        models: [{ id: "m" }],
      },
      mock: { api: "mock" },
    },
  },
  agents: { defaults: { model: { primary: "mock/echo", fallbacks: ["lab/m"] } } },
};
const env = { TOKEN: SECRETS.token };

beforeAll(() => {
  room.file("good.json", CONFIG);
  room.file("bad.json", '{ gatewy: {}, models: { providers: { lab: { baseUrl: "x", timeoutSecond: 3 } } } }');
  room.file("clean.json", {
    models: { mode: "replace", providers: { mock: { api: "mock" } } },
    agents: { defaults: { model: "mock/echo" } },
    gateway: { auth: { mode: "none" } },
  });
});
afterAll(() => room.remove());

describe("the words of a command line", () => {
  it.each([
    ["help", "--help"],
    ["help-of-one-command", "models status --help"],
    ["help-by-its-word", "help config file"],
    ["unknown-command", "modles list"],
    ["unknown-second-word", "models lst"],
    ["beginning", "models"],
    ["beginning-of-three", "infer model --json"],
    ["help-of-a-beginning", "models --help"],
    ["help-of-a-beginning-by-its-word", "help config"],
    ["unknown-option", "models list --jsn"],
    ["missing-value", "models list --provider"],
    ["excess-word", "config file there"],
    ["writer", "models set openai/gpt-5.4"],
    ["service", "gateway restart"],
    ["logins", "models auth login"],
    ["one-key", "config get gateway.port"],
    ["probe", "gateway probe"],
    ["audit", "security audit"],
    ["wizard", "onboard"],
    ["wrong-level", "serve --log-level loud"],
    ["wrong-port", "serve --port soon --config clean.json"],
    ["schema-elsewhere", "config schema --write"],
    ["version", "version"],
    ["version-wrong", "version --yaml"],
  ])("%s", async (name, line) => {
    await room.golden(`words-${name}`, line);
  });

  it.each(["constructor", "toString", "__proto__", "help valueOf"])(
    "'%s', a word of every object, is no command",
    async (line) => {
      const { code, stderr } = await room.run(line);
      expect([code, stderr]).toEqual([2, expect.stringContaining("openclaw-edge: unknown command '")]);
    },
  );

  it("--version and -v are version", async () => {
    for (const word of ["--version", "-v"]) expect((await room.run(word)).stdout).toBe("1.2.3\n");
  });

  it("version --json is one document", async () => {
    const { stdout } = await room.run("version --json");
    expect(JSON.parse(stdout)).toEqual({
      version: "1.2.3",
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
    });
  });
});

describe("colours", () => {
  it.each([
    ["a terminal has them", {}, 80, true],
    ["NO_COLOR takes them away", { NO_COLOR: "1" }, 80, false],
    ["a dumb terminal has none", { TERM: "dumb" }, 80, false],
    ["a pipe has none", {}, undefined, false],
    ["FORCE_COLOR gives a pipe some", { FORCE_COLOR: "1" }, undefined, true],
    ["FORCE_COLOR=0 takes them away", { FORCE_COLOR: "0" }, 80, false],
    ["NO_COLOR wins over FORCE_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, undefined, false],
  ])("%s", async (_what, more, columns, coloured) => {
    const { stdout } = await room.run("models list --config clean.json", {
      env: { ...env, ...more },
      ...(columns && { columns }),
    });
    expect(stdout.includes("\u001B[")).toBe(coloured);
  });

  it("--no-color is NO_COLOR", async () => {
    expect((await room.run("models list --no-color --config clean.json", { columns: 80 })).stdout).not.toContain(
      "\u001B[",
    );
  });
});

describe("config", () => {
  it.each([
    ["file", "config file --config good.json"],
    ["file-json", "config file --json --config good.json"],
    ["file-usual", "config file"],
    ["show-bad", "config show --config bad.json"],
    ["show-missing", "config show --config nowhere.json"],
    ["validate", "config validate good.json"],
    ["validate-bad", "config validate bad.json"],
    ["validate-bad-json", "config validate bad.json --json"],
    ["validate-strict", "config validate good.json --strict"],
  ])("%s", async (name, line) => {
    await room.golden(`config-${name}`, line, { env });
  });

  it("show fills in variables and defaults, and no secret", async () => {
    const { code, stdout, stderr } = await room.run("config show good.json", { env });
    expect([code, stderr]).toEqual([0, ""]);
    const hidden = "__OPENCLAW_REDACTED__";
    expect(JSON.parse(stdout)).toMatchObject({
      models: {
        providers: {
          lab: {
            baseUrl: `http://127.0.0.1:9/v1?key=${hidden}`,
            apiKey: hidden,
            headers: { "x-access-token": hidden },
          },
        },
      },
      gateway: { port: 1, bind: "loopback", auth: { token: hidden } },
      // What depends on the memory of the machine is told as it counts here.
      edge: { limits: { inflight: 2000, bytesInFlight: expect.any(Number) as number } },
    });
  });

  it("what is shown can be read again, but for the secrets", async () => {
    const { stdout } = await room.run("config show clean.json");
    room.file("again.json", stdout);
    expect((await room.run("config validate again.json")).code).toBe(0);
  });

  it("schema is one JSON document", async () => {
    const { code, stdout } = await room.run("config schema");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty("$schema");
  });
});

describe("secrets audit", () => {
  beforeAll(() => {
    room.file("refs.json", {
      ...CONFIG,
      models: {
        mode: "replace",
        providers: {
          lab: { baseUrl: "http://127.0.0.1:9/v1", apiKey: "${LAB_KEY}", models: [{ id: "m" }] },
          vault: {
            baseUrl: "http://127.0.0.1:9/v1",
            apiKey: { source: "file", provider: "files", id: "/none" },
            models: [{ id: "m" }],
          },
        },
      },
      secrets: { providers: { files: { source: "file", path: "/nonexistent/secrets.json" } } },
      agents: { defaults: { model: "lab/m" } },
    });
  });

  it.each([
    ["clean", "secrets audit --config clean.json"],
    ["findings", "secrets audit --config good.json"],
    ["findings-check", "secrets audit --check --config good.json"],
    ["findings-json", "secrets audit --json --config good.json"],
    ["unresolved", "secrets audit --config refs.json"],
    ["bad", "secrets audit --config bad.json"],
    ["wrong", "secrets audit --chek"],
  ])("%s", async (name, line) => {
    await room.golden(`secrets-${name}`, line, { env });
  });

  it("finds keys in .env files and logins that OpenClaw stores", async () => {
    const other = new CliRoom();
    other.file(".env", `OPENAI_API_KEY=${SECRETS.variable}\nHARMLESS=1\n`);
    other.file(".openclaw/auth-profiles.json", {});
    other.file(".openclaw/openclaw.json", { models: { providers: { openai: { apiKey: SECRETS.provider } } } });
    await other.golden("secrets-around", "secrets audit --check");
    other.remove();
  });
});
