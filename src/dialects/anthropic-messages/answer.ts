// Whole messages of a provider: readable, complete, empty or not.
import type { AnswerBody } from "../answer-body.ts";
import type { Failure } from "../../core/failure.ts";
import { isJsonObject } from "../../core/json.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Checked } from "../dialect.ts";
import { asList, asText } from "../reading.ts";
import { isFilled, saysError } from "./content.ts";
import { isPlainStop } from "./finish.ts";
import { readMessagesUsage } from "./usage.ts";

/** Checks a whole 2xx answer. An error inside it is one, whatever the status said. */
export function checkMessagesAnswer(answer: AnswerBody): Checked | Failure {
  const tree = outOfErrorList(answer.tree);
  if (!isJsonObject(tree)) return badPayload("answer", "the answer is not a JSON object");
  if (saysError(asText(tree["type"]) ?? "", tree)) return classifyErrorObject(tree, "answer");
  if (!Array.isArray(tree["content"])) return badPayload("answer", "the answer has no content");
  const usage = readMessagesUsage(tree["usage"]);
  const finish = asText(tree["stop_reason"]);
  const isSilent = !asList(tree["content"]).some(isFilled) && (finish === null || isPlainStop(finish));
  const empty = isSilent && (usage === null || usage.output === 0);
  return { usage, finish, id: asText(tree["id"]), model: asText(tree["model"]), empty };
}
