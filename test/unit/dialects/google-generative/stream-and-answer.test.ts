import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import { told } from "../../../../src/core/lane.ts";
import { checkGoogleAnswer } from "../../../../src/dialects/google-generative/answer.ts";
import { googleGenerative } from "../../../../src/dialects/google-generative/index.ts";
import { lookAtGoogle } from "../../../../src/dialects/google-generative/stream.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { fixture, looked } from "../provider-streams.ts";

const answer = (parts: object[] | null, finishReason: string | null, more: object = {}) => ({
  candidates: [
    {
      content: parts === null ? {} : { parts, role: "model" },
      ...(finishReason === null ? {} : { finishReason }),
      index: 0,
    },
  ],
  ...more,
});
const SPENT = { usageMetadata: { promptTokenCount: 4, thoughtsTokenCount: 9 } };
const UNSPENT = { usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 } };

type Row = readonly [what: string, tree: object, streamed: readonly string[], whole: string];

/** One event and its whole form; streamed `hold` is asked again at the stream's end. */
const ROWS: readonly Row[] = [
  ["text", answer([{ text: "x" }], "STOP"), ["commit"], "full"],
  ["a thought", answer([{ text: "x", thought: true }], "STOP"), ["commit"], "full"],
  ["a call", answer([{ functionCall: { name: "f" } }], "STOP"), ["commit"], "full"],
  ["nothing", answer(null, "STOP", UNSPENT), ["hold", "empty-end"], "empty"],
  ["an empty text", answer([{ text: "" }], "STOP"), ["hold", "empty-end"], "empty"],
  ["a signature alone", answer([{ text: "", thoughtSignature: "s" }], "STOP"), ["hold", "empty-end"], "empty"],
  ["tokens spent on what we do not see", answer(null, "STOP", SPENT), ["commit"], "full"],
  ["a limit", answer(null, "MAX_TOKENS"), ["commit"], "full"],
  ["a filter", answer(null, "SAFETY"), ["commit"], "full"],
  ["an unreadable call", answer(null, "MALFORMED_FUNCTION_CALL"), ["rejected-by-provider"], "rejected-by-provider"],
  ["no reason", answer(null, "OTHER"), ["server-error"], "server-error"],
  ["no candidate", UNSPENT, ["hold", "bad-payload"], "bad-payload"],
  [
    "a refused prompt",
    { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, ...UNSPENT },
    ["content-refused"],
    "content-refused",
  ],
  [
    "an error",
    { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "quota" } },
    ["rate-limited"],
    "rate-limited",
  ],
];

describe("before the commit", () => {
  it.each(ROWS)("%s: a stream", (_what, tree, streamed) => {
    const look = lookAtGoogle(told());
    const verdicts = [look({ event: undefined, data: JSON.stringify(tree) })];
    if (verdicts[0] === "hold") verdicts.push(look({ event: undefined, data: "[DONE]" }));
    expect(verdicts.map((verdict) => (typeof verdict === "string" ? verdict : verdict.kind))).toEqual(streamed);
  });

  it.each(ROWS)("%s: a whole answer", (_what, tree, _streamed, whole) => {
    const checked = checkGoogleAnswer(new AnswerBody(Buffer.from(JSON.stringify(tree))));
    if (isFailure(checked)) expect(checked).toMatchObject({ kind: whole, phase: "answer" });
    else expect(checked.empty ? "empty" : "full").toBe(whole);
  });

  it("a stream that is no JSON, and a whole answer that is none", () => {
    expect(lookAtGoogle(told())({ event: undefined, data: "oops" })).toMatchObject({ kind: "bad-payload" });
    expect(checkGoogleAnswer(new AnswerBody(Buffer.from("<html>")))).toMatchObject({ kind: "bad-payload" });
  });

  it("says why a prompt was refused to the log only", () => {
    const tree = { promptFeedback: { blockReason: "OTHER", blockReasonMessage: "See the policy." } };
    expect(checkGoogleAnswer(new AnswerBody(Buffer.from(JSON.stringify(tree))))).toMatchObject({
      message: "The provider refused the prompt.",
      detail: "OTHER: See the policy.",
    });
  });

  it.each([
    ["thoughts-then-text", ["commit"]],
    ["text-signed-at-its-end", ["commit"]],
    ["two-calls", ["commit"]],
  ])("%s is committed by its first words", (name, said) => {
    expect(looked(googleGenerative.egress, fixture("google-generative", `${name}.sse`))).toEqual(said);
  });
});
