// Ids of 64 bits are integers that a double cannot hold. In the arguments of a call they are what is done; wherever a request or an answer
// is put into other words they keep their digits, and so do the bounds of schemas.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { status } from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const ID = "1234567890123456789";
const MAX = "9223372036854775807";
const USAGE = { input_tokens: 1, output_tokens: 1 };

/** Wire formats of providers, with a whole answer that calls: JSON text, since no value of ours could hold it. */
const CALLS: Readonly<Record<string, string>> = {
  "anthropic-messages": `{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{"id":${ID}}}],"stop_reason":"tool_use","stop_sequence":null,"usage":${JSON.stringify(USAGE)}}`,
  "google-generative-ai": `{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","args":{"id":${ID}}}}]},"finishReason":"STOP"}]}`,
  ollama: `{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"id":${ID}}}}]},"done":true,"done_reason":"stop"}`,
  "openai-completions": `{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"id\\":${ID}}"}}]},"finish_reason":"tool_calls"}]}`,
};
const PROVIDERS = Object.keys(CALLS);

const SCHEMA = `{"type":"object","properties":{"id":{"type":"integer","maximum":${MAX}}}}`;

/** Clients: what they ask behind the model, with the call in their history, as JSON text. */
const ASKED: Readonly<Record<string, readonly [path: string, text: string]>> = {
  chat: [
    "/v1/chat/completions",
    `"tools":[{"type":"function","function":{"name":"f","parameters":${SCHEMA}}}],"messages":[{"role":"user","content":"go"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_0","type":"function","function":{"name":"f","arguments":"{\\"id\\":${ID}}"}}]},{"role":"tool","tool_call_id":"call_0","content":"done"}]`,
  ],
  responses: [
    "/v1/responses",
    `"tools":[{"type":"function","name":"f","parameters":${SCHEMA}}],"input":[{"role":"user","content":"go"},{"type":"function_call","call_id":"call_0","name":"f","arguments":"{\\"id\\":${ID}}"},{"type":"function_call_output","call_id":"call_0","output":"done"}]`,
  ],
  messages: [
    "/v1/messages",
    `"max_tokens":100,"tools":[{"name":"f","input_schema":${SCHEMA}}],"messages":[{"role":"user","content":"go"},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_0","name":"f","input":{"id":${ID}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_0","content":"done"}]}]`,
  ],
};
const PAIRS = Object.keys(ASKED).flatMap((client) => PROVIDERS.map((provider): [string, string] => [client, provider]));

let provider: Provider;
let edge: Edge;

beforeAll(async () => {
  provider = await startProvider();
  const entry = (api: string) => ({
    baseUrl: api === "ollama" ? provider.origin : provider.url,
    apiKey: "sk-upstream",
    api,
    models: [{ id: api }],
  });
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers: Object.fromEntries(PROVIDERS.map((api) => [`up-${api}`, entry(api)])) },
      // It knows OpenAI's formats, too; its own is what is asked about.
      edge: { providers: { "up-ollama": { dialects: ["ollama"] } } },
      agents: { list: PROVIDERS.map((api) => ({ id: api, model: `up-${api}/${api}` })) },
    },
  });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

describe("integers of 64 bits keep their digits", () => {
  it.each(PAIRS)("of a client of %s, at a provider of %s", async (client, api) => {
    provider.answerAll(status(200, CALLS[api], [["content-type", "application/json"]]));
    const [path, text] = ASKED[client] as readonly [string, string];
    for (const stream of [false, true]) {
      const response = await fetch(`${edge.url}${path}`, {
        method: "POST",
        headers: edge.headers(),
        body: `{"model":"openclaw/${api}","stream":${stream},${text}}`,
      });
      const answer = await response.text();
      expect([stream, response.status, answer]).toEqual([stream, 200, expect.stringContaining(ID)]);
      const asked = String(provider.requests.at(-1)?.body);
      expect(asked).toContain(ID);
      expect(asked).toContain(MAX);
    }
  });
});
