// Counts before an answer: what of a message goes with them, what a count is, and that a server without them is no server without a model.
import { describe, expect, it } from "vitest";
import type { FailureKind } from "../../../../src/core/failure.ts";
import {
  checkCount,
  classifyCount,
  fitCountBody,
  readCountFacts,
} from "../../../../src/dialects/anthropic-messages/count-tokens.ts";
import { decodeCount, checkGoogleCount, encodeCount } from "../../../../src/dialects/google-generative/count-tokens.ts";
import { bodyOf } from "../../../support/facts.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { aTarget } from "../../../support/snapshot.ts";

const MESSAGES = [{ role: "user", content: "Hello, Claude" }] as const;
const body = (more: object = {}) => bodyOf(JSON.stringify({ model: "openclaw", messages: MESSAGES, ...more }));
const bytes = (tree: unknown) => Buffer.from(typeof tree === "string" ? tree : JSON.stringify(tree));

describe("a request for a count", () => {
  it("is a message that is never streamed", () => {
    expect(readCountFacts(body({ stream: true }))).toEqual({ model: "openclaw", stream: false, wantsUsage: true });
    expect(readCountFacts(bodyOf('{"messages":[]}'))).toMatchObject({ kind: "request-invalid", param: "messages" });
  });

  it("goes without what is said of an answer, and otherwise as it is", () => {
    const asked = body({ max_tokens: 9, stream: false, system: "s", thinking: { type: "adaptive" } });
    const { edits, adjusted } = fitCountBody(asked, { target: aTarget("anthropic/claude-sonnet-4-6") });
    expect(JSON.parse(asked.encoded(edits).toString())).toEqual({
      model: "claude-sonnet-4-6",
      messages: MESSAGES,
      system: "s",
      thinking: { type: "adaptive" },
    });
    expect(adjusted).toEqual([]);
  });
});

describe("a count", () => {
  // https://platform.claude.com/docs/en/api/messages-count-tokens
  it("is a number, and nothing was used for it", () => {
    const counted = { usage: null, finish: null, id: null, model: null, empty: false };
    expect(checkCount(new AnswerBody(bytes({ input_tokens: 2095 })))).toEqual(counted);
    expect(
      checkCount(new AnswerBody(bytes({ input_tokens: 0, context_management: { original_input_tokens: 9 } }))),
    ).toEqual(counted);
  });

  it.each<[string, unknown, FailureKind]>([
    ["nothing", "", "bad-payload"],
    ["HTML", "<html>", "bad-payload"],
    ["no number", { input_tokens: "12" }, "bad-payload"],
    ["an error", { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "overloaded"],
  ])("is not %s", (_what, tree, kind) => {
    expect(checkCount(new AnswerBody(bytes(tree)))).toMatchObject({ kind, phase: "answer" });
  });

  it.each([404, 405, 501])("that a server does not give with %i is a path that is missing, and no model", (status) => {
    const why = classifyCount(status, {}, bytes({ detail: "Not Found" }), 0);
    expect(why).toMatchObject({ kind: "not-found", code: "token_counts_unavailable", upstreamStatus: status });
  });

  it("that is refused otherwise is refused as a message is", () => {
    const limited = { type: "error", error: { type: "rate_limit_error", message: "Slow down" } };
    expect(classifyCount(429, {}, bytes(limited), 0)).toMatchObject({ kind: "rate-limited" });
  });
});

describe("Gemini's counts", () => {
  const target = aTarget("google/gemini-2.5-flash");

  // https://ai.google.dev/api/tokens: `generateContentRequest` counts instructions and tools, too.
  it("are of the whole request", () => {
    const tools = [{ name: "f", input_schema: { type: "object", properties: {} } }];
    expect(encodeCount({ model: "m", system: "s", messages: MESSAGES, tools }, target)).toMatchObject({
      tree: {
        generateContentRequest: {
          model: "models/gemini-2.5-flash",
          systemInstruction: { parts: [{ text: "s" }] },
          contents: [{ role: "user", parts: [{ text: "Hello, Claude" }] }],
          tools: [{ functionDeclarations: [{ name: "f" }] }],
        },
      },
      lost: [],
    });
    expect(encodeCount({ messages: [{ role: "user", content: 7 }] }, target)).toMatchObject({
      kind: "request-invalid",
    });
  });

  it("are told in Anthropic's words", () => {
    const answer = { totalTokens: 31, promptTokensDetails: [{ modality: "TEXT", tokenCount: 31 }] };
    expect(checkGoogleCount(new AnswerBody(bytes(answer)))).toEqual({
      usage: null,
      finish: null,
      id: null,
      model: null,
      empty: false,
    });
    expect(decodeCount(answer)).toEqual({ input_tokens: 31 });
  });

  it.each<[string, unknown, FailureKind]>([
    ["nothing", "", "bad-payload"],
    ["no number", {}, "bad-payload"],
    ["an error", [{ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }], "overloaded"],
  ])("are not %s", (_what, tree, kind) => {
    expect(checkGoogleCount(new AnswerBody(bytes(tree)))).toMatchObject({ kind });
  });
});
