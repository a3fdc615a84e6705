import { describe, expect, it } from "vitest";
import { CERTIFICATE, CERTIFICATE_KEY, OTHER_CERTIFICATE_KEY } from "../../support/certificate.ts";
import { compileTree, headersOf, said, snapshotOf, withProvider } from "./compile-rig.ts";

const target = async (provider: object, rest: Record<string, unknown> = {}, id = "p/m") =>
  (await snapshotOf(withProvider({ apiKey: "k", ...provider }, rest))).targets.get(id);
const builtIn = async (id: string, provider: object, rest: object = {}) =>
  [
    ...(
      await snapshotOf({ models: { providers: { [id]: { models: [{ id: "m" }], ...provider } } }, ...rest })
    ).targets.values(),
  ][0];

/** Formats that come with others are the affair of the endpoints. */
const COMPANIONS = new Set(["anthropic-count-tokens", "google-embeddings", "google-count-tokens", "ollama-embeddings"]);
const spoken = (endpoints: object = {}) => Object.keys(endpoints).filter((name) => !COMPANIONS.has(name));

describe("the wire formats of a provider", () => {
  it.each<[string, object, string[]]>([
    ["completions", { api: "openai-completions" }, ["openai-chat", "openai-embeddings"]],
    ["completions when nothing is said", {}, ["openai-chat", "openai-embeddings"]],
    ["responses", { api: "openai-responses" }, ["openai-responses", "openai-embeddings"]],
    ["messages", { api: "anthropic-messages" }, ["anthropic-messages"]],
    ["Google's", { api: "google-generative-ai" }, ["google-generative"]],
    ["all of an Ollama server", { api: "ollama" }, ["ollama", "openai-chat", "openai-responses", "openai-embeddings"]],
    ["none of Bedrock", { api: "bedrock-converse-stream" }, []],
    [
      "those of a model that has its own api",
      { models: [{ id: "m", api: "anthropic-messages" }] },
      ["anthropic-messages"],
    ],
  ])("of one's own are %s", async (_what, provider, expected) => {
    expect(spoken((await target(provider))?.endpoints)).toEqual(expected);
  });

  it.each<[string, string, object, string[]]>([
    [
      "are the row's",
      "lmstudio",
      { api: "openai-responses" },
      ["openai-chat", "openai-responses", "openai-embeddings"],
    ],
    [
      "are the row's at another address",
      "openai",
      { baseUrl: "http://localhost:1/v1" },
      ["openai-chat", "openai-responses", "openai-embeddings"],
    ],
    [
      "are the api's where the row speaks it not at all",
      "google",
      { apiKey: "k", baseUrl: "https://g.example/v1beta/openai", api: "openai-completions" },
      ["openai-chat", "openai-embeddings"],
    ],
  ])("of a built-in id %s", async (_what, id, provider, expected) => {
    expect(spoken((await builtIn(id, provider))?.endpoints)).toEqual(expected);
  });

  it("are what edge says", async () => {
    const edge = { providers: { p: { dialects: ["openai-chat", "anthropic-messages"] } } };
    expect((await target({}, { edge }))?.endpoints).toEqual({
      "openai-chat": "/v1/chat/completions",
      "anthropic-messages": "/v1/messages",
      "anthropic-count-tokens": "/v1/messages/count_tokens",
    });
  });

  it("of an Ollama server under another name lie under /v1", async () => {
    expect((await target({ api: "ollama", baseUrl: "http://localhost:11434" }))?.endpoints["openai-chat"]).toBe(
      "/v1/chat/completions",
    );
  });

  it("of an edge entry for nobody are an error with the nearest name", async () => {
    const { complaints } = await compileTree(withProvider({ apiKey: "k" }, { edge: { providers: { opanai: {} } } }));
    expect(complaints).toMatchObject([
      { code: "unknown_provider", path: "edge.providers.opanai", suggestion: "openai" },
    ]);
  });
});

describe("a provider of Azure's", () => {
  const env = { AZURE_OPENAI_DEPLOYMENT_NAME_MAP: "m=prod-m" };
  it("has its version in the query and in no header, its key where it looks for it, and its model by its deployment", async () => {
    const written = {
      api: "azure-openai-responses",
      baseUrl: "https://r.openai.azure.com/openai",
      headers: { "API-Version": "2025-04-01-preview" },
      apiKey: "k",
      models: [{ id: "m" }],
    };
    const snapshot = await snapshotOf({ models: { providers: { p: written } } }, { env });
    const made = snapshot.targets.get("p/m");
    expect(made).toMatchObject({ id: "p/m", model: "prod-m" });
    expect(made?.endpoints).toEqual({
      "openai-responses": "/openai/responses?api-version=2025-04-01-preview",
      "openai-embeddings": "/openai/deployments/prod-m/embeddings?api-version=2025-04-01-preview",
    });
    const headers = headersOf(made);
    expect(headers).toMatchObject({ "api-key": "k" });
    expect(headers).not.toHaveProperty("authorization");
    expect(headers).not.toHaveProperty("api-version");
  });

  it("takes its key in the same header whatever format it is asked in", async () => {
    const made = await target({ api: "openai-completions", baseUrl: "https://r.openai.azure.com" });
    expect(headersOf(made)).toMatchObject({ "api-key": "k" });
    expect(made?.endpoints["openai-chat"]).toBe("/openai/v1/chat/completions");
  });
});

describe("a target", () => {
  it("of the mock has a credential of its own, so that the failures of one say nothing of the others", async () => {
    const { targets } = await snapshotOf({ models: { providers: { mock: { api: "mock" } } } });
    const ids = ["mock/echo", "mock/fail-429"].map((id) => targets.get(id)?.credentials[0]?.id);
    expect(ids).toEqual(["mock#1/echo", "mock#1/fail-429"]);
  });

  it("keeps the query of its base URL", async () => {
    expect((await target({ baseUrl: "https://p.example/v1?tenant=7" }))?.endpoints["openai-chat"]).toBe(
      "/v1/chat/completions?tenant=7",
    );
  });

  it("states what the file states and nothing else", async () => {
    expect((await target({}))?.stated).toEqual({
      input: null,
      tools: null,
      contextWindow: null,
      contextTokens: null,
      maxTokens: null,
      reasoning: null,
      cost: null,
    });
    const model = {
      id: "m",
      input: ["text", "image"],
      reasoning: true,
      contextWindow: 1000,
      maxTokens: 5000,
      cost: { input: 1, output: 2 },
      compat: { supportsTools: false },
    };
    expect((await target({ contextTokens: 900, contextWindow: 2000, models: [model] }))?.stated).toEqual({
      input: new Set(["text", "image"]),
      tools: false,
      contextWindow: 1000,
      contextTokens: 900,
      maxTokens: 1000,
      reasoning: true,
      cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 },
    });
  });

  it("takes the provider's word for models that say nothing, listed or not", async () => {
    const snapshot = await snapshotOf(withProvider({ apiKey: "k", contextWindow: 2000, maxTokens: 100 }));
    expect(snapshot.targets.get("p/m")?.stated).toMatchObject({ contextWindow: 2000, maxTokens: 100 });
    expect(snapshot.providers.get("p")?.unlisted("n").stated).toMatchObject({ contextWindow: 2000, maxTokens: 100 });
  });

  it.each<[string, object, string, boolean]>([
    ["asks for usage", {}, "p", true],
    [
      "does not ask where the model says so",
      { models: [{ id: "m", compat: { supportsUsageInStreaming: false } }] },
      "p",
      false,
    ],
  ])("%s", async (_what, provider, _id, expected) => {
    expect((await target(provider))?.asksUsage).toBe(expected);
  });

  it.each<[string, object, boolean]>([
    ["does not ask Venice for usage", { apiKey: "k" }, false],
    [
      "asks Venice where the file says so",
      { apiKey: "k", models: [{ id: "m", compat: { supportsUsageInStreaming: true } }] },
      true,
    ],
  ])("%s", async (_what, provider, expected) => {
    expect((await builtIn("venice", provider))?.asksUsage).toBe(expected);
  });

  it("of the mock goes nowhere and needs nothing", async () => {
    const made = await builtIn("mock", {
      api: "mock",
      params: { seed: 1, errorRate: 0.5 },
      models: [{ id: "echo", params: { seed: 2 } }],
    });
    expect(made).toMatchObject({
      id: "mock/echo",
      via: "mock",
      unavailable: null,
      params: { seed: 2, errorRate: 0.5 },
      transport: { origin: "" },
    });
    expect(Object.keys(made?.endpoints ?? {})).toEqual(["openai-chat", "openai-responses", "openai-embeddings"]);
  });

  it("may have its own address, api and headers", async () => {
    const model = { id: "m", baseUrl: "http://localhost:9/v1", headers: { "x-m": "1" } };
    const made = await target({ models: [model, { id: "n" }] });
    expect(made).toMatchObject({ transport: { origin: "http://localhost:9" }, local: true });
    expect(headersOf(made)).toMatchObject({ "x-m": "1", authorization: "Bearer k" });
  });

  it("has a bound of its own for requests in flight", async () => {
    expect((await target({}))?.inflightMax).toBe(500);
    expect((await target({}, { edge: { limits: { inflightPerProvider: 9 } } }))?.inflightMax).toBe(9);
    expect((await target({}, { edge: { providers: { P: { inflight: 3 } } } }))?.inflightMax).toBe(3);
  });
});

describe("waits", () => {
  const DEFAULT = { connectMs: 5000, commitMs: 120_000, wholeMs: 600_000, idleMs: 120_000, lingerMs: 1000 };
  it.each<[string, object, object, object]>([
    ["the defaults", {}, {}, DEFAULT],
    ["a longer commit for a local server", { baseUrl: "http://localhost:1/v1" }, {}, { ...DEFAULT, commitMs: 600_000 }],
    [
      "timeoutSeconds for all, and never above it",
      { timeoutSeconds: 3 },
      {},
      { ...DEFAULT, connectMs: 3000, commitMs: 3000, wholeMs: 3000, idleMs: 3000 },
    ],
    [
      "timeoutSeconds without a longer dial",
      { timeoutSeconds: 300 },
      {},
      { ...DEFAULT, commitMs: 300_000, wholeMs: 300_000, idleMs: 300_000 },
    ],
    [
      "timeoutSeconds for a local server, too",
      { baseUrl: "http://localhost:1/v1", timeoutSeconds: 30 },
      {},
      { ...DEFAULT, commitMs: 30_000, wholeMs: 30_000, idleMs: 30_000 },
    ],
    [
      "edge's common ones",
      {},
      { timeouts: { commitSeconds: 7, idleSeconds: 0.5 } },
      { ...DEFAULT, commitMs: 7000, idleMs: 500 },
    ],
    [
      "edge's for the provider over all others",
      { timeoutSeconds: 30 },
      { timeouts: { commitSeconds: 7 }, providers: { p: { timeouts: { commitSeconds: 9, connectSeconds: 2 } } } },
      { ...DEFAULT, connectMs: 2000, commitMs: 9000, wholeMs: 30_000, idleMs: 30_000 },
    ],
  ])("are %s", async (_what, provider, edge, expected) => {
    expect((await target(provider, { edge }))?.timeouts).toEqual(expected);
  });
});

describe("the transport of a target", () => {
  it.each<[string, object, object, boolean]>([
    ["is shared by models of one provider", {}, {}, true],
    ["is another one with other certificates", {}, { request: { tls: { ca: CERTIFICATE } } }, false],
    [
      "is another one for another key",
      { request: { tls: { key: CERTIFICATE_KEY } } },
      { request: { tls: { key: OTHER_CERTIFICATE_KEY } } },
      false,
    ],
    ["is another one for another reach", {}, { request: { allowPrivateNetwork: true } }, false],
    ["is another one for another connect clock", {}, { timeoutSeconds: 2 }, false],
    ["is another one for another origin", {}, { baseUrl: "https://q.example/v1" }, false],
    ["is the same below another path", {}, { baseUrl: "https://p.example/v2" }, true],
  ])("%s", async (_what, one, other, same) => {
    const keys = [await target(one), await target(other)].map((made) => made?.transport.key);
    expect(keys[0] === keys[1]).toBe(same);
  });

  it("tells nothing secret by its key", async () => {
    const made = await target({ request: { tls: { key: CERTIFICATE_KEY } } });
    expect(made?.transport.key).toMatch(/^https:\/\/p\.example#[0-9a-f]{12}$/);
    expect(made?.transport.tls?.key?.reveal()).toBe(CERTIFICATE_KEY);
  });

  it("opens private networks for LM Studio's own address unless the file says no", async () => {
    const base = { baseUrl: "http://host.docker.internal:1234/v1" };
    expect((await builtIn("lmstudio", base))?.transport.allow).toEqual({ loopback: true, privateNetwork: true });
    const { complaints } = await compileTree({
      models: { providers: { lmstudio: { ...base, request: { allowPrivateNetwork: false } } } },
    });
    expect(said(complaints)).toContain("error bad_address models.providers.lmstudio.baseUrl");
  });
});

describe("providers", () => {
  it("of the table are there next to the file's, unless the file replaces them", async () => {
    const merged = await snapshotOf(withProvider({ apiKey: "k" }));
    expect([...merged.providers.keys()].slice(0, 3)).toEqual(["p", "openai", "anthropic"]);
    expect(merged.providers.get("openai")).toMatchObject({ builtIn: true, lists: false });
    const replaced = await snapshotOf({
      models: { mode: "replace", providers: { openai: { apiKey: "k", models: [{ id: "m" }] } } },
    });
    expect([...replaced.providers.keys()]).toEqual(["openai"]);
    expect(replaced.targets.get("openai/m")?.transport.origin).toBe("https://api.openai.com");
  });

  it.each<[string, object, string]>([
    ["without an address", { p: { models: [{ id: "m" }] } }, "error bad_address models.providers.p.baseUrl"],
    [
      "with an address that is refused",
      { p: { baseUrl: "http://169.254.169.254/", models: [] } },
      "error bad_address models.providers.p.baseUrl",
    ],
    [
      "with a model whose address is refused",
      { p: { baseUrl: "http://localhost:1", models: [{ id: "m", baseUrl: "http://10.1.1.1" }] } },
      "error bad_address models.providers.p.models[0].baseUrl",
    ],
    [
      "under two names",
      { qwen: { models: [] }, modelstudio: { models: [] } },
      "error duplicate models.providers.modelstudio",
    ],
    [
      "with a model twice",
      { p: { baseUrl: "http://localhost:1", models: [{ id: "m" }, { id: "M" }] } },
      "error duplicate models.providers.p.models[1].id",
    ],
  ])("%s are an error", async (_what, providers, expected) => {
    const { snapshot, complaints } = await compileTree({ models: { providers } });
    expect(snapshot).toBeNull();
    expect(said(complaints)).toContain(expected);
  });

  it("need no address when every model has one", async () => {
    const provider = { apiKey: "k", models: [{ id: "m", baseUrl: "http://localhost:1/v1" }] };
    const snapshot = await snapshotOf({ models: { providers: { p: provider } } });
    expect(snapshot.agents.get("main")?.chain.map(({ id }) => id)).toEqual(["p/m"]);
  });

  it("on a bare host name get a hint", async () => {
    const { complaints } = await compileTree(withProvider({ baseUrl: "http://llm:8000/v1" }));
    expect(said(complaints)).toEqual(["warning private_address models.providers.p.baseUrl"]);
  });
});
