// A file of OpenClaw 2026.9 on a real gateway: whom each name reaches, what may be selected, what a reload changes.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const messages = [{ role: "user", content: "hi" }];
let provider: Provider;
let edge: Edge;

/** Agents `Home` (small, then large), `work` (large alone) and `open` (small, anything may be selected). */
function fleet(defaults: object): object {
  const models = ["small", "large", "third"].map((id) => ({ id, name: id }));
  return {
    models: { mode: "replace", providers: { p: { baseUrl: provider.url, apiKey: "sk-upstream-p-secret", models } } },
    agents: {
      ownership: "explicit",
      defaults: { model: { primary: "p/small", fallbacks: ["p/large"] }, models: { "p/small": {} }, ...defaults },
      entries: { Home: {}, work: { model: "p/large" }, open: { modelPolicy: { allow: [] } } },
    },
    memory: { search: { provider: "p", model: "third" } },
    meta: { migrations: { modelPolicyAllowlist: true } },
  };
}

beforeAll(async () => {
  provider = await startProvider();
  for (const id of ["small", "large", "third"]) provider.on(id, play.answer({ texts: [`I am ${id}`] }));
  edge = await startEdge({ config: fleet({ modelPolicy: { allow: ["p/small", "p/large"] } }) });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

/** Who answers, or the status and code. */
async function whoAnswers(model: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await edge.post("/v1/chat/completions", { model, messages }, { headers });
  const { error } = (await response.json()) as { error?: { code: string } };
  return error === undefined
    ? (response.headers.get("x-openclaw-served-by") ?? "")
    : `${response.status} ${error.code}`;
}

async function modelIds(): Promise<readonly string[]> {
  const { data } = (await (await edge.get("/v1/models")).json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

describe("a fleet without an agent for all", () => {
  it.each([
    ["openclaw", {}, "400 model_not_found"],
    ["openclaw/default", {}, "400 model_not_found"],
    ["openclaw/home", {}, "p/small"],
    ["openclaw/HOME", {}, "p/small"],
    ["agent:work", {}, "p/large"],
    ["openclaw", { "x-openclaw-agent-id": "work" }, "p/large"],
    ["openclaw/nobody", {}, "404 model_not_found"],
    ["openclaw/home", { "x-openclaw-model": "p/large" }, "p/large"],
    ["openclaw/home", { "x-openclaw-model": "p/third" }, "400 model_not_allowed"],
    ["openclaw/open", { "x-openclaw-model": "p/third" }, "p/third"],
  ])("'%s' with %j reaches %s", async (model, headers, expected) => {
    expect(await whoAnswers(model, headers)).toBe(expected);
  });

  it("lists what can be asked for, and has one after a reload that designates it", async () => {
    expect(await modelIds()).toEqual(["openclaw/home", "openclaw/work", "openclaw/open"]);
    edge.writeConfig(fleet({ systemAgent: { agentId: "work" } }));
    await edge.logged(({ msg }) => msg === "config reloaded", "the reload");
    expect(await whoAnswers("openclaw")).toBe("p/large");
    expect((await modelIds()).slice(0, 3)).toEqual(["openclaw", "openclaw/default", "openclaw/work"]);
  });
});
