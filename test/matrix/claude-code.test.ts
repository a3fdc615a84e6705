// Claude Code in front of providers that speak another API: its requests as it sent them (2.1.330, `claude -p`), shortened in their words
// only, and its way with the answer: the SDK's message, in which no thought is the last block.
import Anthropic from "@anthropic-ai/sdk";
import type { ContentBlock } from "@anthropic-ai/sdk/resources/messages";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Actor, type Api, APIS, Stage } from "./stage.ts";
import type { SaidCall } from "./wire.ts";

const OTHERS = APIS.filter((api) => api !== "anthropic-messages");

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({});
});
afterAll(async () => {
  await stage.close();
});

const tool = (name: string, words: readonly string[], more: object = {}) => ({
  name,
  description: `${name} of Claude Code.`,
  input_schema: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(words.map((word) => [word, { type: "string" }])),
    required: words,
    additionalProperties: false,
  },
  ...more,
});
const TOOLS = [
  tool("Bash", ["command", "description"]),
  tool("Read", ["file_path"]),
  tool("ToolSearch", ["query"]),
  {
    name: "DeferredToolPlaceholder",
    description: "Reserved placeholder that keeps deferred tool loading active; never call this tool.",
    input_schema: { type: "object", properties: {} },
    defer_loading: true,
  },
];
const FOUND = tool("WebFetch", ["url"], { defer_loading: true });
const CACHED = { cache_control: { type: "ephemeral" } };
/** A message of the system stands behind the user's. */
const OPENING = [
  {
    role: "user",
    content: [
      { type: "text", text: "<system-reminder>\nAttribution for git commits\n</system-reminder>\n" },
      { type: "text", text: "How are the tides?" },
    ],
  },
  { role: "system", content: "# Environment\n - Platform: linux\n\nToday's date is 2026-11-23." },
];
const USER_ID = JSON.stringify({
  device_id: "d343818a95fe9058d06c248d747280529f0c9d1be2a54c7d86f3b0a1e4c5d6f7",
  account_uuid: "",
  session_id: "4ed6e641-1af5-48aa-964c-22f5fddca28d",
});
const BETAS =
  "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27," +
  "mid-conversation-tool-changes-2026-07-01,thinking-token-count-2026-05-13,advanced-tool-use-2025-11-20,effort-2025-11-24";

function claudeBody(model: string, messages: readonly object[], tools: readonly object[]): object {
  return {
    model,
    messages,
    system: [
      { type: "text", text: "x-anthropic-billing-header: cc_version=2.1.330.e60; cc_entrypoint=sdk-cli;" },
      { type: "text", text: "You are a Claude agent, built on Anthropic's Claude Agent SDK.", ...CACHED },
    ],
    tools,
    metadata: { user_id: USER_ID },
    max_tokens: 32_000,
    thinking: { type: "adaptive", display: "omitted" },
    context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
    output_config: { effort: "high" },
  };
}

/** What the agent makes of a turn. */
interface Turn {
  readonly adjusted: readonly string[];
  readonly said: readonly ContentBlock[];
}

async function turn(api: Api, messages: readonly object[], tools: readonly object[] = TOOLS): Promise<Turn> {
  const { url, token } = stage.edge;
  const sdk = new Anthropic({ baseURL: url, authToken: token, apiKey: null, maxRetries: 0 });
  const body = claudeBody(`openclaw/${api}`, messages, tools) as Parameters<Anthropic["messages"]["stream"]>[0];
  const stream = sdk.messages.stream(body, { query: { beta: "true" }, headers: { "anthropic-beta": BETAS } });
  const { response } = await stream.withResponse();
  const { content } = await stream.finalMessage();
  return { adjusted: response.headers.get("x-openclaw-adjusted")?.split(", ") ?? [], said: content };
}

/** What it keeps of an answer: a thought at the end moves before the calls. */
function kept(said: readonly ContentBlock[]): object {
  const end = said.findLastIndex(({ type }) => !type.endsWith("thinking")) + 1;
  const call = said.findIndex(({ type }) => type === "tool_use");
  const at = call < 0 ? end : call;
  return { role: "assistant", content: [...said.slice(0, at), ...said.slice(end), ...said.slice(at, end)] };
}

function callsIn(said: readonly ContentBlock[]): readonly string[] {
  return said.flatMap((block) => (block.type === "tool_use" ? block.id : []));
}

const BASH: SaidCall = { id: "call_b1", name: "Bash", args: { command: "cat tides", description: "Reads" } };
const FALSE: SaidCall = { id: "call_b2", name: "Bash", args: { command: "false", description: "Fails" } };
const SEARCH: SaidCall = { id: "call_s1", name: "ToolSearch", args: { query: "select:WebFetch" } };

function isRead(actor: Actor): void {
  expect(actor.refused).toEqual([]);
}

describe.each(OTHERS)("Claude Code in front of %s", (api) => {
  it("runs a command behind words and a thought, whose proof comes back", async () => {
    const actor = stage.actors[api];
    actor.cue(
      { does: "say", said: { thought: "Look first.", texts: ["I look."], calls: [BASH] } },
      { does: "say", said: { texts: ["Twice a day."] } },
    );
    const first = await turn(api, OPENING);
    isRead(actor);
    expect(first.adjusted).toEqual(
      expect.arrayContaining(["tools.defer_loading", "context_management", "user", "cache_control", "anthropic-beta"]),
    );
    const [heard] = actor.heard;
    expect([heard?.effort, heard?.outputMax]).toEqual(["high", 32_000]);
    expect(heard?.system).toContain("Today's date");
    const [id] = callsIn(first.said);
    const result = { tool_use_id: id, type: "tool_result", content: "twice", is_error: false, ...CACHED };
    const second = await turn(api, [...OPENING, kept(first.said), { role: "user", content: [result] }]);
    isRead(actor);
    expect(actor.heard[1]?.results).toEqual([{ name: "Bash", args: BASH.args, text: "twice" }]);
    expect(actor.heard[1]?.proofs.length).toBe(1);
    expect(second.said).toMatchObject([{ type: "text", text: "Twice a day." }]);
  });

  it("runs several at once and answers them in the order of their ends", async () => {
    const actor = stage.actors[api];
    actor.cue({ does: "say", said: { calls: [BASH, FALSE] } }, { does: "say", said: { texts: ["Done."] } });
    const first = await turn(api, OPENING);
    const [read, failed] = callsIn(first.said);
    const results = [
      { type: "tool_result", content: "Exit code 1", is_error: true, tool_use_id: failed },
      { tool_use_id: read, type: "tool_result", content: "twice", is_error: false, ...CACHED },
    ];
    await turn(api, [...OPENING, kept(first.said), { role: "user", content: results }]);
    isRead(actor);
    expect(actor.heard[1]?.results.map(({ text }) => text)).toEqual(["twice", "Exit code 1"]);
  });

  it("searches for a tool and finds it, by name and among the tools", async () => {
    const actor = stage.actors[api];
    actor.cue({ does: "say", said: { calls: [SEARCH] } }, { does: "say", said: { texts: ["Found."] } });
    const first = await turn(api, OPENING);
    const content = [{ type: "tool_reference", tool_name: "WebFetch" }];
    const result = { type: "tool_result", tool_use_id: callsIn(first.said)[0], content };
    const second = await turn(
      api,
      [...OPENING, kept(first.said), { role: "user", content: [result] }],
      [...TOOLS, FOUND],
    );
    isRead(actor);
    expect(actor.heard[1]?.results).toEqual([{ name: "ToolSearch", args: SEARCH.args, text: "WebFetch" }]);
    expect(actor.heard[1]?.tools.map(({ name }) => name)).toContain("WebFetch");
    expect(second.said).toMatchObject([{ type: "text", text: "Found." }]);
  });
});
