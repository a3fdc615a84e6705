// The admin door: probes and scrapers beside a door that only this machine reaches.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { RawClient } from "../support/raw.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const PLUGIN_OFF = { plugins: { entries: { "diagnostics-prometheus": { enabled: false } } } };

let provider: Provider;
let edge: Edge;
let url = "";

beforeEach(async () => {
  provider = await startProvider();
});
afterEach(async () => {
  await edge.stop("SIGKILL");
  await provider.close();
});

async function start(admin: object = {}, more: object = {}): Promise<void> {
  const base = chainConfig({ a: provider.url }) as { edge: object };
  edge = await startEdge({ config: { ...base, ...more, edge: { ...base.edge, admin: { port: 0, ...admin } } } });
  const line = await edge.logged(({ msg }) => msg === "listening", "the addresses");
  url = String((line["admin"] as string[])[0]);
}

const statusOf = async (
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<number> => {
  const response = await fetch(`${url}${path}`, { headers, method });
  await response.arrayBuffer();
  return response.status;
};

describe("the admin door", () => {
  it.each<[path: string, method: string, status: number]>([
    ["/healthz", "GET", 200],
    ["/health", "HEAD", 200],
    ["/readyz", "GET", 200],
    ["/ready", "GET", 200],
    ["/readyz", "POST", 405],
    ["/metrics", "GET", 401],
    ["/v1/models", "GET", 404],
    ["/v1/chat/completions", "POST", 404],
    ["/api/diagnostics/prometheus", "GET", 404],
    ["/", "GET", 404],
  ])("%s %s: %i without a credential", async (path, method, status) => {
    await start();
    expect(await statusOf(path, {}, method)).toBe(status);
  });

  it("gives metrics with the token, and without where the file says so", async () => {
    await start();
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${edge.token}` } });
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining("openclaw_edge_build_info"),
    ]);
    await edge.stop("SIGKILL");
    await start({ metricsAuth: "none" });
    expect(await statusOf("/metrics")).toBe(200);
    expect((await fetch(`${edge.url}/metrics`)).status).toBe(404);
  });

  it.each<[what: string, more: object, status: number, accept: string, text: string]>([
    ["diagnostics are off: a path with nothing on it", { diagnostics: { enabled: false } }, 200, "text/plain", ""],
    ["the same in OpenMetrics", { diagnostics: { enabled: false } }, 200, "application/openmetrics-text", "# EOF\n"],
    ["OpenClaw's plugin is off: no path", PLUGIN_OFF, 404, "text/plain", expect.stringContaining("not_found")],
  ])("gives metrics at both doors as the file says, where %s", async (_what, more, status, accept, text) => {
    await start({}, more);
    const headers = { authorization: `Bearer ${edge.token}`, accept };
    for (const path of [`${url}/metrics`, `${edge.url}/api/diagnostics/prometheus`]) {
      const response = await fetch(path, { headers });
      expect([response.status, await response.text()], path).toEqual([status, text]);
    }
  });

  it("listens on the address of the file while the door of clients stays on loopback", async () => {
    await start({ bind: "127.0.0.3" });
    expect(new URL(url).hostname).toBe("127.0.0.3");
    expect(new URL(edge.url).hostname).toBe("127.0.0.1");
    expect(await statusOf("/healthz")).toBe(200);
  });

  it("is still there while the process drains, says that it is not ready, and goes last", async () => {
    await start();
    provider.on("m", play.answer({ paceMs: 200 }));
    const call = { stream: true, messages: [{ role: "user", content: "hi" }] };
    const response = await edge.post("/v1/chat/completions", call);
    edge.child.signal("SIGTERM");
    await edge.logged(({ msg }) => msg === "draining", "the drain in the log");
    await expect(RawClient.connect(edge.url)).rejects.toThrow("ECONNREFUSED");
    expect([await statusOf("/readyz"), await statusOf("/healthz")]).toEqual([503, 200]);
    expect(await response.text()).toContain("[DONE]");
    expect(await edge.child.exited).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it("opens and closes with the file", async () => {
    await start();
    const base = chainConfig({ a: provider.url }) as { edge: object };
    edge.writeConfig(base);
    await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
    await expect(RawClient.connect(url)).rejects.toThrow("ECONNREFUSED");
    expect((await edge.get("/readyz")).status).toBe(200);
  });
});
