import OpenAI, {
  APIConnectionError,
  AuthenticationError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MockServer, serveMock } from "../../support/mock-server.ts";

let server: MockServer;
let client: OpenAI;
const messages = [{ role: "user" as const, content: "Hello big world" }];
const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const tools = [{ type: "function" as const, function: { name: "weather", strict: true, parameters } }];
const schema = {
  type: "object",
  properties: { answer: { type: "string" }, steps: { type: "array", items: { type: "string" } } },
  required: ["answer", "steps"],
  additionalProperties: false,
};

beforeAll(async () => {
  server = await serveMock();
  client = new OpenAI({ baseURL: `${server.origin}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe("the official SDK reads chat completions of the mock", () => {
  it("whole", async () => {
    const answer = await client.chat.completions.create({ model: "echo", messages });
    expect(answer.choices[0]?.message.content).toBe("Hello big world");
    expect(answer.usage).toEqual({ prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 });
  });

  it("streamed", async () => {
    const options = { model: "echo", messages, stream: true as const, stream_options: { include_usage: true } };
    let text = "";
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of await client.chat.completions.create(options)) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe("Hello big world");
    expect(usage?.total_tokens).toBe(6);
  });

  it("by the stream helper, with a tool call", async () => {
    const stream = client.chat.completions.stream({ model: "tools", messages, tools });
    const [call] = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({
      type: "function",
      function: { name: "weather", parsed_arguments: { city: expect.any(String) } },
    });
  });

  it("by the tool runner's turns: call, result, text", async () => {
    const first = await client.chat.completions.create({ model: "tools", messages, tools });
    const asked = first.choices[0]?.message;
    const call = asked?.tool_calls?.[0];
    const result = { role: "tool" as const, tool_call_id: call?.id ?? "", content: "sunny" };
    const history = [...messages, ...(asked === undefined ? [] : [asked]), result];
    const second = await client.chat.completions.create({ model: "tools", messages: history, tools });
    expect(second.choices[0]?.message.content).toBe("The tool answered: sunny");
  });

  it("as structured output", async () => {
    const answer = await client.chat.completions.parse({
      model: "echo",
      messages,
      response_format: { type: "json_schema", json_schema: { name: "reply", strict: true, schema } },
    });
    const said = JSON.parse(answer.choices[0]?.message.content ?? "") as unknown;
    expect(said).toEqual({ answer: "Hello big world", steps: ["Hello big world"] });
  });

  it("and raises on an error within the stream", async () => {
    const stream = await client.chat.completions.create({ model: "error-midstream", messages, stream: true });
    const read = async () => {
      for await (const chunk of stream) expect(chunk.object).toBe("chat.completion.chunk");
    };
    await expect(read()).rejects.toThrow(/had an error/);
  });

  it.each([
    ["fail-401", AuthenticationError],
    ["fail-404", NotFoundError],
    ["fail-429", RateLimitError],
    ["fail-500", InternalServerError],
    ["reset", APIConnectionError],
  ])("and raises on %s", async (model, error) => {
    await expect(client.chat.completions.create({ model, messages })).rejects.toBeInstanceOf(error);
  });
});

describe("the official SDK reads Responses of the mock", () => {
  it("whole", async () => {
    const response = await client.responses.create({ model: "echo", input: "Hello big world", temperature: 0.5 });
    expect(response.output_text).toBe("Hello big world");
    expect([response.status, response.temperature, response.usage?.total_tokens]).toEqual(["completed", 0.5, 6]);
  });

  it("by the stream helper, with reasoning before the text", async () => {
    const stream = client.responses.stream({ model: "reasoning", input: "Why?" });
    const types = new Set<string>();
    for await (const event of stream) types.add(event.type);
    const final = await stream.finalResponse();
    expect(final.output.map(({ type }) => type)).toEqual(["reasoning", "message"]);
    expect(final.output_text.length).toBeGreaterThan(100);
    expect(types).toContain("response.reasoning_summary_text.delta");
    expect(types).toContain("response.completed");
  });

  it("by the stream helper, with a tool call", async () => {
    const flat = [{ type: "function" as const, name: "weather", strict: true, parameters }];
    const final = await client.responses.stream({ model: "tools", input: "Weather?", tools: flat }).finalResponse();
    const [call] = final.output;
    expect(call).toMatchObject({ type: "function_call", name: "weather", status: "completed" });
  });

  it("as structured output", async () => {
    const response = await client.responses.parse({
      model: "echo",
      input: "Hello",
      text: { format: { type: "json_schema", name: "reply", strict: true, schema } },
    });
    expect(JSON.parse(response.output_text)).toEqual({ answer: "Hello", steps: ["Hello"] });
  });

  it("cut by the limit", async () => {
    const stream = client.responses.stream({ model: "lorem", input: "Go on.", max_output_tokens: 4 });
    const final = await stream.finalResponse();
    expect([final.status, final.incomplete_details?.reason]).toEqual(["incomplete", "max_output_tokens"]);
    expect(final.output[0]).toMatchObject({ status: "incomplete" });
  });

  it("failed within the stream", async () => {
    const stream = client.responses.stream({ model: "error-midstream", input: "Go on." });
    const final = await stream.finalResponse();
    expect([final.status, final.error?.code]).toEqual(["failed", "server_error"]);
  });
});

describe("the official SDK reads embeddings of the mock", () => {
  it("as floats, asked for as base64", async () => {
    const { data } = await client.embeddings.create({ model: "embed", input: ["one", "two"], dimensions: 16 });
    expect(data.map(({ index, embedding }) => [index, embedding.length])).toEqual([
      [0, 16],
      [1, 16],
    ]);
    const length = data[0]?.embedding.reduce((sum, value) => sum + value * value, 0);
    expect(length).toBeCloseTo(1, 5);
  });

  it("as floats, asked for as floats", async () => {
    const options = { model: "embed", input: "one", encoding_format: "float" as const };
    const encoded = await client.embeddings.create({ model: "embed", input: "one" });
    expect((await client.embeddings.create(options)).data[0]?.embedding).toEqual(encoded.data[0]?.embedding);
  });
});
