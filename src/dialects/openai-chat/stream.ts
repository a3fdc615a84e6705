// Chat completion streams of a provider: what an event says before the commit, and what is watched for after it.
import type { Failure } from "../../core/failure.ts";
import { EventMemory } from "../event-twins.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import type { Told } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Look, WireEvent } from "../dialect.ts";
import { hasValue, isBrace, isQuote, keyNeedle } from "../needles.ts";
import { noteNames } from "../note-names.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { asList, asNumber, asObject } from "../reading.ts";
import type { EventVerdict, StreamWatch } from "../relay.ts";
import { writeEvent } from "../sse.ts";
import { finishReasonOf, hasContent, isPlainStop, messageOf, saysError } from "./content.ts";
import { brokenChoice } from "./finish.ts";
import { readUsage, usageOfChunk } from "./usage.ts";

const DONE = "[DONE]";
/** Without its quote: it stands in a key, in `object: "error"` or on an `event:` line. */
const ERROR = Buffer.from("error");
const USAGE = keyNeedle("usage");
const FINISH = keyNeedle("finish_reason");
const INDEX = keyNeedle("index");

/** Judges events of a chat stream until the commit. */
export function lookAtChat(of: Told): (event: WireEvent) => Look {
  let stopped = false;
  let spent = false;
  return ({ event, data }) => {
    if (data.trim() === DONE) return stopped ? "empty-end" : badPayload("first-event", "the stream holds no answer");
    const chunk = outOfErrorList(parseJson(data));
    if (!isJsonObject(chunk)) return badPayload("first-event", "an event is not JSON");
    if (event === "error" || saysError(chunk)) return classifyErrorObject(chunk, "first-event");
    noteNames(of, chunk["id"], chunk["model"]);
    for (const choice of asList(chunk["choices"])) {
      const finish = finishReasonOf(choice);
      const delta = messageOf(choice, "delta");
      if (delta !== null && hasContent(delta)) return "commit";
      const broken = brokenChoice(choice, "first-event");
      if (broken !== null) return broken;
      // Nobody's client finds the text of a message where deltas are expected.
      if (isWhole(messageOf(choice, "message"), delta, finish)) return "whole";
      if (finish !== null && !isPlainStop(finish)) return "commit";
      stopped ||= finish !== null;
    }
    // Tokens were spent on something that we do not see: no empty answer (decision 13).
    spent ||= (readUsage(chunk["usage"])?.output ?? 0) > 0;
    return spent && stopped ? "commit" : "hold";
  };
}

/** A message without content or end opens a stream whose deltas follow; one without content beside a delta adds nothing to it. */
function isWhole(message: JsonObject | null, delta: JsonObject | null, finish: string | null): boolean {
  if (message === null) return false;
  return hasContent(message) || (delta === null && finish !== null);
}

/** Of all streams that are watched here. */
const MEMORY = new EventMemory();

/** Watches a chat stream after the commit. */
export class ChatWatch implements StreamWatch {
  readonly memory = MEMORY;
  readonly afterEnd = "";
  readonly #wantsUsage: boolean;
  /** Choices that have begun and not finished. The first is there from the start; of the others each event is looked at. */
  readonly #open = new Set([0]);

  constructor(wantsUsage: boolean) {
    this.#wantsUsage = wantsUsage;
  }

  wantsLook(run: Buffer): boolean {
    if (run.indexOf(ERROR) >= 0) return true;
    return hasValue(run, USAGE, isBrace) || hasValue(run, FINISH, isQuote) || hasValue(run, INDEX, isPositive);
  }

  judge({ event, data }: WireEvent, told: Told): EventVerdict {
    if (data.trim() === DONE) return "end";
    const chunk = outOfErrorList(parseJson(data));
    if (!isJsonObject(chunk)) return badPayload("stream", "an event is not JSON");
    if (event === "error" || saysError(chunk)) return classifyErrorObject(chunk, "stream");
    const choices = asList(chunk["choices"]);
    for (const choice of choices) {
      const finish = this.#noteChoice(asObject(choice)?.["index"], finishReasonOf(choice));
      const broken = brokenChoice(choice, "stream");
      if (broken !== null) return broken;
      told.finish = finish ?? told.finish;
    }
    const usage = usageOfChunk(chunk);
    if (usage === null) return "keep";
    told.usage = usage;
    return choices.length === 0 && !this.#wantsUsage ? "drop-usage" : "keep";
  }

  /** Nothing of a chat stream's failure depends on what went before. */
  passed(): void {}

  /** Complete is an answer all of whose choices gave a reason for ending. */
  missingEnd(told: Told): string | null {
    return told.finish === null || this.#open.size > 0 ? null : writeEvent(DONE);
  }

  fail(failure: Failure): string {
    return writeEvent(JSON.stringify(openaiErrorBody(failure)));
  }

  #noteChoice(index: Json | undefined, finish: string | null): string | null {
    const number = asNumber(index) ?? 0;
    if (finish === null) this.#open.add(number);
    else this.#open.delete(number);
    return finish;
  }
}

function isPositive(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x31 && byte <= 0x39;
}
