// A whole embeddings answer. Order and index are what clients go by; base64 is what the official SDKs ask for.
import type { Json, JsonObject } from "../../core/json.ts";
import type { AnswerContext } from "../dialect.ts";

/** What of an embeddings answer is not a vector. */
export interface EmbeddingsContext extends Pick<AnswerContext, "model"> {
  /** `base64` is the float32 values, little-endian. */
  readonly encoding: "float" | "base64";
  /** Null when the provider does not count them: then there is no usage. */
  readonly inputTokens: number | null;
}

/** The values of one input, as they were computed or as a provider wrote them. */
export type Vector = Float32Array | readonly number[];

const FLOAT_BYTES = 4;

const ENCODINGS = {
  float: (vector: Vector): Json => Array.from(vector),
  base64: (vector: Vector): Json => {
    const bytes = Buffer.allocUnsafe(vector.length * FLOAT_BYTES);
    vector.forEach((value, index) => bytes.writeFloatLE(value, index * FLOAT_BYTES));
    return bytes.toString("base64");
  },
} as const satisfies Record<EmbeddingsContext["encoding"], unknown>;

/** One vector in the form that was asked for. */
export function encodeVector(vector: Vector, encoding: EmbeddingsContext["encoding"]): Json {
  return ENCODINGS[encoding](vector);
}

/** Encodes vectors in the order of the inputs. */
export function encodeEmbeddingsAnswer(vectors: readonly Vector[], context: EmbeddingsContext): JsonObject {
  const { encoding, inputTokens, model } = context;
  return {
    object: "list",
    data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: encodeVector(vector, encoding) })),
    model,
    ...(inputTokens === null ? {} : { usage: { prompt_tokens: inputTokens, total_tokens: inputTokens } }),
  };
}
