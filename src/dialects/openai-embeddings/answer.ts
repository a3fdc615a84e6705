// Whole embeddings answers of a provider that speaks this dialect.
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
export function checkEmbeddingsAnswer(bytes: Buffer): Checked | Failure {
  return checkVectorList(bytes, FORM);
}
