// What a change may move: `gateway.reload.mode`, the listener, the process; and who may ask for a reload.
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { dirname } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Child } from "../support/child.ts";
import { type Edge, EDGE_TOKEN, type LogLine, startEdge } from "../support/edge.ts";
import { chainConfig, mockConfig } from "../support/edge-config.ts";
import { PROGRAM } from "../support/program.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { RawClient, requestBytes } from "../support/raw.ts";
import { readChat } from "../support/sse.ts";

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
const isSwap = (line: LogLine): boolean => line["msg"] === "config reloaded";
const withMode = (mode: string, provider: Provider, gateway: object = {}): object =>
  chainConfig({ [provider === a ? "a" : "b"]: provider.url }, { gateway: { reload: { mode }, port: 0, ...gateway } });

async function servedBy(url = edge.url): Promise<string | null> {
  const headers = edge.headers();
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(CALL) });
  await response.text();
  return response.headers.get("x-openclaw-served-by");
}

/** The product's own `reload` against the running edge. */
async function reloadCommand(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = Child.start({
    args: [PROGRAM, "reload", "--config", edge.configPath, "--port", new URL(edge.url).port, ...args],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: dirname(edge.configPath),
      OPENCLAW_GATEWAY_TOKEN: EDGE_TOKEN,
      ...env,
    },
    cwd: dirname(edge.configPath),
  });
  const code = await child.exited;
  return { code, stdout: child.stdout.join("\n"), stderr: child.stderr.join("\n") };
}

describe("mode off", () => {
  it("watches nothing; SIGHUP reads, and the new file may switch the watch on", async () => {
    edge = await startEdge({ config: withMode("off", a) });
    edge.writeConfig(withMode("hybrid", b));
    expect(await servedBy()).toBe("a/m");
    edge.child.signal("SIGHUP");
    await edge.logged(isSwap, "the reload");
    expect(await servedBy()).toBe("b/m");
    edge.writeConfig(withMode("off", a));
    await edge.child.until(() => edge.logs.filter(isSwap)[1], "the second reload");
    expect(await servedBy()).toBe("a/m");
  });
});

describe("another address", () => {
  const elsewhere = { bind: "custom", customBindHost: "127.0.0.2" };

  it("hybrid: opens there and leaves the old one, whose streams go on", async () => {
    edge = await startEdge({ config: withMode("hybrid", a), port: "file" });
    a.on("m", play.answer({ paceMs: 100 }));
    const stream = await edge.post("/v1/chat/completions", { ...CALL, stream: true });
    edge.writeConfig(withMode("hybrid", b, elsewhere));
    await edge.logged(isSwap, "the reload");
    const there = edge.url.replace("127.0.0.1", "127.0.0.2");
    expect(await servedBy(there)).toBe("b/m");
    await expect(RawClient.connect(edge.url)).rejects.toThrow("ECONNREFUSED");
    expect(readChat(Buffer.from(await stream.arrayBuffer()))).toMatchObject({ finish: "stop", dones: 1 });
    a.on("m", play.answer());
  });

  it("hot: serves the rest where it is, and says what needs a restart", async () => {
    edge = await startEdge({ config: withMode("hot", a), port: "file" });
    edge.writeConfig(withMode("hot", b, elsewhere));
    const line = await edge.logged(({ code }) => code === "restart_needed", "the word");
    expect(line["msg"]).toBe("restart needed: gateway.bind");
    expect(await servedBy()).toBe("b/m");
    await expect(RawClient.connect(edge.url.replace("127.0.0.1", "127.0.0.2"))).rejects.toThrow("ECONNREFUSED");
  });

  it("another port, while the old one is busy", async () => {
    edge = await startEdge({ config: withMode("hybrid", a), port: "file" });
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, "close");
    edge.writeConfig(withMode("hybrid", b, { port }));
    await edge.logged(isSwap, "the reload");
    expect(await servedBy(`http://127.0.0.1:${port}`)).toBe("b/m");
    await expect(RawClient.connect(edge.url)).rejects.toThrow("ECONNREFUSED");
  });

  it("a port that somebody has: nothing of the file is taken", async () => {
    edge = await startEdge({ config: withMode("hybrid", a), port: "file" });
    const { port } = new URL(b.url);
    edge.writeConfig(withMode("hybrid", b, { port: Number(port) }));
    const line = await edge.logged(({ msg }) => msg === "config reload skipped (cannot listen)", "the refusal");
    expect(line["reason"]).toBe(`another gateway instance is already listening on 127.0.0.1:${port}`);
    expect(await servedBy()).toBe("a/m");
  });

  it("an address that this machine does not have, on the same port: the old listener is back", async () => {
    edge = await startEdge({ config: withMode("hybrid", a), port: "file" });
    edge.writeConfig(withMode("hybrid", b, { bind: "custom", customBindHost: "192.0.2.1" }));
    const line = await edge.logged(({ msg }) => msg === "config reload skipped (cannot listen)", "the refusal");
    expect(line["reason"]).toMatch(/EADDRNOTAVAIL/);
    expect(await servedBy()).toBe("a/m");
  });
});

describe("mode restart", () => {
  it("ends connections with their next answer, and none before", async () => {
    edge = await startEdge({ config: withMode("restart", a) });
    using client = await RawClient.connect(edge.url);
    const request = requestBytes({
      path: "/v1/models",
      method: "GET",
      headers: { authorization: `Bearer ${edge.token}` },
    });
    const models = async (): Promise<string | undefined> => {
      await client.send(request);
      return (await client.response()).headers["connection"];
    };
    expect(await models()).toBe("keep-alive");
    a.on("m", play.answer({ paceMs: 150 }));
    const stream = await RawClient.connect(edge.url);
    const headers = { authorization: `Bearer ${edge.token}`, "content-type": "application/json" };
    const body = JSON.stringify({ ...CALL, stream: true });
    await stream.send(requestBytes({ path: "/v1/chat/completions", headers, body }));
    await stream.until((bytes) => bytes.includes("delta"), "content");
    edge.writeConfig(withMode("restart", b));
    await edge.logged(isSwap, "the reload");
    // A connection that waits is not cut: a request may be on its way.
    expect(await models()).toBe("close");
    expect(await client.ended()).toBe("fin");
    expect(readChat((await stream.response()).body)).toMatchObject({ finish: "stop", dones: 1 });
    await stream.send(request);
    expect((await stream.response()).headers["connection"]).toBe("close");
    a.on("m", play.answer());
  });
});

describe("the command `reload`", () => {
  it("reloads and says what came of it, each time", async () => {
    edge = await startEdge({ config: withMode("off", a) });
    edge.writeConfig(withMode("off", b));
    expect(await reloadCommand()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^reloaded: [0-9a-f]{12}$/),
      stderr: "",
    });
    expect(await servedBy()).toBe("b/m");
    const again = await reloadCommand(["--json"]);
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { result: "unchanged", restartNeeded: [] }]);
    edge.writeConfig("{ gatway: {} }");
    const broken = await reloadCommand();
    expect([broken.code, broken.stdout]).toEqual([1, ""]);
    expect(broken.stderr).toContain("gatway");
  });

  it("says when nobody listens, when it may not ask, and when it is asked wrongly", async () => {
    edge = await startEdge({ config: withMode("off", a) });
    expect(await reloadCommand([], { OPENCLAW_GATEWAY_TOKEN: "another-token-of-nobody-0123" })).toMatchObject({
      code: 4,
    });
    expect(await reloadCommand(["--nonsense"])).toMatchObject({ code: 2 });
    await edge.child.stop();
    expect(await reloadCommand()).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("no running gateway at 127.0.0.1:"),
    });
  });
});

describe("signals", () => {
  it("SIGUSR1 opens no inspector, and the process serves on", async () => {
    edge = await startEdge({ config: mockConfig() });
    edge.child.signal("SIGUSR1");
    edge.child.signal("SIGHUP");
    await edge.logged(({ msg }) => msg === "config read again: nothing changed", "the later signal");
    expect(edge.child.lines.join("\n")).not.toMatch(/debugger|inspector/i);
    expect((await edge.get("/healthz")).status).toBe(200);
  });
});
