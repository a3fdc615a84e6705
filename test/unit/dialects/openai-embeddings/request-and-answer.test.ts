// Embeddings, both ways: what is read and refused of a request, and what is an answer.
import { describe, expect, it } from "vitest";
import { type FailureKind, isFailure } from "../../../../src/core/failure.ts";
import { checkEmbeddingsAnswer } from "../../../../src/dialects/openai-embeddings/answer.ts";
import {
  fitEmbeddingsBody,
  readEmbeddingsFacts,
  readEmbeddingsNeeds,
} from "../../../../src/dialects/openai-embeddings/request.ts";
import { embeddings } from "../../../support/answers.ts";
import { bodyOf } from "../../../support/facts.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { aTarget } from "../../../support/snapshot.ts";

describe("readEmbeddingsFacts takes", () => {
  it.each([
    ["a text", '{"input":"hi"}'],
    ["texts", '{"input":["a","b"]}'],
    ["tokens", '{"input":[1,2,3]}'],
    ["lists of tokens", '{"input":[[1,2],[3]]}'],
    ["a text of escapes", '{"input":"\\u0041"}'],
    ["vectors as base64", '{"input":"hi","encoding_format":"base64"}'],
    ["a stray stream, which is the provider's to judge", '{"input":"hi","stream":true}'],
  ])("%s", (_what, text) => {
    expect(readEmbeddingsFacts(bodyOf(text))).toEqual({ model: "", stream: false, wantsUsage: true });
    expect([...readEmbeddingsNeeds()]).toEqual([]);
  });
});

describe("readEmbeddingsFacts refuses", () => {
  it.each([
    ["no input", "{}", "input"],
    ["null", '{"input":null}', "input"],
    ["a blank text", '{"input":"  "}', "input"],
    ["an empty list", '{"input":[]}', "input"],
    ["a number", '{"input":1}', "input"],
    ["an object", '{"input":{"text":"hi"}}', "input"],
    ["a broken text", '{"input":"\\u12"}', "input"],
    ["a blank model", '{"input":"hi","model":" "}', "model"],
    ["a stream that is a text", '{"input":"hi","stream":"yes"}', "stream"],
  ])("%s", (_what, text, param) => {
    expect(readEmbeddingsFacts(bodyOf(text))).toMatchObject({ kind: "request-invalid", param });
  });
});

describe("fitEmbeddingsBody", () => {
  it("names the provider's model and leaves the encoding alone", () => {
    const body = bodyOf('{"input":["a"],"encoding_format":"base64","model":"openclaw"}');
    const { edits, adjusted } = fitEmbeddingsBody(body, { target: aTarget("p/embed") });
    expect(body.encoded(edits).toString()).toBe('{"input":["a"],"encoding_format":"base64","model":"embed"}');
    expect(adjusted).toEqual([]);
  });
});

describe("checkEmbeddingsAnswer", () => {
  const check = (tree: unknown) =>
    checkEmbeddingsAnswer(new AnswerBody(Buffer.from(typeof tree === "string" ? tree : JSON.stringify(tree))));

  it.each([
    ["vectors of floats", embeddings("m", 2), { usage: { input: 7, output: 0 } }],
    ["a vector as base64", { data: [{ embedding: "AAAA", index: 0 }] }, { usage: null }],
    ["usage that is null", { data: [{ embedding: [1] }], usage: null }, { usage: null }],
  ])("takes %s", (_what, tree, expected) => {
    expect(check(tree)).toMatchObject({ finish: null, empty: false, ...expected });
  });

  const refused: readonly [string, unknown, FailureKind][] = [
    ["nothing", "", "bad-payload"],
    ["HTML", "<html>", "bad-payload"],
    ["half an answer", '{"data":[{"embedding":[0.1,', "bad-payload"],
    ["something behind the answer", '{"data":[{}]}{}', "bad-payload"],
    ["no data", {}, "bad-payload"],
    ["empty data", { data: [] }, "bad-payload"],
    ["data of numbers", { data: [0.1] }, "bad-payload"],
    ["an error", { error: { message: "x", code: 429 } }, "rate-limited"],
    ["an error that is a text", { error: "model is loading" }, "overloaded"],
    ["an error beside empty data", { data: [], error: { type: "server_error", message: "x" } }, "server-error"],
  ];
  it.each(refused)("refuses %s", (_what, tree, kind) => {
    const checked = check(tree);
    expect(isFailure(checked) && [checked.kind, checked.phase]).toEqual([kind, "answer"]);
  });
});
