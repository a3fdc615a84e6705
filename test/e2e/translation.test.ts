// A client of one wire format in front of a provider of another: the official SDK, a real process, a real provider.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, EDGE_TOKEN, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";

let provider: Provider;
let edge: Edge;
let client: OpenAI;

beforeAll(async () => {
  provider = await startProvider();
  const entry = (api: string) => ({ baseUrl: provider.url, apiKey: "sk-upstream", api, models: [{ id: "m" }] });
  edge = await startEdge({
    config: {
      models: {
        mode: "replace",
        providers: { chat: entry("openai-completions"), answers: entry("openai-responses") },
      },
      agents: {
        list: [
          { id: "chat", model: "chat/m" },
          { id: "answers", model: "answers/m" },
        ],
      },
      edge: { providers: { chat: { dialects: ["openai-chat"] }, answers: { dialects: ["openai-responses"] } } },
    },
  });
  client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: EDGE_TOKEN, maxRetries: 0 });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

const TEXT = "Grüße from m 🦞";
const messages = [{ role: "user" as const, content: "hi" }];

describe("a Responses client in front of a chat completions provider", () => {
  it("gets a whole Response", async () => {
    const response = await client.responses.create({ model: "openclaw/chat", instructions: "be brief", input: "hi" });
    expect(response.output_text).toBe(TEXT);
    expect(response).toMatchObject({ status: "completed", usage: { input_tokens: 7, output_tokens: 5 } });
    const asked = provider.requests.at(-1);
    expect(asked?.path).toBe("/v1/chat/completions");
    expect(asked?.json()["messages"]).toMatchObject([{ content: "be brief" }, { role: "user", content: "hi" }]);
  });

  it("gets a streamed Response with its whole life", async () => {
    const stream = client.responses.stream({ model: "openclaw/chat", input: "hi" });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    const final = await stream.finalResponse();
    expect(final.output_text).toBe(TEXT);
    expect(types[0]).toBe("response.created");
    expect(types.at(-1)).toBe("response.completed");
  });

  it("hears of a cut as response.failed, never as an end", async () => {
    provider.on("m", play.cutAfterEvents(3, "reset"));
    const response = await edge.post("/v1/responses", { model: "openclaw/chat", input: "hi", stream: true });
    const text = await response.text();
    provider.on("m", play.answer());
    expect(text).toContain("event: response.failed");
    expect(text).not.toContain("response.completed");
    expect(text).not.toContain("[DONE]");
  });
});

describe("a chat completions client in front of a Responses provider", () => {
  it("gets a whole completion", async () => {
    const completion = await client.chat.completions.create({ model: "openclaw/answers", messages });
    expect(completion.choices[0]?.message.content).toBe(TEXT);
    expect(completion.choices[0]?.finish_reason).toBe("stop");
    expect(provider.requests.at(-1)?.path).toBe("/v1/responses");
  });

  it("gets a streamed completion", async () => {
    const stream = await client.chat.completions.create({ model: "openclaw/answers", messages, stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe(TEXT);
  });

  it("is told what could not be carried", async () => {
    const asked = { model: "openclaw/answers", messages, seed: 7, presence_penalty: 0.5 };
    const { response } = await client.chat.completions.create(asked).withResponse();
    expect(response.headers.get("x-openclaw-adjusted")?.split(", ").toSorted()).toEqual(["presence_penalty", "seed"]);
  });

  it("hears the provider's error in its own envelope", async () => {
    provider.on("m", play.status(500));
    await expect(client.chat.completions.create({ model: "openclaw/answers", messages })).rejects.toMatchObject({
      status: 502,
    });
    provider.on("m", play.answer());
  });
});

describe("a Messages client in front of a chat completions provider whose model cannot write its call", () => {
  const callWith = (args: string, finish: string) =>
    play.status(200, {
      id: "c1",
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "call_1", type: "function", function: { name: "remove", arguments: args } }],
          },
          finish_reason: finish,
        },
      ],
    });
  const ask = async (args: string, finish: string) => {
    provider.on("m", callWith(args, finish));
    const response = await edge.post("/v1/messages", { model: "openclaw/chat", max_tokens: 99, messages });
    provider.on("m", play.answer());
    return { status: response.status, body: (await response.json()) as unknown };
  };

  it.each(['{"path": "/tmp', "[1]", '"/tmp"'])(
    "is not given a call without arguments in the place of %s",
    async (args) => {
      const { status, body } = await ask(args, "tool_calls");
      expect(status).toBe(400);
      expect(body).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
      expect(JSON.stringify(body)).toContain("whose arguments are no JSON object");
    },
  );

  // Some servers write their empty tables as lists.
  it.each(["", "null", "{}", "[]"])("is given the call without arguments that %j is", async (args) => {
    const { body } = await ask(args, "tool_calls");
    expect(body).toMatchObject({ stop_reason: "tool_use", content: [{ type: "tool_use", name: "remove", input: {} }] });
  });

  it("is told of a limit that has cut the arguments", async () => {
    expect((await ask('{"path": "/tmp', "length")).body).toMatchObject({ stop_reason: "max_tokens" });
  });
});
