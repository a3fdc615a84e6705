// Bounds that OpenClaw's file states and a request feels: bodies of an endpoint, time and context of an agent.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, runCommand, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";

let provider: Provider;
let edge: Edge;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(async () => {
  await provider.close();
});
afterEach(async () => {
  await edge.stop("SIGKILL");
});

const say = (content: string): object => ({ messages: [{ role: "user", content }] });
const withAgents = (agents: object): object => ({ ...chainConfig({ a: provider.url }), agents });

describe("gateway.http.endpoints.*.maxBodyBytes", () => {
  it("bounds its own endpoint, and may allow more than all others have", async () => {
    const endpoints = { chatCompletions: { maxBodyBytes: 300 }, responses: { maxBodyBytes: 3_000 } };
    edge = await startEdge({
      config: chainConfig(
        { a: provider.url },
        {
          gateway: { http: { endpoints } },
          edge: {
            limits: { bodyBytes: 1_000 },
            providers: { a: { dialects: ["openai-chat", "openai-responses", "openai-embeddings"] } },
          },
        },
      ),
    });
    const statuses = async (path: string, body: (text: string) => object): Promise<number[]> =>
      Promise.all([200, 800, 2_000].map(async (length) => (await edge.post(path, body("x".repeat(length)))).status));
    expect(await statuses("/v1/chat/completions", say)).toEqual([200, 413, 413]);
    expect(await statuses("/v1/responses", (input) => ({ input }))).toEqual([200, 200, 200]);
    expect(await statuses("/v1/embeddings", (input) => ({ input }))).toEqual([200, 200, 413]);
    const refused = await (await edge.post("/v1/chat/completions", say("x".repeat(800)))).json();
    expect(refused).toMatchObject({ error: { message: "Payload too large: a request body may have 300 bytes." } });
  });
});

describe("timeoutMs of an agent's choice", () => {
  it.each([true, false])("bounds an attempt, streamed: %s", async (stream) => {
    edge = await startEdge({
      config: withAgents({ list: [{ id: "fast", model: { primary: "a/m", timeoutMs: 300 } }] }),
    });
    provider.on("m", play.silent());
    const response = await edge.post("/v1/chat/completions", { ...say("hi"), stream });
    expect([response.status, await response.json()]).toMatchObject([504, { error: { code: "upstream_timeout" } }]);
    provider.on("m", play.answer());
  });

  it("is what `explain` shows", async () => {
    edge = await startEdge({ config: withAgents({ defaults: { model: { primary: "a/m", timeoutMs: 300 } } }) });
    const config = withAgents({ defaults: { model: { primary: "a/m", timeoutMs: 300 } } });
    const { stdout } = await runCommand(["explain", "openclaw", "--json", "--config", "{config}"], { config });
    expect(JSON.parse(stdout)).toMatchObject({ candidates: [{ clocks: { wholeMs: 300 } }] });
  });
});

describe("contextTokens of an agent", () => {
  it("passes a model over for that agent only", async () => {
    const base = chainConfig({ a: { url: provider.url, model: { contextWindow: 32_000 } } });
    const agents = { defaults: { model: "a/m" }, list: [{ id: "whole" }, { id: "small", contextTokens: 2_000 }] };
    edge = await startEdge({ config: { ...base, agents } });
    const of = async (agent: string) => edge.post("/v1/chat/completions", { ...say("hi"), model: `openclaw/${agent}` });
    expect((await of("whole")).status).toBe(200);
    const refused = await of("small");
    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      { error: { message: expect.stringContaining("context_window_too_small") } },
    ]);
  });
});
