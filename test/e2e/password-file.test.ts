// The gateway password in a file: neither the command line nor the environment of the process holds it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand, startEdge } from "../support/edge.ts";
import { mockConfig } from "../support/edge-config.ts";

const PASSWORD = "pw-canary-5b1d8e0f77";
const config = mockConfig("mock/echo", { gateway: { auth: { mode: "password" } } });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "openclaw-edge-password-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, "password");
  writeFileSync(path, text);
  return path;
}

describe("--password-file", () => {
  it("lets in whoever knows its first line, and is seen nowhere", async () => {
    await using edge = await startEdge({
      config,
      args: ["--password-file", file(`${PASSWORD}\n`)],
      until: "listening",
      env: { OPENCLAW_GATEWAY_TOKEN: null },
    });
    const statuses = [PASSWORD, "wrong"].map(async (secret) => {
      const headers = { authorization: `Bearer ${secret}` };
      return (await fetch(`${edge.url}/v1/models`, { headers })).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 401]);
    const seen = ["cmdline", "environ"].map((name) => readFileSync(`/proc/${edge.child.pid}/${name}`, "utf8"));
    expect([...seen, ...edge.child.lines].join("\n")).not.toContain(PASSWORD);
  });

  it.each(["encore et voilà", "zażółć gęślą jaźń"])(
    "may hold %s: bytes on the wire, for our own commands too",
    async (password) => {
      const env = { OPENCLAW_GATEWAY_TOKEN: null, OPENCLAW_GATEWAY_PASSWORD: password };
      await using edge = await startEdge({
        config,
        args: ["--password-file", file(password)],
        until: "listening",
        env,
      });
      const shown = { authorization: `Bearer ${Buffer.from(password).toString("latin1")}` };
      expect((await fetch(`${edge.url}/v1/models`, { headers: shown })).status).toBe(200);
      const asked = ["status", "--config", "{config}", "--port", new URL(edge.url).port, "--require-rpc"];
      const { code, stderr } = await runCommand(asked, { config, env });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    },
  );

  it.each<[sentence: string, args: (path: string) => string[], text: string, words: RegExp]>([
    ["is not there", () => ["--password-file", "/nowhere/password"], "", /cannot be read \(ENOENT\)/],
    ["holds nothing in its first line", (path) => ["--password-file", path], "\nx\n", /holds no password/],
    ["is named beside a password", (path) => ["--password-file", path, "--password", "x"], "x", /exclude each other/],
  ])("that %s is a wrong word: exit 2", async (_sentence, args, text, words) => {
    const result = await runCommand(["serve", "--config", "{config}", ...args(file(text))], { config });
    expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(words) });
  });
});
