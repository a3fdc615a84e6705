// Nothing configured: the first curl streams a sensible reply.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Child } from "../support/child.ts";
import { PROGRAM } from "../support/program.ts";
import { readChat } from "../support/sse.ts";

async function start(
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<{ child: Child; home: string }> {
  const home = mkdtempSync(join(tmpdir(), "openclaw-edge-first-"));
  const child = Child.start({
    args: [PROGRAM, "--port", "0", ...args],
    env: { HOME: home, NO_COLOR: "1", ...env },
    cwd: home,
  });
  return { child, home };
}

describe("without a config file and without keys", () => {
  it("serves without a token on loopback, says in five lines what, and streams to a bare curl", async () => {
    const { child, home } = await start({});
    const [url] = await child.line(/http:\/\/127\.0\.0\.1:\d+/);
    await child.line(/curl -N/);
    const banner = child.stderr.slice(0, 5).join("\n");
    expect(banner).toContain("openclaw/main");
    expect(banner).toMatch(/mock\/echo|lmstudio|ollama|vllm|llamacpp/);
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"stream":true,"messages":[{"role":"user","content":"a first word"}]}',
    });
    expect(response.status).toBe(200);
    expect(readChat(await response.text())).toMatchObject({ dones: 1, finish: "stop" });
    const foreign = await fetch(`${url}/v1/models`, { headers: { origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    expect(await child.stop("SIGTERM")).toBe(0);
    rmSync(home, { recursive: true });
  });

  it("a hosted key needs a token", async () => {
    const { child, home } = await start({ OPENAI_API_KEY: "sk-test-not-a-real-key-0123456789" });
    expect(await child.exited).toBe(78);
    expect(child.stderr.join("\n")).toContain("OPENCLAW_GATEWAY_TOKEN");
    expect(child.lines.join("\n")).not.toContain("sk-test-not");
    rmSync(home, { recursive: true });
  });
});
