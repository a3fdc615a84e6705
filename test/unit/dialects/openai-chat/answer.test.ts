// Whole chat completions: what is an answer, what is empty, and what only looks like one.
import { describe, expect, it } from "vitest";
import { type FailureKind, isFailure } from "../../../../src/core/failure.ts";
import { checkChatAnswer } from "../../../../src/dialects/openai-chat/answer.ts";
import { readUsage } from "../../../../src/dialects/openai-chat/usage.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { chatCompletion } from "../../../support/answers.ts";

const check = (tree: unknown) =>
  checkChatAnswer(new AnswerBody(Buffer.from(typeof tree === "string" ? tree : JSON.stringify(tree))));
const answer = (message: object | null, finish: string | null = "stop", completion?: number) => ({
  choices: [{ index: 0, message, finish_reason: finish }],
  ...(completion === undefined ? {} : { usage: { prompt_tokens: 3, completion_tokens: completion } }),
});

describe("checkChatAnswer takes", () => {
  const rows: readonly [string, object, string | null, boolean][] = [
    ["a text", answer({ content: "x" }), "stop", false],
    [
      "a tool call without content",
      answer({ content: null, tool_calls: [{ id: "1" }] }, "tool_calls"),
      "tool_calls",
      false,
    ],
    ["a refusal", answer({ content: null, refusal: "no" }), "stop", false],
    ["reasoning alone", answer({ content: "", reasoning_content: "hm" }), "stop", false],
    ["nothing, cut by the limit", answer({ content: "" }, "length"), "length", false],
    ["nothing, filtered", answer({ content: "" }, "content_filter"), "content_filter", false],
    ["nothing, though tokens were spent", answer({ content: "" }, "stop", 7), "stop", false],
    ["nothing at all", answer({ content: "" }), "stop", true],
    ["null content", answer({ content: null }), "stop", true],
    ["nothing for no tokens", answer({ content: "" }, "stop", 0), "stop", true],
    ["nothing and no reason for ending", answer({ content: "" }, null), null, true],
    ["a choice without a message", answer(null), "stop", true],
    [
      "content in the second choice only",
      { choices: [answer({ content: "" }).choices[0], { message: { content: "x" } }] },
      "stop",
      false,
    ],
    ["a null error beside the answer", { error: null, ...answer({ content: "x" }) }, "stop", false],
  ];
  it.each(rows)("%s", (_what, tree, finish, empty) => {
    expect(check(tree)).toMatchObject({ finish, empty });
  });

  it("usage with the details that are told", () => {
    expect(check(chatCompletion({ model: "m" }))).toMatchObject({ usage: { input: 7, output: 5 }, finish: "stop" });
  });
});

describe("checkChatAnswer refuses", () => {
  const rows: readonly [string, unknown, FailureKind][] = [
    ["nothing", "", "bad-payload"],
    ["HTML", "<html></html>", "bad-payload"],
    ["half an answer", JSON.stringify(answer({ content: "x" })).slice(0, -5), "bad-payload"],
    ["two answers", JSON.stringify(answer({ content: "x" })).repeat(2), "bad-payload"],
    ["an event stream", 'data: {"choices":[]}\n\n', "bad-payload"],
    ["null", "null", "bad-payload"],
    ["a list", [answer({ content: "x" })], "bad-payload"],
    ["no choices", {}, "bad-payload"],
    ["empty choices", { choices: [] }, "bad-payload"],
    ["choices that are no list", { choices: { 0: {} } }, "bad-payload"],
    ["an error without choices", { error: { message: "x", code: 429 } }, "rate-limited"],
    ["an error beside empty choices", { choices: [], error: { message: "overloaded" } }, "overloaded"],
    ["an error that is a text", { error: "rate limit" }, "rate-limited"],
    ["an error of vLLM", { object: "error", message: "x", code: 500 }, "server-error"],
    [
      "a choice that ended in an error",
      { choices: [{ finish_reason: "error", error: { code: 502, message: "x" } }] },
      "server-error",
    ],
    ["a choice that ended in an unnamed error", { choices: [{ finish_reason: "error" }] }, "bad-payload"],
    ["a choice that a lost network ended", { choices: [{ finish_reason: "network_error" }] }, "bad-payload"],
    [
      "a choice whose call Google could not read",
      { choices: [{ index: 0, finish_reason: "function_call_filter: MALFORMED_FUNCTION_CALL" }] },
      "rejected-by-provider",
    ],
    ["an error of a request that was taken", { error: { message: "hm", code: 400 } }, "bad-payload"],
  ];
  it.each(rows)("%s", (_what, tree, kind) => {
    const checked = check(tree);
    expect(isFailure(checked) && [checked.kind, checked.phase]).toEqual([kind, "answer"]);
  });
});

describe("readUsage: unknown stays unknown", () => {
  const rows: readonly [string, unknown, object | null][] = [
    ["all figures", { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }, { input: 3, output: 2 }],
    ["input and output", { prompt_tokens: 3, completion_tokens: 2 }, { input: 3, output: 2 }],
    ["embeddings state no output", { prompt_tokens: 3, total_tokens: 3 }, { input: 3, output: 0 }],
    ["the total and the output", { completion_tokens: 2, total_tokens: 5 }, { input: 3, output: 2 }],
    ["a total that is less than its part", { prompt_tokens: 9, total_tokens: 3 }, { input: 9, output: 0 }],
    [
      "cached and reasoning tokens",
      {
        prompt_tokens: 3,
        completion_tokens: 2,
        prompt_tokens_details: { cached_tokens: 1 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      { input: 3, output: 2, cacheRead: 1, reasoning: 2 },
    ],
    [
      "tokens written to the cache",
      { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: { cache_write_tokens: 1 } },
      { input: 3, output: 2, cacheWrite: 1 },
    ],
    ["null details", { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: null }, { input: 3, output: 2 }],
    ["the total alone", { total_tokens: 5 }, null],
    ["the input alone", { prompt_tokens: 5 }, null],
    ["nothing", {}, null],
    ["texts", { prompt_tokens: "3", completion_tokens: "2" }, null],
    ["null", null, null],
    ["a number", 7, null],
  ];
  it.each(rows)("%s", (_what, value, expected) => {
    expect(readUsage(value as never)).toEqual(expected);
  });
});
