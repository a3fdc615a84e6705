import { describe, expect, it } from "vitest";
import { decodeEmbeddings, encodeEmbeddings } from "../../../../src/dialects/ollama/embeddings.ts";
import { bodyOf } from "../../../support/facts.ts";
import { aTarget } from "../../../support/snapshot.ts";

const target = aTarget("home/all-minilm");

describe("embeddings of Ollama", () => {
  it("are asked for", () => {
    expect(encodeEmbeddings({ model: "m", input: "a", dimensions: 64, user: "u" }, target)).toEqual({
      tree: { model: "all-minilm", input: ["a"], dimensions: 64 },
      lost: ["user"],
    });
    const filled = aTarget("home/all-minilm", { fill: { dimensions: 32, keep_alive: "5m", input_type: "query" } });
    expect(encodeEmbeddings({ model: "m", input: ["a", "b"] }, filled)).toEqual({
      tree: { model: "all-minilm", input: ["a", "b"], dimensions: 32, keep_alive: "5m" },
      lost: ["input_type"],
    });
    expect(encodeEmbeddings({ input: [[1]] }, target)).toMatchObject({ kind: "unsupported-parameter", param: "input" });
  });

  // Shape: docs/api.md of ollama/ollama, "Generate Embeddings".
  it("are answered as OpenAI answers", () => {
    const tree = { model: "all-minilm", embeddings: [[0.010071029, -0.0017594862]], prompt_eval_count: 8 };
    const context = { asked: bodyOf('{"input":"a"}'), model: "openclaw/main" };
    expect(decodeEmbeddings(tree, context)).toEqual({
      object: "list",
      data: [{ object: "embedding", index: 0, embedding: [0.010071029, -0.0017594862] }],
      model: "openclaw/main",
      usage: { prompt_tokens: 8, total_tokens: 8 },
    });
    const encoded = decodeEmbeddings(
      { embeddings: [[0.5, -1]] },
      {
        ...context,
        asked: bodyOf('{"input":["a"],"encoding_format":"base64"}'),
      },
    );
    expect(encoded).toMatchObject({ data: [{ embedding: "AAAAPwAAgL8=" }] });
    expect(encoded).not.toHaveProperty("usage");
  });

  it.each([
    ["an error", { error: "model 'x' not found" }, "model-missing"],
    ["too many", { embeddings: [[1], [2]] }, "bad-payload"],
    ["empty vectors", { embeddings: [[]] }, "bad-payload"],
  ])("fail for %s", (_what, tree, kind) => {
    expect(decodeEmbeddings(tree, { asked: bodyOf('{"input":"a"}'), model: "m" })).toMatchObject({ kind });
  });
});
