// `contextTokens` of one agent: lowers the usable context of every model for that agent, and for no other (OpenClaw §9).
import { describe, expect, it } from "vitest";
import { compileTree, said } from "./compile-rig.ts";

const tree = (agent: object, defaults: object = {}): unknown => ({
  models: {
    providers: {
      p: {
        baseUrl: "https://p.example/v1",
        apiKey: "k",
        models: [{ id: "large", contextWindow: 32_000 }, { id: "other", contextWindow: 16_000 }, { id: "unknown" }],
      },
    },
  },
  agents: {
    defaults: { model: { primary: "p/large", fallbacks: ["p/other"] }, ...defaults },
    list: [{ id: "a", ...agent }, { id: "b" }],
  },
});

describe("an agent's own cap", () => {
  it.each<[sentence: string, agent: object, defaults: object, tooSmall: string[], complaints: string[]]>([
    ["that is large says nothing", { contextTokens: 12_000 }, {}, [], []],
    [
      "that is low is a warning at the agent's key, once for each model",
      { contextTokens: 5_000 },
      {},
      [],
      [
        "warning low_context_window agents.list[0].contextTokens",
        "warning low_context_window agents.list[0].contextTokens",
      ],
    ],
    [
      "below the floor passes the models over for this agent, which then has none",
      { contextTokens: 2_000 },
      {},
      ["p/large", "p/other"],
      [
        "warning context_window_too_small agents.list[0].contextTokens",
        "warning context_window_too_small agents.list[0].contextTokens",
        "error agent_unusable agents.list[0]",
      ],
    ],
    [
      "leaves a model alone whose context nobody states",
      { contextTokens: 2_000, model: { primary: "p/large", fallbacks: ["p/unknown"] } },
      {},
      ["p/large"],
      ["warning context_window_too_small agents.list[0].contextTokens"],
    ],
    ["above the one over all agents changes nothing", { contextTokens: 12_000 }, { contextTokens: 9_000 }, [], []],
  ])("%s", async (_sentence, agent, defaults, tooSmall, expected) => {
    const { snapshot, complaints } = await compileTree(tree(agent, defaults));
    expect(said(complaints)).toEqual(expected);
    expect([...(snapshot?.agents.get("a")?.tooSmall ?? [])]).toEqual(tooSmall);
    expect(snapshot?.agents.get("b")?.tooSmall.size).toBe(0);
  });

  it("is named by the words that say what to raise", async () => {
    const { complaints } = await compileTree(tree({ contextTokens: 2_000 }));
    expect(complaints[0]?.message).toContain("raise agents.list[0].contextTokens or choose a larger model");
  });
});
