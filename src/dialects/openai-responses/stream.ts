// Responses streams of a provider: what an event says before the commit, and what is watched for after it.
import type { Failure } from "../../core/failure.ts";
import { EventMemory } from "../event-twins.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../core/json.ts";
import type { Told } from "../../core/lane.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import { outOfErrorList } from "../classify/provider-error.ts";
import type { Look, WireEvent } from "../dialect.ts";
import { noteNames } from "../note-names.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { asObject, asText } from "../reading.ts";
import { cut, type EventVerdict, type StreamWatch } from "../relay.ts";
import { writeEvent } from "../sse.ts";
import { hasFailed, readResponse } from "./answer.ts";

const DONE = "[DONE]";
/** Events before the first content (decision 13); an added item of another type than these is content itself. */
const LIFECYCLE: ReadonlySet<string> = new Set([
  "response.created",
  "response.in_progress",
  "response.queued",
  "response.content_part.added",
  "response.reasoning_summary_part.added",
  "keepalive",
]);
const SILENT_ITEMS: ReadonlySet<string> = new Set(["message", "reasoning"]);
const NEEDLES = ["response.created", "response.completed", "response.incomplete", "response.failed", "error"].map(
  (text) => Buffer.from(text),
);
const SEQUENCE = Buffer.from('"sequence_number"');

/** Judges events of a Responses stream until the commit. */
export function lookAtResponses(of: Told): (event: WireEvent) => Look {
  return ({ event, data }) => {
    if (data.trim() === DONE) return badPayload("first-event", "the stream holds no answer");
    const tree = outOfErrorList(parseJson(data));
    if (!isJsonObject(tree)) return badPayload("first-event", "an event is not JSON");
    const type = asText(tree["type"]) ?? event ?? "";
    const broken = brokenBy(type, tree, "first-event");
    if (broken !== null) return broken;
    const response = asObject(tree["response"]);
    noteNames(of, response?.["id"], response?.["model"]);
    if (LIFECYCLE.has(type)) return "hold";
    if (type === "response.output_item.added") {
      return SILENT_ITEMS.has(asText(asObject(tree["item"])?.["type"]) ?? "") ? "hold" : "commit";
    }
    if (type === "response.completed") {
      return readResponse(response ?? {}).empty ? "empty-end" : "commit";
    }
    if (type.endsWith(".delta")) return asText(tree["delta"]) === null ? "hold" : "commit";
    if (type.endsWith(".done")) return "hold";
    if (type === "" && asText(tree["object"]) === "response") return "whole";
    if (type === "" && tree["error"] !== undefined) return errorOf(tree, "first-event");
    return "commit";
  };
}

/** Of all streams that are watched here. */
const MEMORY = new EventMemory();

/** Watches a Responses stream after the commit. */
export class ResponsesWatch implements StreamWatch {
  readonly memory = MEMORY;
  readonly afterEnd = writeEvent(DONE);
  /** From `response.created`: a failure of ours must name the same response. */
  #response: JsonObject | null = null;
  /** The last events that went out. */
  #last: Buffer | null = null;

  wantsLook(run: Buffer): boolean {
    return NEEDLES.some((needle) => run.indexOf(needle) >= 0);
  }

  judge({ event, data }: WireEvent, told: Told): EventVerdict {
    // A terminator without a terminal event is a cut.
    if (data.trim() === DONE) return cut();
    const tree = outOfErrorList(parseJson(data));
    if (!isJsonObject(tree)) return badPayload("stream", "an event is not JSON");
    const type = asText(tree["type"]) ?? event ?? "";
    // Servers that speak chat completions at heart write a bare error object.
    const isBareError = asText(tree["type"]) === null && tree["error"] !== undefined;
    const broken = brokenBy(isBareError ? "error" : type, tree, "stream");
    if (broken !== null) return broken;
    if (type === "response.created") this.#response = asObject(tree["response"]);
    if (type !== "response.completed" && type !== "response.incomplete") return "keep";
    const { usage, finish } = readResponse(asObject(tree["response"]) ?? {});
    told.usage = usage;
    told.finish = finish;
    return "end";
  }

  passed(events: Buffer): void {
    this.#last = events;
  }

  /** Only the terminal event ends a response. */
  missingEnd(): null {
    return null;
  }

  fail(failure: Failure): string {
    const { error } = openaiErrorBody(failure) as { error: JsonObject };
    const response = {
      ...this.#response,
      object: "response",
      status: "failed",
      error: { code: asText(error["code"]) ?? "server_error", message: error["message"] ?? "" },
      output: [],
    };
    const data = { type: "response.failed", sequence_number: this.#nextSequence(), response };
    return writeEvent(JSON.stringify(data), "response.failed");
  }

  /** One more than the last number that went out. */
  #nextSequence(): number {
    if (this.#last === null) return 0;
    const at = this.#last.lastIndexOf(SEQUENCE);
    if (at < 0) return 0;
    const behind = this.#last.toString("latin1", at + SEQUENCE.length, at + SEQUENCE.length + 16);
    return Number(/^\s*:\s*(\d{1,12})/.exec(behind)?.[1] ?? -1) + 1;
  }
}

/** The failure that an event tells, else null. Its name alone completes nothing: a Response that failed or was cancelled says so of itself. */
export function brokenBy(type: string, tree: JsonObject, phase: "first-event" | "stream"): Failure | null {
  if (type === "error" || type === "response.failed") return errorOf(tree, phase);
  const response = type === "response.completed" ? asObject(tree["response"]) : null;
  if (response === null) return null;
  if (hasFailed(response)) return errorOf(tree, phase);
  return response["status"] === "cancelled" ? cut() : null;
}

/** What an error event means: the Response that failed, a bare error object, or the event itself says it. */
function errorOf(tree: JsonObject, phase: "first-event" | "stream"): Failure {
  const response = asObject(tree["response"]);
  const source = asObject(response?.["error"] ?? tree["error"]) ?? tree;
  return classifyErrorObject({ error: { ...source, code: source["code"] ?? tree["status"] ?? null } }, phase);
}
