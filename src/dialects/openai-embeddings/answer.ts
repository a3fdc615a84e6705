// Whole embeddings answers of a provider that speaks this dialect.
import type { AnswerBody } from "../answer-body.ts";
import type { Failure } from "../../core/failure.ts";
import type { Checked } from "../dialect.ts";
import { readUsage } from "../openai-chat/usage.ts";
import { readMember } from "../request-check.ts";
import { checkVectorList, type VectorListForm } from "./vector-list.ts";

const FORM: VectorListForm = {
  key: "data",
  inObjects: true,
  usageOf: (body) => readUsage(readMember(body, "usage")),
};

/** Checks a whole 2xx answer: a list of objects under `data`. */
export function checkEmbeddingsAnswer(answer: AnswerBody): Checked | Failure {
  return checkVectorList(answer, FORM);
}
