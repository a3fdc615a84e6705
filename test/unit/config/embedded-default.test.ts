import { describe, expect, it } from "vitest";
import { embeddedDefault } from "../../../src/config/embedded-default.ts";
import { MOCK_MODELS } from "../../../src/config/mock-models.ts";
import { said, compileTree, snapshotOf } from "./compile-rig.ts";

const nobody = () => Promise.resolve(null);
const answering = (servers: Record<string, string[]>) => (url: string) => Promise.resolve(servers[url] ?? null);

async function chain(env: Record<string, string>, probe: (url: string) => Promise<readonly string[] | null>) {
  const { config, harmless } = await embeddedDefault(env, probe);
  const { snapshot, complaints } = await compileTree(config, { env, flags: { token: "t" } });
  return {
    ids: snapshot?.agents.get("main")?.chain.map(({ id }) => id),
    harmless,
    complaints: said(complaints),
    snapshot,
  };
}

describe("without any config", () => {
  it.each<[string, Record<string, string>, string[]]>([
    ["one key", { OPENAI_API_KEY: "k" }, ["openai/gpt-5.5"]],
    [
      "several keys, in the order of the table",
      { MISTRAL_API_KEY: "k", OPENROUTER_API_KEYS: "a,b", ANTHROPIC_API_KEY: "k" },
      ["anthropic/claude-sonnet-4-6", "openrouter/auto", "mistral/mistral-large-latest"],
    ],
    ["a model id that carries the provider's name", { NVIDIA_API_KEY: "k" }, ["nvidia/nemotron-3-ultra-550b-a55b"]],
  ])("%s of the environment make the chain, and a token is needed", async (_what, env, expected) => {
    const found = await chain(env, answering({ "http://localhost:1234/v1": ["m"] }));
    expect(found).toMatchObject({ ids: expected, harmless: false, complaints: [] });
    expect(found.snapshot?.agents.get("main")?.chain.every(({ unavailable }) => unavailable === null)).toBe(true);
  });

  it.each<[string, Record<string, string>]>([
    ["a blank key", { OPENAI_API_KEY: " " }],
    [
      "a key for a provider whose address is not known",
      { AZURE_OPENAI_API_KEY: "k", CLOUDFLARE_AI_GATEWAY_API_KEY: "k" },
    ],
    ["a key for embeddings alone", { VOYAGE_API_KEY: "k" }],
    ["a login that we do not speak", { GITHUB_TOKEN: "k", AWS_PROFILE: "p" }],
    ["a key of a local server", { LM_API_TOKEN: "k" }],
  ])("%s counts for nothing", async (_what, env) => {
    expect(await chain(env, nobody)).toMatchObject({ ids: ["mock/echo"], harmless: true });
  });

  it("local servers are asked all at once, by the root of their API", async () => {
    const asked: string[] = [];
    const pending: ((models: string[] | null) => void)[] = [];
    const found = embeddedDefault({}, (url) => {
      asked.push(url);
      return new Promise((resolve) => pending.push(resolve));
    });
    expect(asked).toEqual([
      "http://localhost:1234/v1",
      "http://127.0.0.1:11434/v1",
      "http://127.0.0.1:8000/v1",
      "http://127.0.0.1:8080/v1",
    ]);
    for (const answer of pending) answer(null);
    expect((await found).harmless).toBe(true);
  });

  it("local servers that answer make the chain, and their models are listed", async () => {
    const probe = answering({
      "http://127.0.0.1:11434/v1": ["nomic-embed-text", "llama3.3"],
      "http://127.0.0.1:8000/v1": ["Qwen/Qwen3-8B"],
      "http://127.0.0.1:8080/v1": [],
    });
    const { ids, harmless, snapshot, complaints } = await chain({}, probe);
    expect({ ids, harmless, complaints }).toEqual({
      ids: ["ollama/llama3.3", "vllm/Qwen/Qwen3-8B"],
      harmless: true,
      complaints: [],
    });
    expect([...(snapshot?.targets.keys() ?? [])]).toEqual([
      "ollama/nomic-embed-text",
      "ollama/llama3.3",
      "vllm/qwen/qwen3-8b",
    ]);
    expect(snapshot?.targets.get("ollama/llama3.3")).toMatchObject({ local: true, unavailable: null });
    expect(snapshot?.targets.get("ollama/llama3.3")?.endpoints["openai-chat"]).toBe("/v1/chat/completions");
  });

  it("a server with only embedding models serves those", async () => {
    expect((await chain({}, answering({ "http://localhost:1234/v1": ["embed-1"] }))).ids).toEqual(["lmstudio/embed-1"]);
  });

  it("the mock answers when there is nothing else, with all its models", async () => {
    const { snapshot } = await chain({}, nobody);
    expect([...(snapshot?.targets.values() ?? [])].map(({ model }) => model)).toEqual([...MOCK_MODELS]);
    expect(new Set([...(snapshot?.targets.values() ?? [])].map(({ via }) => via))).toEqual(new Set(["mock"]));
  });

  it("an open door leads to no hosted provider, whatever keys lie around", async () => {
    const { config } = await embeddedDefault({ VOYAGE_API_KEY: "k" }, nobody);
    expect([...(await snapshotOf(config, { env: { VOYAGE_API_KEY: "k" } })).providers.keys()]).toEqual(["mock"]);
  });
});
