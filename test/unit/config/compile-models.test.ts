import { describe, expect, it } from "vitest";
import { compileTree, said, snapshotOf, withProvider } from "./compile-rig.ts";

const local = (models: string[]) => ({ baseUrl: "http://localhost:1/v1", models: models.map((id) => ({ id })) });
const two = { a: local(["x", "shared", "Org/Big@q4_k_m"]), b: local(["y", "Shared"]) };

const chainOf = async (tree: unknown, agent = "main", env: Record<string, string> = {}) =>
  (await snapshotOf(tree, { env })).agents.get(agent)?.chain.map(({ id }) => id);
const agents = (defaults: object, list: object[] = []) => ({ models: { providers: two }, agents: { defaults, list } });

describe("the name of a model", () => {
  it.each<[string, string, object, string]>([
    ["provider and model", "a/x", {}, "a/x"],
    ["whatever the case", "A/X", {}, "a/x"],
    ["a model id that one provider has", "y", {}, "b/y"],
    ["an alias", "fast", { "b/y": { alias: "Fast" } }, "b/y"],
    ["an alias that looks like a ref", "x/y", { "b/y": { alias: "x/y" } }, "b/y"],
    ["an alias before a model id", "x", { "b/y": { alias: "x" } }, "b/y"],
    ["a profile behind it, which means nothing here", "a/x@work", {}, "a/x"],
    ["a quantisation, which is part of the id", "a/Org/Big@q4_k_m", {}, "a/Org/Big@q4_k_m"],
    ["OpenRouter's router", "openrouter:auto", {}, "openrouter/auto"],
    ["a synonym of the provider", "z.ai/glm-5", {}, "zai/glm-5"],
    ["a model that its provider does not list, as written", "a/Other", {}, "a/Other"],
    ["a built-in alias of a listed model", "opus", { "anthropic/claude-opus-4-7": {} }, "anthropic/claude-opus-4-7"],
    [
      "one of the file over a built-in one",
      "opus",
      { "anthropic/claude-opus-4-7": {}, "a/x": { alias: "opus" } },
      "a/x",
    ],
  ])("may be %s", async (_what, model, models, expected) => {
    expect(
      await chainOf(agents({ model, models }), "main", {
        ANTHROPIC_API_KEY: "k",
        OPENROUTER_API_KEY: "k",
        ZAI_API_KEY: "k",
      }),
    ).toEqual([expected]);
  });

  it.each<[string, string, object, string, string | null]>([
    ["a provider that does not exist", "nosuch/x", {}, 'there is no provider "nosuch"', "a/x"],
    ["a provider with a typing mistake", "antropic/claude", {}, 'there is no provider "antropic"', "anthropic/claude"],
    ["an id that two providers have", "shared", {}, 'several providers have a model "shared"', null],
    ["half a ref", "a/", {}, '"a/" is not a model', null],
    ["a provider without any address", "cloudflare-ai-gateway/x", {}, "no usable address", null],
  ])("is an error when it is %s", async (_what, model, models, message, suggestion) => {
    const { snapshot, complaints } = await compileTree(agents({ model, models }));
    expect(snapshot).toBeNull();
    expect(complaints[0]).toMatchObject({
      severity: "error",
      code: "unknown_model",
      path: "agents.defaults.model",
      suggestion,
    });
    expect(complaints[0]?.message).toContain(message);
  });

  it("without a provider falls back to the primary's, with a warning", async () => {
    const { snapshot, complaints } = await compileTree(agents({ model: { primary: "b/y", fallbacks: ["unheard"] } }));
    expect(snapshot?.agents.get("main")?.chain.map(({ id }) => id)).toEqual(["b/y", "b/unheard"]);
    expect(said(complaints)).toEqual(["warning model_name agents.defaults.model.fallbacks[0]"]);
  });

  it("of nobody, where no provider is configured, is an error", async () => {
    const { complaints } = await compileTree({ agents: { defaults: { model: "unheard" } } });
    expect(complaints[0]?.message).toBe('there is no model or alias "unheard"');
  });

  it("that a listing provider does not list is a warning", async () => {
    const { complaints } = await compileTree(agents({ model: "a/Other" }));
    expect(said(complaints)).toEqual(["warning model_name agents.defaults.model"]);
  });

  it("of OpenRouter's first free model is found", async () => {
    const tree = {
      models: { providers: { openrouter: { apiKey: "k", models: [{ id: "a/b" }, { id: "c/d:free" }] } } },
      agents: { defaults: { model: "openrouter:free" } },
    };
    expect(await chainOf(tree)).toEqual(["openrouter/c/d:free"]);
  });
});

describe("ids of targets", () => {
  it.each<[string, string, string, string]>([
    ["are sent as listed", "a/x", "a/x", "x"],
    ["do not double the provider's name", "openrouter/auto", "openrouter/auto", "openrouter/auto"],
    ["do not double it when written twice", "openrouter/openrouter/auto", "openrouter/auto", "openrouter/auto"],
    ["keep slashes", "openrouter/moonshotai/kimi-k2", "openrouter/moonshotai/kimi-k2", "moonshotai/kimi-k2"],
  ])("%s", async (_what, model, id, wire) => {
    const snapshot = await snapshotOf(agents({ model }), { env: { OPENROUTER_API_KEY: "k" } });
    expect(snapshot.agents.get("main")?.chain[0]).toMatchObject({ id, model: wire });
  });

  it("match a listed id that carries the provider's name", async () => {
    const tree = {
      models: { providers: { nvidia: { apiKey: "k", models: [{ id: "nvidia/nemotron" }] } } },
      agents: { defaults: { model: "nvidia/nemotron" } },
    };
    const snapshot = await snapshotOf(tree);
    expect([...snapshot.targets.keys()]).toEqual(["nvidia/nemotron"]);
    expect(snapshot.agents.get("main")?.chain[0]?.model).toBe("nvidia/nemotron");
  });
});

describe("the chain of an agent", () => {
  const common = { primary: "a/x", fallbacks: ["b/y"] };
  it.each<[string, unknown, string[]]>([
    ["is the common one when it has none", undefined, ["a/x", "b/y"]],
    ["is its text alone", "a/shared", ["a/shared"]],
    ["is its primary alone", { primary: "a/shared" }, ["a/shared"]],
    ["is its primary and its fallbacks", { primary: "a/shared", fallbacks: ["b/shared"] }, ["a/shared", "b/Shared"]],
    ["is the common primary with its own fallbacks", { fallbacks: ["b/shared"] }, ["a/x", "b/Shared"]],
    ["is the common primary alone", { fallbacks: [] }, ["a/x"]],
    ["has each target once", { primary: "a/x", fallbacks: ["a/X", "b/y", "y"] }, ["a/x", "b/y"]],
  ])("%s", async (_what, model, expected) => {
    const agent = model === undefined ? { id: "z" } : { id: "z", model };
    expect(await chainOf(agents({ model: common }, [agent]), "z")).toEqual(expected);
  });

  it.each<[string, unknown, Record<string, string>, string[]]>([
    [
      "the first provider's first model",
      { models: { providers: { b: local(["y"]), a: local(["x"]) } } },
      { OPENAI_API_KEY: "k" },
      ["b/y"],
    ],
    [
      "and the fallbacks behind it",
      { models: { providers: { a: local(["x"]) } }, agents: { defaults: { model: { fallbacks: ["a/z"] } } } },
      {},
      ["a/x", "a/z"],
    ],
    [
      "a built-in provider's default where the file lists none",
      { models: { providers: { groq: { apiKey: "k" } } } },
      {},
      ["groq/llama-3.3-70b-versatile"],
    ],
    [
      "the first keyed built-in's default where the file has no provider",
      {},
      { XAI_API_KEY: "k", OPENAI_API_KEY: "k" },
      ["openai/gpt-5.5"],
    ],
    ["nothing where there is nothing", {}, {}, []],
  ])("without any primary is %s", async (_what, tree, env, expected) => {
    expect(await chainOf(tree, "main", env)).toEqual(expected);
  });

  it("says a mistake in the common part once, with its place", async () => {
    const { complaints } = await compileTree(
      agents({ model: { primary: "a/x", fallbacks: ["nosuch/y"] } }, [{ id: "1" }, { id: "2" }]),
    );
    expect(said(complaints)).toEqual(["error unknown_model agents.defaults.model.fallbacks[0]"]);
  });
});

describe("agents", () => {
  it.each<[string, object[], string, string[]]>([
    ["main alone when none is listed", [], "main", ["main"]],
    ["the first when none is the default", [{ id: "B" }, { id: "a" }], "b", ["b", "a"]],
    ["the default one", [{ id: "b" }, { id: "a", default: true }, { id: "c", default: true }], "a", ["b", "a", "c"]],
  ])("are %s", async (_what, list, defaultAgent, ids) => {
    const snapshot = await snapshotOf(agents({ model: "a/x" }, list));
    expect(snapshot.defaultAgent).toBe(defaultAgent);
    expect([...snapshot.agents.keys()]).toEqual(ids);
  });

  it("with one id are an error", async () => {
    const { complaints } = await compileTree(agents({ model: "a/x" }, [{ id: "a b" }, { id: "A-B" }]));
    expect(said(complaints)).toEqual(["error duplicate agents.list[1].id"]);
  });

  it("have the common image chain, a name and a deadline", async () => {
    const defaults = { model: "a/x", imageModel: { primary: "b/y", fallbacks: ["a/shared"] }, timeoutSeconds: 30 };
    const agent = (await snapshotOf(agents(defaults, [{ id: "a", name: "Ann" }]))).agents.get("a");
    expect(agent).toMatchObject({ name: "Ann", deadlineMs: 30_000 });
    expect(agent?.imageChain.map(({ id }) => id)).toEqual(["b/y", "a/shared"]);
  });

  it.each<[sentence: string, common: unknown, own: unknown, chain: number | null]>([
    ["none is written", "a/x", undefined, null],
    ["the common choice has one", { primary: "a/x", timeoutMs: 900 }, undefined, 900],
    ["the agent's own choice has another", { primary: "a/x", timeoutMs: 900 }, { primary: "b/y", timeoutMs: 300 }, 300],
    ["the agent's own choice has none of its own", { primary: "a/x", timeoutMs: 900 }, { primary: "b/y" }, 900],
    ["the agent's own choice is a name", { primary: "a/x", timeoutMs: 900 }, "b/y", 900],
    ["the agent says nothing else", { primary: "a/x", fallbacks: ["b/y"] }, { timeoutMs: 300 }, 300],
  ])("bound attempts by timeoutMs of their choice: %s", async (_sentence, common, own, chain) => {
    const list = [{ id: "a", ...(own === undefined ? {} : { model: own }) }];
    const tree = agents({ model: common, imageModel: { primary: "b/y", timeoutMs: 50 } }, list);
    const agent = (await snapshotOf(tree)).agents.get("a");
    expect(agent?.attemptMsMax).toEqual({ chain, image: 50 });
  });

  it("wait no longer than edge.timeouts.deadlineSeconds", async () => {
    const snapshot = await snapshotOf({ ...agents({ model: "a/x" }), edge: { timeouts: { deadlineSeconds: 60 } } });
    expect(snapshot.agents.get("main")?.deadlineMs).toBe(60_000);
  });

  it.each<[string, object, object | undefined, string[] | null]>([
    ["anything without a model list", {}, undefined, null],
    ["the list, the primary and the fallbacks", { models: { "b/shared": {} } }, undefined, ["a/x", "b/shared", "b/y"]],
    [
      "its own chain besides the list",
      { models: { "b/shared": {} } },
      { id: "z", model: "a/Other" },
      ["a/other", "b/shared"],
    ],
  ])("allow %s", async (_what, defaults, agent, expected) => {
    const tree = agents(
      { model: { primary: "a/x", fallbacks: ["b/y"] }, ...defaults },
      agent === undefined ? [] : [agent],
    );
    const [compiled] = (await snapshotOf(tree)).agents.values();
    expect(compiled?.allowed === null ? null : [...(compiled?.allowed ?? [])].toSorted()).toEqual(expected);
  });
});

describe("the model list", () => {
  it("gives aliases as written and for look-up", async () => {
    const snapshot = await snapshotOf(agents({ model: "a/x", models: { "a/x": { alias: "GPT-4o" }, "b/y": {} } }));
    expect([...snapshot.aliasNames.keys()]).toEqual(["GPT-4o"]);
    expect(snapshot.aliases.get("gpt-4o")?.id).toBe("a/x");
  });

  it("warns of what it does not understand", async () => {
    const { complaints } = await compileTree(
      agents({ model: "a/x", models: { "a/x": { alias: "n" }, "b/y": { alias: "N" }, "nosuch/z": {} } }),
    );
    expect(said(complaints)).toEqual([
      'warning duplicate agents.defaults.models["b/y"].alias',
      'warning unknown_model agents.defaults.models["nosuch/z"]',
    ]);
  });

  it("may name all models of a provider, without words of its own for them", async () => {
    const models = { "a/*": {}, "b/*": { params: { temperature: 0 } } };
    const { snapshot, complaints } = await compileTree(agents({ model: "a/x", models }));
    expect(said(complaints)).toEqual(['warning model_name agents.defaults.models["b/*"]']);
    expect([...(snapshot?.targets.keys() ?? [])]).not.toContain("a/*");
  });

  it("makes bare ids names, unless two providers have them", async () => {
    const { bareIds } = await snapshotOf(agents({ model: "a/x", models: { "openai/gpt-9": {} } }));
    expect(bareIds.get("y")?.id).toBe("b/y");
    expect(bareIds.get("gpt-9")?.id).toBe("openai/gpt-9");
    expect(bareIds.get("shared")).toBeNull();
    expect(bareIds.has("unheard")).toBe(false);
  });
});

const memory = (memorySearch: object, own?: object) =>
  agents({ model: "a/x", memorySearch }, own === undefined ? [] : [{ id: "z", memorySearch: own }]);

describe("embeddings", () => {
  it.each<[string, object, string | null]>([
    ["provider and model", { provider: "b", model: "embed" }, "b/embed"],
    ["the provider's usual model", { provider: "openai" }, "openai/text-embedding-3-small"],
    ["OpenAI when only a model is named", { model: "text-embedding-3-large" }, "openai/text-embedding-3-large"],
    [
      "OpenClaw's name for Google",
      { provider: "gemini", model: "gemini-embedding-001" },
      "google/gemini-embedding-001",
    ],
    ["Google's usual model", { provider: "gemini" }, "google/gemini-embedding-001"],
    ["LM Studio's usual model", { provider: "lmstudio" }, "lmstudio/text-embedding-nomic-embed-text-v1.5"],
    ["DeepInfra's usual model", { provider: "deepinfra" }, "deepinfra/BAAI/bge-m3"],
    ["the chain where OpenClaw would compute them itself", { provider: "local", model: "x.gguf" }, null],
    ["the chain where nothing is named", {}, null],
  ])("go to %s", async (_what, config, expected) => {
    const snapshot = await snapshotOf(memory(config), { env: { OPENAI_API_KEY: "k", GEMINI_API_KEY: "k" } });
    expect(snapshot.agents.get("main")?.embeddings?.id ?? null).toBe(expected);
  });

  it.each([{ provider: "bedrock" }, { provider: "github-copilot", model: "text-embedding-3-small" }])(
    "go to the chain, with a warning, where OpenClaw embeds by what a proxy does not speak: %o",
    async (config) => {
      const { snapshot, complaints } = await compileTree(memory(config));
      expect(snapshot?.agents.get("main")?.embeddings).toBeNull();
      expect(said(complaints)).toEqual(["warning unsupported_api agents.defaults.memorySearch"]);
    },
  );

  it("of an agent win over the common ones", async () => {
    const snapshot = await snapshotOf(memory({ provider: "b", model: "common" }, { provider: "b", model: "own" }));
    expect(snapshot.agents.get("z")?.embeddings?.id).toBe("b/own");
  });

  it("give what requests leave out: size and purpose, beside the params of the model", async () => {
    const written = { provider: "b", model: "embed", outputDimensionality: 256, inputType: "document" };
    const snapshot = await snapshotOf(memory(written));
    expect(snapshot.agents.get("main")?.embeddings?.fill).toEqual({ dimensions: 256, input_type: "document" });
    expect(snapshot.targets.get("b/embed")?.fill).toEqual({});
  });

  it("may go to a server of their own, whose key is redacted as well", async () => {
    const remote = { baseUrl: "https://e.example/v1", apiKey: "canary-remote-key", headers: { "x-a": "1" } };
    const snapshot = await snapshotOf(memory({ provider: "openai", model: "e", remote }));
    const target = snapshot.agents.get("main")?.embeddings;
    expect(target).toMatchObject({
      id: "openai:memory/e",
      transport: { origin: "https://e.example" },
      unavailable: null,
    });
    expect(target?.endpoints["openai-embeddings"]).toBe("/v1/embeddings");
    expect(target?.credentials[0]?.headers.reveal()).toContain("Bearer canary-remote-key");
    expect(snapshot.secrets.reveal()).toContain("canary-remote-key");
    expect(snapshot.providers.has("openai:memory")).toBe(false);
  });

  it.each<[string, object, string]>([
    ["no model can be guessed", { provider: "groq" }, "agents.defaults.memorySearch"],
    ["there is no such provider", { provider: "nosuch", model: "e" }, "agents.defaults.memorySearch.provider"],
    [
      "the address is refused",
      { model: "e", remote: { baseUrl: "http://10.0.0.1/v1", apiKey: "k" } },
      "agents.defaults.memorySearch.remote.baseUrl",
    ],
    [
      "the key is missing",
      {
        model: "e",
        remote: { baseUrl: "https://e.example", apiKey: { source: "env", provider: "default", id: "NO" } },
      },
      "agents.defaults.memorySearch.remote.apiKey",
    ],
  ])("are an error when %s", async (_what, config, path) => {
    const { snapshot, complaints } = await compileTree(memory(config));
    expect(snapshot).toBeNull();
    expect(complaints.map((complaint) => complaint.path)).toContain(path);
  });
});

describe("a provider that lists no models", () => {
  it("makes targets for any model id", async () => {
    const provider = (
      await snapshotOf(withProvider({ models: [], apiKey: "k" }, { agents: { defaults: { model: "p/first" } } }))
    ).providers.get("p");
    expect(provider).toMatchObject({ lists: false, builtIn: false, baseUrl: "https://p.example/v1" });
    expect(provider?.unlisted("Any/Model")).toMatchObject({ id: "p/Any/Model", model: "Any/Model", unavailable: null });
    expect(provider?.targets.map(({ id }) => id)).toEqual(["p/first"]);
  });

  it.each([
    ["auto", "openrouter/auto"],
    ["toString", "toString"],
    ["constructor", "constructor"],
    ["__proto__", "__proto__"],
  ])("sends %s as %s where the built-in table spells some ids in its own way", async (id, wire) => {
    const openrouter = { apiKey: "k", models: [] };
    const { providers } = await snapshotOf({ models: { providers: { openrouter } } });
    expect(providers.get("openrouter")?.unlisted(id)).toMatchObject({ id: `openrouter/${id}`, model: wire });
  });
});
