// Providers that write an error into a stream without the stream's framing: before the first content the next one answers, after it the
// client hears which failure it was.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answer, type Behaviour } from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

let provider: Provider;
let edge: Edge;

const OVERLOADED = `{
  "error": {
    "code": 503,
    "message": "The model is overloaded. Please try again later.",
    "status": "UNAVAILABLE"
  }
}
`;
const streams = (type: string, ...texts: readonly string[]): Behaviour => {
  return () => [head(200, [["content-type", type]]), ...texts.map((text) => write(text))];
};
const SPEECHES = {
  gemini: {
    api: "google-generative-ai",
    base: "/v1beta",
    type: "text/event-stream",
    first: 'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße"}]},"index":0}]}\r\n\r\n',
    error: OVERLOADED,
  },
  chat: {
    api: "openai-completions",
    base: "/v1",
    type: "text/event-stream",
    first: 'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"Grüße"}}]}\n\n',
    error: OVERLOADED,
  },
  ollama: {
    api: "ollama",
    base: "",
    type: "application/x-ndjson",
    first:
      '{"model":"m","created_at":"2026-01-02T03:04:05Z","message":{"role":"assistant","content":"Grüße"},"done":false}\n',
    error: '{"error":"server busy, please try again. maximum pending requests exceeded"}\n',
  },
} as const;
type Name = keyof typeof SPEECHES;
const NAMES = Object.keys(SPEECHES) as Name[];
/** One that fails early and one that fails late: the failure of one cools it. */
const IDS = NAMES.flatMap((name) => [[`${name}-early`, name] as const, [`${name}-late`, name] as const]);

beforeAll(async () => {
  provider = await startProvider();
  const entry = ([id, name]: (typeof IDS)[number]) => {
    const { api, base } = SPEECHES[name];
    return [id, { api, baseUrl: provider.origin + base, apiKey: `sk-${id}`, models: [{ id: "m" }] }] as const;
  };
  const next = { api: "openai-completions", baseUrl: provider.url, apiKey: "sk-next", models: [{ id: "n" }] };
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers: { ...Object.fromEntries(IDS.map(entry)), next } },
      agents: { list: IDS.map(([id]) => ({ id, model: { primary: `${id}/m`, fallbacks: ["next/n"] } })) },
      edge: { providers: { "ollama-early": { dialects: ["ollama"] }, "ollama-late": { dialects: ["ollama"] } } },
    },
  });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

async function ask(name: string): Promise<Response> {
  const messages = [{ role: "user", content: "hi" }];
  return edge.post("/v1/chat/completions", { model: `openclaw/${name}`, messages, stream: true });
}

describe.each(NAMES)("%s", (name) => {
  const { type, first, error } = SPEECHES[name];

  it("says its error after the first content, and the client hears which", async () => {
    provider.on("next", streams(type, first, error));
    const text = await (await ask(`${name}-late`)).text();
    expect(text).toContain("Grüße");
    expect(text).toContain('"code":"overloaded"');
    expect(text).not.toContain("[DONE]");
    // Every line is one that a client reads.
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("data: "))).toEqual([]);
  });

  it("says its error before any content, and the next one answers", async () => {
    provider.on("next", streams(type, error), answer({ texts: ["from the next"] }));
    const response = await ask(`${name}-early`);
    expect(response.headers.get("x-openclaw-served-by")).toBe("next/n");
    expect(await response.text()).toContain("from the next");
    const failed = await edge.logged(
      (line) => JSON.stringify(line).includes("overloaded"),
      "a line that names the reason",
    );
    expect(failed).toBeDefined();
  });
});
