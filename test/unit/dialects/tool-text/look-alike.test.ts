// Text that looks like a call: named by its pattern, found within bounds, and never found in prose.
import { describe, expect, it } from "vitest";
import { CallSeeker } from "../../../../src/dialects/tool-text/call-seeker.ts";
import { lookAlikeIn } from "../../../../src/dialects/tool-text/look-alike.ts";

const LIKE: readonly (readonly [what: string, text: string, pattern: string, toolName: string | null])[] = [
  ["an object (Llama 3)", '{"name":"read","arguments":{"path":"README.md"}}', "json_tool_call", "read"],
  ["`parameters`", 'I will look.\n{"name": "read", "parameters": {}}', "json_tool_call", "read"],
  ["a fenced object", 'Sure:\n```json\n{"name":"read","input":{}}\n```', "json_tool_call", "read"],
  ["a list of calls", '{"tool_calls":[{"function":{"name":"read","arguments":"{}"}}]}', "json_tool_call", "read"],
  [
    "an object in a function",
    '{"type":"function","function":{"name":"read","arguments":{}}}',
    "json_tool_call",
    "read",
  ],
  ["an object behind a broken one", '{ "a": \n{"name":"read","args":{}}', "json_tool_call", "read"],
  ["Hermes and Qwen", '<tool_call>\n{"name":"read","arguments":{}}\n</tool_call>', "xml_tool_call", "read"],
  ["Llama's function tag", '<function=read>{"path":"x"}</function>', "xml_tool_call", "read"],
  ["Claude's invoke", '<invoke name="read"><parameter name="path">x</parameter></invoke>', "xml_tool_call", "read"],
  ["a tag without a name", "<tool_call></tool_call>", "xml_tool_call", null],
  ["brackets", '[read]\n{"path":"x"}\n[END_TOOL_REQUEST]', "bracketed_tool_call", "read"],
  ["an arrow", '[TOOL_CALL]{tool => "read", args => {--path "x"}}[/TOOL_CALL]', "bracketed_tool_call", "read"],
  ["ReAct", "Thought: I need it.\nAction: read\nAction Input: README.md", "react_action", "read"],
];

const PROSE: readonly (readonly [string, string])[] = [
  ["text", "The weather is fine."],
  ["JSON that was asked for", '{"name":"Ada","age":36}'],
  ["code", "```ts\nconst input = { name };\n```"],
  ["a word", "The Action: movie, with input."],
  ["a link", "[docs](https://example.com) {}"],
  ["HTML", '<div name="x">invoke</div>'],
  ["a call behind the bound", `${"x".repeat(20_000)}{"name":"read","arguments":{}}`],
  ["a call longer than the bound", `{"name":"read","arguments":{"a":"${"x".repeat(8_000)}"}}`],
  ["a call behind twenty objects", `${'{"a":1} '.repeat(20)}{"name":"read","arguments":{}}`],
];

describe("likeness", () => {
  it.each(LIKE)("%s", (_what, text, pattern, toolName) => {
    expect(lookAlikeIn(text)).toEqual({ pattern, toolName });
  });
  it.each(PROSE)("is not seen in %s", (_what, text) => {
    expect(lookAlikeIn(text)).toBeNull();
  });
  it("is searched in bounded time, whatever a model writes", () => {
    for (const text of [
      "{".repeat(30_000),
      "<".repeat(30_000),
      "[a]\n".repeat(8_000),
      "Action:".repeat(5_000),
      '"name":'.repeat(4_000),
    ]) {
      expect(lookAlikeIn(text)).toBeNull();
    }
  });
});

describe("the seeker", () => {
  const tools = () => new Set(["read"]);
  const text = JSON.stringify('{"name":"read","arguments":{"p":"\u{1f99e} \\"q\\""}}');
  const event = (content: string) => Buffer.from(`data: {"choices":[{"delta":{"content": ${content}}}]}\n\n`);

  it("hears text in any number of events", () => {
    const seeker = new CallSeeker(tools);
    seeker.hear(event(text.slice(0, 20) + '"'));
    seeker.hear(Buffer.concat([event(`"${text.slice(20, 30)}"`), event(`"${text.slice(30)}`)]));
    expect(seeker.conclude()).toEqual({ pattern: "json_tool_call", toolName: "read", registeredTool: true });
  });

  it("says whether such a tool is offered", () => {
    const seeker = new CallSeeker(() => new Set(["write"]));
    seeker.hear(event(text));
    expect(seeker.conclude()?.registeredTool).toBe(false);
  });
});
