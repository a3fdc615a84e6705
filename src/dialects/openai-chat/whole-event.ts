// A completion that came whole in the place of a stream's events, and what the events behind it add: usage as an event of its own, the end.
import { isJsonObject, type Json, parseJson } from "../../core/json.ts";
import { parseExactJson } from "../exact-json.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";
import { hasContent, messageOf } from "./content.ts";

/** What a whole answer calls itself. */
const WHOLE = "chat.completion";

/** Joins the events behind a whole completion to it. */
export const wholeChatEvent = {
  /** The answer with what this event adds; null where something that the event says would be lost. */
  join(answer: string, more: string): string | null {
    const whole = parseExactJson(answer);
    const chunk = parseExactJson(more);
    if (!isJsonObject(whole) || !isJsonObject(chunk)) return null;
    let choices = asList(whole["choices"]);
    for (const choice of asList(chunk["choices"])) {
      if (saysMore(choice)) return null;
      choices = choices.map((each) => (indexOf(each) === indexOf(choice) ? ended(each, choice) : each));
    }
    // Usage is counted from one place; the last that is told counts, as in a stream.
    const told = Object.fromEntries(
      Object.entries(chunk).filter(([key, value]) => TOLD.has(key) && isJsonObject(value)),
    );
    return JSON.stringify({ ...whole, choices, ...told });
  },
  /** True for an answer that says that it is all: by its name, or by why each of its choices ended. */
  isEnded(answer: string): boolean {
    const whole = parseJson(answer);
    if (!isJsonObject(whole)) return false;
    return whole["object"] === WHOLE || asList(whole["choices"]).every((choice) => finishOf(choice) !== null);
  },
};

/** Where a stream's last events tell of usage (`usage.ts`). */
const TOLD: ReadonlySet<string> = new Set(["usage", "x_groq", "timings"]);

/** True for a choice with content of its own. */
function saysMore(choice: Json): boolean {
  return [messageOf(choice, "delta"), messageOf(choice, "message")].some((said) => said !== null && hasContent(said));
}

function ended(choice: Json, by: Json): Json {
  const finish = finishOf(choice) ?? finishOf(by);
  return { ...asObject(choice), finish_reason: finish };
}

function finishOf(choice: Json): string | null {
  return asText(asObject(choice)?.["finish_reason"]);
}

function indexOf(choice: Json): number {
  return asNumber(asObject(choice)?.["index"]) ?? 0;
}
