// The official openai SDK against the real process, with the built-in mock and with a separate provider over HTTP.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, silentAfterHead, stallAfter, status } from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig, mockConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const clientOf = (edge: Edge, more: ConstructorParameters<typeof OpenAI>[0] = {}) =>
  new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: edge.token, maxRetries: 0, ...more });
const hello = [{ role: "user" as const, content: "hello out there" }];
const weather = {
  type: "function" as const,
  function: {
    name: "get_weather",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const schema = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
};

describe("with the built-in mock", () => {
  let edge: Edge;
  let client: OpenAI;
  beforeAll(async () => {
    edge = await startEdge({ config: mockConfig("mock/echo", { edge: { models: { expose: "all" } } }) });
    client = clientOf(edge);
  });
  afterAll(async () => {
    await edge.stop();
  });

  it("completes a chat", async () => {
    const answered = await client.chat.completions.create({ model: "openclaw", messages: hello });
    expect(answered.choices[0]?.message.content).toContain("hello out there");
    expect(answered.choices[0]?.finish_reason).toBe("stop");
    expect(answered.usage?.total_tokens).toBeGreaterThan(0);
  });

  it("streams a chat, with usage when asked", async () => {
    const stream = await client.chat.completions.create({
      model: "openclaw/default",
      messages: hello,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let usage = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(text).toContain("hello out there");
    expect(usage?.total_tokens).toBeGreaterThan(0);
  });

  it("calls a tool, streamed and whole", async () => {
    const asked = { model: "mock/tools", messages: hello, tools: [weather] };
    const whole = await client.chat.completions.create(asked);
    const call = whole.choices[0]?.message.tool_calls?.[0];
    expect(call).toMatchObject({ type: "function", function: { name: "get_weather" } });
    const final = await client.chat.completions.stream(asked).finalChatCompletion();
    expect(final.choices[0]?.finish_reason).toBe("tool_calls");
    expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: "get_weather" } });
  });

  it("answers in the shape of a schema", async () => {
    const answered = await client.chat.completions.create({
      model: "openclaw",
      messages: hello,
      response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema } },
    });
    const person = JSON.parse(answered.choices[0]?.message.content ?? "") as Record<string, unknown>;
    expect(typeof person["name"]).toBe("string");
    expect(Number.isInteger(person["age"])).toBe(true);
  });

  it("answers and streams responses", async () => {
    const answered = await client.responses.create({ model: "openclaw", input: "hello out there" });
    expect(answered.output_text).toContain("hello out there");
    const final = await client.responses.stream({ model: "openclaw", input: "hello out there" }).finalResponse();
    expect(final.status).toBe("completed");
    expect(final.output_text).toContain("hello out there");
  });

  it("embeds, in floats and in base64", async () => {
    const floats = await client.embeddings.create({ model: "openclaw", input: ["a", "b"], encoding_format: "float" });
    const packed = await client.embeddings.create({ model: "openclaw", input: ["a", "b"] });
    expect(floats.data.map(({ index }) => index)).toEqual([0, 1]);
    const close = (value: number, index: number) => Math.abs(value - (floats.data[0]?.embedding[index] ?? 9)) < 1e-6;
    expect(packed.data[0]?.embedding.every(close)).toBe(true);
  });

  it("lists its models and retrieves one", async () => {
    const list = await client.models.list();
    expect(list.data.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["openclaw", "openclaw/default", "openclaw/main"]),
    );
    expect((await client.models.retrieve("openclaw/default")).id).toBe("openclaw/default");
  });

  it.each([
    ["mock/fail-400", 400],
    ["mock/fail-401", 502],
    ["mock/fail-429", 429],
    ["mock/fail-500", 502],
    ["mock/error-in-200", 502],
    ["mock/html", 502],
    ["mock/reset", 502],
  ])("turns %s into an API error with status %i", async (model, expected) => {
    const exactly = { headers: { "x-openclaw-model": model } };
    const failed = client.chat.completions.create({ model: "openclaw", messages: hello }, exactly);
    await expect(failed).rejects.toMatchObject({ status: expected });
  });

  it("turns a stream that breaks in the middle into an error, never into an end", async () => {
    for (const model of ["mock/reset-midstream", "mock/error-midstream"]) {
      const exactly = { headers: { "x-openclaw-model": model } };
      const asked = { model: "openclaw", messages: hello, stream: true as const };
      const stream = await client.chat.completions.create(asked, exactly);
      const read = async () => {
        for await (const _chunk of stream) {
          // read to the end
        }
      };
      await expect(read(), model).rejects.toThrow();
    }
  });
});

describe("with a provider over HTTP", () => {
  let provider: Provider;
  let edge: Edge;
  let client: OpenAI;
  beforeAll(async () => {
    provider = await startProvider();
    edge = await startEdge({
      config: chainConfig(
        { a: provider.url },
        {
          edge: {
            models: { expose: "all" },
            providers: { a: { dialects: ["openai-chat", "openai-responses", "openai-embeddings"] } },
          },
        },
      ),
    });
    client = clientOf(edge);
  });
  afterAll(async () => {
    await edge.stop();
    await provider.close();
  });

  it("completes, streams, responds and embeds", async () => {
    provider.on("m", answer());
    const whole = await client.chat.completions.create({ model: "openclaw", messages: hello });
    expect(whole.choices[0]?.message.content).toBe("Grüße from m 🦞");
    const final = await client.chat.completions.stream({ model: "a/m", messages: hello }).finalContent();
    expect(final).toBe("Grüße from m 🦞");
    const response = await client.responses.stream({ model: "openclaw", input: "hi" }).finalResponse();
    expect(response.output_text).toBe("Grüße from m 🦞");
    const embedded = await client.embeddings.create({ model: "a/m", input: ["x", "y"], encoding_format: "float" });
    expect(embedded.data).toHaveLength(2);
  });

  it("passes tools and schema through untouched", async () => {
    provider.on("m", answer());
    const seen = provider.requests.length;
    const format = { type: "json_schema" as const, json_schema: { name: "p", strict: true, schema } };
    await client.chat.completions.create({
      model: "openclaw",
      messages: hello,
      tools: [weather],
      response_format: format,
    });
    const sent = (await provider.request(seen + 1)).json();
    expect(sent["tools"]).toEqual([weather]);
    expect(sent["response_format"]).toEqual(format);
  });

  it("frees the provider when the caller aborts, before the head and in the stream", async () => {
    for (const behaviour of [silentAfterHead(), stallAfter(3)]) {
      provider.on("m", behaviour);
      const seen = provider.requests.length;
      const abort = new AbortController();
      const asked = client.chat.completions.create(
        { model: "openclaw", messages: hello, stream: true },
        { signal: abort.signal },
      );
      const outcome = asked.then(
        async (stream) => {
          for await (const _chunk of stream) {
            // the abort ends it
          }
          return "ended";
        },
        () => "aborted",
      );
      const request = await provider.request(seen + 1);
      abort.abort();
      await request.gone;
      // Leaving in the middle of a stream ends the SDK's iteration without an error.
      expect(["aborted", "ended"]).toContain(await outcome);
    }
  });

  it("tells errors by status and keeps code and param of a rejection", async () => {
    provider.on(
      "m",
      status(400, {
        error: { message: "no such voice", type: "invalid_request_error", param: "voice", code: "bad_voice" },
      }),
    );
    await expect(client.chat.completions.create({ model: "openclaw", messages: hello })).rejects.toMatchObject({
      status: 400,
      code: "bad_voice",
      param: "voice",
    });
    await expect(clientOf(edge, { apiKey: "wrong" }).models.list()).rejects.toMatchObject({ status: 401 });
    await expect(client.models.retrieve("openclaw/nobody")).rejects.toMatchObject({ status: 404 });
  });
});
