// OpenAI embeddings (https://platform.openai.com/docs/api-reference/embeddings), both sides. There is no streamed form.
import { classifyResponse } from "../classify.ts";
import type { Dialect } from "../dialect.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { checkEmbeddingsAnswer } from "./answer.ts";
import { fitEmbeddingsAnswer } from "./fit-answer.ts";
import { fitEmbeddingsBody, readEmbeddingsFacts, readEmbeddingsNeeds } from "./request.ts";

/** The embeddings dialect. */
export const openaiEmbeddings = {
  name: "openai-embeddings",
  ingress: {
    readFacts: readEmbeddingsFacts,
    readNeeds: readEmbeddingsNeeds,
    encodeFailure: openaiErrorBody,
  },
  egress: {
    fitBody: fitEmbeddingsBody,
    checkAnswer: checkEmbeddingsAnswer,
    fitAnswer: fitEmbeddingsAnswer,
    classify: classifyResponse,
  },
} as const satisfies Dialect;
