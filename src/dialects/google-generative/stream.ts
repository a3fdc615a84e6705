// Gemini streams before the commit. They have no terminal event: behind the finish reason, the stream's end is the answer's.
import { isJsonObject, parseJson } from "../../core/json.ts";
import type { Told } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Look, WireEvent } from "../dialect.ts";
import { noteNames } from "../note-names.ts";
import { asText } from "../reading.ts";
import { candidateOf, hasContent, saysError } from "./content.ts";
import { brokenFinish, isPlainStop, refusedPrompt } from "./finish.ts";
import { readUsage } from "./usage.ts";

/** What gateways in front of Google may write, and what is asked at the stream's end. */
const DONE = "[DONE]";

/** Judges events of a stream until the commit. */
export function lookAtGoogle(of: Told): (event: WireEvent) => Look {
  let stopped = false;
  let spent = false;
  return ({ data }) => {
    if (data.trim() === DONE) return stopped ? "empty-end" : badPayload("first-event", "the stream holds no answer");
    const chunk = outOfErrorList(parseJson(data));
    if (!isJsonObject(chunk)) return badPayload("first-event", "an event is not JSON");
    if (saysError(chunk)) return classifyErrorObject(chunk, "first-event");
    noteNames(of, chunk["responseId"], chunk["modelVersion"]);
    const refused = refusedPrompt(chunk, "first-event");
    if (refused !== null) return refused;
    const candidate = candidateOf(chunk);
    if (candidate !== null && hasContent(candidate)) return "commit";
    const reason = asText(candidate?.["finishReason"]);
    if (candidate !== null && reason !== null) {
      const broken = brokenFinish(candidate, "first-event");
      if (broken !== null) return broken;
      if (!isPlainStop(reason)) return "commit";
      stopped = true;
    }
    // Tokens were spent on something that we do not see: no empty answer (decision 13).
    spent ||= (readUsage(chunk["usageMetadata"])?.output ?? 0) > 0;
    return spent && stopped ? "commit" : "hold";
  };
}
