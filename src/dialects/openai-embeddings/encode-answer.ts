// A whole embeddings answer. Order and index are what clients go by; base64 is what the official SDKs ask for.
import type { Json, JsonObject } from "../../core/json.ts";
import type { AnswerContext } from "../dialect.ts";

/** What of an embeddings answer is not a vector. */
export interface EmbeddingsContext extends Pick<AnswerContext, "model"> {
  /** `base64` is the float32 values, little-endian. */
  readonly encoding: "float" | "base64";
  readonly inputTokens: number;
}

const FLOAT_BYTES = 4;

const ENCODINGS = {
  float: (vector: Float32Array): Json => Array.from(vector),
  base64: (vector: Float32Array): Json => {
    const bytes = Buffer.allocUnsafe(vector.length * FLOAT_BYTES);
    vector.forEach((value, index) => bytes.writeFloatLE(value, index * FLOAT_BYTES));
    return bytes.toString("base64");
  },
} as const satisfies Record<EmbeddingsContext["encoding"], unknown>;

/** Encodes vectors in the order of the inputs. */
export function encodeEmbeddingsAnswer(vectors: readonly Float32Array[], context: EmbeddingsContext): JsonObject {
  const encode = ENCODINGS[context.encoding];
  return {
    object: "list",
    data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: encode(vector) })),
    model: context.model,
    usage: { prompt_tokens: context.inputTokens, total_tokens: context.inputTokens },
  };
}
