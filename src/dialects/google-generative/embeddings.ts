// Embeddings of Google's models (https://ai.google.dev/api/embeddings#method:-models.batchembedcontents), for clients that speak OpenAI's API.
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
import { asList, asNumber, asObject } from "../reading.ts";
import { readMember } from "../request-check.ts";
import { modelName } from "./path.ts";

/** What a text is for, in the words of servers that speak like OpenAI (Cohere, Voyage, NVIDIA, Jina) and in Google's. */
const TASKS: Readonly<Record<string, string>> = {
  query: "RETRIEVAL_QUERY",
  search_query: "RETRIEVAL_QUERY",
  document: "RETRIEVAL_DOCUMENT",
  passage: "RETRIEVAL_DOCUMENT",
  search_document: "RETRIEVAL_DOCUMENT",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
  similarity: "SEMANTIC_SIMILARITY",
};
/** Google's own words need no translation. */
const OWN_TASK = /^[A-Z]+(?:_[A-Z]+)*$/;

/** An OpenAI embeddings request as a batch: one entry per text, each with the model's name again. */
export function encodeEmbeddings(tree: JsonObject, target: Target): EncodedRequest | Failure {
  const request = decodeEmbeddingsRequest(tree, target);
  if (isFailure(request)) return request;
  const { texts, dimensions, inputType } = request;
  const taskType = inputType === undefined ? undefined : taskOf(inputType);
  const lost = inputType !== undefined && taskType === undefined ? [...request.lost, "input_type"] : request.lost;
  const model = modelName(target.model);
  const settings = given({ taskType, outputDimensionality: dimensions });
  const requests = texts.map((text) => Object.assign({ model, content: { parts: [{ text }] } }, settings));
  return { tree: { requests }, lost };
}

/** A batch answer as an OpenAI one, for the request that it answers. Absent counts stay absent. */
export function decodeEmbeddings(tree: JsonObject, { asked, model }: DirectContext): JsonObject | Failure {
  const error = embeddingsError(tree);
  if (error !== null) return error;
  const { count, encoding } = askedVectors(asked);
  const written = asList(tree["embeddings"]).map((each) => asObject(each)?.["values"]);
  const vectors = readVectors(written, count);
  if (isFailure(vectors)) return vectors;
  const inputTokens = asNumber(asObject(tree["usageMetadata"])?.["promptTokenCount"]);
  return encodeEmbeddingsAnswer(vectors, { model, encoding, inputTokens });
}

const FORM: VectorListForm = {
  key: "embeddings",
  inObjects: true,
  usageOf: (body) => {
    const input = asNumber(asObject(readMember(body, "usageMetadata"))?.["promptTokenCount"]);
    return input === null ? null : { input, output: 0 };
  },
};

/** The embeddings of Google's API; no client speaks it here. */
export const googleEmbeddings = {
  name: "google-embeddings",
  egress: {
    fitBody: () => ({ edits: NO_EDITS, adjusted: [] }),
    checkAnswer: (answer) => checkVectorList(answer, FORM),
    direct: { encodeRequest: encodeEmbeddings, decodeAnswer: decodeEmbeddings },
    classify: classifyResponse,
  },
} as const satisfies Dialect;

function taskOf(word: string): string | undefined {
  return OWN_TASK.test(word) ? word : Object.hasOwn(TASKS, word) ? TASKS[word] : undefined;
}
