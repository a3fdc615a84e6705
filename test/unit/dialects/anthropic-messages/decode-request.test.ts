import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { Json, JsonObject } from "../../../../src/core/json.ts";
import { decodeMessagesRequest } from "../../../../src/dialects/anthropic-messages/decode-request.ts";
import type { ChatRequest, Part, Turn } from "../../../../src/dialects/vocabulary.ts";

const HI: JsonObject = { role: "user", content: "Hi" };
const text = (words: string): Part => ({ type: "text", text: words });
const decode = (tree: JsonObject) =>
  decodeMessagesRequest({ model: "m", max_tokens: 10, messages: [HI], ...tree } as JsonObject);

function read(tree: JsonObject): { readonly request: ChatRequest; readonly lost: readonly string[] } {
  const decoded = decode(tree);
  if (isFailure(decoded)) throw new Error(`${decoded.param}: ${decoded.message}`);
  return decoded;
}

describe("turns", () => {
  const turns: readonly [string, JsonObject, readonly Turn[]][] = [
    [
      "instructions and words as texts",
      { system: "Be.", messages: [HI, { role: "assistant", content: "Hello" }] },
      [
        { role: "system", developer: false, parts: [text("Be.")] },
        { role: "user", parts: [text("Hi")] },
        { role: "assistant", parts: [text("Hello")] },
      ],
    ],
    [
      "instructions as blocks, with their cache marks",
      { system: [{ type: "text", text: "Be.", cache_control: { type: "ephemeral" } }] },
      [
        {
          role: "system",
          developer: false,
          parts: [{ type: "text", text: "Be.", cache: { type: "ephemeral" } }],
        },
        { role: "user", parts: [text("Hi")] },
      ],
    ],
    [
      "instructions in the middle",
      { messages: [HI, { role: "system", content: "Be." }] },
      [
        { role: "user", parts: [text("Hi")] },
        { role: "system", developer: false, parts: [text("Be.")] },
      ],
    ],
    [
      "results are turns of their own, before the words",
      {
        messages: [
          HI,
          { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "f", input: { a: 1 } }] },
          {
            role: "user",
            content: [
              { type: "text", text: "so?" },
              {
                type: "tool_result",
                tool_use_id: "t1",
                content: "7",
                is_error: true,
                cache_control: { type: "ephemeral" },
              },
              { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "8" }] },
              { type: "tool_result", tool_use_id: "t3" },
            ],
          },
        ],
      },
      [
        { role: "user", parts: [text("Hi")] },
        { role: "assistant", parts: [{ type: "tool-call", id: "t1", name: "f", args: '{"a":1}' }] },
        {
          role: "tool",
          callId: "t1",
          failed: true,
          parts: [{ type: "text", text: "7", cache: { type: "ephemeral" } }],
        },
        { role: "tool", callId: "t2", failed: false, parts: [text("8")] },
        { role: "tool", callId: "t3", failed: false, parts: [] },
        { role: "user", parts: [text("so?")] },
      ],
    ],
  ];
  it.each(turns)("%s", (_what, tree, expected) => {
    expect(read(tree).request.turns).toEqual(expected);
  });

  const own = { dialect: "anthropic-messages", provider: null } as const;
  const thoughts: readonly [string, JsonObject, Part][] = [
    [
      "a thought of a provider of this API",
      { type: "thinking", thinking: "Hm", signature: "sig" },
      { type: "reasoning", text: "Hm", signature: "sig", origin: own },
    ],
    [
      "a thought without proof",
      { type: "thinking", thinking: "Hm", signature: "" },
      { type: "reasoning", text: "Hm", origin: own },
    ],
    [
      "a redacted one",
      { type: "redacted_thinking", data: "xyz" },
      { type: "reasoning", text: "", sealed: "xyz", origin: own },
    ],
    [
      "another author's, wrapped by us",
      { type: "thinking", thinking: "", signature: 'oce1:openai-responses:openai:{"sealed":"abc"}' },
      { type: "reasoning", text: "", sealed: "abc", origin: { dialect: "openai-responses", provider: "openai" } },
    ],
    [
      "another author's without proof",
      { type: "thinking", thinking: "Hm", signature: "oce1:openai-chat:deepseek:{}" },
      { type: "reasoning", text: "Hm", origin: { dialect: "openai-chat", provider: "deepseek" } },
    ],
  ];
  it.each(thoughts)("%s", (_what, block, part) => {
    const { turns: read_ } = read({ messages: [HI, { role: "assistant", content: [block] }] }).request;
    expect(read_[1]?.parts).toEqual([part]);
  });

  const call = { type: "tool_use", id: "t1", name: "f", input: {} };
  const other = { type: "tool_use", id: "t2", name: "f", input: {} };
  const proof = { type: "redacted_thinking", data: 'oce1:google-generative:google:{"call":"t1","signature":"sig"}' };
  const proofs: readonly [string, readonly JsonObject[]][] = [
    ["right behind it", [call, proof, other]],
    ["behind another one", [call, other, proof]],
    ["before it, where Claude Code moves a thought that would be the last block", [proof, call, other]],
  ];
  it.each(proofs)("the proof of a call finds its call: %s", (_where, content) => {
    const origin = { dialect: "google-generative", provider: "google" };
    expect(read({ messages: [HI, { role: "assistant", content: [...content] }] }).request.turns[1]?.parts).toEqual([
      { type: "tool-call", id: "t1", name: "f", args: "{}", signature: "sig", origin },
      { type: "tool-call", id: "t2", name: "f", args: "{}" },
    ]);
  });

  const blocks: readonly [string, JsonObject, Part | null, readonly string[]][] = [
    [
      "an image",
      { type: "image", source: { type: "base64", media_type: "image/png", data: "QQ==" } },
      { type: "image", source: { from: "data", mediaType: "image/png", base64: "QQ==" } },
      [],
    ],
    [
      "an image by address, with its cache mark",
      { type: "image", source: { type: "url", url: "https://a.test" }, cache_control: { type: "ephemeral" } },
      { type: "image", source: { from: "url", url: "https://a.test" }, cache: { type: "ephemeral" } },
      [],
    ],
    [
      "a stored image",
      { type: "image", source: { type: "file", file_id: "f" } },
      { type: "image", source: { from: "id", id: "f" } },
      [],
    ],
    [
      "a PDF",
      {
        type: "document",
        title: "a.pdf",
        context: "c",
        source: { type: "base64", media_type: "application/pdf", data: "QQ==" },
        citations: { enabled: true },
      },
      { type: "file", name: "a.pdf", source: { from: "data", mediaType: "application/pdf", base64: "QQ==" } },
      ["messages.content.citations", "messages.content.context"],
    ],
    [
      "a document of text is text",
      { type: "document", title: "T", source: { type: "text", media_type: "text/plain", data: "D" } },
      text("T\n\nD"),
      [],
    ],
    [
      "a document of blocks is their text",
      {
        type: "document",
        source: {
          type: "content",
          content: [
            { type: "text", text: "D" },
            { type: "image", source: { url: "u" } },
          ],
        },
      },
      text("D"),
      ["messages.content.document"],
    ],
    [
      "a search result is text",
      { type: "search_result", title: "T", source: "https://a.test", content: [{ type: "text", text: "D" }] },
      text("T\n\nhttps://a.test\n\nD"),
      [],
    ],
    [
      "a tool that Claude Code's own search has found is its name",
      { type: "tool_reference", tool_name: "WebFetch" },
      text("WebFetch"),
      [],
    ],
    [
      "what a server tool did is lost",
      { type: "web_search_tool_result", content: [] },
      null,
      ["messages.content.web_search_tool_result"],
    ],
  ];
  it.each(blocks)("%s", (_what, block, part, lost) => {
    const decoded = read({ messages: [{ role: "user", content: [block] }] });
    expect(decoded.request.turns).toEqual([{ role: "user", parts: part === null ? [] : [part] }]);
    expect(decoded.lost).toEqual(lost);
  });

  it("nonsense is refused by name", () => {
    const rows: readonly [JsonObject, string][] = [
      [{ messages: [{ content: "x" }] }, "messages[0].role"],
      [{ messages: [{ role: "tool", content: "x" }] }, "messages[0].role"],
      [{ messages: [] }, "messages"],
      [{ messages: [{ role: "user", content: [{ type: "tool_result" }] }] }, "messages[0].content[0].tool_use_id"],
      [{ messages: [{ role: "user", content: [{ type: "image" }] }] }, "messages[0].content[0].source"],
      [{ messages: [{ role: "user", content: 7 }] }, "messages[0].content"],
      [{ messages: [{ role: "assistant", content: [{ type: "tool_use", id: "t" }] }] }, "messages[0].content[0].name"],
      [{ system: 7 }, "system"],
      [{ max_tokens: "many" }, "max_tokens"],
      [{ tools: [{ input_schema: {} }] }, "tools[0].name"],
      [{ output_config: { format: { type: "json_schema" } } }, "output_config.format"],
    ];
    for (const [tree, param] of rows) expect(decode(tree)).toMatchObject({ kind: "request-invalid", param });
  });
});

describe("settings", () => {
  const { turns: _turns, tools: _tools, others: _others, ...plain } = read({}).request;
  const rows: readonly [string, JsonObject, Partial<ChatRequest>, readonly string[]][] = [
    ["the limit", {}, {}, []],
    [
      "sampling and stops",
      { temperature: 0.5, top_p: 0.9, top_k: 3, stop_sequences: ["END"] },
      { temperature: 0.5, topP: 0.9, topK: 3, stop: ["END"] },
      [],
    ],
    ["the user", { metadata: { user_id: "u" } }, { user: "u" }, []],
    ["the tier", { service_tier: "standard_only" }, { serviceTier: "default" }, []],
    ["a budget", { thinking: { type: "enabled", budget_tokens: 2_000 } }, { thinking: { budget: 2_000 } }, []],
    [
      "no thinking",
      { thinking: { type: "disabled" }, output_config: { effort: "high" } },
      { thinking: { effort: "none" } },
      [],
    ],
    [
      "thinking as it likes",
      { thinking: { type: "adaptive", display: "summarized" } },
      { thinking: { effort: "medium", summary: "auto" } },
      [],
    ],
    [
      "thinking by effort",
      { thinking: { type: "adaptive" }, output_config: { effort: "max" } },
      { thinking: { effort: "max" } },
      [],
    ],
    ["effort alone", { output_config: { effort: "low" } }, { thinking: { effort: "low" } }, []],
    [
      "unknown effort",
      { output_config: { effort: "huge", task_budget: {} } },
      {},
      ["output_config.task_budget", "output_config.effort"],
    ],
    [
      "a schema",
      { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
      { format: { type: "schema", name: "answer", schema: { type: "object" } } },
      [],
    ],
    [
      "a schema by its older name",
      { output_format: { type: "json_schema", schema: { type: "object" } } },
      { format: { type: "schema", name: "answer", schema: { type: "object" } } },
      [],
    ],
  ];
  it.each(rows)("%s", (_what, tree, expected, lost) => {
    const decoded = read(tree);
    const { turns: _t, tools: _o, others: _r, ...request } = decoded.request;
    expect(request).toEqual({ ...plain, ...expected });
    expect(decoded.lost).toEqual(lost);
  });

  it("fields without a word in common are kept for who knows them", () => {
    const others: Record<string, Json> = { context_management: { edits: [] }, container: "c" };
    expect([...read({ ...others, mcp_servers: null }).request.others]).toEqual(Object.entries(others));
  });
});

describe("words that nobody else has are named", () => {
  it.each<[string, JsonObject, string[]]>([
    ["a tier of nobody's", { service_tier: "swift" }, ["service_tier"]],
    ["a tier that every object has", { service_tier: "constructor" }, ["service_tier"]],
    [
      "examples and late loading of a tool",
      { tools: [{ name: "f", input_schema: {}, input_examples: [{}], defer_loading: true, allowed_callers: null }] },
      ["tools.input_examples", "tools.defer_loading"],
    ],
  ])("%s", (_what, tree, lost) => {
    const decoded = read(tree);
    expect(decoded.lost).toEqual(lost);
    expect(decoded.request.serviceTier).toBeUndefined();
  });
});

describe("tools", () => {
  const look = {
    name: "look",
    description: "d",
    input_schema: { type: "object" },
    cache_control: { type: "ephemeral" },
  };

  it("functions are read, tools of the server's are named", () => {
    const tools = [
      look,
      { type: "custom", name: "f", input_schema: {}, strict: true },
      { type: "web_search_20250305", name: "web_search" },
      { type: "bash_20250124", name: "bash" },
    ];
    const { request, lost } = read({ tools });
    expect(request.tools).toEqual([
      { name: "look", description: "d", parameters: { type: "object" }, cache: { type: "ephemeral" } },
      { name: "f", parameters: {}, strict: true },
    ]);
    expect(lost).toEqual(["tools.web_search_20250305", "tools.bash_20250124"]);
  });

  it.each<[string, JsonObject, object]>([
    ["auto", { type: "auto" }, { toolChoice: { use: "auto" } }],
    ["none", { type: "none" }, { toolChoice: { use: "none" } }],
    ["any", { type: "any" }, { toolChoice: { use: "required" } }],
    [
      "one, alone",
      { type: "tool", name: "look", disable_parallel_tool_use: true },
      { toolChoice: { use: "tool", name: "look" }, parallelToolCalls: false },
    ],
  ])("the choice %s", (_what, tool_choice, expected) => {
    expect(read({ tools: [look], tool_choice }).request).toMatchObject(expected);
  });

  it.each<[string, JsonObject]>([
    ["any of the server's", { type: "any" }],
    ["one of the server's", { type: "tool", name: "bash" }],
  ])("a forced choice of %s is not dropped", (_what, tool_choice) => {
    const tools = [{ type: "bash_20250124", name: "bash" }];
    expect(decode({ tools, tool_choice })).toMatchObject({ kind: "unsupported-parameter", param: "tool_choice" });
  });
});
