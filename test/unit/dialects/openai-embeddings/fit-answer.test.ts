// Answers of servers that speak OpenAI's embeddings, made what the client asked for: SDKs ask for base64, and some servers know floats only.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import { checkEmbeddingsAnswer } from "../../../../src/dialects/openai-embeddings/answer.ts";
import { fitEmbeddingsAnswer } from "../../../../src/dialects/openai-embeddings/fit-answer.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { bodyOf } from "../../../support/facts.ts";

/** 0.5 and -1 as float32, little-endian. */
const PACKED = "AAAAPwAAgL8=";
const entry = (index: number, embedding: unknown) => ({ object: "embedding", index, embedding });
const answerOf = (...data: readonly object[]) => ({ object: "list", data, model: "m", usage: { prompt_tokens: 1 } });

function fit(answer: unknown, request: object): unknown {
  const bytes = Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer));
  const checked = checkEmbeddingsAnswer(new AnswerBody(bytes));
  const fitted = isFailure(checked) ? checked : fitEmbeddingsAnswer(checked, bodyOf(JSON.stringify(request)));
  if (isFailure(fitted)) return fitted.kind;
  if (fitted === null) return null;
  return { repairs: fitted.repairs, data: (JSON.parse(fitted.bytes.toString()) as { data: unknown }).data };
}

describe("an answer that is as asked goes byte for byte", () => {
  it.each<[string, object, object]>([
    ["floats for floats", answerOf(entry(0, [0.5, -1])), { input: "a", encoding_format: "float" }],
    ["floats for nothing said", answerOf(entry(0, [0.5, -1])), { input: "a" }],
    ["base64 for base64", answerOf(entry(0, PACKED)), { input: "a", encoding_format: "base64" }],
    ["one for the token ids of one text", answerOf(entry(0, [1])), { input: [1, 2, 3] }],
    ["two for lists of token ids", answerOf(entry(0, [1]), entry(1, [2])), { input: [[1, 2], [3]] }],
    ["no index at all", { data: [{ embedding: [1] }, { embedding: [2] }] }, { input: ["a", "b"] }],
    // llama.cpp writes the index before the vector, vLLM behind it.
    ["the index behind the vector", { data: [{ embedding: [1], index: 0 }] }, { input: ["a"] }],
    ["a key far behind others", { data: [{ "x-note": "n".repeat(900), embedding: [1], index: 0 }] }, { input: "a" }],
    ["a text that speaks of an index", { data: [{ note: '"index"', embedding: [1], index: 0 }] }, { input: "a" }],
  ])("%s", (_what, answer, request) => {
    expect(fit(answer, request)).toBeNull();
  });
});

describe("an answer in the other form is turned into the one that was asked for", () => {
  it.each<[string, object, object, readonly string[], readonly unknown[]]>([
    [
      "floats where base64 was asked for",
      answerOf(entry(0, [0.5, -1]), entry(1, [0.5, -1])),
      { input: ["a", "b"], encoding_format: "base64" },
      ["embeddings-encoding"],
      [PACKED, PACKED],
    ],
    [
      "base64 where floats were asked for",
      answerOf(entry(0, PACKED)),
      { input: "a" },
      ["embeddings-encoding"],
      [[0.5, -1]],
    ],
    [
      "vectors in another order",
      answerOf(entry(1, [1]), entry(0, [0])),
      { input: ["a", "b"] },
      ["embeddings-order"],
      [[0], [1]],
    ],
    [
      "both",
      answerOf(entry(1, PACKED), entry(0, PACKED)),
      { input: ["a", "b"], encoding_format: "float" },
      ["embeddings-order", "embeddings-encoding"],
      [
        [0.5, -1],
        [0.5, -1],
      ],
    ],
  ])("%s", (_what, answer, request, repairs, vectors) => {
    const data = vectors.map((embedding, index) => entry(index, embedding));
    expect(fit(answer, request)).toEqual({ repairs, data });
  });

  it("keeps what else the provider wrote", () => {
    const bytes = Buffer.from('{"data":[{"index":0,"embedding":[0.5,-1],"x":1.0}],"usage":{"total_tokens":1e2}}');
    const checked = checkEmbeddingsAnswer(new AnswerBody(bytes));
    if (isFailure(checked)) throw new Error(checked.message);
    const fitted = fitEmbeddingsAnswer(checked, bodyOf('{"input":"a","encoding_format":"base64"}'));
    expect(isFailure(fitted) ? fitted : fitted?.bytes.toString()).toBe(
      `{"data":[{"index":0,"embedding":"${PACKED}","x":1}],"usage":{"total_tokens":1e2}}`,
    );
  });
});

describe("an answer that is not one vector per input is none", () => {
  it.each<[string, unknown, object]>([
    ["too few", answerOf(entry(0, [1])), { input: ["a", "b"] }],
    ["too many", answerOf(entry(0, [1]), entry(1, [1])), { input: "a" }],
    ["an index twice", answerOf(entry(0, [1]), entry(0, [2])), { input: ["a", "b"] }],
    ["an index beyond the inputs", answerOf(entry(0, [1]), entry(7, [2])), { input: ["a", "b"] }],
    ["a vector of nothing", answerOf(entry(0, [])), { input: "a", encoding_format: "base64" }],
    ["a vector of words", answerOf(entry(0, ["x"])), { input: "a", encoding_format: "base64" }],
    ["base64 of half a number", answerOf(entry(0, "AAA=")), { input: "a" }],
    ["a text that is no base64", answerOf(entry(0, "no vector")), { input: "a" }],
  ])("%s", (_what, answer, request) => {
    expect(fit(answer, request)).toBe("bad-payload");
  });
});
