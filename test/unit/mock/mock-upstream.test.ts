import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { BEHAVIOURS, MOCK_MODELS } from "../../../src/mock/behaviours.ts";
import { at, type MockRecorder, MockStage, PATHS } from "../../support/mock-call.ts";

const CHAT: JsonObject = { messages: [{ role: "user", content: "Hello big world" }] };
const RESPONSES: JsonObject = { input: "Hello big world" };

async function ask(model: string, path: keyof typeof PATHS, body: JsonObject): Promise<MockRecorder> {
  return await new MockStage().ask({ model, path: PATHS[path], body });
}

const chat = (model: string, more: JsonObject = {}) => ask(model, "chat", { ...CHAT, ...more });
const responses = (model: string, more: JsonObject = {}) => ask(model, "responses", { ...RESPONSES, ...more });
const STREAM = { stream: true, stream_options: { include_usage: true } };

/** Texts of a chat stream, joined by field. */
function texts(heard: MockRecorder): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const event of heard.events) {
    for (const choice of (event["choices"] ?? []) as { delta: Record<string, unknown> }[]) {
      for (const [field, text] of Object.entries(choice.delta)) {
        if (typeof text === "string") joined[field] = (joined[field] ?? "") + text;
      }
    }
  }
  return joined;
}

function finishes(heard: MockRecorder): unknown[] {
  const choices = heard.events.flatMap((event) => (event["choices"] ?? []) as { finish_reason: unknown }[]);
  return choices.map((choice) => choice.finish_reason).filter((finish) => finish !== null);
}

describe("models that answer", () => {
  it("echo repeats the last user text, word by word", async () => {
    const heard = await chat("echo", STREAM);
    expect(heard.notes).toEqual(["open", "head 200", "chunks", "end"]);
    expect(heard.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(texts(heard)).toEqual({ role: "assistant", content: "Hello big world" });
    expect(heard.chunks.filter((chunk) => /"content":"[^"]/.test(chunk))).toHaveLength(3);
    expect(finishes(heard)).toEqual(["stop"]);
    expect(heard.events.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 3 } });
    expect(heard.text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  it("echo repeats whole answers too, in the words of each API", async () => {
    const whole = await chat("echo");
    expect(whole.headers["content-type"]).toBe("application/json");
    expect(at(whole.json, "choices", 0, "message", "content")).toBe("Hello big world");
    expect(at(whole.json, "model")).toBe("echo");
    expect(at((await responses("echo")).json, "output", 0, "content", 0, "text")).toBe("Hello big world");
  });

  it("echo repeats text parts, and says so when there is no text", async () => {
    const parts = [
      { type: "text", text: "one" },
      { type: "image_url", image_url: { url: "data:," } },
      { type: "text", text: "two" },
    ];
    const said = await chat("echo", {
      messages: [
        { role: "user", content: parts },
        { role: "assistant", content: "ok" },
      ],
    });
    expect(at(said.json, "choices", 0, "message", "content")).toBe("one\ntwo");
    const input = [{ role: "user", content: [{ type: "input_text", text: "three" }] }];
    expect(at((await responses("echo", { input })).json, "output", 0, "content", 0, "text")).toBe("three");
    const mute = await chat("echo", { messages: [{ role: "user", content: [] }] });
    expect(at(mute.json, "choices", 0, "message", "content")).toBe("There was no text to repeat.");
  });

  it.each(["lorem", "slow"])("%s says sentences", async (model) => {
    expect(texts(await chat(model, STREAM))["content"]).toMatch(/^(?:[A-Z][a-z]*(?: [a-z]+)*\. ?)+$/);
  });

  it("reasoning thinks first, on both APIs", async () => {
    const heard = await chat("reasoning", STREAM);
    expect(heard.text.indexOf("reasoning_content")).toBeLessThan(heard.text.search(/"content":"[^"]/));
    expect(texts(heard)["reasoning_content"]).toMatch(/\.$/);
    expect(at(heard.events.at(-1), "usage", "completion_tokens_details", "reasoning_tokens")).toBeGreaterThan(10);
    const { json } = await responses("reasoning");
    expect(at(json, "output", 0, "type")).toBe("reasoning");
    expect(at(json, "output", 1, "type")).toBe("message");
  });

  it("empty is well-formed and holds nothing", async () => {
    const heard = await chat("empty", STREAM);
    expect(texts(heard)).toEqual({ role: "assistant", content: "" });
    expect(at(heard.events.at(-1), "usage", "completion_tokens")).toBe(0);
    expect(at((await responses("empty")).json, "output")).toEqual([]);
    expect(at((await ask("empty", "embeddings", { input: "a" })).json, "data")).toEqual([]);
  });

  it("stops at the limit that the request sets", async () => {
    const heard = await chat("lorem", { ...STREAM, max_tokens: 5 });
    expect(finishes(heard)).toEqual(["length"]);
    expect(at(heard.events.at(-1), "usage", "completion_tokens")).toBe(5);
    const { json } = await responses("lorem", { max_output_tokens: 5 });
    expect(json).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
  });

  it("tells usage in a stream only when it is asked for", async () => {
    expect((await chat("echo", { stream: true })).text).not.toContain("usage");
    expect((await responses("echo", { stream: true })).text).toContain('"input_tokens":3');
  });
});

describe("tools", () => {
  const parameters = {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer", minimum: 2 }, unit: { enum: ["C", "F"] } },
    required: ["city", "days", "unit"],
  };
  const nested = [
    { type: "function", function: { name: "weather", parameters } },
    { type: "function", function: { name: "clock" } },
  ];
  const flat = [{ type: "function", name: "weather", parameters }, { type: "web_search" }];

  it("calls the first tool with arguments that fit its schema", async () => {
    const { json } = await chat("tools", { tools: nested });
    expect(at(json, "choices", 0, "finish_reason")).toBe("tool_calls");
    const call = at(json, "choices", 0, "message", "tool_calls", 0);
    expect(call).toMatchObject({ type: "function", function: { name: "weather" } });
    expect(at(call, "id")).toMatch(/^call_[0-9a-f]{24}$/);
    const input = JSON.parse(String(at(call, "function", "arguments"))) as JsonObject;
    expect(input).toEqual({ city: expect.any(String), days: 2, unit: "C" });
  });

  it("calls on the Responses API, in the flat form", async () => {
    const heard = await responses("tools", { tools: flat, stream: true });
    expect(heard.text).toContain("event: response.function_call_arguments.done\n");
    expect(at(heard.events.at(-1), "response", "output", 0)).toMatchObject({ type: "function_call", name: "weather" });
  });

  it.each([
    ["tools", "a named tool", { type: "function", function: { name: "clock" } }, "clock"],
    ["echo", "a named tool", { type: "function", function: { name: "clock" } }, "clock"],
    ["lorem", "any tool", "required", "weather"],
  ] as const)("%s obeys a choice that demands %s", async (model, _what, choice, name) => {
    const { json } = await chat(model, { tools: nested, tool_choice: choice });
    expect(at(json, "choices", 0, "message", "tool_calls", 0, "function", "name")).toBe(name);
  });

  it.each([
    ["no tool is offered", {}, "There is no tool to call."],
    ["tools are ruled out", { tools: nested, tool_choice: "none" }, "There is no tool to call."],
    [
      "the tool has answered",
      {
        tools: nested,
        messages: [
          { role: "user", content: "?" },
          { role: "tool", tool_call_id: "c", content: "12 degrees" },
        ],
      },
      "The tool answered: 12 degrees",
    ],
  ])("answers in text when %s", async (_when, more, text) => {
    expect(at((await chat("tools", more)).json, "choices", 0, "message", "content")).toBe(text);
  });

  it("answers in text once the tool has answered on the Responses API", async () => {
    const input = [
      { role: "user", content: "?" },
      { type: "function_call_output", call_id: "c", output: "12 degrees" },
    ];
    const { json } = await responses("tools", { input, tools: flat });
    expect(at(json, "output", 0, "content", 0, "text")).toBe("The tool answered: 12 degrees");
  });

  it.each([
    ["names no offered tool", { tools: nested, tool_choice: { type: "function", function: { name: "nope" } } }],
    ["demands a tool where none is offered", { tool_choice: "required" }],
  ])("answers 400 when the choice %s", async (_what, more) => {
    const heard = await chat("tools", more);
    expect([heard.status, at(heard.json, "error", "param")]).toEqual([400, "tool_choice"]);
  });
});

describe("structured output", () => {
  const schema = {
    type: "object",
    properties: { answer: { type: "string" }, sure: { type: "boolean" } },
    required: ["answer", "sure"],
  };

  it("echo keeps to the schema, with the user's words in it", async () => {
    const format = { response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema } } };
    const said = texts(await chat("echo", { ...STREAM, ...format }))["content"] ?? "";
    expect(JSON.parse(said)).toEqual({ answer: "Hello big world", sure: true });
  });

  it("lorem keeps to the schema of text.format", async () => {
    const text = { format: { type: "json_schema", name: "a", schema } };
    const said = String(at((await responses("lorem", { text })).json, "output", 0, "content", 0, "text"));
    expect(JSON.parse(said)).toEqual({ answer: expect.any(String), sure: true });
  });

  it("writes an object where any JSON is asked for", async () => {
    const said = at(
      (await chat("echo", { response_format: { type: "json_object" } })).json,
      "choices",
      0,
      "message",
      "content",
    );
    expect(JSON.parse(String(said))).toEqual({ answer: "Hello big world" });
  });
});

describe("models that fail", () => {
  it.each([
    ["fail-400", 400, "invalid_request_error", "invalid_value"],
    ["fail-401", 401, "invalid_request_error", "invalid_api_key"],
    ["fail-402", 402, "insufficient_quota", "insufficient_credits"],
    ["fail-404", 404, "invalid_request_error", "model_not_found"],
    ["fail-429", 429, "requests", "rate_limit_exceeded"],
    ["fail-500", 500, "server_error", null],
    ["fail-503", 503, "service_unavailable_error", null],
    ["fail-529", 529, "overloaded_error", null],
  ])("%s answers %i with the envelope, on every operation", async (model, status, type, code) => {
    const all = [await chat(model, STREAM), await responses(model), await ask(model, "embeddings", { input: "a" })];
    for (const heard of all) {
      expect(heard.notes).toEqual(["open", `head ${status}`, "chunks", "end"]);
      expect(heard.headers["content-type"]).toBe("application/json");
      expect(heard.json["error"]).toEqual({
        message: expect.any(String),
        type,
        code,
        param: at(heard.json, "error", "param"),
      });
    }
  });

  it("fail-429 states a wait", async () => {
    expect((await chat("fail-429")).headers["retry-after"]).toBe("2");
  });

  it.each(["hang", "hang-midstream"])("%s never ends, and arms no timer for it", async (model) => {
    const stage = new MockStage();
    const heard = await stage.ask({ model, body: { ...CHAT, stream: true } });
    expect(heard.notes).toEqual(model === "hang" ? ["open"] : ["open", "head 200", "chunks"]);
    expect(stage.clock.pending).toBe(0);
  });

  it("reset dies before the head", async () => {
    const heard = await chat("reset");
    expect(heard.notes).toEqual(["open", "fail stream-broken"]);
    expect(heard.failure).toMatchObject({ phase: "headers", replaySafe: false });
  });

  it.each([
    ["hang-midstream", undefined],
    ["reset-midstream", "fail stream-broken"],
    ["cut-midstream", "end"],
  ])("%s says three words and then stops", async (model, last) => {
    const heard = await chat(model, STREAM);
    expect(heard.notes).toEqual(["open", "head 200", "chunks", ...(last === undefined ? [] : [last])]);
    expect(texts(heard)["content"]?.split(" ")).toHaveLength(3);
    expect(finishes(heard)).toEqual([]);
    const whole = await responses(model);
    expect(() => whole.json).toThrow(SyntaxError);
    expect(whole.notes.at(-1)).toBe(last ?? "chunks");
  });

  it("error-midstream says some words, then an error, and no terminator", async () => {
    const heard = await chat("error-midstream", STREAM);
    expect(texts(heard)["content"]?.split(" ")).toHaveLength(3);
    expect(heard.events.at(-1)).toEqual({
      error: { message: expect.any(String), type: "server_error", param: null, code: null },
    });
    expect(heard.text).not.toContain("[DONE]");
    expect((await responses("error-midstream", STREAM)).events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error: { code: "server_error" } },
    });
  });

  it("error-in-200 holds an error and no content", async () => {
    const heard = await chat("error-in-200", STREAM);
    expect(heard.status).toBe(200);
    expect(texts(heard)["content"]).toBe("");
    expect(heard.events.at(-1)).toHaveProperty("error");
    const whole = await chat("error-in-200");
    expect([whole.status, Object.keys(whole.json)]).toEqual([200, ["error"]]);
  });

  it("no-done answers in full but for the terminal event", async () => {
    const heard = await chat("no-done", STREAM);
    expect(finishes(heard)).toEqual(["stop"]);
    expect(heard.events.at(-1)).toHaveProperty("usage");
    expect(heard.text).not.toContain("[DONE]");
    const other = await responses("no-done", STREAM);
    expect(other.events.at(-1)).toMatchObject({ type: "response.output_item.done" });
    expect(other.text).not.toContain("[DONE]");
  });

  it("html is a page and no-bytes is nothing, both with status 200", async () => {
    const page = await chat("html", STREAM);
    expect([page.status, page.headers["content-type"], page.text.slice(0, 15)]).toEqual([
      200,
      "text/html; charset=utf-8",
      "<!doctype html>",
    ]);
    expect((await chat("no-bytes")).notes).toEqual(["open", "head 200", "end"]);
  });

  it.each(["nope", "constructor", "__proto__"])("an unknown model (%s) is 404", async (model) => {
    const heard = await chat(model);
    expect([heard.status, at(heard.json, "error", "code")]).toEqual([404, "model_not_found"]);
  });
});

describe("requests that are none", () => {
  it.each([
    ["a broken body", PATHS.chat, "{", 400, null],
    ["a body that is no object", PATHS.chat, "[]", 400, null],
    ["no messages", PATHS.chat, {}, 400, "messages"],
    ["empty messages", PATHS.chat, { messages: [] }, 400, "messages"],
    ["no input", PATHS.responses, {}, 400, "input"],
    ["no texts to embed", PATHS.embeddings, { input: [] }, 400, "input"],
    ["an unknown path", "/v1/images", {}, 404, null],
  ])("answers %s with an error", async (_what, path, body, status, param) => {
    const heard = await new MockStage().ask({ model: "echo", path, body });
    expect([heard.status, at(heard.json, "error", "param")]).toEqual([status, param]);
  });

  it("embed is no chat model", async () => {
    expect((await chat("embed")).status).toBe(404);
  });
});

/** What a target says to twelve requests in a row. */
async function turns(stage: MockStage, params: JsonObject): Promise<string[]> {
  const all: string[] = [];
  for (let turn = 0; turn < 12; turn += 1) {
    all.push((await stage.ask({ model: "lorem", params, body: { ...CHAT, stream: true } })).text);
  }
  return all.map((text) => text.replaceAll(/"created":\d+/g, ""));
}

/** What a target of this provider says to its first request. */
async function said(params: JsonObject, provider: string): Promise<string> {
  return (await new MockStage().ask({ model: "lorem", params, provider, body: CHAT })).text;
}

describe("determinism", () => {
  it("answers the nth request of a target the same in every run", async () => {
    const params = { ttftMs: 0, tokensPerSecond: 0, errorRate: 0.5, seed: 7 };
    const first = await turns(new MockStage(), params);
    expect(await turns(new MockStage(), params)).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(5);
  });

  it("answers otherwise with another seed or from another provider", async () => {
    const all = await Promise.all([said({ seed: 1 }, "a"), said({ seed: 2 }, "a"), said({ seed: 1 }, "b")]);
    expect(new Set(all).size).toBe(3);
  });

  it("fails at about the rate that is asked for, in several ways", async () => {
    const stage = new MockStage();
    const ways: string[] = [];
    for (let turn = 0; turn < 100; turn += 1) {
      const heard = await stage.ask({ model: "echo", params: { errorRate: 0.3, seed: 1 }, body: CHAT });
      ways.push(heard.failure?.kind ?? String(heard.status));
    }
    expect(new Set(ways)).toEqual(new Set(["200", "500", "503", "429", "stream-broken"]));
    expect(ways.filter((way) => way !== "200").length).toBeGreaterThan(15);
    expect(ways.filter((way) => way !== "200").length).toBeLessThan(45);
  });
});

describe("MOCK_MODELS", () => {
  it("describes every model in one line", () => {
    expect(Object.keys(MOCK_MODELS)).toEqual(Object.keys(BEHAVIOURS));
    for (const about of Object.values(MOCK_MODELS)) expect(about).toMatch(/^[A-Z][^\n]{5,90}\.$/);
  });
});
