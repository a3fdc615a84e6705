// The official Anthropic SDK counts tokens through the real process: of Anthropic's format and Gemini, and a truthful no of everybody else.
// Its betas reach providers of Anthropic's format and nobody else, and it finds the request's id where it looks for it.
import Anthropic, { APIError, AuthenticationError, NotFoundError, RateLimitError } from "@anthropic-ai/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Behaviour } from "../support/behaviours.ts";
import { type Edge, EDGE_TOKEN, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

let provider: Provider;
let edge: Edge;
let client: Anthropic;

const json = (body: object, status = 200): Behaviour => {
  const text = JSON.stringify(body);
  return () => [head(status, [["content-type", "application/json"]]), write(text)];
};
const messages = [{ role: "user" as const, content: "Hello, Claude" }];
const ask = (agent: string) => ({ model: `openclaw/${agent}`, messages });
const message = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [{ type: "text", text: "hi" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 7, output_tokens: 5 },
};

beforeAll(async () => {
  provider = await startProvider();
  const entry = (api: string, base: string, more: object = {}) => ({
    api,
    baseUrl: provider.origin + base,
    apiKey: "sk-upstream",
    models: [{ id: "m" }],
    ...more,
  });
  edge = await startEdge({
    config: {
      models: {
        mode: "replace",
        providers: {
          claude: entry("anthropic-messages", "", { headers: { "anthropic-beta": "configured-2025-01-01" } }),
          plain: entry("anthropic-messages", "/v1"),
          limited: entry("anthropic-messages", "/v1", { apiKey: "sk-limited" }),
          gemini: entry("google-generative-ai", "/v1beta"),
          chat: entry("openai-completions", "/v1"),
        },
      },
      agents: {
        list: [
          { id: "claude", model: "claude/m" },
          { id: "limited", model: { primary: "limited/m", fallbacks: ["plain/m"] } },
          { id: "plain", model: "plain/m" },
          { id: "gemini", model: "gemini/m" },
          { id: "chat", model: { primary: "chat/m", fallbacks: ["claude/m"] } },
        ],
      },
    },
  });
  client = new Anthropic({ baseURL: edge.url, apiKey: EDGE_TOKEN, maxRetries: 0 });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});
beforeEach(() => {
  provider.requests.length = 0;
});

describe("messages.countTokens", () => {
  it("is answered by a provider of Anthropic's format as it stands", async () => {
    provider.on("next", json({ input_tokens: 10 }));
    const counted = await client.messages.countTokens({ ...ask("claude"), system: "s" });
    expect(counted.input_tokens).toBe(10);
    const request = provider.requests[0];
    expect(request?.path).toBe("/v1/messages/count_tokens");
    expect(request?.json()).toEqual({ model: "m", messages, system: "s" });
    expect(request?.headers).toMatchObject({ "x-api-key": "sk-upstream", "anthropic-version": "2023-06-01" });
  });

  it("is answered by Gemini in its own words", async () => {
    provider.on("next", json({ totalTokens: 31 }));
    const counted = await client.messages.countTokens({ ...ask("gemini"), system: "s" });
    expect(counted.input_tokens).toBe(31);
    expect(provider.requests[0]?.path).toBe("/v1beta/models/m:countTokens");
    expect(provider.requests[0]?.json()).toMatchObject({
      generateContentRequest: { model: "models/m", systemInstruction: { parts: [{ text: "s" }] } },
    });
  });

  it("hears a truthful no where the model's provider has no counts, and no count of another model", async () => {
    const asked = client.messages.countTokens(ask("chat"));
    await expect(asked).rejects.toBeInstanceOf(NotFoundError);
    await expect(asked).rejects.toMatchObject({
      error: {
        type: "error",
        error: { type: "not_found_error", message: expect.stringContaining("chat/m") as string },
      },
    });
    expect(provider.requests).toHaveLength(0);
  });

  it("hears the same of a server that lacks the path, whose messages go on", async () => {
    provider.on("next", json({ detail: "Not Found" }, 404), json(message));
    await expect(client.messages.countTokens(ask("plain"))).rejects.toBeInstanceOf(NotFoundError);
    const answered = await client.messages.create({ ...ask("plain"), max_tokens: 9 });
    expect(answered.content).toMatchObject([{ type: "text", text: "hi" }]);
  });

  it("asks no other model after a failure", async () => {
    provider.on("next", json({ type: "error", error: { type: "rate_limit_error", message: "Slow down" } }, 429));
    await expect(client.messages.countTokens(ask("limited"))).rejects.toBeInstanceOf(RateLimitError);
    expect(provider.requests).toHaveLength(1);
  });

  it("asks for the token", async () => {
    const stranger = new Anthropic({ baseURL: edge.url, apiKey: "wrong", maxRetries: 0 });
    await expect(stranger.messages.countTokens(ask("claude"))).rejects.toBeInstanceOf(AuthenticationError);
  });
});

describe("betas", () => {
  const betas = ["context-1m-2025-08-07", "configured-2025-01-01"];

  it("reach a provider of Anthropic's format, beside those of the file", async () => {
    provider.on("next", json({ input_tokens: 1 }), json(message));
    await client.beta.messages.countTokens({ ...ask("plain"), betas });
    const headers = { "anthropic-beta": betas.join() };
    await client.messages.create({ ...ask("plain"), max_tokens: 9 }, { headers });
    const [count, create] = provider.requests.map((request) => request.headers["anthropic-beta"]);
    expect(count).toContain("context-1m-2025-08-07");
    expect(create).toBe("context-1m-2025-08-07,configured-2025-01-01");
  });

  it("are merged with those of the file, each once", async () => {
    provider.on("m", json(message));
    const headers = { "anthropic-beta": betas.join() };
    await edge.post("/v1/messages", { ...ask("claude"), max_tokens: 9 }, { headers });
    expect(provider.requests.at(-1)?.headers["anthropic-beta"]).toBe("configured-2025-01-01,context-1m-2025-08-07");
  });

  it("reach nobody else, and the client hears that", async () => {
    provider.on(
      "m",
      json({ choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }] }),
    );
    const headers = { "anthropic-beta": betas.join() };
    const response = await edge.post("/v1/messages", { ...ask("chat"), max_tokens: 9 }, { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-openclaw-adjusted")).toContain("anthropic-beta");
    expect(provider.requests.at(-1)?.headers).not.toHaveProperty("anthropic-beta");
  });
});

describe("the request's id", () => {
  it("is where the SDK looks for it, in answers and in errors", async () => {
    provider.on("next", json(message));
    const answered = await client.messages.create({ ...ask("plain"), max_tokens: 9 });
    expect(answered._request_id).toMatch(/\S/);
    const failed: unknown = await client.messages
      .create({ ...ask("nobody"), max_tokens: 9 })
      .catch((error: unknown) => error);
    if (!(failed instanceof APIError)) throw new Error("no API error");
    expect(failed.requestID).toMatch(/\S/);
    expect(failed.error).toMatchObject({ type: "error", request_id: failed.requestID });
  });
});
