// Calls in the forms that clients offered tools in: custom tools of both OpenAI APIs, and `function_call` of chat clients of old.
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../src/core/json.ts";
import { encodeChatAnswer } from "../../../../src/dialects/openai-chat/encode-answer.ts";
import { encodeChatStream } from "../../../../src/dialects/openai-chat/encode-stream.ts";
import { encodeResponsesAnswer } from "../../../../src/dialects/openai-responses/encode-answer.ts";
import { encodeResponsesStream } from "../../../../src/dialects/openai-responses/encode-stream.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";

const CONTEXT = { requestId: "req_1", model: "m", created: 1, wantsUsage: false };
/** A call whose arguments come in such pieces. */
const called = (name: string, ...pieces: readonly string[]): ChatEvent[] => [
  { type: "answer-start", id: "a", model: "m", created: 1 },
  { type: "block-start", block: 0, kind: "tool-call", id: "call_1", name },
  ...pieces.map((text) => ({ type: "block-delta", block: 0, text }) as const),
  { type: "block-end", block: 0 },
  { type: "answer-end", finish: "tool-calls" },
];
const PATCH = called("apply_patch", '{"inp', 'ut": "*** Beg', "in\\", "nPatch", '"}');
const events = (text: string): JsonObject[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)) as JsonObject);

describe("a Responses client's custom tool", () => {
  const request = {
    tools: [
      { type: "custom", name: "apply_patch" },
      { type: "function", name: "f" },
    ],
  };
  const item = {
    id: "ctc_1_0",
    type: "custom_tool_call",
    status: "completed",
    call_id: "call_1",
    name: "apply_patch",
    input: "*** Begin\nPatch",
  };

  it("is called with plain text, event by event", () => {
    const encoder = encodeResponsesStream({ ...CONTEXT, request });
    const told = events(PATCH.map((event) => encoder.push(event)).join(""));
    const of = (type: string) => told.filter((event) => event["type"] === type);
    const [added] = of("response.output_item.added") as { readonly item?: JsonObject }[];
    const id = added?.item?.["id"] ?? "";
    const deltas = of("response.custom_tool_call_input.delta");
    expect(deltas.map(({ delta }) => delta)).toEqual(["*** Beg", "in", "\nPatch"]);
    expect(deltas.every((delta) => delta["item_id"] === id && delta["output_index"] === 0)).toBe(true);
    expect(of("response.custom_tool_call_input.done")).toMatchObject([{ item_id: id, input: "*** Begin\nPatch" }]);
    expect(of("response.output_item.added")).toMatchObject([
      { item: { ...item, id, status: "in_progress", input: "" } },
    ]);
    expect(of("response.output_item.done")).toMatchObject([{ item: { ...item, id } }]);
    expect(of("response.completed")).toMatchObject([{ response: { output: [{ ...item, id }] } }]);
    expect(told.map((event) => event["sequence_number"])).toEqual(told.map((_event, index) => index));
    expect(JSON.stringify(told)).not.toContain("function_call_arguments");
  });

  it("is called whole, and other tools as ever", () => {
    const whole = encodeResponsesAnswer(PATCH, { ...CONTEXT, request });
    expect(whole["output"]).toMatchObject([{ type: "custom_tool_call", input: "*** Begin\nPatch" }]);
    const other = encodeResponsesAnswer(called("f", '{"input":"x"}'), { ...CONTEXT, request });
    expect(other["output"]).toMatchObject([{ type: "function_call", arguments: '{"input":"x"}' }]);
  });

  it("that is called silently has an empty input", () => {
    const encoder = encodeResponsesStream({ ...CONTEXT, request });
    const text = called("apply_patch")
      .map((event) => encoder.push(event))
      .join("");
    expect(events(text).at(-1)).toMatchObject({ response: { output: [{ type: "custom_tool_call", input: "" }] } });
  });
});

describe("a chat client's custom tool", () => {
  const request = { tools: [{ type: "custom", custom: { name: "apply_patch" } }] };

  it("is called with plain text, streamed and whole", () => {
    const encoder = encodeChatStream({ ...CONTEXT, request });
    const chunks = events(PATCH.map((event) => encoder.push(event)).join(""));
    const calls = chunks.flatMap(
      ({ choices }) => (choices as { delta: { tool_calls?: JsonObject[] } }[])[0]?.delta.tool_calls ?? [],
    );
    expect(calls).toEqual([
      { index: 0, id: "call_1", type: "custom", custom: { name: "apply_patch", input: "" } },
      { index: 0, custom: { input: "*** Beg" } },
      { index: 0, custom: { input: "in" } },
      { index: 0, custom: { input: "\nPatch" } },
    ]);
    expect(encodeChatAnswer(PATCH, { ...CONTEXT, request })).toMatchObject({
      choices: [
        {
          message: {
            tool_calls: [{ id: "call_1", type: "custom", custom: { name: "apply_patch", input: "*** Begin\nPatch" } }],
          },
          finish_reason: "tool_calls",
        },
      ],
    });
  });
});

describe("a chat client that offers functions in the old way", () => {
  const request = { functions: [{ name: "f", parameters: {} }] };
  const CALL = called("f", '{"a":', "1}");

  it("hears of its call in the old way, streamed and whole", () => {
    const encoder = encodeChatStream({ ...CONTEXT, request });
    const chunks = events(CALL.map((event) => encoder.push(event)).join(""));
    const choices = chunks.map((chunk) => (chunk["choices"] as { delta: object; finish_reason: string | null }[])[0]);
    expect(choices.slice(1).map((choice) => [choice?.delta, choice?.finish_reason])).toEqual([
      [{ function_call: { name: "f", arguments: "" } }, null],
      [{ function_call: { arguments: '{"a":' } }, null],
      [{ function_call: { arguments: "1}" } }, null],
      [{}, "function_call"],
    ]);
    expect(encodeChatAnswer(CALL, { ...CONTEXT, request })).toMatchObject({
      choices: [
        {
          message: { content: null, function_call: { name: "f", arguments: '{"a":1}' } },
          finish_reason: "function_call",
        },
      ],
    });
  });

  it("and of a second one in the list, since it is not lost", () => {
    const two: ChatEvent[] = [
      ...CALL.slice(0, -1),
      { type: "block-start", block: 1, kind: "tool-call", id: "call_2", name: "g" },
      { type: "block-end", block: 1 },
      { type: "answer-end", finish: "tool-calls" },
    ];
    expect(encodeChatAnswer(two, { ...CONTEXT, request })).toMatchObject({
      choices: [{ message: { function_call: { name: "f" }, tool_calls: [{ id: "call_2", function: { name: "g" } }] } }],
    });
  });
});
