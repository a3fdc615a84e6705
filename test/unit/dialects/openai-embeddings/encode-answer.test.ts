import { describe, expect, it } from "vitest";
import { encodeEmbeddingsAnswer } from "../../../../src/dialects/openai-embeddings/encode-answer.ts";

const vectors = [Float32Array.of(0.5, -1, 0.1), Float32Array.of(1, 0, 0)];

describe("encodeEmbeddingsAnswer", () => {
  it("writes floats in the order of the inputs", () => {
    expect(encodeEmbeddingsAnswer(vectors, { model: "m", encoding: "float", inputTokens: 3 })).toEqual({
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [0.5, -1, Math.fround(0.1)] },
        { object: "embedding", index: 1, embedding: [1, 0, 0] },
      ],
      model: "m",
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });

  it("writes base64 as little-endian float32", () => {
    const { data } = encodeEmbeddingsAnswer(vectors, { model: "m", encoding: "base64", inputTokens: 3 }) as unknown as {
      data: { embedding: string }[];
    };
    expect(data.map(({ embedding }) => Buffer.from(embedding, "base64").toString("hex"))).toEqual([
      "0000003f000080bfcdcccc3d",
      "0000803f0000000000000000",
    ]);
  });
});
