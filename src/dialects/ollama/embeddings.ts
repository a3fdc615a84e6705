// Embeddings of Ollama (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings), for clients that speak OpenAI's API.
import { NO_EDITS } from "../../core/body.ts";
import { type Failure, isFailure } from "../../core/failure.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Target } from "../../core/snapshot.ts";
import { classifyResponse } from "../classify.ts";
import type { Dialect, DirectContext, EncodedRequest } from "../dialect.ts";
import { askedVectors } from "../openai-embeddings/asked.ts";
import { decodeEmbeddingsRequest } from "../openai-embeddings/decode-request.ts";
import { encodeEmbeddingsAnswer } from "../openai-embeddings/encode-answer.ts";
import { embeddingsError, readVectors } from "../openai-embeddings/read-vectors.ts";
import { checkVectorList, type VectorListForm } from "../openai-embeddings/vector-list.ts";
import { given } from "../given.ts";
import { asCount, asList } from "../reading.ts";
import { readMember } from "../request-check.ts";

/** An OpenAI embeddings request in Ollama's words. */
export function encodeEmbeddings(tree: JsonObject, target: Target): EncodedRequest | Failure {
  const request = decodeEmbeddingsRequest(tree, target);
  if (isFailure(request)) return request;
  const { texts, dimensions, inputType, lost } = request;
  const settings = given({ dimensions, keep_alive: target.fill["keep_alive"] });
  return {
    tree: { model: target.model, input: texts, ...settings },
    lost: inputType === undefined ? lost : [...lost, "input_type"],
  };
}

/** Ollama's answer as an OpenAI one, for the request that it answers. Absent counts stay absent. */
export function decodeEmbeddings(tree: JsonObject, { asked, model }: DirectContext): JsonObject | Failure {
  const error = embeddingsError(tree);
  if (error !== null) return error;
  const { count, encoding } = askedVectors(asked);
  const vectors = readVectors(asList(tree["embeddings"]), count);
  if (isFailure(vectors)) return vectors;
  return encodeEmbeddingsAnswer(vectors, { model, encoding, inputTokens: asCount(tree["prompt_eval_count"]) });
}

const FORM: VectorListForm = {
  key: "embeddings",
  inObjects: false,
  usageOf: (body) => {
    const input = asCount(readMember(body, "prompt_eval_count"));
    return input === null ? null : { input, output: 0 };
  },
};

/** The embeddings of Ollama's own API; no client speaks it here. */
export const ollamaEmbeddings = {
  name: "ollama-embeddings",
  egress: {
    fitBody: () => ({ edits: NO_EDITS, adjusted: [] }),
    checkAnswer: (answer) => checkVectorList(answer, FORM),
    direct: { encodeRequest: encodeEmbeddings, decodeAnswer: decodeEmbeddings },
    classify: classifyResponse,
  },
} as const satisfies Dialect;
