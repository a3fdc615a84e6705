// Open WebUI: its chat requests with every parameter that its users can set, its own requests for titles and tags, its list of models; and
// what its reader needs: lines of an event stream, one `data:` line an event, a call's name once, usage in a last chunk.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { publishedFaults } from "../support/published/index.ts";
import { readChat } from "../support/sse.ts";
import { APIS, Stage } from "./stage.ts";

let provider: Provider;
let edge: Edge;
let stage: Stage;
beforeAll(async () => {
  provider = await startProvider();
  [edge, stage] = await Promise.all([startEdge({ config: chainConfig({ a: provider.url }) }), Stage.open({})]);
});
afterAll(async () => {
  await Promise.all([edge.stop(), stage.close()]);
  await provider.close();
});

const HEADERS = {
  "X-OpenWebUI-User-Name": "Gr%C3%A9ta",
  "X-OpenWebUI-User-Id": "7a0d5f1e-0000-4000-8000-000000000001",
  "X-OpenWebUI-User-Email": "greta%40example.org",
  "X-OpenWebUI-User-Role": "user",
  "X-OpenWebUI-Chat-Id": "c-1",
};
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A turn with native function calling, in the order in which its backend writes it. */
function chatBody(model: string): object {
  const call = {
    index: 0,
    id: "call_1",
    type: "function",
    function: { name: "search_web", arguments: '{"query":"tides"}' },
  };
  const show = { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } };
  return {
    stream: true,
    model,
    messages: [
      { role: "system", content: "User Context:\nBe brief." },
      { role: "user", content: [{ type: "text", text: "What is this, and when is high tide?" }, show] },
      { role: "assistant", content: "", tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: '{"results": ["twice a day"]}' },
    ],
    stream_options: { include_usage: true },
    tools: [
      {
        type: "function",
        function: {
          name: "search_web",
          description: "Search the public web.",
          parameters: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
        },
      },
    ],
    temperature: 0.7,
    top_p: 0.9,
    top_k: 40,
    min_p: 0.05,
    repeat_penalty: 1.1,
    frequency_penalty: 0.2,
    presence_penalty: 0.1,
    max_tokens: 1024,
    seed: 42,
    stop: ["###"],
  };
}

/** What its frontends of older versions, and its direct connections, send beside the request. */
const EXTRAS = {
  chat_id: "c-1",
  id: "m-1",
  session_id: "s-1",
  background_tasks: { title_generation: true, tags_generation: true },
  features: { web_search: false, image_generation: false, code_interpreter: false },
  params: {},
  tool_servers: [],
  variables: { "{{USER_NAME}}": "Gréta" },
};

interface Answered {
  readonly response: Response;
  readonly text: string;
}

async function asked(of: Edge, body: object): Promise<Answered> {
  const response = await of.post("/v1/chat/completions", body, { headers: HEADERS });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  expect(publishedFaults({ path: "/v1/chat/completions", status: response.status, type, text })).toEqual([]);
  return { response, text };
}

describe("Open WebUI in front of a provider of chat completions", () => {
  it.each([
    ["a turn", {}],
    ["a turn of an older frontend", EXTRAS],
  ])("%s arrives as it was written, but for the model's own id", async (_what, extras) => {
    const body = { ...chatBody("openclaw"), ...extras };
    const { response, text } = await asked(edge, body);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("x-openclaw-adjusted")).toBeNull();
    expect(provider.requests.at(-1)?.json()).toEqual({ ...body, model: "m", tool_choice: "auto" });
    expect(readChat(text)).toMatchObject({ text: "Grüße from m 🦞", finish: "stop", usageChunks: 1, dones: 1 });
    expect(text.split("\n").every((line) => line.length < 131_072)).toBe(true);
  });

  it("who asks stays here", () => {
    const { headers = {} } = provider.requests.at(-1) ?? {};
    expect(Object.keys(headers).filter((name) => name.toLowerCase().includes("openwebui"))).toEqual([]);
  });

  it("titles, tags and follow-ups come whole", async () => {
    provider.on("next", play.answer({ texts: ['{ "title": "🌊 Tides" }'] }));
    const content =
      '### Task:\nGenerate a concise, 3-5 word title with an emoji.\n### Output:\nJSON format: { "title": "…" }';
    const { text } = await asked(edge, {
      model: "openclaw",
      messages: [{ role: "user", content }],
      stream: false,
      max_completion_tokens: 1000,
    });
    const [choice] = (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices;
    expect(JSON.parse(choice?.message.content ?? "")).toEqual({ title: "🌊 Tides" });
  });

  it("lists models by unique ids, with a name that is never null", async () => {
    const response = await edge.get("/v1/models", HEADERS);
    const text = await response.text();
    expect(publishedFaults({ path: "/v1/models", status: 200, type: "application/json", text })).toEqual([]);
    const { data } = JSON.parse(text) as { data: { id: string; name?: string | null }[] };
    expect(new Set(data.map(({ id }) => id)).size).toBe(data.length);
    expect(data.filter(({ name }) => name === null)).toEqual([]);
  });
});

/** What each wire has no word for; the receipt names it, and nobody says 400. */
const LOST: Readonly<Record<(typeof APIS)[number], readonly string[]>> = {
  "openai-completions": [],
  "openai-responses": ["frequency_penalty", "min_p", "presence_penalty", "repeat_penalty", "seed", "stop", "top_k"],
  "anthropic-messages": [
    "frequency_penalty",
    "min_p",
    "presence_penalty",
    "repeat_penalty",
    "seed",
    "temperature",
    "top_k",
    "top_p",
  ],
  "google-generative-ai": ["min_p", "repeat_penalty"],
  ollama: [],
};

describe("Open WebUI in front of every other provider", () => {
  it.each(APIS.filter((api) => api !== "openai-completions"))("%s", async (api) => {
    const actor = stage.actors[api];
    actor.cue({ does: "say", said: { thought: "Hm.", texts: ["Twice ", "a day."] } });
    const { response, text } = await asked(stage.edge, { ...chatBody(`openclaw/${api}`), ...EXTRAS });
    expect([response.status, actor.refused]).toEqual([200, []]);
    const adjusted = response.headers.get("x-openclaw-adjusted")?.split(", ") ?? [];
    expect(adjusted.toSorted()).toEqual([...LOST[api], ...Object.keys(EXTRAS)].toSorted());
    expect(actor.heard[0]).toMatchObject({
      stream: true,
      outputMax: 1024,
      images: [PIXEL],
      results: [{ name: "search_web", args: { query: "tides" }, text: '{"results": ["twice a day"]}' }],
    });
    expect(readChat(text)).toMatchObject({ text: "Twice a day.", finish: "stop", usageChunks: 1, dones: 1 });
    expect(text).toContain('"reasoning_content":"Hm');
  });
});
