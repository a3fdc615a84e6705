// `thinkingDefault` on the wire: what every provider is told when the client says nothing of thinking, and that the client's own word wins.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Behaviour } from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

let provider: Provider;
let edge: Edge;

const ANSWERS: Readonly<Record<string, object>> = {
  claude: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [{ type: "text", text: "hi" }],
    stop_reason: "end_turn",
    usage: { input_tokens: 7, output_tokens: 5 },
  },
  gemini: {
    candidates: [{ content: { role: "model", parts: [{ text: "hi" }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 5, totalTokenCount: 12 },
  },
  ollama: {
    model: "qwen3",
    created_at: "2026-01-02T03:04:05Z",
    message: { role: "assistant", content: "hi" },
    done: true,
    done_reason: "stop",
    prompt_eval_count: 7,
    eval_count: 5,
  },
};
const answers = (kind: string): Behaviour => {
  const text = JSON.stringify(ANSWERS[kind]);
  return () => [head(200, [["content-type", "application/json"]]), write(text)];
};

/** Providers: what they speak, and the model that is asked. */
const PROVIDERS = {
  adaptive: { kind: "claude", api: "anthropic-messages", base: "", model: { id: "claude-opus-4-7" } },
  budget: { kind: "claude", api: "anthropic-messages", base: "", model: { id: "claude-sonnet-4-5" } },
  levels: { kind: "gemini", api: "google-generative-ai", base: "/v1beta", model: { id: "gemini-3.1-pro-preview" } },
  tokens: { kind: "gemini", api: "google-generative-ai", base: "/v1beta", model: { id: "gemini-2.5-flash" } },
  local: { kind: "ollama", api: "ollama", base: "", model: { id: "qwen3", reasoning: true } },
  plain: { kind: "ollama", api: "ollama", base: "", model: { id: "llama3" } },
} as const;
type Name = keyof typeof PROVIDERS;
const NAMES = Object.keys(PROVIDERS) as Name[];

beforeAll(async () => {
  provider = await startProvider();
  const entry = (name: Name) => {
    const { api, base, model } = PROVIDERS[name];
    return [name, { api, baseUrl: provider.origin + base, apiKey: "sk-upstream", models: [model] }] as const;
  };
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers: Object.fromEntries(NAMES.map(entry)) },
      agents: {
        defaults: { thinkingDefault: "high" },
        list: NAMES.map((name) => ({ id: name, model: `${name}/${PROVIDERS[name].model.id}` })),
      },
      edge: { providers: { local: { dialects: ["ollama"] }, plain: { dialects: ["ollama"] } } },
    },
  });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});
beforeEach(() => {
  provider.requests.length = 0;
});

const messages = [{ role: "user", content: "hi" }];
/** What reached the provider, and what the client hears of it. */
async function sent(
  name: Name,
  path: string,
  body: object,
): Promise<readonly [Readonly<Record<string, unknown>> | undefined, string | null]> {
  provider.on("next", answers(PROVIDERS[name].kind));
  const response = await edge.post(path, { model: `openclaw/${name}`, messages, ...body });
  expect(response.status).toBe(200);
  return [provider.requests[0]?.json(), response.headers.get("x-openclaw-adjusted")];
}

const HIGH: Readonly<Record<Name, object>> = {
  adaptive: { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
  budget: { thinking: { type: "enabled", budget_tokens: 16_384 } },
  levels: { generationConfig: { thinkingConfig: { thinkingLevel: "HIGH", includeThoughts: true } } },
  tokens: { generationConfig: { thinkingConfig: { thinkingBudget: 24_576, includeThoughts: true } } },
  local: { think: "high" },
  plain: {},
};

describe("a request that says nothing of thinking", () => {
  it.each(NAMES)("gets the file's level: %s", async (name) => {
    const [body, adjusted] = await sent(name, "/v1/chat/completions", {});
    expect(body).toMatchObject(HIGH[name]);
    expect(adjusted).toBeNull();
    if (name === "plain") expect(body).not.toHaveProperty("think");
  });

  it.each(["adaptive", "budget"] as const)("gets it in the provider's own format as well: %s", async (name) => {
    const [body, adjusted] = await sent(name, "/v1/messages", { max_tokens: 2000 });
    expect(body).toMatchObject(HIGH[name]);
    expect(body?.["max_tokens"]).toBe(name === "budget" ? 18_384 : 2000);
    expect(adjusted).toBe(name === "budget" ? "max_tokens" : null);
  });
});

describe("a request that says how much", () => {
  it.each<[Name, object]>([
    ["adaptive", { thinking: { type: "disabled" } }],
    ["budget", { thinking: { type: "disabled" } }],
    ["tokens", { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } }],
    ["local", { think: false }],
  ])("has its way: %s", async (name, expected) => {
    const [body] = await sent(name, "/v1/chat/completions", { reasoning_effort: "none" });
    expect(body).toMatchObject(expected);
  });

  it("or that says what cannot stand beside thinking", async () => {
    const [body, adjusted] = await sent("budget", "/v1/chat/completions", { temperature: 0.2 });
    expect(body).toMatchObject({ temperature: 0.2 });
    expect(body).not.toHaveProperty("thinking");
    expect(adjusted).toBeNull();
  });
});
