// What an answer of Gemini holds: the one candidate that we ask for, its parts, and which of them are something for the user.
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { asList, asObject, asText } from "../reading.ts";

/** The first candidate of a chunk or of a whole answer, else null. */
export function candidateOf(tree: JsonObject): JsonObject | null {
  const candidates = asList(tree["candidates"]).filter(isJsonObject);
  return candidates.find((candidate) => (candidate["index"] ?? 0) === 0) ?? null;
}

/** The parts of a candidate. */
export function partsOf(candidate: JsonObject): readonly JsonObject[] {
  return asList(asObject(candidate["content"])?.["parts"]).filter(isJsonObject);
}

/** True when a candidate carries text, a thought, a call or media. A bare signature is none of these (decision 13). */
export function hasContent(candidate: JsonObject): boolean {
  const objects = ["functionCall", "inlineData", "executableCode", "codeExecutionResult"] as const;
  return partsOf(candidate).some(
    (part) => asText(part["text"]) !== null || objects.some((name) => isJsonObject(part[name])),
  );
}

/** True when a chunk or an answer is an error. */
export function saysError(tree: JsonObject): boolean {
  return isJsonObject(tree["error"]) || asText(tree["error"]) !== null;
}
