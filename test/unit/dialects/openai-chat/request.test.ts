// What is read from a chat request, what is refused, what it needs, and how it is fitted to a target.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { Target } from "../../../../src/core/snapshot.ts";
import { fitChatBody, readChatFacts, readChatNeeds } from "../../../../src/dialects/openai-chat/request.ts";
import { bodyOf } from "../../../support/facts.ts";
import { aTarget } from "../../../support/snapshot.ts";

const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';
const read = (members: string) => readChatFacts(bodyOf(`{${[MESSAGES, members].filter(Boolean).join(",")}}`));

describe("readChatFacts takes", () => {
  const rows: readonly [string, string, object][] = [
    ["messages alone", "", { model: "", stream: false, wantsUsage: false }],
    ["a model", '"model":"openclaw/main"', { model: "openclaw/main" }],
    ["a model with space around it", '"model":" openclaw "', { model: "openclaw" }],
    ["a model written with escapes", '"model":"open\\u0063law"', { model: "openclaw" }],
    ["a null model", '"model":null', { model: "" }],
    ["a model that is a key of objects", '"model":"__proto__"', { model: "__proto__" }],
    ["a stream", '"stream":true', { stream: true, wantsUsage: false }],
    ["no stream, said", '"stream":false', { stream: false }],
    ["a null stream", '"stream":null', { stream: false }],
    ["usage asked for", '"stream":true,"stream_options":{"include_usage":true}', { wantsUsage: true }],
    ["usage not asked for", '"stream":true,"stream_options":{"include_usage":false}', { wantsUsage: false }],
    ["usage asked for without a stream", '"stream_options":{"include_usage":true}', { wantsUsage: false }],
    ["stream options that are none", '"stream":true,"stream_options":"x"', { wantsUsage: false }],
    ["sixteen choices", '"n":16', { model: "" }],
    ["no number of choices", '"n":null', { model: "" }],
    ["few choices as a text", '"n":"2"', { model: "" }],
    ["choices that only a provider can judge", '"n":"some"', { model: "" }],
    ["fields that nobody knows", '"frobnicate":{"deep":[1,2]},"temperature":1E400', { model: "" }],
  ];
  it.each(rows)("%s", (_what, members, facts) => {
    expect(read(members)).toMatchObject(facts);
  });

  it("a message list that is broken deeper down: that is the provider's to judge", () => {
    expect(isFailure(readChatFacts(bodyOf('{"messages":[{"role":nonsense}]}')))).toBe(false);
  });
});

describe("readChatFacts refuses", () => {
  const rows: readonly [string, string, string][] = [
    ["no messages", "{}", "messages"],
    ["null messages", '{"messages":null}', "messages"],
    ["empty messages", '{"messages":[]}', "messages"],
    ["messages that are blank space", '{"messages":[ \n ]}', "messages"],
    ["messages that are a text", '{"messages":"hi"}', "messages"],
    ["messages that are an object", '{"messages":{"role":"user"}}', "messages"],
    ["a message that is a text", '{"messages":[{"role":"user"},"hi"]}', "messages"],
    ["a message that is a list", '{"messages":[[{"role":"user"}]]}', "messages"],
    ["a null message", '{"messages":[null]}', "messages"],
    ["a trailing comma", '{"messages":[{"role":"user"},]}', "messages"],
    ["a blank model", `{${MESSAGES},"model":"  "}`, "model"],
    ["an empty model", `{${MESSAGES},"model":""}`, "model"],
    ["a number for a model", `{${MESSAGES},"model":5}`, "model"],
    ["an object for a model", `{${MESSAGES},"model":{"id":"x"}}`, "model"],
    ["a model with a broken escape", `{${MESSAGES},"model":"\\q"}`, "model"],
    ["a model with a raw line end", `{${MESSAGES},"model":"a\nb"}`, "model"],
    ["a stream that is a text", `{${MESSAGES},"stream":"true"}`, "stream"],
    ["a stream that is a number", `{${MESSAGES},"stream":1}`, "stream"],
    ["seventeen choices", `{${MESSAGES},"n":17}`, "n"],
    ["choices as a text, which lenient servers count", `{${MESSAGES},"n":" 9_9 "}`, "n"],
    ["more choices than numbers go", `{${MESSAGES},"n":1e999}`, "n"],
  ];
  it.each(rows)("%s", (_what, text, param) => {
    expect(readChatFacts(bodyOf(text))).toMatchObject({ kind: "request-invalid", param, phase: "request" });
  });
});

it("a misspelt key is told however many others were met before", () => {
  const strangers = Array.from({ length: 300 }, (_, at) => `"stranger_${at}":1`).join(",");
  expect(read(strangers)).toMatchObject({ stream: false });
  for (const again of [strangers, '"stranger_7":1']) {
    expect(read(`${again},"Stream":true`)).toMatchObject({ kind: "request-invalid", param: "Stream" });
  }
});

describe("readChatNeeds", () => {
  const user = (content: unknown, more: object = {}) => ({ messages: [{ role: "user", content }], ...more });
  const tools = [{ type: "function", function: { name: "f" } }];
  const allowed = (mode: string) => ({ type: "allowed_tools", allowed_tools: { mode, tools } });
  const rows: readonly [string, object, readonly string[]][] = [
    ["a text needs nothing", user('an image_url and "input_audio" in words'), []],
    ["an image", user([{ type: "image_url", image_url: { url: "data:," } }]), ["images"]],
    [
      "an image far up in the history",
      { messages: [...user([{ type: "image_url", image_url: {} }]).messages, { role: "user", content: "x" }] },
      ["images"],
    ],
    ["audio", user([{ type: "input_audio", input_audio: {} }]), ["audio"]],
    ["a file by its bytes", user([{ type: "file", file: { file_data: "x" } }]), ["files"]],
    ["a file by its id", user([{ type: "file", file: { file_id: "x" } }]), ["files"]],
    ["tools", user("x", { tools }), ["tools"]],
    ["functions of old", user("x", { functions: [{ name: "f" }] }), ["tools"]],
    ["empty tools are none", user("x", { tools: [] }), []],
    ["null tools are none", user("x", { tools: null }), []],
    ["tools that may be called", user("x", { tools, tool_choice: "auto" }), ["tools"]],
    ["tools of which one must be called", user("x", { tools, tool_choice: "required" }), ["tools", "forced-tool"]],
    ["one tool that must be called", user("x", { tools, tool_choice: { type: "function" } }), ["tools", "forced-tool"]],
    [
      "a function of old that must be called",
      user("x", { functions: [{ name: "f" }], function_call: { name: "f" } }),
      ["tools", "forced-tool"],
    ],
    ["a choice among some tools is free", user("x", { tools, tool_choice: allowed("auto") }), ["tools"]],
    [
      "unless one of them must be called",
      user("x", { tools, tool_choice: allowed("required") }),
      ["tools", "forced-tool"],
    ],
    ["a word in an object", user("x", { tools, tool_choice: { type: "auto" } }), ["tools"]],
    ["Mistral's word", user("x", { tools, tool_choice: "any" }), ["tools", "forced-tool"]],
    ["a choice without tools is none", user("x", { tool_choice: "required" }), []],
    ["a schema", user("x", { response_format: { type: "json_schema", json_schema: {} } }), ["structured"]],
    ["JSON of any form is no schema", user("x", { response_format: { type: "json_object" } }), []],
  ];
  it.each(rows)("%s", (_what, tree, needs) => {
    expect([...readChatNeeds(bodyOf(JSON.stringify(tree)))].sort()).toEqual([...needs].sort());
  });
});

describe("fitChatBody", () => {
  const fit = (members: string, target: Partial<Target>, stream: boolean) => {
    const body = bodyOf(`{"model":"openclaw",${members}"x":1E400}`);
    const { edits, adjusted } = fitChatBody(body, { target: aTarget("p/m", target), stream });
    return [body.encoded(edits).toString(), adjusted];
  };
  const toolless: Partial<Target> = { stated: { ...aTarget("p/m").stated, tools: false } };
  const rows: readonly [string, string, Partial<Target>, boolean, string, readonly string[]][] = [
    ["the model is the provider's own", "", {}, false, '{"model":"m","x":1E400}', []],
    [
      "usage is asked for on streams",
      "",
      {},
      true,
      '{"model":"m","x":1E400,"stream_options":{"include_usage":true}}',
      [],
    ],
    [
      "usage is not asked for without a stream",
      '"stream_options":{},',
      {},
      false,
      '{"model":"m","stream_options":{},"x":1E400}',
      [],
    ],
    [
      "usage that is asked for already keeps its bytes",
      '"stream_options": {"include_usage": true},',
      {},
      true,
      '{"model":"m","stream_options": {"include_usage": true},"x":1E400}',
      [],
    ],
    [
      "usage that the client declined is asked for all the same, and removed from what it sees",
      '"stream_options":{"include_usage":false},',
      {},
      true,
      '{"model":"m","stream_options":{"include_usage":true},"x":1E400}',
      [],
    ],
    [
      "other stream options stay",
      '"stream_options":{"include_obfuscation":false},',
      {},
      true,
      '{"model":"m","stream_options":{"include_obfuscation":false,"include_usage":true},"x":1E400}',
      [],
    ],
    [
      "null stream options are replaced",
      '"stream_options":null,',
      {},
      true,
      '{"model":"m","stream_options":{"include_usage":true},"x":1E400}',
      [],
    ],
    [
      "stream options that are none stay for the provider to judge",
      '"stream_options":"x",',
      {},
      true,
      '{"model":"m","stream_options":"x","x":1E400}',
      [],
    ],
    [
      "where usage cannot be asked for it is dropped and said",
      '"stream_options":{"include_usage":true},',
      { asksUsage: false },
      true,
      '{"model":"m","x":1E400}',
      ["stream_options.include_usage"],
    ],
    [
      "beside other options only usage is dropped",
      '"stream_options":{"include_usage":true,"a":1},',
      { asksUsage: false },
      true,
      '{"model":"m","stream_options":{"a":1},"x":1E400}',
      ["stream_options.include_usage"],
    ],
    ["where usage cannot be asked for nothing is added", "", { asksUsage: false }, true, '{"model":"m","x":1E400}', []],
    [
      "a target without tools gets none, and it is said",
      '"tools":[{}],"tool_choice":"auto","parallel_tool_calls":true,',
      toolless,
      false,
      '{"model":"m","x":1E400}',
      ["tools", "tool_choice", "parallel_tool_calls"],
    ],
    [
      "functions of old go as well",
      '"functions":[{}],"function_call":"auto",',
      toolless,
      false,
      '{"model":"m","x":1E400}',
      ["functions", "function_call"],
    ],
    [
      "a target of which nothing is stated gets the tools",
      '"tools":[{}],',
      {},
      false,
      '{"model":"m","tools":[{}],"x":1E400}',
      [],
    ],
  ];
  it.each(rows)("%s", (_what, members, target, stream, expected, adjusted) => {
    expect(fit(members, target, stream)).toEqual([expected, adjusted]);
  });
});
