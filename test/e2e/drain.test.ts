// Leaving: readiness first, then the streams, then exit code 0; a second signal leaves at once and says so.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { RawClient, requestBytes } from "../support/raw.ts";
import { readChat } from "../support/sse.ts";

let provider: Provider;
let edge: Edge;

beforeEach(async () => {
  provider = await startProvider();
});
afterEach(async () => {
  await provider.close();
});

async function streaming(): Promise<RawClient> {
  const client = await RawClient.connect(edge.url);
  const headers = { authorization: `Bearer ${edge.token}`, "content-type": "application/json" };
  const body = '{"stream":true,"messages":[{"role":"user","content":"hi"}]}';
  await client.send(requestBytes({ path: "/v1/chat/completions", headers, body }));
  await client.until((bytes) => bytes.includes("delta"), "content");
  return client;
}

describe("SIGTERM", () => {
  it("lets a running stream finish and exits 0", async () => {
    edge = await startEdge({ config: chainConfig({ a: provider.url }) });
    provider.on("m", play.answer({ paceMs: 60 }));
    using client = await streaming();
    const code = edge.stop("SIGTERM");
    const response = await client.response();
    expect(response.complete).toBe(true);
    expect(readChat(response.body)).toMatchObject({ finish: "stop", dones: 1, errors: [] });
    expect(await code).toBe(0);
  });

  it("refuses new connections while it drains", async () => {
    edge = await startEdge({ config: chainConfig({ a: provider.url }) });
    provider.on("m", play.answer({ paceMs: 60 }));
    using client = await streaming();
    edge.child.signal("SIGTERM");
    await edge.logged((line) => /drain/.test(String(line["msg"])), "the drain in the log");
    await expect(RawClient.connect(edge.url)).rejects.toThrow("ECONNREFUSED");
    await client.response();
    expect(await edge.child.exited).toBe(0);
    await edge.stop();
  });

  it("tells streams that outlive the deadline, in their dialect, without [DONE], and still exits 0", async () => {
    const config = chainConfig({ a: provider.url }, { edge: { drain: { deadlineSeconds: 1 } } });
    edge = await startEdge({ config });
    provider.on("m", play.stallAfter(3));
    using client = await streaming();
    const code = edge.stop("SIGTERM");
    const read = readChat((await client.response()).body);
    expect(read.errors[0]).toMatchObject({ code: "draining" });
    expect(read.dones).toBe(0);
    expect(await code).toBe(0);
  });

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("twice (%s) ends the streams with the truth and exits %i", async (signal, code) => {
    edge = await startEdge({ config: chainConfig({ a: provider.url }) });
    provider.on("m", play.stallAfter(3));
    using client = await streaming();
    edge.child.signal(signal);
    await edge.logged((line) => /drain/.test(String(line["msg"])), "the drain in the log");
    const exit = edge.stop(signal);
    expect(readChat((await client.response()).body).errors[0]).toMatchObject({ code: "draining" });
    expect(await exit).toBe(code);
  });
});
