// What an answer calls itself, from the provider's bytes to the spans and the line: relayed, translated, streamed and whole, and cut.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { sseEvent } from "../support/answers.ts";
import { Collector, type Item } from "../support/collector.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

const SERVER = 2;
const CLIENT = 3;
const messages = [{ role: "user", content: "hi" }];
const format = { type: "json_schema", name: "s", schema: { type: "object", properties: {} } };

/** A message of Anthropic's, whole and streamed (https://docs.claude.com/en/docs/build-with-claude/streaming). */
const MESSAGE = {
  id: "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyy",
  type: "message",
  role: "assistant",
  model: "claude-opus-4-20250514",
  content: [{ type: "text", text: "Hello!" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 25, output_tokens: 15 },
};
const MESSAGE_EVENTS = [
  { type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hello!" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 15 } },
  { type: "message_stop" },
];
const claude: play.Behaviour = (request) => {
  if (!request.stream) return play.status(200, MESSAGE)(request);
  return [head(200, [["content-type", "text/event-stream"]]), ...MESSAGE_EVENTS.map((event) => write(sseEvent(event)))];
};

const DATED = "m-2026-02-01";
const NAMED_CHAT = { "gen_ai.response.id": "chatcmpl-1", "gen_ai.response.model": DATED };
const NAMED_RESPONSE = { "gen_ai.response.id": "resp_1", "gen_ai.response.model": DATED };
const NAMED_MESSAGE = { "gen_ai.response.id": MESSAGE.id, "gen_ai.response.model": MESSAGE.model };

interface Asked {
  readonly sentence: string;
  readonly agent: string;
  readonly path: string;
  readonly body: object;
  readonly span: Readonly<Record<string, unknown>>;
  readonly answeredBy: string | undefined;
}

const ASKED: readonly Asked[] = [
  {
    sentence: "a chat stream, relayed",
    agent: "chat",
    path: "/v1/chat/completions",
    body: { messages, stream: true, response_format: { type: "json_object" } },
    span: { ...NAMED_CHAT, "gen_ai.output.type": "json" },
    answeredBy: DATED,
  },
  {
    sentence: "a whole chat completion, relayed",
    agent: "chat",
    path: "/v1/chat/completions",
    body: { messages },
    span: { ...NAMED_CHAT, "gen_ai.output.type": undefined },
    answeredBy: DATED,
  },
  {
    sentence: "a chat stream that is cut",
    agent: "cut",
    path: "/v1/chat/completions",
    body: { messages, stream: true },
    span: { ...NAMED_CHAT, "gen_ai.response.finish_reasons": ["error"] },
    answeredBy: DATED,
  },
  {
    sentence: "an answer under the name that was asked for",
    agent: "same",
    path: "/v1/chat/completions",
    body: { messages, stream: true },
    span: { "gen_ai.response.id": "chatcmpl-1", "gen_ai.response.model": "same-m" },
    answeredBy: undefined,
  },
  {
    sentence: "a Responses stream, relayed",
    agent: "responses",
    path: "/v1/responses",
    body: { input: "hi", stream: true, text: { format: { type: "text" } } },
    span: { ...NAMED_RESPONSE, "gen_ai.output.type": "text" },
    answeredBy: DATED,
  },
  {
    sentence: "a whole Response, relayed",
    agent: "responses",
    path: "/v1/responses",
    body: { input: "hi", text: { format } },
    span: { ...NAMED_RESPONSE, "gen_ai.output.type": "json" },
    answeredBy: DATED,
  },
  {
    sentence: "a message stream, translated for a chat client",
    agent: "claude",
    path: "/v1/chat/completions",
    body: { messages, stream: true, response_format: { type: "text" } },
    span: { ...NAMED_MESSAGE, "gen_ai.output.type": "text" },
    answeredBy: MESSAGE.model,
  },
  {
    sentence: "a whole message, translated for a chat client",
    agent: "claude",
    path: "/v1/chat/completions",
    body: { messages },
    span: NAMED_MESSAGE,
    answeredBy: MESSAGE.model,
  },
  {
    sentence: "a message stream, relayed",
    agent: "claude",
    path: "/v1/messages",
    body: { messages, max_tokens: 64, stream: true },
    span: NAMED_MESSAGE,
    answeredBy: MESSAGE.model,
  },
  {
    sentence: "vectors, which have no id",
    agent: "vectors",
    path: "/v1/embeddings",
    body: { input: "hi" },
    span: { "gen_ai.response.id": undefined, "gen_ai.response.model": DATED, "gen_ai.output.type": undefined },
    answeredBy: DATED,
  },
];

const APIS: Readonly<Record<string, readonly [api: string, dialect: string, behaviour: play.Behaviour]>> = {
  chat: ["openai-completions", "openai-chat", play.answer({ model: DATED })],
  cut: ["openai-completions", "openai-chat", play.cutAfterEvents(3, "reset", { model: DATED })],
  same: ["openai-completions", "openai-chat", play.answer()],
  responses: ["openai-responses", "openai-responses", play.answer({ model: DATED })],
  claude: ["anthropic-messages", "anthropic-messages", claude],
  vectors: ["openai-completions", "openai-embeddings", play.answer({ model: DATED })],
};

describe("the spans and the line of", () => {
  let provider: Provider;
  let collector: Collector;
  let edge: Edge;
  let spans: readonly Item[];
  let scrape: string;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    [provider, collector] = await Promise.all([startProvider(), Collector.listen()]);
    edge = await startEdge({ config: config() });
    for (const [name, [, , behaviour]] of Object.entries(APIS)) provider.on(`${name}-m`, behaviour);
    for (const { sentence, agent, path, body } of ASKED) {
      const response = await edge.post(path, { model: `openclaw/${agent}`, ...body });
      await response.text();
      ids.set(sentence, response.headers.get("x-request-id") ?? "");
    }
    scrape = await (await edge.get("/api/diagnostics/prometheus")).text();
    expect(await edge.stop()).toBe(0);
    spans = collector.items("/v1/traces");
  });
  afterAll(async () => {
    await collector[Symbol.asyncDispose]();
    await provider.close();
  });

  function config(): object {
    const entries = Object.entries(APIS).map(([name, [api]]) => {
      return [name, { baseUrl: provider.url, apiKey: "sk-upstream-secret", api, models: [{ id: `${name}-m` }] }];
    });
    const dialects = Object.entries(APIS).map(([name, [, dialect]]) => [name, { dialects: [dialect] }]);
    const list = Object.keys(APIS).map((name) => ({ id: name, model: `${name}/${name}-m` }));
    return {
      models: { mode: "replace", providers: Object.fromEntries(entries) },
      agents: { list },
      edge: { providers: Object.fromEntries(dialects) },
      diagnostics: { otel: { enabled: true, endpoint: collector.url, flushIntervalMs: 60_000 } },
    };
  }

  it.each(ASKED)("$sentence", ({ sentence, agent, span, answeredBy }) => {
    const id = ids.get(sentence);
    const of = spans.filter(({ traceId }) => traceId === id?.slice(4));
    const client = of.find(({ kind }) => kind === CLIENT)?.attributes ?? {};
    expect(client["gen_ai.request.model"]).toBe(`${agent}-m`);
    for (const [name, value] of Object.entries(span)) expect(client[name], name).toEqual(value);
    const server = of.find(({ kind }) => kind === SERVER)?.attributes ?? {};
    expect(server["gen_ai.response.model"]).toBe(span["gen_ai.response.model"]);
    expect(server["openclaw.model"]).toBe(`${agent}-m`);
    const line = edge.logs.find(({ msg, requestId }) => msg === "request" && requestId === id);
    expect(line).toMatchObject({ served: `${agent}/${agent}-m` });
    expect(line?.["answeredBy"]).toBe(answeredBy);
  });

  it("anything else is no metric's label", () => {
    expect(scrape).toContain('gen_ai_response_model="chat-m"');
    for (const word of [DATED, MESSAGE.id, MESSAGE.model, "chatcmpl-1"]) expect(scrape).not.toContain(word);
  });
});
