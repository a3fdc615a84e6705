// Chat completion streams of a provider: what an event says before the commit, and what is watched for after it.
import type { Failure } from "../../core/failure.ts";
import { isJsonObject, parseJson } from "../../core/json.ts";
import type { Told } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import type { Look, WireEvent } from "../dialect.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { asList, asObject, asText } from "../reading.ts";
import type { EventVerdict, StreamWatch } from "../relay.ts";
import { writeEvent } from "../sse.ts";
import { hasContent, isPlainStop, messageOf } from "./content.ts";
import { readUsage } from "./usage.ts";

const DONE = "[DONE]";
const USAGE = Buffer.from('usage"');
const ERROR = Buffer.from('error"');
const DONE_BYTES = Buffer.from(DONE);
const FINISH = Buffer.from('finish_reason":');
const COLON = 0x3a;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;

/** Judges events of a chat stream until the commit. */
export function lookAtChat(): (event: WireEvent) => Look {
  let stopped = false;
  return ({ event, data }) => {
    if (data === DONE) return stopped ? "empty-end" : badPayload("first-event", "the stream holds no answer");
    const chunk = parseJson(data);
    if (!isJsonObject(chunk)) return badPayload("first-event", "an event is not JSON");
    if (event === "error" || isError(chunk["error"])) return classifyErrorObject(chunk, "first-event");
    const usage = readUsage(chunk["usage"]);
    for (const choice of asList(chunk["choices"])) {
      const delta = messageOf(choice, "delta") ?? messageOf(choice, "message");
      if (delta !== null && hasContent(delta)) return "commit";
      const finish = asText(asObject(choice)?.["finish_reason"]);
      if (finish === "error") return badPayload("first-event", "finish_reason is error");
      if (finish !== null && !isPlainStop(finish)) return "commit";
      stopped ||= finish !== null;
    }
    return usage !== null && usage.output > 0 && stopped ? "commit" : "hold";
  };
}

/** Watches a chat stream after the commit. */
export class ChatWatch implements StreamWatch {
  readonly afterEnd = "";
  readonly #wantsUsage: boolean;

  constructor(wantsUsage: boolean) {
    this.#wantsUsage = wantsUsage;
  }

  /** The needles end with the key's quote, which inside a JSON string is written escaped: text cannot fake them. */
  wantsLook(run: Buffer): boolean {
    if (run.indexOf(DONE_BYTES) >= 0 || run.indexOf(ERROR) >= 0) return true;
    return valueStarts(run, USAGE, OPEN_OBJECT) || valueStarts(run, FINISH, QUOTE);
  }

  judge({ event, data }: WireEvent, told: Told): EventVerdict {
    if (data === DONE) return "end";
    const chunk = parseJson(data);
    if (!isJsonObject(chunk)) return badPayload("stream", "an event is not JSON");
    if (event === "error" || isError(chunk["error"])) return classifyErrorObject(chunk, "stream");
    const choices = asList(chunk["choices"]);
    for (const choice of choices) {
      told.finish = asText(asObject(choice)?.["finish_reason"]) ?? told.finish;
      if (told.finish === "error") return badPayload("stream", "finish_reason is error");
    }
    const usage = readUsage(chunk["usage"]) ?? readUsage(asObject(choices[0])?.["usage"]);
    if (usage === null) return "keep";
    told.usage = usage;
    return choices.length === 0 && !this.#wantsUsage ? "drop-usage" : "keep";
  }

  missingEnd(told: Told): string | null {
    return told.finish === null ? null : writeEvent(DONE);
  }

  fail(failure: Failure): string {
    return writeEvent(JSON.stringify(openaiErrorBody(failure)));
  }
}

function isError(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || (typeof value === "string" && value !== "");
}

/** True when the value behind one of the occurrences of a key starts with this byte. */
function valueStarts(run: Buffer, key: Buffer, first: number): boolean {
  for (let at = run.indexOf(key); at >= 0; at = run.indexOf(key, at + key.length)) {
    let value = at + key.length;
    while (run[value] === SPACE || run[value] === COLON) value += 1;
    if (run[value] === first) return true;
  }
  return false;
}
