import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/core/json.ts";
import { collect } from "../../../../src/dialects/collect.ts";
import { decodeResponsesAnswer } from "../../../../src/dialects/openai-responses/decode-answer.ts";
import { decodeResponsesStream } from "../../../../src/dialects/openai-responses/decode-stream.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { blocksOf, brokenRules, decodedData, DECODING, notesOf } from "../decoding.ts";

const USAGE = {
  input_tokens: 7,
  input_tokens_details: { cached_tokens: 5 },
  output_tokens: 3,
  output_tokens_details: { reasoning_tokens: 2 },
};
const CREATED = { type: "response.created", response: { id: "resp_9", created_at: 77, model: "served", output: [] } };
const completed = (output: readonly object[] = [], more: object = {}) => {
  return { type: "response.completed", response: { id: "resp_9", status: "completed", output, usage: USAGE, ...more } };
};
const added = (output_index: number, item: object) => ({ type: "response.output_item.added", output_index, item });
const done = (output_index: number, item: object) => ({ type: "response.output_item.done", output_index, item });
const textDelta = (output_index: number, delta: string, more: object = {}) => {
  return { type: "response.output_text.delta", output_index, content_index: 0, delta, ...more };
};
const message = (...texts: string[]) => {
  return {
    type: "message",
    id: "msg_1",
    role: "assistant",
    content: texts.map((text) => ({ type: "output_text", text })),
  };
};
const call = (more: object = {}) => ({
  type: "function_call",
  id: "fc_1",
  call_id: "c1",
  name: "f",
  arguments: "{}",
  ...more,
});

const read = (...payloads: (object | string)[]): ChatEvent[] => {
  const events = decodedData(decodeResponsesStream(DECODING), payloads);
  expect(brokenRules(events)).toEqual([]);
  return events;
};

describe("decodeResponsesStream", () => {
  it("reads a plain stream", () => {
    const events = read(
      CREATED,
      added(0, { type: "message", id: "msg_1", content: [] }),
      {
        type: "response.content_part.added",
        output_index: 0,
        content_index: 0,
        part: { type: "output_text", text: "" },
      },
      textDelta(0, "Hel"),
      textDelta(0, "lo"),
      { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hello" },
      done(0, message("Hello")),
      completed([message("Hello")]),
    );
    expect(events).toEqual([
      { type: "answer-start", id: "resp_9", model: "served", created: 77 },
      { type: "block-start", block: 0, kind: "text" },
      { type: "block-delta", block: 0, text: "Hel" },
      { type: "block-delta", block: 0, text: "lo" },
      { type: "block-end", block: 0 },
      { type: "usage", usage: { input: 7, output: 3, cacheRead: 5, reasoning: 2 } },
      { type: "answer-end", finish: "stop" },
    ]);
  });

  it.each<[string, (object | string)[]]>([
    ["deltas only", [textDelta(0, "Hel"), textDelta(0, "lo"), completed()]],
    [
      "the whole text only",
      [{ type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hello" }, completed()],
    ],
    [
      "the part only",
      [
        {
          type: "response.content_part.done",
          output_index: 0,
          content_index: 0,
          part: { type: "output_text", text: "Hello" },
        },
        completed(),
      ],
    ],
    ["the item only", [done(0, message("Hello")), completed()]],
    ["the Response at the end only", [completed([message("Hello")])]],
    ["half of the deltas", [textDelta(0, "Hel"), done(0, message("Hello")), completed([message("Hello")])]],
    [
      "events that name the item and not its place",
      [
        added(0, message()),
        { type: "response.output_text.delta", item_id: "msg_1", delta: "Hello" },
        completed([message("Hello")]),
      ],
    ],
  ])("reads a text from %s", (_what, payloads) => {
    expect(blocksOf(read(...payloads))).toEqual([{ kind: "text", text: "Hello" }]);
  });

  it("stays with what it has told when the whole says something else", () => {
    expect(blocksOf(read(textDelta(0, "Hel"), done(0, message("Bye")), completed()))).toEqual([
      { kind: "text", text: "Hel" },
    ]);
  });

  it.each<[string, object[]]>([
    [
      "deltas",
      [
        added(0, call({ arguments: "" })),
        { type: "response.function_call_arguments.delta", output_index: 0, delta: '{"a"' },
        { type: "response.function_call_arguments.delta", output_index: 0, delta: ":1}" },
        completed(),
      ],
    ],
    [
      "the whole arguments",
      [
        added(0, call({ arguments: "" })),
        { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"a":1}' },
        completed(),
      ],
    ],
    ["the item", [done(0, call({ arguments: '{"a":1}' })), completed()]],
    [
      "deltas that come before the item",
      [
        { type: "response.function_call_arguments.delta", output_index: 0, delta: '{"a"' },
        done(0, call({ arguments: '{"a":1}' })),
        completed(),
      ],
    ],
    ["the Response at the end", [completed([call({ arguments: '{"a":1}' })])]],
  ])("reads a call from %s", (_what, payloads) => {
    const events = read(...payloads);
    expect(blocksOf(events)).toEqual([{ kind: "tool-call", text: '{"a":1}', id: "c1", name: "f" }]);
    expect(collect(events).finish).toBe("tool-calls");
  });

  it("keeps calls apart that come by turns", () => {
    const delta = (output_index: number, delta: string) => ({
      type: "response.function_call_arguments.delta",
      output_index,
      delta,
    });
    const events = read(
      added(0, call({ arguments: "" })),
      added(1, call({ id: "fc_2", call_id: "c2", name: "g", arguments: "" })),
      delta(0, "{"),
      delta(1, "["),
      delta(0, "}"),
      delta(1, "]"),
      completed(),
    );
    expect(blocksOf(events).map(({ id, text }) => [id, text])).toEqual([
      ["c1", "{}"],
      ["c2", "[]"],
    ]);
  });

  it.each<[string, object[]]>([
    [
      "a summary in two parts",
      [
        { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "One" },
        { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 1, delta: "Two" },
      ],
    ],
    [
      "its content (gpt-oss)",
      [{ type: "response.reasoning_text.delta", output_index: 0, content_index: 0, delta: "One\n\nTwo" }],
    ],
    [
      "both: the first counts",
      [
        { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "One\n\nTwo" },
        { type: "response.reasoning_text.delta", output_index: 0, content_index: 0, delta: "One and more" },
      ],
    ],
    ["the item", []],
  ])("reads a thought and its seal from %s", (_what, deltas) => {
    const summary = ["One", "Two"].map((text) => ({ type: "summary_text", text }));
    const item = { type: "reasoning", id: "rs_1", summary, encrypted_content: "blob" };
    const events = read(
      added(0, { ...item, summary: [], encrypted_content: null }),
      ...deltas,
      done(0, item),
      completed([item]),
    );
    expect(blocksOf(events)).toEqual([{ kind: "reasoning", text: "One\n\nTwo" }]);
    expect(notesOf(events, 0)).toEqual([{ encrypted: "blob", origin: "openai-responses" }]);
  });

  it("reads refusals and several parts of one message", () => {
    const item = {
      type: "message",
      content: [
        { type: "output_text", text: "Well." },
        { type: "refusal", refusal: "No." },
      ],
    };
    expect(
      blocksOf(
        read(
          { type: "response.refusal.delta", output_index: 0, content_index: 1, delta: "No" },
          done(0, item),
          completed(),
        ),
      ),
    ).toEqual([
      { kind: "refusal", text: "No." },
      { kind: "text", text: "Well." },
    ]);
  });

  it("notes each source and the log probabilities once", () => {
    const annotation = { type: "url_citation", url: "https://a.test", start_index: 0, end_index: 1, title: "A" };
    const logprobs = [{ token: "x", logprob: -1, top_logprobs: [] }];
    const part = { type: "output_text", text: "x", annotations: [annotation, annotation], logprobs };
    const events = read(
      textDelta(0, "x", { logprobs }),
      {
        type: "response.output_text.annotation.added",
        output_index: 0,
        content_index: 0,
        annotation_index: 0,
        annotation,
      },
      { type: "response.content_part.done", output_index: 0, content_index: 0, part },
      done(0, { type: "message", content: [part] }),
      completed(),
    );
    const origin = "openai-responses";
    expect(notesOf(events, 0)).toEqual([
      { logprobs: { content: logprobs, refusal: null }, origin },
      { annotation, origin },
      { annotation, origin },
    ]);
  });

  it("passes over items that are neither words nor calls", () => {
    const events = read(
      added(0, { type: "web_search_call", id: "ws_1" }),
      { type: "response.web_search_call.searching", output_index: 0 },
      done(0, { type: "web_search_call", id: "ws_1" }),
      textDelta(1, "x"),
      completed([{ type: "web_search_call", id: "ws_1" }, message("x")]),
    );
    expect(blocksOf(events)).toEqual([{ kind: "text", text: "x" }]);
  });

  it.each([
    ["max_output_tokens", "length"],
    ["content_filter", "content-filter"],
    ["who_knows", "length"],
    [undefined, "length"],
  ])("ends incomplete for %s as %s", (reason, finish) => {
    const response = {
      status: "incomplete",
      incomplete_details: reason === undefined ? null : { reason },
      output: [call()],
    };
    expect(collect(read(textDelta(0, "x"), { type: "response.incomplete", response })).finish).toBe(finish);
  });

  it.each([{}, { output: [] }, null])("ends incomplete where only the event's name says so: %j", (response) => {
    expect(collect(read(textDelta(0, "x"), { type: "response.incomplete", response })).finish).toBe("length");
  });

  it("says nothing behind the end", () => {
    const decoder = decodeResponsesStream(DECODING);
    decoder.push({ event: undefined, data: JSON.stringify(completed([message("x")])) });
    expect([...decoder.push({ event: undefined, data: "[DONE]" }), ...decoder.end()]).toEqual([]);
  });

  it("knows an event by its name where the payload has no type", () => {
    const decoder = decodeResponsesStream(DECODING);
    const { type, ...data } = completed([message("x")]);
    expect(decoder.push({ event: type, data: JSON.stringify(data) }).at(-1)?.type).toBe("answer-end");
  });

  it.each<[string, (object | string)[], string]>([
    ["the input ends early", [CREATED, textDelta(0, "x")], "stream-broken"],
    ["it is terminated early", [CREATED, textDelta(0, "x"), "[DONE]"], "stream-broken"],
    ["an error event comes", [CREATED, { type: "error", code: "server_error", message: "boom" }], "server-error"],
    [
      "the Response failed",
      [
        CREATED,
        { type: "response.failed", response: { error: { code: "rate_limit_exceeded", message: "slow down" } } },
      ],
      "rate-limited",
    ],
    ["an event is no JSON", [CREATED, "{"], "bad-payload"],
    ["what is completed has failed", [CREATED, completed([message("x")], { status: "failed" })], "bad-payload"],
    [
      "what is completed tells an error",
      [CREATED, completed([message("x")], { error: { code: "server_error", message: "boom" } })],
      "server-error",
    ],
    ["what is completed was cancelled", [CREATED, completed([message("x")], { status: "cancelled" })], "stream-broken"],
  ])("fails when %s", (_when, payloads, kind) => {
    expect(read(...payloads).at(-1)).toMatchObject({ type: "failure", failure: { kind, phase: "stream" } });
  });
});

describe("decodeResponsesAnswer", () => {
  const whole = (more: object = {}) => {
    const tree = { ...completed([message("x"), call()]).response, ...more } as unknown as JsonObject;
    return decodeResponsesAnswer(tree, DECODING);
  };

  it("reads a Response as its stream", () => {
    expect(brokenRules(whole())).toEqual([]);
    expect(blocksOf(whole()).map(({ kind, text }) => [kind, text])).toEqual([
      ["text", "x"],
      ["tool-call", "{}"],
    ]);
    expect(collect(whole())).toMatchObject({ finish: "tool-calls", usage: { input: 7, output: 3 } });
  });

  it.each([
    ["failed", "server-error"],
    ["cancelled", "stream-broken"],
    ["in_progress", "stream-broken"],
  ])("fails for a Response that is %s", (status, kind) => {
    const error = status === "failed" ? { code: "server_error", message: "boom" } : null;
    expect(whole({ status, error }).at(-1)).toMatchObject({ type: "failure", failure: { kind } });
  });
});

describe("the Response at the end says the items again, and none is told twice", () => {
  const ownText = (output_index: number, id: string, text: string) => textDelta(output_index, text, { item_id: id });
  const named = (id: string, text: string) => ({ ...message(text), id });
  const thought = { type: "reasoning", id: "rs_1", content: [{ type: "reasoning_text", text: "Hm" }] };
  const thinking = { type: "response.reasoning_text.delta", output_index: 0, content_index: 0, delta: "Hm" };
  const argued = (more: object, delta = '{"a":1}') => ({
    type: "response.function_call_arguments.delta",
    delta,
    ...more,
  });
  const said = (...payloads: object[]) => blocksOf(read(CREATED, ...payloads)).map(({ kind, text }) => [kind, text]);
  const TEXT = ["text", "Hello"];
  const CALL = ["tool-call", '{"a":1}'];
  const args = { arguments: '{"a":1}' };

  it.each<[string, object[], string[][]]>([
    ["where a number is missing", [ownText(1, "msg_1", "Hello"), completed([message("Hello")])], [TEXT]],
    [
      "where a thought that is under way is left out",
      [added(0, { ...thought, content: [] }), thinking, ownText(1, "msg_1", "Hello"), completed([message("Hello")])],
      [["reasoning", "Hm"], TEXT],
    ],
    [
      "where a search stood between two messages",
      [
        ownText(0, "msg_a", "A"),
        done(0, named("msg_a", "A")),
        added(1, { type: "web_search_call", id: "ws_1" }),
        ownText(2, "msg_b", "B"),
        completed([named("msg_a", "A"), named("msg_b", "B")]),
      ],
      [
        ["text", "A"],
        ["text", "B"],
      ],
    ],
    [
      "where a call moves up",
      [added(1, call({ arguments: "" })), argued({ output_index: 1 }), completed([call(args)])],
      [CALL],
    ],
    [
      "where the items have other names there, too",
      [
        added(0, { ...thought, content: [] }),
        ownText(1, "tmp", "Hello"),
        added(2, call({ id: "tmp_2", call_id: "tmp_3", arguments: "" })),
        argued({ output_index: 2 }),
        completed([message("Hello"), call(args)]),
      ],
      [["reasoning", ""], TEXT, CALL],
    ],
    [
      "where all items have one number",
      [
        ownText(0, "msg_1", "Hello"),
        added(0, call({ arguments: "" })),
        argued({ output_index: 0, item_id: "fc_1" }),
        added(0, call({ id: "fc_2", call_id: "c2", arguments: "" })),
        argued({ output_index: 0, item_id: "fc_2" }, '{"b":2}'),
        completed([message("Hello"), call(args), call({ id: "fc_2", call_id: "c2", arguments: '{"b":2}' })]),
      ],
      [TEXT, CALL, ["tool-call", '{"b":2}']],
    ],
    [
      "where a call is known by its call id alone (llama.cpp)",
      [
        {
          type: "response.output_item.added",
          item: { type: "function_call", call_id: "fc_1", name: "f", arguments: "" },
        },
        argued({ item_id: "fc_1" }),
        completed([{ type: "function_call", call_id: "fc_1", name: "f", ...args }]),
      ],
      [CALL],
    ],
    [
      "where nothing has number or name",
      [
        { type: "response.output_text.delta", delta: "Hel" },
        { type: "response.output_text.delta", delta: "lo" },
        { type: "response.output_item.added", item: { type: "function_call", name: "f", arguments: "" } },
        argued({}),
        completed([
          { type: "message", content: [{ type: "output_text", text: "Hello" }] },
          { type: "function_call", name: "f", ...args },
        ]),
      ],
      [TEXT, CALL],
    ],
    [
      "where a thought's parts are parts of its content",
      [
        added(0, { ...thought, content: [] }),
        thinking,
        {
          type: "response.content_part.done",
          output_index: 0,
          content_index: 0,
          part: { type: "reasoning_text", text: "Hm" },
        },
        done(0, thought),
        ownText(1, "msg_1", "Hello"),
        completed([thought, message("Hello")]),
      ],
      [["reasoning", "Hm"], TEXT],
    ],
    [
      "though what no event told is told then",
      [ownText(0, "msg_1", "Hello"), completed([message("Hello"), call(args)])],
      [TEXT, CALL],
    ],
  ])("%s", (_what, payloads, blocks) => {
    expect(said(...payloads)).toEqual(blocks);
  });
});
