// nginx and Caddy as configured in deploy/, in front of the real product: events pass as they come, big bodies pass, scrapes stay inside.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { eventsOf, readChat } from "../support/sse.ts";
import { compileTree } from "../unit/config/compile-rig.ts";
import { Front, isInstalled } from "./fronts.ts";

const MEBIBYTE = 1_048_576;

// With 15 minutes on both sides the client got the proxy's own page.
it.each([
  ["nginx/openclaw-edge.conf", /proxy_read_timeout (\d+)m;/],
  ["caddy/Caddyfile", /response_header_timeout (\d+)m/],
])("%s waits longer than the gateway itself", async (file, pattern) => {
  const { snapshot } = await compileTree(chainConfig({ a: "http://127.0.0.1:9/v1" }));
  const minutes = Number(pattern.exec(readFileSync(new URL(`../../deploy/${file}`, import.meta.url), "utf8"))?.[1]);
  expect(minutes * 60_000).toBeGreaterThan(snapshot?.agents.get("main")?.deadlineMs ?? Infinity);
});

describe.each(["nginx", "caddy"] as const)("%s in front", (name) => {
  describe.runIf(isInstalled(name))("of the gateway", () => {
    let provider: Provider;
    let edge: Edge;
    let front: Front;

    beforeAll(async () => {
      provider = await startProvider();
      edge = await startEdge({
        config: chainConfig({ a: provider.url }, { gateway: { trustedProxies: ["127.0.0.1"] } }),
      });
      front = await Front.start(name, edge.url);
    });
    afterAll(async () => {
      await front.stop();
      await edge.stop();
      await provider.close();
    });

    const ask = (content: string, stream = true) =>
      front.send("POST", "/v1/chat/completions", {
        headers: edge.headers(),
        body: JSON.stringify({ model: "openclaw", stream, messages: [{ role: "user", content }] }),
      });

    it("an event is there before the provider has said the next one; who leaves is told to the provider", async () => {
      provider.on("m", play.stallAfter(3, { texts: ["one ", "two ", "three"] }));
      const answer = await ask("hello");
      const events = eventsOf(answer);
      const seen = [];
      while (seen.length < 2) {
        const { content } = JSON.parse((await events.next()).value!.data).choices[0].delta as { content?: string };
        if (content) seen.push(content);
      }
      expect(seen).toEqual(["one ", "two "]);
      answer.destroy();
      await provider.idle();
    });

    it("a whole stream arrives byte for byte with its end", async () => {
      provider.on("m", play.answer());
      const through = await ask("hello");
      const body = await text(through);
      expect(readChat(body)).toMatchObject({ dones: 1, finish: "stop" });
      expect(through.headers).toMatchObject({ "content-type": expect.stringMatching("text/event-stream") as string });
      expect(through.headers["x-request-id"]).toMatch(/^req_/);
    });

    it("a body of 19 MiB passes, one of 21 MiB is refused", async () => {
      provider.on("m", play.answer());
      const large = await ask("x".repeat(19 * MEBIBYTE), false);
      expect(large.statusCode, await text(large)).toBe(200);
      const tooLarge = await ask("x".repeat(21 * MEBIBYTE), false).catch(() => null);
      expect(tooLarge?.statusCode ?? 413).toBe(413);
      tooLarge?.destroy();
    });

    it("the gateway counts the client, not the proxy", async () => {
      const answer = await front.send("GET", "/readyz", { headers: { "x-forwarded-for": "203.0.113.9" } });
      // Details are for programs of this machine; whoever comes through the proxy is none.
      expect(JSON.parse(await text(answer))).toEqual({ ready: true });
    });

    it.each(["/api/diagnostics/prometheus", "/metrics"])("%s stays inside", async (path) => {
      const answer = await front.send("GET", path, { headers: edge.headers() });
      answer.resume();
      expect(answer.statusCode).toBe(404);
    });
  });
});
