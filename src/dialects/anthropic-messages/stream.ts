// Message streams of a provider: what an event says before the commit, and what is watched for after it.
import type { Failure } from "../../core/failure.ts";
import { EventMemory } from "../event-twins.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../core/json.ts";
import type { Told } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Look, WireEvent } from "../dialect.ts";
import { noteNames } from "../note-names.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";
import { cut, type EventVerdict, type StreamWatch } from "../relay.ts";
import { writeEvent } from "../sse.ts";
import { isFilled, saysError } from "./content.ts";
import { messagesErrorEvent } from "./failure.ts";
import { isPlainStop } from "./finish.ts";
import { UsageCount } from "./usage.ts";

/** Streams of this API have no such end; gateways that were built for another one write it all the same. */
const DONE = "[DONE]";
/** `message_start`, `message_delta`, `message_stop`. */
const MESSAGE = Buffer.from("message_");
const ERROR = Buffer.from("error");

/** The members of deltas that carry something. */
const DELTA_TEXTS = ["text", "thinking", "signature", "partial_json"] as const;

/** Judges events of a message stream until the commit. */
export function lookAtMessages(of: Told): (event: WireEvent) => Look {
  let stopped = false;
  let spent = false;
  return ({ event, data }) => {
    if (data.trim() === DONE) return stopped ? "empty-end" : badPayload("first-event", "the stream holds no answer");
    const tree = outOfErrorList(parseJson(data));
    if (!isJsonObject(tree)) return badPayload("first-event", "an event is not JSON");
    const type = asText(tree["type"]) ?? event ?? "";
    if (saysError(type, tree)) return classifyErrorObject(tree, "first-event");
    switch (type) {
      case "ping":
      case "content_block_stop":
        return "hold";
      case "message_start": {
        const message = asObject(tree["message"]);
        noteNames(of, message?.["id"], message?.["model"]);
        return asList(message?.["content"]).some(isFilled) ? "commit" : "hold";
      }
      case "content_block_start":
        return isFilled(tree["content_block"]) ? "commit" : "hold";
      case "content_block_delta":
        return isFilledDelta(asObject(tree["delta"])) ? "commit" : "hold";
      case "message_delta": {
        const reason = asText(asObject(tree["delta"])?.["stop_reason"]);
        if (reason !== null && !isPlainStop(reason)) return "commit";
        stopped ||= reason !== null;
        // Tokens were spent on something that we do not see: no empty answer (decision 13).
        spent ||= (asNumber(asObject(tree["usage"])?.["output_tokens"]) ?? 0) > 0;
        return stopped && spent ? "commit" : "hold";
      }
      case "message_stop":
        return "empty-end";
      case "message":
        return "whole";
      default:
        return "commit";
    }
  };
}

function isFilledDelta(delta: JsonObject | null): boolean {
  if (delta === null) return false;
  const isKnown = DELTA_TEXTS.some((member) => typeof delta[member] === "string");
  return !isKnown || DELTA_TEXTS.some((member) => asText(delta[member]) !== null);
}

/** Of all streams that are watched here. */
const MEMORY = new EventMemory();

/** Watches a message stream after the commit. */
export class MessagesWatch implements StreamWatch {
  readonly memory = MEMORY;
  readonly afterEnd = "";
  readonly #usage = new UsageCount();
  readonly #requestId: string | undefined;

  /** The id is for the words of a failure. */
  constructor(requestId?: string) {
    this.#requestId = requestId;
  }

  wantsLook(run: Buffer): boolean {
    return run.indexOf(MESSAGE) >= 0 || run.indexOf(ERROR) >= 0;
  }

  judge({ event, data }: WireEvent, told: Told): EventVerdict {
    if (data.trim() === DONE) return told.finish === null ? cut() : "end";
    const tree = outOfErrorList(parseJson(data));
    if (!isJsonObject(tree)) return badPayload("stream", "an event is not JSON");
    const type = asText(tree["type"]) ?? event ?? "";
    if (saysError(type, tree)) return classifyErrorObject(tree, "stream");
    if (type === "message_stop") return "end";
    const message = type === "message_start" ? asObject(tree["message"]) : null;
    if (message !== null || type === "message_delta") {
      this.#usage.add(message?.["usage"] ?? tree["usage"]);
      told.usage = this.#usage.total;
      told.finish = asText((message ?? asObject(tree["delta"]))?.["stop_reason"]) ?? told.finish;
    }
    return "keep";
  }

  /** Nothing of a message stream's failure depends on what went before. */
  passed(): void {}

  /** An answer that has said why it ends is complete. */
  missingEnd(told: Told): string | null {
    return told.finish === null ? null : writeEvent('{"type":"message_stop"}', "message_stop");
  }

  fail(failure: Failure): string {
    return messagesErrorEvent(failure, this.#requestId);
  }
}
