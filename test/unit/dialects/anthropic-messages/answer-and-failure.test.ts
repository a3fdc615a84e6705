import { describe, expect, it } from "vitest";
import { DISPOSITION, failure, type FailureKind, isFailure } from "../../../../src/core/failure.ts";
import { checkMessagesAnswer } from "../../../../src/dialects/anthropic-messages/answer.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { messagesErrorBody } from "../../../../src/dialects/anthropic-messages/failure.ts";

const message = (more: object) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  content: [{ type: "text", text: "Hello!" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 10, output_tokens: 5 },
  ...more,
});
const check = (tree: object | string) =>
  checkMessagesAnswer(new AnswerBody(Buffer.from(typeof tree === "string" ? tree : JSON.stringify(tree))));

describe("checkMessagesAnswer", () => {
  it("reads usage and reason", () => {
    expect(check(message({ model: "claude-opus-4-20250514" }))).toEqual({
      usage: { input: 10, output: 5 },
      finish: "end_turn",
      id: "msg_1",
      model: "claude-opus-4-20250514",
      empty: false,
    });
  });

  it.each([
    ["nothing, no tokens", { content: [], usage: { input_tokens: 3, output_tokens: 0 } }, true],
    ["nothing, unknown tokens", { content: [], usage: null }, true],
    ["an empty text", { content: [{ type: "text", text: "" }], usage: null }, true],
    ["nothing, spent tokens", { content: [] }, false],
    ["nothing, refused", { content: [], usage: null, stop_reason: "refusal" }, false],
    ["a call", { content: [{ type: "tool_use", id: "t", name: "f", input: {} }], usage: null }, false],
    [
      "a thought that is not shown",
      { content: [{ type: "thinking", thinking: "", signature: "s" }], usage: null },
      false,
    ],
  ])("%s: empty is %s", (_what, more, empty) => {
    expect(check(message(more))).toMatchObject({ empty });
  });

  it.each([
    ["an error", { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "overloaded"],
    ["an error of another shape", { error: { message: "x", type: "server_error" } }, "server-error"],
    ["no message", { choices: [] }, "bad-payload"],
    ["no JSON", "<html>", "bad-payload"],
  ])("%s", (_what, tree, kind) => {
    const checked = check(tree);
    expect(isFailure(checked) && checked.kind).toBe(kind);
  });
});

describe("messagesErrorBody", () => {
  it.each<[FailureKind, string]>([
    ["request-invalid", "invalid_request_error"],
    ["unsupported-parameter", "invalid_request_error"],
    ["unauthorized", "authentication_error"],
    ["forbidden", "permission_error"],
    ["model-unknown", "not_found_error"],
    ["body-too-large", "request_too_large"],
    ["rate-limited", "rate_limit_error"],
    ["overloaded", "overloaded_error"],
    ["overloaded-here", "overloaded_error"],
    ["idle-timeout", "timeout_error"],
    ["server-error", "api_error"],
    ["auth", "api_error"],
    ["internal", "api_error"],
  ])("%s is %s", (kind, type) => {
    expect(messagesErrorBody(failure(kind, "Words."))).toEqual({ type: "error", error: { type, message: "Words." } });
  });

  it("has words for every kind", () => {
    for (const kind of Object.keys(DISPOSITION) as FailureKind[]) {
      expect(messagesErrorBody(failure(kind, "Words."))).toMatchObject({ type: "error" });
    }
  });

  it.each<[string, string | null, object]>([
    ["what became of a thread", "thread_not_found", { details: { error_code: "thread_not_found" } }],
    ["nothing of other codes, which are not this API's", "invalid_value", {}],
    ["nothing where there is no code", null, {}],
  ])("tells beside its words %s", (_what, code, more) => {
    const { error } = messagesErrorBody(failure("rejected", "Words.", { code }));
    expect(error).toEqual({ type: "invalid_request_error", message: "Words.", ...more });
  });

  it("an overflow is told by the words that clients look for, once", () => {
    const words = (text: string) => messagesErrorBody(failure("context-overflow", text))["error"];
    expect(words("Too many tokens.")).toMatchObject({ message: "prompt is too long: Too many tokens." });
    expect(words("Prompt is too long: 9 > 8")).toMatchObject({ message: "Prompt is too long: 9 > 8" });
  });

  it("bounds its words", () => {
    const { message: words } = messagesErrorBody(failure("rejected", "x".repeat(9_000)))["error"] as {
      message: string;
    };
    expect(words.length).toBeLessThan(2_000);
  });
});
