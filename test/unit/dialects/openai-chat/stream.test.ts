// What an event of a chat stream says before the commit, and which events of it are worth a look afterwards.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import { told } from "../../../../src/core/lane.ts";
import type { Look } from "../../../../src/dialects/dialect.ts";
import { ChatWatch, lookAtChat } from "../../../../src/dialects/openai-chat/stream.ts";

const said = (look: Look): string => (isFailure(look) ? look.kind : look);
const delta = (of: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta: of, finish_reason: finish }],
});
const usage = (completion: number) => ({
  prompt_tokens: 3,
  completion_tokens: completion,
  total_tokens: 3 + completion,
});

/** What the last of these events is taken for; text is an event's data as it is. */
function last(...events: readonly (object | string)[]): string {
  const look = lookAtChat(told());
  const looks = events.map((data) =>
    look({ event: undefined, data: typeof data === "string" ? data : JSON.stringify(data) }),
  );
  for (const each of looks.slice(0, -1)) expect(said(each)).toBe("hold");
  return said(looks.at(-1) as Look);
}

describe("lookAtChat", () => {
  const rows: readonly [string, readonly (object | string)[], string][] = [
    ["the role alone is held", [delta({ role: "assistant" })], "hold"],
    ["the role with empty content is held", [delta({ role: "assistant", content: "" })], "hold"],
    ["null content is held", [delta({ content: null })], "hold"],
    ["an empty delta is held", [delta({})], "hold"],
    ["no choices are held: Azure's prompt filter results", [{ choices: [], prompt_filter_results: [{}] }], "hold"],
    ["absent choices are held", [{ id: "x", object: "chat.completion.chunk" }], "hold"],
    ["null choices are held", [{ choices: null }], "hold"],
    ["a choice without a delta is held", [{ choices: [{ index: 0 }] }], "hold"],
    ["empty tool calls are held", [delta({ tool_calls: [] })], "hold"],
    ["an empty refusal is held", [delta({ refusal: "" })], "hold"],
    ["empty reasoning details are held", [delta({ reasoning_details: [] })], "hold"],
    ["usage alone is held", [{ choices: [], usage: usage(0) }], "hold"],
    ["content commits", [delta({ content: "x" })], "commit"],
    ["a space is content", [delta({ content: " " })], "commit"],
    ["content in parts commits", [delta({ content: [{ type: "text", text: "x" }] })], "commit"],
    ["DeepSeek's reasoning commits", [delta({ reasoning_content: "hm" })], "commit"],
    ["OpenRouter's reasoning commits", [delta({ reasoning: "hm" })], "commit"],
    ["reasoning details commit", [delta({ reasoning_details: [{ type: "reasoning.encrypted" }] })], "commit"],
    ["a tool call commits", [delta({ tool_calls: [{ index: 0, function: { name: "f" } }] })], "commit"],
    ["a function call of old commits", [delta({ function_call: { name: "f" } })], "commit"],
    ["a refusal commits", [delta({ refusal: "no" })], "commit"],
    ["audio commits", [delta({ audio: { id: "a" } })], "commit"],
    ["images commit", [delta({ images: [{ type: "image_url" }] })], "commit"],
    [
      "content in the second choice commits",
      [{ choices: [{ delta: {} }, { index: 1, delta: { content: "x" } }] }],
      "commit",
    ],
    ["a message in the place of a delta is the whole answer", [{ choices: [{ message: { content: "x" } }] }], "whole"],
    [
      "so is one beside a delta that says nothing",
      [{ choices: [{ delta: {}, message: { content: "x" }, finish_reason: "stop" }] }],
      "whole",
    ],
    [
      "a message without content beside a delta adds nothing to it",
      [{ choices: [{ delta: {}, message: { content: "" }, finish_reason: "length" }] }],
      "commit",
    ],
    [
      "a message that ended in an error is none",
      [{ choices: [{ message: { content: "x" }, finish_reason: "error", error: { code: 503 } }] }],
      "overloaded",
    ],
    [
      "a message with its end is the whole answer",
      [{ choices: [{ message: { content: "x" }, finish_reason: "stop" }] }],
      "whole",
    ],
    [
      "what calls itself a whole answer is one",
      [delta({ role: "assistant" }), { object: "chat.completion", choices: [{ message: { content: "x" } }] }],
      "whole",
    ],
    [
      "an empty message that calls itself one opens a stream",
      [{ object: "chat.completion", choices: [{ message: { role: "assistant", content: "" } }] }],
      "hold",
    ],
    [
      "a message that is repeated beside the last delta commits",
      [{ choices: [{ delta: { content: "x" }, message: { content: "x" }, finish_reason: "stop" }] }],
      "commit",
    ],
    ["content beside an event name commits", [delta({ role: "assistant", content: "x" })], "commit"],
    ["ending for length commits", [delta({}, "length")], "commit"],
    ["ending for a filter commits", [delta({}, "content_filter")], "commit"],
    ["ending for tool calls commits", [delta({}, "tool_calls")], "commit"],
    ["an ending that nobody knows commits", [delta({}, "who_knows")], "commit"],
    ["an ending that says the provider gave up is a failure", [delta({}, "abort")], "bad-payload"],
    [
      "an ending by the filter of Google's chat endpoint is a failure of the model",
      [delta({ role: "assistant" }, "function_call_filter: MALFORMED_FUNCTION_CALL")],
      "rejected-by-provider",
    ],
    ["an ending for a filter that says more commits", [delta({}, "content_filter: PROHIBITED_CONTENT")], "commit"],
    ["a bare stop is held: what follows says whether it is empty", [delta({}, "stop")], "hold"],
    ["other words for stop are held", [delta({}, "eos")], "hold"],
    ["an empty finish reason is none", [delta({}, "")], "hold"],
    ["a stop and the end is empty", [delta({ content: "" }), delta({}, "stop"), "[DONE]"], "empty-end"],
    [
      "a stop, usage of nothing and the end is empty",
      [delta({}, "stop"), { choices: [], usage: usage(0) }, "[DONE]"],
      "empty-end",
    ],
    ["a stop and tokens that were spent commit", [delta({}, "stop"), { choices: [], usage: usage(4) }], "commit"],
    ["tokens in the stop's own event commit", [{ ...delta({}, "stop"), usage: usage(4) }], "commit"],
    ["tokens told before the stop count", [{ ...delta({}), usage: usage(4) }, delta({}, "stop")], "commit"],
    ["tokens without a stop are held", [{ ...delta({}), usage: usage(4) }], "hold"],
    ["the end before any stop is no answer", [delta({ role: "assistant" }), "[DONE]"], "bad-payload"],
    ["the end at once is no answer", ["[DONE]"], "bad-payload"],
    ["the end may have space around it", [delta({}, "stop"), " [DONE] "], "empty-end"],
    ["what is not JSON is no answer", ["<html>"], "bad-payload"],
    ["half an event is no answer", ['{"choices":[{"del'], "bad-payload"],
    ["a JSON text is no event", ['"hello"'], "bad-payload"],
    ["a list is no event", ["[]"], "bad-payload"],
    ["OpenAI's error has its class", [{ error: { message: "x", type: "server_error", code: null } }], "server-error"],
    ["OpenRouter's error has its status", [{ error: { code: 429, message: "x" }, choices: [] }], "rate-limited"],
    [
      "vLLM's error has its status",
      [{ object: "error", message: "x", type: "ServiceUnavailable", code: 503 }],
      "overloaded",
    ],
    ["Ollama's error is a text", [{ error: "model is loading" }], "overloaded"],
    [
      "an error behind the role chunk is one",
      [delta({ role: "assistant" }), { error: { code: 502, message: "x" } }],
      "server-error",
    ],
    ["an error that nobody knows is a bad payload", [{ error: { message: "boom" } }], "bad-payload"],
    ["a null error is none", [{ error: null, ...delta({ content: "x" }) }], "commit"],
    ["an empty error is none", [{ error: "", ...delta({ content: "x" }) }], "commit"],
    ["finishing with an error is one", [delta({}, "error")], "bad-payload"],
    [
      "finishing with an error that is told has its class",
      [{ choices: [{ finish_reason: "error", error: { code: 503, message: "x" } }] }],
      "overloaded",
    ],
    ["a refused prompt is final", [{ error: { code: "content_filter", message: "x" } }], "content-refused"],
  ];
  it.each(rows)("%s", (_what, events, expected) => {
    expect(last(...events)).toBe(expected);
  });

  it("an event named error is one, whatever its data is called", () => {
    const look = lookAtChat(told())({ event: "error", data: '{"message":"Overloaded"}' });
    expect(said(look)).toBe("overloaded");
  });

  it("each stream is judged on its own", () => {
    expect(last(delta({}, "stop"))).toBe("hold");
    expect(last("[DONE]")).toBe("bad-payload");
  });
});

describe("ChatWatch.wantsLook", () => {
  const chunk = (inner: string) => Buffer.from(`data: {"id":"c","choices":[{"index":0,${inner}}]}\n\n`);
  const rows: readonly [string, Buffer, boolean][] = [
    ["content passes", chunk('"delta":{"content":"x"},"finish_reason":null'), false],
    ["null usage passes", Buffer.from('data: {"choices":[{"index":0,"delta":{}}],"usage":null}\n\n'), false],
    ["spaced null usage passes", Buffer.from('data: {"choices": [{"index": 0}], "usage": null}\n\n'), false],
    ["usage is looked at", Buffer.from('data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n'), true],
    ["spaced usage is looked at", Buffer.from('data: {"choices": [], "usage": {"prompt_tokens": 1}}\n\n'), true],
    ["usage behind null usage is looked at", Buffer.from('data: {"usage":null}\n\ndata: {"usage":{"a":1}}\n\n'), true],
    ["a finish reason is looked at", chunk('"delta":{},"finish_reason":"stop"'), true],
    ["a spaced finish reason is looked at", chunk('"delta": {}, "finish_reason" : "stop"'), true],
    [
      "the second choice is looked at",
      Buffer.from('data: {"choices":[{"index":1,"delta":{"content":"x"}}]}\n\n'),
      true,
    ],
    ["an error is looked at", Buffer.from('data: {"error":{"message":"x"}}\n\n'), true],
    ["an event line that says error is looked at", Buffer.from('event: error\ndata: {"message":"x"}\n\n'), true],
    ["text that speaks of usage passes", chunk('"delta":{"content":"\\"usage\\":{"}'), false],
    [
      "text that speaks of a finish reason passes",
      chunk('"delta":{"content":"\\"finish_reason\\":\\"stop\\""}'),
      false,
    ],
    ["text that ends with usage passes", chunk('"delta":{"content":"usage"}'), false],
  ];
  it.each(rows)("%s", (_what, run, wanted) => {
    expect(new ChatWatch(false).wantsLook(run)).toBe(wanted);
  });
});

describe("ChatWatch.judge", () => {
  it("tells usage and finish reason, also usage inside a choice", () => {
    const watch = new ChatWatch(false);
    const of = told();
    const choice = { index: 0, delta: {}, finish_reason: "stop", usage: usage(2) };
    expect(watch.judge({ event: undefined, data: JSON.stringify({ choices: [choice] }) }, of)).toBe("keep");
    expect(of).toMatchObject({ finish: "stop", usage: { input: 3, output: 2 } });
  });

  it("the last usage counts", () => {
    const watch = new ChatWatch(true);
    const of = told();
    for (const tokens of [1, 2, 9]) {
      watch.judge({ event: undefined, data: JSON.stringify({ ...delta({ content: "x" }), usage: usage(tokens) }) }, of);
    }
    expect(of.usage).toEqual({ input: 3, output: 9 });
  });

  const endings: readonly [string, readonly [index: number, finish: string | null][], boolean][] = [
    ["nothing has finished", [], false],
    ["the one choice has finished", [[0, "stop"]], true],
    [
      "the first of two has finished",
      [
        [1, null],
        [0, "stop"],
      ],
      false,
    ],
    [
      "the second of two has finished",
      [
        [1, null],
        [1, "stop"],
      ],
      false,
    ],
    [
      "both have finished",
      [
        [1, null],
        [1, "length"],
        [0, "stop"],
      ],
      true,
    ],
  ];
  it.each(endings)("a terminator may be added when %s: %s", (_when, choices, complete) => {
    const watch = new ChatWatch(false);
    const of = told();
    for (const [index, finish_reason] of choices) {
      watch.judge({ event: undefined, data: JSON.stringify({ choices: [{ index, delta: {}, finish_reason }] }) }, of);
    }
    expect(watch.missingEnd(of) !== null).toBe(complete);
  });
});
