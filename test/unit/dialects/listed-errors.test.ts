// Google answers errors as a list of one, also inside a 200: each dialect takes it out and says what it means.
import { describe, expect, it } from "vitest";
import { told } from "../../../src/core/lane.ts";
import { checkChatAnswer } from "../../../src/dialects/openai-chat/answer.ts";
import { lookAtChat } from "../../../src/dialects/openai-chat/stream.ts";
import { checkResponsesAnswer } from "../../../src/dialects/openai-responses/answer.ts";
import { AnswerBody } from "../../../src/dialects/answer-body.ts";
import { lookAtResponses } from "../../../src/dialects/openai-responses/stream.ts";

const LISTED = JSON.stringify([{ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }]);

describe("a list of one error", () => {
  const event = { event: null, data: LISTED } as never;
  it.each([
    ["a chat stream", () => lookAtChat(told())(event)],
    ["a chat answer", () => checkChatAnswer(new AnswerBody(Buffer.from(LISTED)))],
    ["a responses stream", () => lookAtResponses(told())(event)],
    ["a responses answer", () => checkResponsesAnswer(new AnswerBody(Buffer.from(LISTED)))],
  ])("in %s is overloaded", (_where, read) => {
    expect(read()).toMatchObject({ kind: "overloaded" });
  });

  it("a list of anything else is no answer", () => {
    for (const list of ["[]", "[1]", "[null]", '[{"choices":[{"message":{"content":"x"}}],"error":{"message":"x"}}]']) {
      expect(checkChatAnswer(new AnswerBody(Buffer.from(list)))).toMatchObject({ kind: "bad-payload" });
      expect(checkResponsesAnswer(new AnswerBody(Buffer.from(list)))).toMatchObject({ kind: "bad-payload" });
    }
  });
});
