import { describe, expect, it } from "vitest";
import { decodeEmbeddings, encodeEmbeddings } from "../../../../src/dialects/google-generative/embeddings.ts";
import { bodyOf } from "../../../support/facts.ts";
import { aTarget } from "../../../support/snapshot.ts";

const target = aTarget("google/gemini-embedding-001");
const request = (content: string, more: object = {}) => ({
  model: "models/gemini-embedding-001",
  content: { parts: [{ text: content }] },
  ...more,
});

describe("embeddings of Google", () => {
  it("are asked for text by text", () => {
    expect(encodeEmbeddings({ model: "m", input: "a", user: "u", encoding_format: "float" }, target)).toEqual({
      tree: { requests: [request("a")] },
      lost: ["user"],
    });
    expect(encodeEmbeddings({ model: "m", input: ["a", "b"], dimensions: 768 }, target)).toEqual({
      tree: { requests: ["a", "b"].map((each) => request(each, { outputDimensionality: 768 })) },
      lost: [],
    });
  });

  it.each([
    ["query", { taskType: "RETRIEVAL_QUERY" }, []],
    ["passage", { taskType: "RETRIEVAL_DOCUMENT" }, []],
    ["CODE_RETRIEVAL_QUERY", { taskType: "CODE_RETRIEVAL_QUERY" }, []],
    ["constructor", {}, ["input_type"]],
  ])("know what a text is for: %s", (word, more, lost) => {
    const expected = { tree: { requests: [request("a", more)] }, lost };
    expect(encodeEmbeddings({ input: "a", input_type: word }, target)).toEqual(expected);
    const filled = { ...target, fill: { input_type: word, dimensions: 9 } };
    expect(encodeEmbeddings({ input: "a", dimensions: 3 }, filled)).toEqual({
      tree: { requests: [request("a", { ...more, outputDimensionality: 3 })] },
      lost,
    });
  });

  it("are not made of token ids", () => {
    expect(encodeEmbeddings({ input: [1, 2] }, target)).toMatchObject({
      kind: "unsupported-parameter",
      param: "input",
    });
  });

  it("are answered as OpenAI answers", () => {
    const tree = { embeddings: [{ values: [0.013168523, -0.5] }, { values: [1, 0] }] };
    const context = { asked: bodyOf('{"input":["a","b"]}'), model: "openclaw/main" };
    expect(decodeEmbeddings(tree, context)).toEqual({
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [0.013168523, -0.5] },
        { object: "embedding", index: 1, embedding: [1, 0] },
      ],
      model: "openclaw/main",
    });
    expect(decodeEmbeddings({ ...tree, usageMetadata: { promptTokenCount: 4 } }, context)).toMatchObject({
      usage: { prompt_tokens: 4, total_tokens: 4 },
    });
  });

  it.each([
    ["an error", { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "quota" } }, "rate-limited"],
    ["too few", { embeddings: [] }, "bad-payload"],
    ["no numbers", { embeddings: [{ values: ["x"] }] }, "bad-payload"],
  ])("fail for %s", (_what, tree, kind) => {
    expect(decodeEmbeddings(tree, { asked: bodyOf('{"input":"a"}'), model: "m" })).toMatchObject({ kind });
  });
});
