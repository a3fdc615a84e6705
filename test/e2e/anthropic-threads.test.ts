// Anthropic's SDK leaves a conversation with the server by itself (`thread`): its runner of tools sends what is new and no more. What was
// said before must not be missing where the server does not have it.
import Anthropic, { BadRequestError, NotFoundError } from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { type Edge, EDGE_TOKEN, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const CALL = { id: "call_1", name: "get_weather", input: { city: "Rome" } };
const QUESTION = { role: "user" as const, content: "How is Rome?" };
const RESULT = { type: "tool_result", tool_use_id: CALL.id, content: "sunny" };

let provider: Provider;
let edge: Edge;
let client: Anthropic;

beforeAll(async () => {
  provider = await startProvider();
  const chat = { baseUrl: provider.url, apiKey: "sk-upstream-a", api: "openai-completions", models: [{ id: "m" }] };
  const messages = { ...chat, baseUrl: provider.origin, api: "anthropic-messages", models: [{ id: "claude" }] };
  edge = await startEdge({
    config: {
      models: { mode: "replace", providers: { chat, messages } },
      agents: {
        list: [
          { id: "chat", model: "chat/m" },
          { id: "claude", model: "messages/claude" },
        ],
      },
    },
  });
  client = new Anthropic({ baseURL: edge.url, apiKey: EDGE_TOKEN, maxRetries: 0 });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});

const sent = (from: number) => provider.requests.slice(from).map((request) => request.json());
const chatAnswer = (message: object, finish_reason: string) =>
  play.status(200, { id: "x", object: "chat.completion", model: "m", choices: [{ index: 0, message, finish_reason }] });
const claudeAnswer = (id: string, block: object, stop_reason: string) =>
  play.status(200, {
    id,
    type: "message",
    role: "assistant",
    model: "claude",
    content: [block],
    stop_reason,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  });
const lost = (error_code: string, status: number) =>
  play.status(status, {
    type: "error",
    error: { type: "not_found_error", message: "No such thread.", details: { error_code } },
  });

async function run(model: string): Promise<Anthropic.Beta.BetaMessage> {
  const weather = {
    type: "custom" as const,
    name: CALL.name,
    input_schema: { type: "object" as const, properties: { city: { type: "string" } } },
    parse: (input: unknown) => input,
    run: () => RESULT.content,
  };
  return client.beta.messages.toolRunner({ model, max_tokens: 99, messages: [QUESTION], tools: [weather] });
}

describe("a conversation that is left with the server", () => {
  it("reaches a provider that keeps none as a whole", async () => {
    const call = { id: CALL.id, type: "function", function: { name: CALL.name, arguments: '{"city":"Rome"}' } };
    provider.on(
      "m",
      chatAnswer({ role: "assistant", content: null, tool_calls: [call] }, "tool_calls"),
      chatAnswer({ role: "assistant", content: "Sunny." }, "stop"),
    );
    const from = provider.requests.length;
    expect((await run("openclaw/chat")).content).toMatchObject([{ type: "text", text: "Sunny." }]);
    const [first, second, ...more] = sent(from);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ messages: [QUESTION], tools: [{ function: { name: CALL.name } }] });
    expect(second).toMatchObject({
      messages: [QUESTION, { role: "assistant", tool_calls: [call] }, { role: "tool", content: RESULT.content }],
      tools: [{ function: { name: CALL.name } }],
    });
  });

  it("goes on with who has it, and anew when that one has lost it", async () => {
    provider.on(
      "claude",
      claudeAnswer("msg_1", { type: "tool_use", ...CALL }, "tool_use"),
      lost("thread_not_found", 404),
      claudeAnswer("msg_2", { type: "text", text: "Sunny." }, "end_turn"),
    );
    const from = provider.requests.length;
    expect((await run("openclaw/claude")).content).toMatchObject([{ type: "text", text: "Sunny." }]);
    const result = { role: "user", content: [RESULT] };
    expect(sent(from)).toMatchObject([
      { thread: { type: "create" }, messages: [QUESTION] },
      { thread: { type: "continue", previous_message_id: "msg_1" }, messages: [result] },
      { thread: { type: "create" }, messages: [QUESTION, { role: "assistant" }, result] },
    ]);
  });

  it.each([
    ["thread_not_found", 404, NotFoundError],
    ["thread_fingerprint_mismatch", 400, BadRequestError],
  ])("is refused with `%s` as by the provider itself, and the provider is not in doubt", async (code, status, kind) => {
    provider.on("claude", lost(code, status), claudeAnswer("msg_1", { type: "text", text: "Hi." }, "end_turn"));
    const thread = { type: "continue" as const, previous_message_id: "msg_0" };
    const ask = { model: "openclaw/claude", max_tokens: 9, messages: [QUESTION] };
    const refused = client.beta.messages.create({ ...ask, thread });
    await expect(refused).rejects.toBeInstanceOf(kind);
    await expect(refused).rejects.toMatchObject({ status, errorCode: code });
    expect((await client.messages.create(ask)).content).toMatchObject([{ text: "Hi." }]);
  });
});
