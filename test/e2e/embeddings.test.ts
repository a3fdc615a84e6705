// The official openai SDK asks for embeddings through the real process: every provider format, in floats and in the base64 that the SDK
// asks for unasked; sizes, order, short answers, keys, and the settings of `memorySearch`.
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Behaviour } from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

let provider: Provider;
let edge: Edge;
let client: OpenAI;

/** Exact in float32. */
const VECTORS = [
  [0.5, -1, 0.25],
  [0.125, 2, -0.75],
];
const json = (body: object, status = 200): Behaviour => {
  const text = JSON.stringify(body);
  return () => [head(status, [["content-type", "application/json"]]), write(text)];
};
const openai = (vectors: readonly unknown[]): object => ({
  object: "list",
  data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
  model: "text-embedding-3-small",
  usage: { prompt_tokens: 5, total_tokens: 5 },
});

/** What each provider answers to two texts, and where it is asked. */
const FORMATS = {
  // https://ai.google.dev/api/embeddings: a batch answer holds nothing but values.
  google: {
    api: "google-generative-ai",
    base: "/v1beta",
    model: "gemini-embedding-001",
    path: "/v1beta/models/gemini-embedding-001:batchEmbedContents",
    answer: { embeddings: VECTORS.map((values) => ({ values })) },
    asked: {
      requests: ["a", "b"].map((text) => ({ model: "models/gemini-embedding-001", content: { parts: [{ text }] } })),
    },
    tokens: undefined,
  },
  // docs/api.md of ollama/ollama, "Generate Embeddings".
  ollama: {
    api: "ollama",
    base: "",
    model: "all-minilm",
    path: "/api/embed",
    answer: {
      model: "all-minilm",
      embeddings: VECTORS,
      total_duration: 14_143_917,
      load_duration: 1_019_500,
      prompt_eval_count: 8,
    },
    asked: { model: "all-minilm", input: ["a", "b"] },
    tokens: 8,
  },
  // A server that speaks OpenAI's format and knows floats only.
  floats: {
    api: "openai-completions",
    base: "/v1",
    model: "bge-m3",
    path: "/v1/embeddings",
    answer: openai(VECTORS),
    asked: undefined,
    tokens: 5,
  },
} as const;
type Name = keyof typeof FORMATS;
const NAMES = Object.keys(FORMATS) as Name[];

beforeAll(async () => {
  provider = await startProvider();
  const providers = Object.fromEntries(
    NAMES.map((name) => {
      const { api, base, model } = FORMATS[name];
      return [name, { api, baseUrl: provider.origin + base, apiKey: ["sk-one", "sk-two"], models: [{ id: model }] }];
    }),
  );
  const memory = (name: Name, more: object = {}) => ({ provider: name, model: FORMATS[name].model, ...more });
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers },
      agents: {
        defaults: { model: { primary: "floats/bge-m3" } },
        list: [
          { id: "main" },
          ...NAMES.map((name) => ({ id: name, memorySearch: memory(name) })),
          { id: "small", memorySearch: memory("google", { outputDimensionality: 768, inputType: "document" }) },
          { id: "filled", memorySearch: memory("floats", { outputDimensionality: 512, inputType: "query" }) },
        ],
      },
      edge: { providers: { ollama: { dialects: ["ollama"] } } },
    },
  });
  client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: edge.token, maxRetries: 0 });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});
beforeEach(() => {
  provider.requests.length = 0;
});

describe.each(NAMES)("a provider of format %s", (name) => {
  const { answer, path, asked, tokens } = FORMATS[name];

  it("embeds for the SDK, which asks for base64 unless told otherwise", async () => {
    provider.on("next", json(answer));
    const { data, usage } = await client.embeddings.create({ model: `openclaw/${name}`, input: ["a", "b"] });
    expect(data.map(({ embedding }) => Array.from(embedding))).toEqual(VECTORS);
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    // What the provider does not count is absent.
    expect(usage?.prompt_tokens).toBe(tokens);
    const request = provider.requests[0];
    expect(request?.path).toBe(path);
    if (asked !== undefined) expect(request?.json()).toEqual(asked);
  });

  it("embeds in floats", async () => {
    provider.on("next", json(answer));
    const of = { model: `openclaw/${name}`, input: ["a", "b"], encoding_format: "float" as const };
    const { data } = await client.embeddings.create(of);
    expect(data.map(({ embedding }) => embedding)).toEqual(VECTORS);
  });

  it("has the other key tried after a rate limit, and no other model", async () => {
    const limited = json({ error: { code: 429, message: "Resource exhausted", status: "RESOURCE_EXHAUSTED" } }, 429);
    provider.on("next", limited, json(answer));
    await client.embeddings.create({ model: `openclaw/${name}`, input: ["a", "b"] });
    expect(provider.requests.map((request) => request.path)).toEqual([path, path]);
  });

  it("that answers too few vectors has not answered", async () => {
    provider.on("next", json(answer));
    const short = client.embeddings.create({ model: `openclaw/${name}`, input: ["a", "b", "c"] });
    await expect(short).rejects.toMatchObject({ status: 502, code: "upstream_invalid_response" });
    expect(provider.requests).toHaveLength(1);
  });
});

describe("requests", () => {
  it.each(["google", "ollama"])("of token ids are refused for %s, which has texts only", async (name) => {
    const asked = client.embeddings.create({ model: `openclaw/${name}`, input: [1, 2, 3] });
    await expect(asked).rejects.toMatchObject({ status: 400, code: "unsupported_parameter", param: "input" });
    expect(provider.requests).toHaveLength(0);
  });

  it("of token ids go to a provider of OpenAI's format as they are", async () => {
    provider.on("next", json(openai([VECTORS[0]])));
    await client.embeddings.create({ model: "openclaw/floats", input: [1, 2, 3] });
    expect(provider.requests[0]?.json()["input"]).toEqual([1, 2, 3]);
  });

  it("get size and purpose of `memorySearch` where they state none, and keep their own", async () => {
    provider.on("next", json(FORMATS.google.answer), json(FORMATS.google.answer), json(openai(VECTORS)));
    await client.embeddings.create({ model: "openclaw/small", input: ["a", "b"] });
    await client.embeddings.create({ model: "openclaw/small", input: ["a", "b"], dimensions: 3 });
    await client.embeddings.create({ model: "openclaw/filled", input: ["a", "b"] });
    const [filled, own, native] = provider.requests.map((request) => request.json());
    const task = { taskType: "RETRIEVAL_DOCUMENT" };
    expect(filled).toMatchObject({ requests: [{ outputDimensionality: 768, ...task }, { outputDimensionality: 768 }] });
    expect(own).toMatchObject({ requests: [{ outputDimensionality: 3, ...task }, { outputDimensionality: 3 }] });
    expect(native).toMatchObject({ model: "bge-m3", dimensions: 512, input_type: "query" });
  });

  it("hear what was left behind", async () => {
    provider.on("next", json(FORMATS.ollama.answer));
    const response = await edge.post("/v1/embeddings", { model: "openclaw/ollama", input: ["a", "b"], user: "u" });
    expect(response.headers.get("x-openclaw-adjusted")).toBe("user");
    expect(response.headers.get("x-openclaw-served-by")).toBe("ollama/all-minilm");
  });
});

describe("a provider of OpenAI's format", () => {
  it("that answers as asked is relayed byte for byte", async () => {
    const packed = "AAAAPwAAgL8AAIA+";
    provider.on("next", json(openai([packed])));
    const response = await edge.post("/v1/embeddings", { input: "a", encoding_format: "base64" });
    expect(await response.text()).toBe(JSON.stringify(openai([packed])));
  });

  it("that answers in another order is put into that of the inputs", async () => {
    const { data, ...rest } = openai(VECTORS) as { data: object[] };
    provider.on("next", json({ data: data.toReversed(), ...rest }));
    const { data: sorted } = await client.embeddings.create({ model: "openclaw/floats", input: ["a", "b"] });
    expect(sorted.map(({ embedding }) => Array.from(embedding))).toEqual(VECTORS);
  });
});
