// Whole responses: what is an answer, what is empty, and what only looks like one.
import { describe, expect, it } from "vitest";
import { type FailureKind, isFailure } from "../../../../src/core/failure.ts";
import { checkResponsesAnswer } from "../../../../src/dialects/openai-responses/answer.ts";
import { readResponsesUsage } from "../../../../src/dialects/openai-responses/usage.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { response } from "../../../support/answers.ts";

const check = (tree: unknown) =>
  checkResponsesAnswer(new AnswerBody(Buffer.from(typeof tree === "string" ? tree : JSON.stringify(tree))));
const of = (output: unknown, more: object = {}) => ({
  object: "response",
  status: "completed",
  error: null,
  output,
  ...more,
});
const text = (words: string) => ({ type: "message", content: [{ type: "output_text", text: words }] });

describe("checkResponsesAnswer takes", () => {
  const rows: readonly [string, object, string, boolean][] = [
    ["a text", of([text("x")]), "completed", false],
    ["a function call", of([{ type: "function_call", name: "f" }]), "completed", false],
    ["a refusal", of([{ type: "message", content: [{ type: "refusal", refusal: "no" }] }]), "completed", false],
    [
      "a reasoning summary",
      of([{ type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] }]),
      "completed",
      false,
    ],
    ["an item type that nobody knows", of([{ type: "novelty" }]), "completed", false],
    ["an empty item beside a text", of([{ type: "reasoning", summary: [] }, text("x")]), "completed", false],
    ["nothing, though tokens were spent", of([], { usage: { input_tokens: 1, output_tokens: 4 } }), "completed", false],
    [
      "what the limit cut",
      of([], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }),
      "incomplete:max_output_tokens",
      false,
    ],
    ["no output at all", of([]), "completed", true],
    ["an empty text", of([text("")]), "completed", true],
    ["a message without content", of([{ type: "message" }]), "completed", true],
    ["items that are no objects", of([null, 1]), "completed", true],
    ["nothing for no tokens", of([], { usage: { input_tokens: 1, output_tokens: 0 } }), "completed", true],
  ];
  it.each(rows)("%s", (_what, tree, finish, empty) => {
    expect(check(tree)).toMatchObject({ finish, empty });
  });

  it("usage with the details that are told", () => {
    expect(check(response({ model: "m" }))).toMatchObject({ usage: { input: 7, output: 5 } });
  });
});

describe("checkResponsesAnswer refuses", () => {
  const rows: readonly [string, unknown, FailureKind][] = [
    ["nothing", "", "bad-payload"],
    ["HTML", "<html></html>", "bad-payload"],
    ["half an answer", JSON.stringify(of([text("x")])).slice(0, -1), "bad-payload"],
    ["null", "null", "bad-payload"],
    ["no output", { object: "response", status: "completed" }, "bad-payload"],
    ["output that is no list", of({}), "bad-payload"],
    ["an error", of([], { error: { code: "rate_limit_exceeded", message: "x" } }), "rate-limited"],
    ["a failed response", of([], { status: "failed", error: { code: "server_error", message: "x" } }), "server-error"],
    ["a failed response without words", of([], { status: "failed" }), "bad-payload"],
    ["a chat completion", { choices: [{ message: { content: "x" } }] }, "bad-payload"],
  ];
  it.each(rows)("%s", (_what, tree, kind) => {
    const checked = check(tree);
    expect(isFailure(checked) && [checked.kind, checked.phase]).toEqual([kind, "answer"]);
  });
});

describe("readResponsesUsage: unknown stays unknown", () => {
  const rows: readonly [string, unknown, object | null][] = [
    ["both figures", { input_tokens: 3, output_tokens: 2, total_tokens: 5 }, { input: 3, output: 2 }],
    [
      "details",
      {
        input_tokens: 3,
        output_tokens: 2,
        input_tokens_details: { cached_tokens: 1, cache_write_tokens: 2 },
        output_tokens_details: { reasoning_tokens: 2 },
      },
      { input: 3, output: 2, cacheRead: 1, cacheWrite: 2, reasoning: 2 },
    ],
    ["the input alone", { input_tokens: 3 }, null],
    ["the output alone", { output_tokens: 3 }, null],
    ["the names of chat", { prompt_tokens: 3, completion_tokens: 2 }, null],
    ["null", null, null],
  ];
  it.each(rows)("%s", (_what, value, expected) => {
    expect(readResponsesUsage(value as never)).toEqual(expected);
  });
});
