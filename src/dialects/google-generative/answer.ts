// Whole answers of Gemini: readable, complete, empty or not.
import type { AnswerBody } from "../answer-body.ts";
import type { Failure } from "../../core/failure.ts";
import { isJsonObject } from "../../core/json.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Checked } from "../dialect.ts";
import { asText } from "../reading.ts";
import { candidateOf, hasContent, saysError } from "./content.ts";
import { brokenFinish, isPlainStop, refusedPrompt } from "./finish.ts";
import { readUsage } from "./usage.ts";

/** Checks a whole 2xx answer. An `error` inside it is an error, and so is a prompt that was refused. */
export function checkGoogleAnswer(answer: AnswerBody): Checked | Failure {
  const tree = outOfErrorList(answer.tree);
  if (!isJsonObject(tree)) return badPayload("answer", "the answer is not a JSON object");
  if (saysError(tree)) return classifyErrorObject(tree, "answer");
  const refused = refusedPrompt(tree, "answer");
  if (refused !== null) return refused;
  const candidate = candidateOf(tree);
  if (candidate === null) return badPayload("answer", "the answer has no candidate");
  const broken = brokenFinish(candidate, "answer");
  if (broken !== null) return broken;
  const usage = readUsage(tree["usageMetadata"]);
  const finish = asText(candidate["finishReason"]);
  const isSilent = !hasContent(candidate) && (finish === null || isPlainStop(finish));
  const empty = isSilent && (usage === null || usage.output === 0);
  return { usage, finish, id: asText(tree["responseId"]), model: asText(tree["modelVersion"]), empty };
}
