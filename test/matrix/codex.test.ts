// Codex in front of providers that speak another API, chat completions before all: its requests in their own shape (codex-rs `ResponsesApiRequest`, its tools
// and items of its history), its headers, and what it needs of the stream: every item done, and a completed Response with usage.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedFaults } from "../support/published/index.ts";
import { readSse } from "../support/sse.ts";
import { type Actor, type Api, APIS, Stage } from "./stage.ts";
import type { SaidCall } from "./wire.ts";

let stage: Stage;
let actor: Actor;
beforeAll(async () => {
  stage = await Stage.open({});
  actor = stage.actors["openai-completions"];
});
afterAll(async () => {
  await stage.close();
});

const schema = (...names: readonly string[]) => ({
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
  required: names,
  additionalProperties: false,
});
const TOOLS = [
  {
    type: "function",
    name: "exec_command",
    description: "Runs a command in a PTY.",
    strict: false,
    parameters: schema("cmd"),
  },
  {
    type: "function",
    name: "update_plan",
    description: "Updates the task plan.",
    strict: false,
    parameters: schema("plan"),
  },
  {
    type: "custom",
    name: "apply_patch",
    description: "Use the `apply_patch` tool to edit files. This is a FREEFORM tool, so do not wrap the patch in JSON.",
    format: {
      type: "grammar",
      syntax: "lark",
      definition: 'start: begin_patch hunk+ end_patch\nbegin_patch: "*** Begin Patch" LF',
    },
  },
  { type: "web_search", external_web_access: true },
  {
    type: "namespace",
    name: "mcp__docs__",
    description: "Tools of the docs server.",
    tools: [{ type: "function", name: "search", description: "Searches.", strict: false, parameters: schema("q") }],
  },
  { type: "image_generation", output_format: "png" },
];
/** A PNG of one point. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const said = (role: string, text: string) => ({ type: "message", role, content: [{ type: "input_text", text }] });
const OPENING = [
  said("developer", "<permissions instructions>\nFilesystem sandboxing: read-only\n</permissions instructions>"),
  said("user", "<environment_context>\n  <cwd>/srv</cwd>\n  <shell>bash</shell>\n</environment_context>"),
  said("user", "What is in the docs about tides?"),
];

/** As Codex writes it. */
function codexBody(input: readonly object[], api: Api): object {
  return {
    model: `openclaw/${api}`,
    instructions: "You are Codex, a coding agent running in the Codex CLI.",
    input,
    tools: TOOLS,
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { effort: "medium", summary: "auto" },
    store: false,
    stream: true,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: "0199e2a0-6d1f-7b52-9d3e-2f1f6f0b7a11",
    text: { verbosity: "low" },
    client_metadata: { "x-codex-installation-id": "b1946ac9-2492-4d23-8a5c-1f0f0e7c7c11" },
  };
}

const HEADERS = {
  accept: "text/event-stream",
  originator: "codex_cli_rs",
  "user-agent": "codex_cli_rs/0.130.0 (Linux 6.8; x86_64) xterm",
  "session-id": "0199e2a0-6d1f-7b52-9d3e-2f1f6f0b7a11",
  "thread-id": "0199e2a0-6d1f-7b52-9d3e-2f1f6f0b7a11",
  "x-codex-turn-metadata": '{"session_id":"0199e2a0","turn_id":"t1"}',
};

interface CodexEvent {
  readonly type: string;
  readonly delta?: string;
  readonly item?: Item;
  readonly response?: { readonly usage?: object; readonly error?: object };
}
type Item = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What Codex makes of a turn. */
interface Turn {
  readonly status: number;
  readonly adjusted: readonly string[];
  readonly events: readonly CodexEvent[];
  readonly done: readonly Item[];
}

async function turn(input: readonly object[], api: Api = "openai-completions"): Promise<Turn> {
  const response = await stage.edge.post("/v1/responses", codexBody(input, api), { headers: HEADERS });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  expect(publishedFaults({ path: "/v1/responses", status: response.status, type, text })).toEqual([]);
  const events = readSse(text)
    .events.filter(({ data }) => data !== "[DONE]")
    .map(({ data }) => JSON.parse(data) as CodexEvent);
  return {
    status: response.status,
    adjusted: response.headers.get("x-openclaw-adjusted")?.split(", ") ?? [],
    events,
    done: events.flatMap(({ type: name, item }) =>
      name === "response.output_item.done" && item !== undefined ? [item] : [],
    ),
  };
}

/** Items as Codex keeps them: the fields that it knows, and no ids. */
function kept(items: readonly Item[]): object[] {
  return items.map(({ id: _id, status: _status, ...item }) => item);
}

const SEARCH: SaidCall = { id: "call_s1", name: "mcp__docs____search", args: { q: "tides" } };
const EXEC: SaidCall = { id: "call_e1", name: "exec_command", args: { cmd: "ls docs" } };

describe("Codex in front of a provider of chat completions", () => {
  it("offers functions and namespaces, and is told what nobody there can run", async () => {
    actor.cue({ does: "say", said: { texts: ["Tides ", "rise."] } });
    const { status, adjusted, events, done } = await turn(OPENING);
    expect([status, actor.refused]).toEqual([200, []]);
    const [heard] = actor.heard;
    expect(heard?.system).toContain("You are Codex");
    expect(heard?.system).toContain("Filesystem sandboxing");
    expect(heard?.users).toEqual(OPENING.slice(1).map(({ content }) => content[0]?.text));
    const names = heard?.tools.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(["exec_command", "update_plan", names.find(isSearch)]));
    expect(adjusted).toEqual(expect.arrayContaining(["tools.web_search", "tools.image_generation", "client_metadata"]));
    // A grammar needs a provider that knows such tools; told as a function, or told as lost.
    expect(names.includes("apply_patch") || adjusted.includes("tools.custom")).toBe(true);
    expect(actor.requests[0]?.json()).toMatchObject({
      parallel_tool_calls: true,
      reasoning_effort: "medium",
      verbosity: "low",
      prompt_cache_key: "0199e2a0-6d1f-7b52-9d3e-2f1f6f0b7a11",
    });
    expect(done).toMatchObject([{ type: "message", role: "assistant", content: [{ text: "Tides rise." }] }]);
    expect(events.at(-1)).toMatchObject({ type: "response.completed", response: { usage: { total_tokens: 12 } } });
  });

  it("keeps its own headers to itself", () => {
    const { headers = {} } = actor.requests[0] ?? {};
    expect(Object.keys(headers).filter((name) => /codex|session|thread|originator/.test(name))).toEqual([]);
  });

  it("calls tools side by side, in namespaces and not, and sends everything back", async () => {
    const search = actor.heard[0]?.tools.map(({ name }) => name).find(isSearch) ?? "";
    const calls = [{ ...SEARCH, name: search }, EXEC];
    actor.cue(
      { does: "say", said: { thought: "Look it up.", calls } },
      { does: "say", said: { texts: ["Twice a day."] } },
    );
    const first = await turn(OPENING);
    expect(first.done).toMatchObject([
      { type: "reasoning", summary: [{ text: "Look it up." }] },
      { type: "function_call", name: "search", namespace: "mcp__docs__", call_id: "call_s1" },
      { type: "function_call", name: "exec_command", call_id: "call_e1", arguments: '{"cmd":"ls docs"}' },
    ]);
    const results = [
      { type: "function_call_output", call_id: "call_e1", output: "Chunk ID: 1\nProcess exited with code 0\ntides.md" },
      {
        type: "function_call_output",
        call_id: "call_s1",
        output: [{ type: "input_text", text: "tides: twice a day" }],
      },
    ];
    const second = await turn([...OPENING, ...kept(first.done), ...results]);
    expect([second.status, actor.refused]).toEqual([200, []]);
    expect(actor.heard[1]?.results).toEqual([
      { name: search, args: { q: "tides" }, text: "tides: twice a day" },
      { name: "exec_command", args: { cmd: "ls docs" }, text: expect.stringContaining("tides.md") },
    ]);
    expect(second.done).toMatchObject([{ type: "message", content: [{ text: "Twice a day." }] }]);
  });

  it("goes on from a history of patches, searches and thoughts of OpenAI's own", async () => {
    actor.cue({ does: "say", said: { texts: ["Done."] } });
    const history = [
      ...OPENING,
      { type: "reasoning", summary: [{ type: "summary_text", text: "Patch it." }], encrypted_content: "gAAAAABnative" },
      { type: "web_search_call", status: "completed", action: { type: "search", query: "tides" } },
      { type: "custom_tool_call", call_id: "call_p1", name: "apply_patch", input: "*** Begin Patch\n*** End Patch\n" },
      { type: "custom_tool_call_output", call_id: "call_p1", output: "Success. Updated the following files:\nM a.md" },
      {
        type: "message",
        role: "assistant",
        content: [{ type: "output_text", text: "Patched." }],
        phase: "final_answer",
      },
      { type: "compaction", encrypted_content: "gAAAAABcompacted" },
      said("user", "And now?"),
    ];
    const { status, done } = await turn(history);
    expect([status, actor.refused]).toEqual([200, []]);
    expect(actor.heard[0]?.users.at(-1)).toBe("And now?");
    expect(JSON.stringify(actor.requests[0]?.json())).not.toContain("gAAAAAB");
    expect(done).toMatchObject([{ type: "message", content: [{ text: "Done." }] }]);
  });

  it("hears of a broken stream as response.failed, so that it tries again", async () => {
    actor.cue({ does: "break-off", texts: ["Ti"] });
    const { events } = await turn(OPENING);
    expect(events.at(-1)).toMatchObject({ type: "response.failed", response: { error: expect.anything() } });
  });
});

describe("Codex in front of every other provider", () => {
  it.each(APIS.filter((api) => api !== "openai-responses"))(
    "%s: tools, results, and thoughts back to their author",
    async (api) => {
      const other = stage.actors[api];
      other.cue(
        { does: "say", said: { thought: "Look it up.", calls: [EXEC] } },
        { does: "say", said: { texts: ["Twice a day."] } },
      );
      const first = await turn(OPENING, api);
      const result = { type: "function_call_output", call_id: callIdIn(first.done), output: "tides.md" };
      const second = await turn([...OPENING, ...kept(first.done), result], api);
      expect([other.refused, other.heard.at(-1)?.proofs.length]).toEqual([[], 1]);
      expect(other.heard.at(-1)?.results).toEqual([
        { name: "exec_command", args: { cmd: "ls docs" }, text: "tides.md" },
      ]);
      expect(second.done.at(-1)).toMatchObject({ type: "message", content: [{ text: "Twice a day." }] });
    },
  );
});

/** As 0.169 sends its history: everything has an id, its own or the one that it was given, and the instructions are a message. */
describe("Codex that names every item", () => {
  const prefix: Readonly<Record<string, string>> = { message: "msg", function_call_output: "fco" };
  const named = (item: Item, at: number): Item => ({
    id: `${prefix[item.type] ?? "item"}_01a2060c-351c-7f31-9b0e-fb6be6bb1d${10 + at}`,
    ...item,
    ...(item.type === "reasoning" && { content: null }),
  });

  it.each(APIS.filter((api) => api !== "openai-responses"))(
    "%s: looks at an image that a tool has opened",
    async (api) => {
      const other = stage.actors[api];
      const call: SaidCall = { id: "call_v1", name: "view_image", args: { path: "tides.png" } };
      other.cue(
        { does: "say", said: { thought: "Look at it.", calls: [call] } },
        { does: "say", said: { texts: ["High water."] } },
      );
      const opening = [said("developer", "You are a coding agent running in the Codex CLI."), ...OPENING].map(named);
      const first = await turn(opening, api);
      const image = { type: "input_image", image_url: `data:image/png;base64,${PIXEL}`, detail: "high" };
      const result = { type: "function_call_output", call_id: callIdIn(first.done), output: [image] };
      const second = await turn([...opening, ...[...first.done, result].map(named)], api);
      expect([other.refused, second.status]).toEqual([[], 200]);
      const heard = other.heard.at(-1);
      expect([heard?.proofs.length, heard?.results.map(({ name }) => name)]).toEqual([1, ["view_image"]]);
      expect(JSON.stringify(other.requests.at(-1)?.json())).toContain(PIXEL);
      const isSaid = api === "openai-completions";
      expect(second.adjusted.includes("messages.content.detail")).toBe(!isSaid);
      expect(second.done.at(-1)).toMatchObject({ type: "message", content: [{ text: "High water." }] });
    },
  );
});

function callIdIn(items: readonly Item[]): unknown {
  return items.find(({ type }) => type === "function_call")?.["call_id"];
}

function isSearch(name: string): boolean {
  return name.startsWith("mcp__docs__") && name.endsWith("search");
}
