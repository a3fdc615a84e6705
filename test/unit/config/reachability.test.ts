import { describe, expect, it } from "vitest";
import { compileTree, said, snapshotOf } from "./compile-rig.ts";

const used = { baseUrl: "https://used.example/v1", apiKey: "k", models: [{ id: "a" }] };
const REF = { source: "env", provider: "default", id: "NOT_SET" };
const other = (apiKey: unknown) => ({ baseUrl: "https://other.example/v1", apiKey, models: [{ id: "b" }] });

const tree = (apiKey: unknown, defaults: object = {}) => ({
  models: { providers: { used, other: other(apiKey) } },
  agents: { defaults: { model: "used/a", ...defaults } },
});

describe("a written key that is missing", () => {
  it.each<[string, unknown, string]>([
    [
      "an error where there is no model list, since anything may be named",
      tree(REF),
      "error missing_secret models.providers.other.apiKey",
    ],
    [
      "a warning where the model list leaves the provider out",
      tree(REF, { models: { "used/a": {} } }),
      "warning missing_secret models.providers.other.apiKey",
    ],
    [
      "an error where the model list names the provider",
      tree(REF, { models: { "other/b": {} } }),
      "error missing_secret models.providers.other.apiKey",
    ],
    [
      "an error where a fallback names the provider",
      tree(REF, { model: { primary: "used/a", fallbacks: ["other/b"] }, models: { "used/a": {} } }),
      "error missing_secret models.providers.other.apiKey",
    ],
    [
      "an error where imageModel names the provider",
      tree(REF, { imageModel: "other/b", models: { "used/a": {} } }),
      "error missing_secret models.providers.other.apiKey",
    ],
    [
      "an error where memorySearch names the provider",
      tree(REF, { memorySearch: { provider: "other", model: "e" }, models: { "used/a": {} } }),
      "error missing_secret models.providers.other.apiKey",
    ],
    ["an error for a variable, too", tree("${NOT_SET}"), "error missing_variable models.providers.other.apiKey"],
    [
      "a warning for a variable that no request needs",
      tree("${NOT_SET}", { models: { "used/a": {} } }),
      "warning missing_variable models.providers.other.apiKey",
    ],
    [
      "an error where it is a part of the address",
      { ...tree("k"), models: { providers: { used, other: { ...other("k"), baseUrl: "https://${NOT_SET}/v1" } } } },
      "error missing_variable models.providers.other.baseUrl",
    ],
    ["an error for a marker, too", tree("OPENAI_API_KEY"), "error missing_secret models.providers.other.apiKey"],
    ["an error in one place of a list", tree(["k", REF]), "error missing_secret models.providers.other.apiKey[1]"],
  ])("is %s", async (_what, config, expected) => {
    const { snapshot, complaints } = await compileTree(config);
    expect(said(complaints)).toContain(expected);
    expect(snapshot === null).toBe(expected.startsWith("error"));
  });

  it("is said once", async () => {
    const { complaints } = await compileTree(tree("${NOT_SET}"));
    expect(complaints.filter(({ path }) => path === "models.providers.other.apiKey")).toHaveLength(1);
  });

  it.each<[string, object]>([
    ["of the provider", { baseUrl: "${NOT_SET}" }],
    ["of the provider, in part", { baseUrl: "https://${NOT_SET}/v1" }],
    ["of a model", { models: [{ id: "b", baseUrl: "${NOT_SET}" }] }],
  ])("in an address %s is the one thing said of it, a warning where no request goes there", async (_what, changes) => {
    const { snapshot, complaints } = await compileTree({
      models: { providers: { used, other: { ...other("k"), ...changes } } },
      agents: { defaults: { model: "used/a", models: { "used/a": {} } } },
    });
    expect(snapshot).not.toBeNull();
    expect(complaints.map(({ severity, code }) => `${severity} ${code}`)).toEqual(["warning missing_variable"]);
  });

  it("is no news for a text that only looks like a variable", async () => {
    const snapshot = await snapshotOf(tree("$${LITERAL}"));
    expect(snapshot.targets.get("other/b")?.credentials[0]?.headers.reveal()).toContain("Bearer ${LITERAL}");
  });
});

describe("a built-in provider without its key", () => {
  const chain = {
    agents: { defaults: { model: { primary: "anthropic/claude-opus-4-7", fallbacks: ["used/a", "anthropic/x"] } } },
    models: { providers: { used } },
  };
  it("is one warning, at its first mention, and its candidates are unavailable", async () => {
    const { snapshot, complaints } = await compileTree(chain);
    expect(said(complaints)).toEqual(["warning missing_credential agents.defaults.model.primary"]);
    expect(complaints[0]?.message).toContain("ANTHROPIC_API_KEY");
    expect(snapshot?.agents.get("main")?.chain.map(({ unavailable }) => unavailable)).toEqual([
      "missing_credential",
      null,
      "missing_credential",
    ]);
  });

  it("is no news where nobody names it", async () => {
    expect((await compileTree({ models: { providers: { used } } })).complaints).toEqual([]);
  });

  it("that we do not speak is unavailable, whatever keys there are", async () => {
    const { snapshot, complaints } = await compileTree({
      ...chain,
      agents: { defaults: { model: { primary: "bedrock/claude", fallbacks: ["openai-codex/x", "used/a"] } } },
    });
    expect(snapshot?.agents.get("main")?.chain.map(({ unavailable }) => unavailable)).toEqual([
      "unsupported_api",
      "unsupported_api",
      null,
    ]);
    expect(said(complaints)).toEqual([
      "warning unsupported_api agents.defaults.model.primary",
      "warning unsupported_api agents.defaults.model.fallbacks[0]",
    ]);
  });

  it("that is a program which OpenClaw runs is passed over", async () => {
    const { snapshot, complaints } = await compileTree({
      models: { providers: { used } },
      agents: { defaults: { model: { primary: "used/a", fallbacks: ["codex-cli/gpt-5.5", "claude-cli/opus"] } } },
    });
    expect(snapshot?.agents.get("main")?.chain.map(({ unavailable }) => unavailable)).toEqual([
      null,
      "unsupported_api",
      "unsupported_api",
    ]);
    expect(complaints.map(({ severity, path, message }) => `${severity} ${path} ${message}`)).toEqual([
      expect.stringMatching(/^warning agents\.defaults\.model\.fallbacks\[1\] "claude-cli" is a program/),
      expect.stringMatching(/^warning agents\.defaults\.model\.fallbacks\[0\] "codex-cli" is a program/),
    ]);
  });

  it("leaves an agent unusable: an error that does not keep the gateway from starting", async () => {
    const { snapshot, complaints } = await compileTree({
      agents: {
        list: [
          { id: "a", model: "used/a" },
          { id: "b", model: "openai/x" },
        ],
      },
      models: { providers: { used } },
    });
    expect(said(complaints)).toContain("error agent_unusable agents.list[1]");
    expect(snapshot?.agents.get("b")?.chain).toHaveLength(1);
  });
});

describe("a provider of the file that can never answer", () => {
  const baseUrl = "https://other.example/v1";
  const keyless = { baseUrl, models: [{ id: "b" }] };
  const alien = { ...keyless, api: "github-copilot" };
  const mixed = { ...keyless, apiKey: "k", models: [{ id: "b", api: "github-copilot" }, { id: "c" }] };
  it.each<[string, object, object, string[]]>([
    ["is told of where no model list keeps requests from it", keyless, {}, ['no key for provider "other"']],
    ["is told of for its api, too", alien, {}, ['"other" speaks github-copilot']],
    ["is told of by the one model that has such an api", mixed, {}, ['"other/b" speaks github-copilot']],
    ["is no news where the model list leaves it out", alien, { models: { "used/a": {} } }, []],
  ])("%s", async (_what, provider, defaults, expected) => {
    const { snapshot, complaints } = await compileTree({
      models: { providers: { used, other: provider } },
      agents: { defaults: { model: "used/a", ...defaults } },
    });
    expect(snapshot).not.toBeNull();
    expect(complaints.map(({ message }) => message)).toEqual(expected.map((text) => expect.stringContaining(text)));
    for (const { severity, path } of complaints)
      expect([severity, path]).toEqual(["warning", "models.providers.other"]);
  });
});
