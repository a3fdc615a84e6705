// Whole answers that hold vectors in a list. Vectors are megabytes: such an answer is scanned, not parsed.
import type { AnswerBody } from "../answer-body.ts";
import { Body } from "../../core/body.ts";
import type { Failure } from "../../core/failure.ts";
import { isScanFault } from "../../core/json-scan.ts";
import { isJsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import type { Checked } from "../dialect.ts";
import { asText } from "../reading.ts";
import { readMember } from "../request-check.ts";

/** Where a wire format has its vectors, and its count of tokens. */
export interface VectorListForm {
  readonly key: string;
  /** True where each vector is inside an object. */
  readonly inObjects: boolean;
  readonly usageOf: (body: Body) => Usage | null;
}

/** Checks a whole 2xx answer: a list that is not empty. An error in its place is one, whatever the status said. */
export function checkVectorList({ bytes }: AnswerBody, { key, inObjects, usageOf }: VectorListForm): Checked | Failure {
  const body = Body.fromBytes(bytes);
  if (isScanFault(body)) return badPayload("answer", "the answer is not a JSON object");
  const list = body.member(key);
  if (list === undefined || list.elements < 1 || (inObjects && !list.onlyObjects)) {
    const error = readMember(body, "error");
    if (isJsonObject(error) || typeof error === "string") return classifyErrorObject({ error }, "answer");
    return badPayload("answer", "the answer has no embeddings");
  }
  const id = asText(readMember(body, "id"));
  const model = asText(readMember(body, "model"));
  return { usage: usageOf(body), finish: null, id, model, empty: false, scanned: body };
}
