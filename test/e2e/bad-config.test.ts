// A config that cannot be served: every error at once, with place and nearest key, exit code 78; nothing listens.
import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { runCommand } from "../support/edge.ts";
import { mockConfig } from "../support/edge-config.ts";

const serve = ["serve", "--config", "{config}", "--port", "0"];

describe("serve", () => {
  it("prints every error with file, line, column, path and the nearest key, and exits 78", async () => {
    const config = `{
  // a comment
  gatewy: {},
  models: { providers: { mock: { api: "mock", basUrl: "x", timeoutSeconds: "soon" } } },
  agents: { defaults: { model: { primary: "mock/echo" } } },
}`;
    const { code, stderr, stdout } = await runCommand(serve, { config });
    expect(code).toBe(78);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/openclaw\.json:3:3.*gatewy.*gateway/s);
    expect(stderr).toMatch(/openclaw\.json:4:\d+.*models\.providers\.mock\.basUrl.*baseUrl/s);
    expect(stderr).toMatch(/models\.providers\.mock\.timeoutSeconds/);
  });

  it.each([
    ["a file that is not JSON5", "{ models: ", /openclaw\.json:\d+:\d+/, {}],
    [
      "a reference that a reachable provider needs",
      JSON.stringify({
        models: {
          providers: { p: { baseUrl: "https://api.example.com/v1", apiKey: "${NOT_THERE}", models: [{ id: "m" }] } },
        },
        agents: { defaults: { model: "p/m" } },
      }),
      /NOT_THERE/,
      {},
    ],
    [
      "token and password without a mode",
      JSON.stringify(
        mockConfig("mock/echo", {
          gateway: { auth: { token: "a-token-that-is-long-enough", password: "a-password" } },
        }),
      ),
      /mode/,
      {},
    ],
    [
      "a placeholder token",
      JSON.stringify(mockConfig("mock/echo", { gateway: { auth: { token: "change-me-now" } } })),
      /change-me|placeholder/,
      { OPENCLAW_GATEWAY_TOKEN: null },
    ],
    [
      "a file without credential",
      JSON.stringify(mockConfig()),
      /OPENCLAW_GATEWAY_TOKEN/,
      { OPENCLAW_GATEWAY_TOKEN: null },
    ],
    [
      "a non-loopback bind without auth",
      JSON.stringify(mockConfig("mock/echo", { gateway: { bind: "lan", auth: { mode: "none" } } })),
      /refusing to bind gateway to .* without auth/,
      { OPENCLAW_GATEWAY_TOKEN: null },
    ],
    [
      "a provider at a metadata address",
      JSON.stringify({
        models: { providers: { p: { baseUrl: "http://169.254.169.254/v1", apiKey: "k", models: [{ id: "m" }] } } },
        agents: { defaults: { model: "p/m" } },
      }),
      /models\.providers\.p\.baseUrl/,
      {},
    ],
  ] as const)("refuses %s", async (_what, config, words, env) => {
    const { code, stderr } = await runCommand(serve, { config, env });
    expect(stderr).toMatch(words);
    expect(code).toBe(78);
  });

  it("refuses a named file that is not there", async () => {
    const { code, stderr } = await runCommand(["serve", "--config", "/nonexistent/openclaw.json"], { config: {} });
    expect(code).toBe(78);
    expect(stderr).toContain("/nonexistent/openclaw.json");
  });

  it("says in one line that the port is taken", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const { port } = squatter.address() as { port: number };
    const args = ["serve", "--config", "{config}", "--port", String(port)];
    const { code, stderr } = await runCommand(args, { config: mockConfig() });
    squatter.close();
    expect(stderr).toContain("another gateway instance is already listening");
    expect(code).toBe(1);
  });
});

describe("config validate", () => {
  it("says that a config is valid and exits 0", async () => {
    const { code, stdout } = await runCommand(["config", "validate", "{config}"], { config: mockConfig() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/valid/i);
  });

  it("prints the list that serve prints and exits 1", async () => {
    const { code, stderr } = await runCommand(["config", "validate", "{config}"], { config: "{ gatewy: {} }" });
    expect(code).toBe(1);
    expect(stderr).toContain("gateway");
  });

  it("prints one JSON document with --json", async () => {
    const { code, stdout } = await runCommand(["config", "validate", "{config}", "--json"], {
      config: "{ gatewy: {} }",
    });
    const document = JSON.parse(stdout) as { valid: boolean; errors: { path: string; line: number }[] };
    expect(code).toBe(1);
    expect(document.valid).toBe(false);
    expect(document.errors[0]).toMatchObject({ path: "gatewy", line: 1 });
  });
});

describe("the command line", () => {
  it.each([
    [["nonsense"], 2, /nonsense/],
    [["serve", "--nonsense"], 2, /nonsense/],
    [["serve", "--port", "seventy"], 2, /port/],
    [["version"], 0, /\d+\.\d+\.\d+/],
    [["--help"], 0, /serve/],
  ] as const)("%j exits %i", async (args, expected, words) => {
    const { code, stdout, stderr } = await runCommand(args, { config: {} });
    expect(stdout + stderr).toMatch(words);
    expect(code).toBe(expected);
  });
});
