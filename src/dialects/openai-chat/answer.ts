// Whole chat completions of a provider: readable, complete, empty or not.
import type { AnswerBody } from "../answer-body.ts";
import type { Failure } from "../../core/failure.ts";
import { isJsonObject } from "../../core/json.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Checked } from "../dialect.ts";
import { asList, asText } from "../reading.ts";
import { finishReasonOf, hasContent, isPlainStop, messageOf, saysError } from "./content.ts";
import { brokenChoice } from "./finish.ts";
import { usageOfChunk } from "./usage.ts";

/** Checks a whole 2xx answer. An `error` inside it is an error, whatever the status said. */
export function checkChatAnswer(answer: AnswerBody): Checked | Failure {
  const tree = outOfErrorList(answer.tree);
  if (!isJsonObject(tree)) return badPayload("answer", "the answer is not a JSON object");
  const choices = asList(tree["choices"]);
  if (choices.length === 0) {
    return saysError(tree) ? classifyErrorObject(tree, "answer") : badPayload("answer", "the answer has no choices");
  }
  const finish = finishReasonOf(choices[0]);
  const broken = brokenChoice(choices[0], "answer");
  if (broken !== null) return broken;
  const usage = usageOfChunk(tree);
  const silent = choices.every((choice) => {
    const message = messageOf(choice, "message");
    const reason = finishReasonOf(choice);
    return (message === null || !hasContent(message)) && (reason === null || isPlainStop(reason));
  });
  const empty = silent && (usage === null || usage.output === 0);
  return { usage, finish, id: asText(tree["id"]), model: asText(tree["model"]), empty };
}
