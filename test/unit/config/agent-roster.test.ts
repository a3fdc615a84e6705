import { describe, expect, it } from "vitest";
import { parseConfigTree } from "../../../src/config/read-file.ts";
import { compileTree, said, snapshotOf } from "./compile-rig.ts";

const providers = {
  a: { baseUrl: "https://a.example/v1", apiKey: "k", models: [{ id: "x" }, { id: "z" }] },
  b: { baseUrl: "https://b.example/v1", apiKey: "k", models: [{ id: "y" }, { id: "deep/er" }] },
};
const MIGRATED = { migrations: { modelPolicyAllowlist: true } };
const file = (agents: object, more: object = {}) => ({ models: { providers }, agents, ...more });
const common = { defaults: { model: "a/x" } };

/** `defaults` of a row, which most leave out. */
function defaultsIn(agents: { readonly defaults?: object }): object {
  return agents.defaults ?? {};
}

/** Codes and paths of what keeps a tree from being a config. */
function refused(tree: unknown): string[] {
  const result = parseConfigTree(tree);
  return result.ok ? [] : result.complaints.map(({ code, path, message }) => `${code} ${path} ${message}`);
}

describe("the agent of requests that name none", () => {
  const two = { kim: {}, lee: {} };
  it.each<[sentence: string, agents: object, agent: string | null, complaints: string[]]>([
    ["is main where none is written", {}, "main", []],
    ["is main where the map is empty", { entries: {} }, "main", []],
    ["is the only one", { entries: { Kim: {} } }, "kim", []],
    ["is the marked one", { entries: { kim: {}, lee: { default: true } } }, "lee", []],
    ["is the designated one", { entries: two, defaults: { systemAgent: { agentId: "Lee" } } }, "lee", []],
    [
      "is the designated one where ownership is explicit",
      { ownership: "explicit", entries: two, defaults: { systemAgent: { agentId: "lee" } } },
      "lee",
      [],
    ],
    ["is nobody where several could be meant", { entries: two }, null, ["warning no_default_agent agents"]],
    [
      "is nobody where a marker no longer counts",
      { ownership: "explicit", entries: { kim: {}, lee: { default: true } } },
      null,
      ["warning no_default_agent agents"],
    ],
    [
      "is nobody where the designated one does not exist",
      { entries: two, defaults: { systemAgent: { agentId: "ley" } } },
      null,
      ["warning unknown_agent agents.defaults.systemAgent.agentId", "warning no_default_agent agents"],
    ],
    ["is the first of a list", { list: [{ id: "kim" }, { id: "lee" }] }, "kim", []],
    [
      "is nobody in a list whose ownership is explicit",
      { ownership: "explicit", list: [{ id: "kim" }, { id: "lee" }] },
      null,
      ["warning no_default_agent agents"],
    ],
  ])("%s", async (_sentence, agents, agent, complaints) => {
    const tree = file({
      ...agents,
      defaults: { ...common.defaults, ...defaultsIn(agents) },
    });
    const { snapshot, complaints: heard } = await compileTree(tree);
    expect(snapshot?.defaultAgent).toBe(agent);
    expect(said(heard)).toEqual(complaints);
  });

  it("cannot be two", async () => {
    const { complaints } = await compileTree(
      file({ ...common, entries: { kim: { default: true }, lee: { default: true } } }),
    );
    expect(said(complaints)).toEqual(["error duplicate agents.entries.lee.default"]);
  });
});

describe("agents by id", () => {
  it("are what the same agents of a list are", async () => {
    const kim = { name: "Kim", model: { primary: "b/y", fallbacks: ["a/x"] }, params: { temperature: 0.5 } };
    const byId = await snapshotOf(file({ ...common, entries: { Kim: kim, lee: { thinkingDefault: "low" } } }));
    const listed = await snapshotOf(
      file({
        ...common,
        list: [
          { id: "Kim", ...kim },
          { id: "lee", thinkingDefault: "low" },
        ],
      }),
    );
    const facts = ({ agents }: typeof byId) =>
      [...agents.values()].map(({ id, name, chain, fill }) => ({
        id,
        name,
        fill,
        chain: chain.map((each) => each.id),
      }));
    expect(facts(byId)).toEqual(facts(listed));
    expect(facts(byId).map(({ id }) => id)).toEqual(["kim", "lee"]);
  });

  it.each<[sentence: string, agents: object, complaint: string]>([
    [
      "are not written beside a list",
      { entries: { kim: {} }, list: [{ id: "lee" }] },
      "wrong_value agents.list stands beside agents.entries: agents are written in one of the two ways",
    ],
    [
      "have ids as OpenClaw takes them",
      { entries: { "kim lee": {} } },
      'unknown_key agents.entries["kim lee"] as a name must be an agent\'s id: up to 64 letters, digits, `_` and `-`',
    ],
    [
      "know their keys",
      { entries: { kim: { modle: "a/x" } } },
      "unknown_key agents.entries.kim.modle is not a key of the config",
    ],
    [
      "bear no id beside their key",
      { entries: { kim: { id: "kim" } } },
      "unknown_key agents.entries.kim.id is not a key of the config",
    ],
  ])("%s", (_sentence, agents, complaint) => {
    expect(refused(file(agents))).toEqual([complaint]);
  });

  it("are complained of at their own place", async () => {
    const { complaints } = await compileTree(
      file({ ...common, entries: { kim: { model: "nosuch/y" }, KIM: {}, lee: {} }, ownership: "explicit" }),
    );
    expect(said(complaints)).toEqual([
      "error unknown_model agents.entries.kim.model",
      "error agent_unusable agents.entries.kim",
      "error duplicate agents.entries.KIM",
      "warning no_default_agent agents",
    ]);
  });

  it("are told of parameters that nobody obeys", async () => {
    const entries = { kim: { params: { fastMode: 1 }, models: { "a/x": { params: { preload: 1, temperature: 1 } } } } };
    const result = parseConfigTree(file({ entries }));
    expect(result.ok && result.warnings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "not_implemented agents.entries.kim.params.fastMode",
      'not_implemented agents.entries.kim.models["a/x"].params.preload',
    ]);
  });

  it("give parameters to single models, over those that all give and under those of the agent", async () => {
    const models = { "a/x": { params: { temperature: 0.1, seed: 1 } }, "b/y": { alias: "why", params: { topP: 0.5 } } };
    const tree = file({ ...common, entries: { kim: { models, params: { seed: 7 } } } });
    const { agents, aliases } = await snapshotOf(tree);
    expect(Object.fromEntries(agents.get("kim")?.fillByTarget ?? [])).toEqual({
      "a/x": { temperature: 0.1, seed: 7 },
      "b/y": { top_p: 0.5, seed: 7 },
    });
    expect(aliases.get("why")?.id).toBe("b/y");
  });
});

describe("what requests may select", () => {
  const models = { "a/x": { alias: "ex" }, "b/*": {} };
  it.each<[sentence: string, defaults: object, agent: object, meta: object, allowed: string[] | null]>([
    ["is the model list, and the chain, in a file that says nothing else", { models }, {}, {}, ["a/x", "b/*"]],
    ["is anything in a file that OpenClaw has migrated", { models }, {}, MIGRATED, null],
    ["is what the policy allows", { models, modelPolicy: { allow: ["b/deep/*", "EX"] } }, {}, {}, ["a/x", "b/deep/*"]],
    ["is without the chain, where a policy says it", { modelPolicy: { allow: ["b/y"] } }, {}, {}, ["b/y"]],
    ["is anything where the policy is empty", { models, modelPolicy: { allow: [] } }, {}, {}, null],
    ["is anything where the policy says nothing", { models, modelPolicy: {} }, {}, {}, null],
    [
      "is the agent's own policy",
      { modelPolicy: { allow: ["b/y"] } },
      { modelPolicy: { allow: ["a/z"] } },
      {},
      ["a/z"],
    ],
    [
      "is anything where the agent's own policy is empty",
      { modelPolicy: { allow: ["b/y"] } },
      { modelPolicy: { allow: [] } },
      {},
      null,
    ],
    [
      "is the common policy where the agent's says nothing",
      { modelPolicy: { allow: ["b/y"] } },
      { modelPolicy: {} },
      {},
      ["b/y"],
    ],
  ])("%s", async (_sentence, defaults, agent, meta, allowed) => {
    const tree = file({ defaults: { model: "a/x", ...defaults }, entries: { kim: agent } }, { meta });
    const [kim] = (await snapshotOf(tree)).agents.values();
    expect(kim?.allowed === null ? null : [...(kim?.allowed ?? [])].toSorted()).toEqual(allowed);
  });

  it.each(["*", "a/x*", "a*/*", "a/*/x"])(
    "warns of %s, which is no wildcard, and allows nothing by it",
    async (word) => {
      const models = { [word]: {} };
      const entries = { kim: { default: true, modelPolicy: { allow: [word] } }, lee: {} };
      const tree = file({ defaults: { model: "a/x", models }, entries });
      const { snapshot, complaints } = await compileTree(tree);
      expect(said(complaints).toSorted()).toEqual([
        `warning unknown_model agents.defaults.models["${word}"]`,
        "warning unknown_model agents.entries.kim.modelPolicy.allow[0]",
      ]);
      expect([...(snapshot?.agents.values() ?? [])].map(({ allowed }) => allowed)).toEqual([
        new Set(),
        new Set(["a/x"]),
      ]);
      expect([...(snapshot?.targets.keys() ?? [])].filter((id) => id.includes("*"))).toEqual([]);
    },
  );

  it("warns of a wildcard whose provider there is not", async () => {
    const defaults = { model: "a/x", models: { "nosuch/*": {} }, modelPolicy: { allow: ["nosuch/deep/*", "B / *"] } };
    const { snapshot, complaints } = await compileTree(file({ defaults }));
    expect(said(complaints)).toEqual([
      'warning unknown_model agents.defaults.models["nosuch/*"]',
      "warning unknown_model agents.defaults.modelPolicy.allow[0]",
    ]);
    expect(snapshot?.agents.get("main")?.allowed).toEqual(new Set(["nosuch/deep/*", "b/*"]));
  });

  it("warns of a policy that names nothing, and allows nothing by it", async () => {
    const tree = file({ defaults: { model: "a/x", modelPolicy: { allow: ["nosuch/y"] } } });
    const { snapshot, complaints } = await compileTree(tree);
    expect(said(complaints)).toEqual(["warning unknown_model agents.defaults.modelPolicy.allow[0]"]);
    expect(snapshot?.agents.get("main")?.allowed).toEqual(new Set());
  });
});

describe("where embeddings go", () => {
  it("may need a secret that lies elsewhere, and must have it", async () => {
    const apiKey = { source: "env", provider: "default", id: "EMBED_KEY" };
    const tree = (key: unknown) =>
      file(common, { memory: { search: { model: "e", remote: { baseUrl: "http://127.0.0.1:9/v1", apiKey: key } } } });
    const { snapshot } = await compileTree(tree(apiKey), { env: { EMBED_KEY: "embed-key-1234" } });
    expect(snapshot?.secrets.reveal()).toContain("embed-key-1234");
    expect(said((await compileTree(tree(apiKey))).complaints)).toEqual([
      "error missing_secret memory.search.remote.apiKey",
    ]);
    expect(said((await compileTree(tree("${EMBED_KEY}"))).complaints)).toEqual([
      "error missing_variable memory.search.remote.apiKey",
    ]);
  });

  const remote = { baseUrl: "http://127.0.0.1:9999/v1", apiKey: "key-of-embeddings" };
  it.each<
    [sentence: string, agents: object, memory: object, target: string | undefined, dimensions: number | undefined]
  >([
    ["is memory.search", { entries: { kim: {} } }, { search: { provider: "b", model: "y" } }, "b/y", undefined],
    [
      "is memory.search of the agent",
      { entries: { kim: { memory: { search: { provider: "a", model: "z" } } } } },
      { search: { provider: "b", model: "y" } },
      "a/z",
      undefined,
    ],
    [
      "is the common one where the agent says something else",
      { entries: { kim: { memory: { search: { outputDimensionality: 8 } } } } },
      { search: { provider: "b", model: "y", outputDimensionality: 4 } },
      "b/y",
      8,
    ],
    [
      "is the common one where an agent of a list says something else",
      {
        defaults: { memorySearch: { provider: "b", model: "y" } },
        list: [{ id: "kim", memorySearch: { sources: [] } }],
      },
      {},
      "b/y",
      undefined,
    ],
    [
      "is a server of its own",
      { entries: { kim: { memory: { search: { model: "e" } } } } },
      { search: { provider: "openai", remote } },
      "openai:memory/e",
      undefined,
    ],
  ])("%s", async (_sentence, agents, memory, target, dimensions) => {
    const defaults = { model: "a/x", ...defaultsIn(agents) };
    const { agents: compiled } = await snapshotOf(file({ ...agents, defaults }, { memory }));
    expect(compiled.get("kim")?.embeddings?.id).toBe(target);
    expect(compiled.get("kim")?.embeddings?.fill["dimensions"]).toBe(dimensions);
  });
});
