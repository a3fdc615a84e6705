// A client that leaves frees its provider in every phase; a client that does not read costs no memory.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { RawClient, requestBytes } from "../support/raw.ts";
import { still } from "../support/wait.ts";

let provider: Provider;
let edge: Edge;

beforeAll(async () => {
  provider = await startProvider();
  edge = await startEdge({ config: chainConfig({ a: provider.url }) });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

const ask = () =>
  requestBytes({
    path: "/v1/chat/completions",
    headers: { authorization: `Bearer ${edge.token}`, "content-type": "application/json" },
    body: '{"stream":true,"messages":[{"role":"user","content":"hi"}]}',
  });

describe("a client that leaves", () => {
  it.each([
    ["before the head", play.silent(), null],
    ["behind the head", play.silentAfterHead(), null],
    ["in the middle of the stream", play.stallAfter(3), "delta"],
  ])("%s frees the provider, whether it closes or resets", async (_when, behaviour, awaited) => {
    for (const how of ["close", "reset"] as const) {
      provider.on("m", behaviour);
      const seen = provider.requests.length;
      using client = await RawClient.connect(edge.url);
      await client.send(ask());
      const request = await provider.request(seen + 1);
      if (awaited !== null) await client.until((bytes) => bytes.includes(awaited), "content");
      client[how]();
      await request.gone;
    }
    const logged = await edge.logged((line) => line["outcome"] === "cancelled", "a cancelled request in the log");
    expect(logged["msg"]).toBe("request");
  });
});

describe("a client that does not read", () => {
  it("stops the provider instead of filling memory, and gets everything in the end", async () => {
    const bytes = 64 * 1024 * 1024;
    provider.on("m", play.flood(bytes));
    const seen = provider.requests.length;
    using client = await RawClient.connect(edge.url);
    await client.send(ask());
    await client.until((received) => received.includes("delta"), "content");
    client.pause();
    const request = await provider.request(seen + 1);
    await still(() => request.bytesSent, 200);
    expect(request.bytesSent).toBeLessThan(bytes / 2);
    client.resume();
    await client.until((received) => received.includes("[DONE]"), "the end");
  }, 60_000);
});
