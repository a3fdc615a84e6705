// Whole answers of Ollama: readable, complete, empty or not.
import type { AnswerBody } from "../answer-body.ts";
import type { Failure } from "../../core/failure.ts";
import { isJsonObject } from "../../core/json.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import type { Checked } from "../dialect.ts";
import { asNumber, asObject, asText } from "../reading.ts";
import { hasContent, saysError } from "./content.ts";
import { finishOf } from "./finish.ts";
import { readUsage } from "./usage.ts";

/** Checks a whole 2xx answer. An `error` inside it is an error, whatever the status said. */
export function checkOllamaAnswer(answer: AnswerBody): Checked | Failure {
  const tree = answer.tree;
  if (!isJsonObject(tree)) return badPayload("answer", "the answer is not a JSON object");
  if (saysError(tree)) return classifyErrorObject(tree, "answer");
  const message = asObject(tree["message"]);
  if (message === null) return badPayload("answer", "the answer has no message");
  if (tree["done"] !== true) return badPayload("answer", "the answer is not done");
  const finish = asText(tree["done_reason"]);
  const isSilent = !hasContent(message) && finishOf(finish, false) === "stop";
  const empty = isSilent && (asNumber(tree["eval_count"]) ?? 0) === 0;
  return { usage: readUsage(tree), finish, id: null, model: asText(tree["model"]), empty };
}
