// Whole responses of a provider: readable, finished, empty or not.
import type { AnswerBody } from "../answer-body.ts";
import type { Failure } from "../../core/failure.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Checked } from "../dialect.ts";
import { withServiceTier } from "../openai-family/service-tier.ts";
import { asList, asObject, asText } from "../reading.ts";
import { readResponsesUsage } from "./usage.ts";

/** Item types that an assistant's text stands in; every other item type is content by being there. */
const SILENT_ITEMS: ReadonlySet<string> = new Set(["message", "reasoning"]);

/** Checks a whole 2xx answer. `status: "failed"` and an `error` are errors, whatever the HTTP status said. */
export function checkResponsesAnswer(answer: AnswerBody): Checked | Failure {
  const tree = outOfErrorList(answer.tree);
  if (!isJsonObject(tree)) return badPayload("answer", "the answer is not a JSON object");
  if (hasFailed(tree)) return classifyErrorObject(tree, "answer");
  if (!Array.isArray(tree["output"])) return badPayload("answer", "the answer has no output");
  return readResponse(tree);
}

/** True for a Response that says that it failed, wherever it stands. */
export function hasFailed(response: JsonObject): boolean {
  return isJsonObject(response["error"]) || response["status"] === "failed";
}

/** What a finished response object tells. */
export function readResponse(response: JsonObject): Checked {
  const usage = withServiceTier(readResponsesUsage(response["usage"]), response["service_tier"]);
  const status = asText(response["status"]) ?? "completed";
  const why = asText(asObject(response["incomplete_details"])?.["reason"]);
  const silent = asList(response["output"]).every((item) => !isFilledItem(asObject(item)));
  return {
    usage,
    finish: why === null ? status : `${status}:${why}`,
    id: asText(response["id"]),
    model: asText(response["model"]),
    empty: status === "completed" && silent && (usage === null || usage.output === 0),
  };
}

function isFilledItem(item: JsonObject | null): boolean {
  if (item === null) return false;
  if (!SILENT_ITEMS.has(asText(item["type"]) ?? "")) return true;
  const parts = [...asList(item["content"]), ...asList(item["summary"])];
  return parts.some((part) => {
    const { text, refusal } = (asObject(part) ?? {}) as { text?: unknown; refusal?: unknown };
    return (typeof text === "string" && text !== "") || (typeof refusal === "string" && refusal !== "");
  });
}
