// Ollama's streams before the commit: one JSON object a line, the last one with `done`.
import { isJsonObject, parseJson } from "../../core/json.ts";
import type { Told } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import type { Look, WireEvent } from "../dialect.ts";
import { noteNames } from "../note-names.ts";
import { asNumber, asObject, asText } from "../reading.ts";
import { hasContent, saysError } from "./content.ts";
import { finishOf } from "./finish.ts";

/** Judges lines of a stream until the commit. Nothing needs to be kept in mind: the last line tells everything. */
export function lookAtOllama(of: Told): (event: WireEvent) => Look {
  return ({ data }) => {
    const line = parseJson(data);
    if (!isJsonObject(line)) return badPayload("first-event", "a line is not JSON");
    if (saysError(line)) return classifyErrorObject(line, "first-event");
    noteNames(of, undefined, line["model"]);
    const message = asObject(line["message"]);
    if (message !== null && hasContent(message)) return "commit";
    if (line["done"] !== true) return "hold";
    const isPlainStop = finishOf(asText(line["done_reason"]), false) === "stop";
    // Tokens were spent on something that we do not see: no empty answer (decision 13).
    return isPlainStop && (asNumber(line["eval_count"]) ?? 0) === 0 ? "empty-end" : "commit";
  };
}
