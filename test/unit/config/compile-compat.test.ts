// Flags, route and params of a target: what is written and nothing else, the nearest last.
import { describe, expect, it } from "vitest";
import { OBEYED_PARAMS, fillOf } from "../../../src/config/fill.ts";
import type { Compat, RouteClass } from "../../../src/core/snapshot.ts";
import { snapshotOf, withProvider } from "./compile-rig.ts";

const only = async (tree: unknown) => [...(await snapshotOf(tree)).targets.values()][0];
const target = async (provider: object, rest: Record<string, unknown> = {}) =>
  only(withProvider({ apiKey: "k", ...provider }, rest));
const builtIn = async (id: string, provider: object = {}) =>
  only({ models: { providers: { [id]: { apiKey: "k", models: [{ id: "m" }], ...provider } } } });

describe("flags", () => {
  it.each<[string, object, Compat]>([
    ["none where none is written", {}, {}],
    [
      "the model's",
      { models: [{ id: "m", compat: { supportsStore: false, reasoningEffortMap: { low: "1" } } }] },
      { supportsStore: false, reasoningEffortMap: { low: "1" } },
    ],
    [
      "the words of a level map, which win; a level that the model lacks has the next higher one's, the greatest a lower one's",
      {
        models: [
          {
            id: "m",
            compat: { reasoningEffortMap: { low: "1", high: "9" } },
            thinkingLevelMap: { off: null, minimal: null, low: "l", medium: null, high: "h", max: null },
          },
        ],
      },
      { reasoningEffortMap: { off: "l", none: "l", minimal: "l", low: "l", medium: "h", high: "h", max: "h" } },
    ],
    [
      "no temperature",
      { models: [{ id: "m", compat: { supportsTemperature: false } }] },
      { supportsTemperature: false, dropFields: ["temperature"] },
    ],
    ["the provider's", { injectNumCtxForOpenAICompat: true }, { injectNumCtxForOpenAICompat: true }],
  ])("are %s", async (_what, provider, compat) => {
    expect((await target(provider))?.compat).toEqual(compat);
  });

  it("of a built-in row hold unless the file says otherwise", async () => {
    const plain = await builtIn("mistral");
    expect(plain?.compat).toMatchObject({ maxTokensField: "max_tokens", requiresMistralToolIds: true });
    const own = await builtIn("mistral", { models: [{ id: "m", compat: { requiresMistralToolIds: false } }] });
    expect(own?.compat).toMatchObject({ maxTokensField: "max_tokens", requiresMistralToolIds: false });
  });
});

describe("the route is", () => {
  it.each<[RouteClass, string]>([
    ["native", "https://api.openai.com/v1"],
    ["native", "https://me.openai.azure.com/openai/v1"],
    ["proxy-like", "https://api.openai.com.example/v1"],
    ["proxy-like", "https://api.groq.com/openai/v1"],
    ["local", "http://127.0.0.1:8000/v1"],
    ["local", "http://llm/v1"],
  ])("%s to %s", async (route, baseUrl) => {
    expect((await target({ baseUrl }))?.route).toBe(route);
  });

  it("native to the mock, which never leaves the process", async () => {
    const { targets } = await snapshotOf({ models: { providers: { mock: { api: "mock" } } } });
    expect(targets.get("mock/echo")?.route).toBe("native");
  });
});

describe("params", () => {
  it("ask for streamed tools where the file says that the model wants it", async () => {
    const compat = { zaiToolStream: true };
    expect((await target({ models: [{ id: "m", compat }] }))?.fill).toEqual({ tool_stream: true });
    const own = await target({ models: [{ id: "m", compat, params: { tool_stream: false } }] });
    expect(own?.fill).toEqual({ tool_stream: false });
  });

  const models = [{ id: "m", params: { temperature: 2, top_p: 2, seed: 2, stop: "2", user: "2" } }];
  const common = (params: object, ref = "p/m") => ({
    agents: {
      defaults: { params: { top_p: 3, seed: 3, stop: "3" }, models: { [ref]: { params: { seed: 4, stop: "4" } } } },
      list: [{ id: "a", model: "p/m", params }],
    },
  });

  it.each(["p/m", "P/M", "p/m"])("come nearest last, by whatever case the model list names it: %s", async (ref) => {
    const provider = { params: { temperature: 1, metadata: { a: 1 } }, models };
    expect((await target(provider, common({}, ref)))?.fill).toEqual({
      temperature: 2,
      metadata: { a: 1 },
      user: "2",
      top_p: 3,
      seed: 4,
      stop: "4",
    });
  });

  it("of an agent stay its own, with the level that all agents share", async () => {
    const rest = common({ stop: "5", maxTokens: 9 });
    const agents = { ...rest.agents, defaults: { ...rest.agents.defaults, thinkingDefault: "low" } };
    const snapshot = await snapshotOf(withProvider({ apiKey: "k", models }, { agents }));
    expect(snapshot.agents.get("a")?.fill).toEqual({ stop: "5", maxTokens: 9, thinkingDefault: "low" });
    expect(snapshot.targets.get("p/m")?.fill).toMatchObject({ stop: "4" });
  });

  it("of a mock are its behaviour and go no further", async () => {
    const providers = { mock: { api: "mock", params: { seed: 1 } } };
    const { targets } = await snapshotOf({ models: { providers } });
    expect(targets.get("mock/echo")).toMatchObject({ fill: {}, params: { seed: 1 } });
  });

  it.each([
    ["maxTokens", "max_completion_tokens"],
    ["parallel_tool_calls", "parallelToolCalls"],
    ["chat_template_kwargs", "chatTemplateKwargs"],
    ["extra_body", "extraBody"],
    ["service_tier", "serviceTier"],
    ["verbosity", "textVerbosity"],
    ["qwenThinkingFormat", "qwen_thinking_format"],
  ])("%s may be written %s, and the last spelling wins", (name, spelling) => {
    expect(fillOf({ [name]: 1 }, { [spelling]: 2 })).toEqual({ [name]: 2 });
    expect(OBEYED_PARAMS.has(spelling)).toBe(true);
  });

  it("that no wire format has are left behind", () => {
    expect(fillOf({ preload: false, fastMode: true, constructor: 1 }, undefined)).toEqual({});
  });
});
