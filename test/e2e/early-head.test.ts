// `edge.stream.headersAfterSeconds`: a stream that has its 200 before anybody answers is told of a failure in its own dialect, so that the
// official libraries know it for one.
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { status } from "../support/behaviours.ts";
import { type Edge, EDGE_TOKEN, startEdge } from "../support/edge.ts";
import { chainConfig, withEdgeKeys } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { until } from "../support/script.ts";

let provider: Provider;
let edge: Edge;

beforeAll(async () => {
  provider = await startProvider();
  edge = await startEdge({
    config: withEdgeKeys(chainConfig({ a: provider.url }), { stream: { headersAfterSeconds: 0.1 } }),
  });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

/** A provider that fails once its client has its head. */
async function failing<T>(ask: () => Promise<T>): Promise<T> {
  const { promise: hasHead, resolve } = Promise.withResolvers<void>();
  provider.answerAll((request) => [until(hasHead), ...status(500)(request)]);
  const asked = await ask();
  resolve();
  return asked;
}

describe("a stream that fails behind its early head", () => {
  it("is a Response that was created and has failed", async () => {
    const client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: EDGE_TOKEN, maxRetries: 0 });
    const stream = await failing(() => client.responses.create({ model: "openclaw", input: "hi", stream: true }));
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(["response.created", "response.in_progress", "response.failed"]);
    expect(events.at(-1)).toMatchObject({
      sequence_number: 2,
      response: { id: expect.stringMatching(/^resp_/), model: "m", status: "failed", error: { code: "server_error" } },
    });
  });

  it("is an error of a chat completion", async () => {
    const client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: EDGE_TOKEN, maxRetries: 0 });
    const stream = await failing(() =>
      client.chat.completions.create({ model: "openclaw", messages: [{ role: "user", content: "hi" }], stream: true }),
    );
    const read = async (): Promise<void> => {
      for await (const chunk of stream) expect.unreachable(`a chunk: ${JSON.stringify(chunk)}`);
    };
    await expect(read()).rejects.toThrow("The provider answered with a server error.");
  });

  it("is an error of a message", async () => {
    const client = new Anthropic({ baseURL: edge.url, apiKey: EDGE_TOKEN, maxRetries: 0 });
    const stream = await failing(() =>
      client.messages.create({
        model: "openclaw",
        max_tokens: 9,
        messages: [{ role: "user", content: "hi" }],
        stream: true,
      }),
    );
    const read = async (): Promise<void> => {
      for await (const event of stream) expect.unreachable(`an event: ${JSON.stringify(event)}`);
    };
    await expect(read()).rejects.toThrow("The provider answered with a server error.");
  });
});
