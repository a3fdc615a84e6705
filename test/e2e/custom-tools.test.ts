// Codex-shaped requests against a provider that knows chat completions only, through the official SDK: a freeform tool there and back, a
// namespace, tools that nobody else can run, and the conversation that follows. Old `functions` clients in front of another format, too.
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chatChunk, USAGE } from "../support/answers.ts";
import * as play from "../support/behaviours.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { head, write } from "../support/script.ts";

let provider: Provider;
let edge: Edge;
let client: OpenAI;

const PATCH = "*** Begin Patch\n*** Update File: a.txt\n+Grüße 🦞\n*** End Patch\n";
const TOOLS = [
  {
    type: "custom" as const,
    name: "apply_patch",
    description: "Use the `apply_patch` tool to edit files.",
    format: { type: "grammar" as const, syntax: "lark" as const, definition: "start: begin_patch hunk+ end_patch" },
  },
  { type: "function" as const, name: "shell", parameters: { type: "object", properties: {} }, strict: false },
  { type: "local_shell" as const },
  { type: "web_search" as const },
];

beforeAll(async () => {
  provider = await startProvider();
  const entry = (api: string, base: string) => ({
    api,
    baseUrl: provider.origin + base,
    apiKey: "sk-up",
    models: [{ id: "m" }],
  });
  edge = await startEdge({
    config: {
      models: {
        mode: "replace",
        providers: { chat: entry("openai-completions", "/v1"), claude: entry("anthropic-messages", "") },
      },
      agents: { list: ["chat", "claude"].map((id) => ({ id, model: `${id}/m` })) },
    },
  });
  client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: edge.token, maxRetries: 0 });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
});
beforeEach(() => {
  provider.requests.length = 0;
});

/** A stream that calls the tool, its arguments in pieces of seven characters. */
function calls(name: string, args: string): play.Behaviour {
  const pieces = args.match(/.{1,7}/gsu) ?? [];
  const call = { index: 0, id: "call_1", type: "function", function: { name, arguments: "" } };
  const chunks = [
    chatChunk("m", { role: "assistant", content: null, tool_calls: [call] }),
    ...pieces.map((piece) => chatChunk("m", { tool_calls: [{ index: 0, function: { arguments: piece } }] })),
    chatChunk("m", {}, "tool_calls"),
    { choices: [], usage: USAGE },
  ];
  return play.streamOf([...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), "data: [DONE]\n\n"]);
}

describe("Codex in front of chat completions", () => {
  it("calls apply_patch with plain text and sends the result back", async () => {
    provider.on("next", calls("apply_patch", JSON.stringify({ input: PATCH })), play.answer());
    const asked = { model: "openclaw/chat", input: [{ role: "user" as const, content: "edit a.txt" }], tools: TOOLS };
    const stream = client.responses.stream({ ...asked, parallel_tool_calls: true });
    let input = "";
    stream.on("event", (event) => {
      if (event.type === "response.custom_tool_call_input.delta") input += event.delta;
    });
    const first = await stream.finalResponse();
    expect(input).toBe(PATCH);
    const [call] = first.output;
    expect(call).toMatchObject({ type: "custom_tool_call", name: "apply_patch", call_id: "call_1", input: PATCH });
    const offered = provider.requests[0]?.json()["tools"] as { function: { name: string; parameters: object } }[];
    expect(offered.map(({ function: { name } }) => name)).toEqual(["apply_patch", "shell"]);
    expect(offered[0]?.function.parameters).toMatchObject({
      required: ["input"],
      properties: { input: { type: "string" } },
    });

    const output = { type: "custom_tool_call_output" as const, call_id: "call_1", output: "Done!" };
    const history = [...asked.input, ...(first.output as OpenAI.Responses.ResponseInputItem[]), output];
    const second = await client.responses.create({ ...asked, input: history });
    expect(second.output_text).toContain("Grüße");
    expect(provider.requests[1]?.json()["messages"]).toMatchObject([
      { role: "user" },
      {
        role: "assistant",
        tool_calls: [{ id: "call_1", function: { name: "apply_patch", arguments: JSON.stringify({ input: PATCH }) } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "Done!" },
    ]);
  });

  it("hears what was left behind, and never a 400", async () => {
    provider.on("next", play.answer());
    const response = await edge.post("/v1/responses", {
      model: "openclaw/chat",
      input: "hi",
      tools: TOOLS,
      tool_choice: "auto",
    });
    expect(response.status).toBe(200);
    const adjusted = response.headers.get("x-openclaw-adjusted")?.split(", ");
    expect(adjusted).toEqual(expect.arrayContaining(["tools.format", "tools.local_shell", "tools.web_search"]));
  });

  it("may be held to the one tool that it allows", async () => {
    provider.on("next", play.answer());
    const tool_choice = { type: "allowed_tools", mode: "required", tools: [{ type: "custom", name: "apply_patch" }] };
    await edge.post("/v1/responses", { model: "openclaw/chat", input: "hi", tools: TOOLS, tool_choice });
    const sent = provider.requests[0]?.json();
    expect(sent?.["tools"]).toHaveLength(1);
    expect(sent?.["tool_choice"]).toBe("required");
  });
});

describe("a client that offers `functions`", () => {
  it("hears of a call of Claude's in its own way", async () => {
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content: [{ type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Rome" } }],
      stop_reason: "tool_use",
      usage: { input_tokens: 7, output_tokens: 5 },
    };
    provider.on("next", () => [head(200, [["content-type", "application/json"]]), write(JSON.stringify(message))]);
    const answered = await client.chat.completions.create({
      model: "openclaw/claude",
      messages: [{ role: "user", content: "weather?" }],
      functions: [{ name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } }],
      function_call: { name: "get_weather" },
    });
    expect(answered.choices[0]).toMatchObject({
      finish_reason: "function_call",
      message: { function_call: { name: "get_weather", arguments: '{"city":"Rome"}' } },
    });
    expect(provider.requests[0]?.json()["tool_choice"]).toMatchObject({ type: "tool", name: "get_weather" });
  });
});
