// Chat completion requests: the facts that are read, the shape that is required, and the edits for a target (decisions 6, 10, 12).
import type { Body } from "../../core/body.ts";
import type { BodyFacts } from "../../core/facts.ts";
import type { Failure } from "../../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { Need } from "../../core/names.ts";
import type { Target } from "../../core/snapshot.ts";
import type { Fitted } from "../dialect.ts";
import { withoutSignature } from "../openai-family/signed-call.ts";
import { asList, asObject } from "../reading.ts";
import { dropTools, type Fitting, fittingFor, invalid, readCommon, readMember, toolNeeds } from "../request-check.ts";
import { mayHoldSealed, isSealed } from "../sealed.ts";
import { THOUGHT_FIELDS } from "./decode-reasoning.ts";

const CHOICES_MAX = 16;

/** Reads the facts; refuses what decision 6 names and nothing deeper. */
export function readChatFacts(body: Body): BodyFacts | Failure {
  const common = readCommon(body);
  if ("kind" in common) return common;
  const messages = body.member("messages");
  if (messages === undefined || messages.elements < 1 || !messages.onlyObjects) {
    return invalid("messages", "`messages` must be a non-empty array of objects.");
  }
  if (choicesIn(readMember(body, "n")) > CHOICES_MAX) return invalid("n", `\`n\` must be at most ${CHOICES_MAX}.`);
  const options = common.stream ? readMember(body, "stream_options") : undefined;
  return { ...common, wantsUsage: isJsonObject(options) && options["include_usage"] === true };
}

/** How many choices a lenient server takes this for: texts of digits are numbers to some (pydantic), with lines between them as well. */
function choicesIn(n: Json | undefined): number {
  if (typeof n === "number") return n;
  return typeof n === "string" ? Number(n.replaceAll("_", "")) : 0;
}

/** What the request needs from a model. */
export function readChatNeeds(body: Body): ReadonlySet<Need> {
  const needs = toolNeeds(body);
  if (body.holds("messages", "image_url")) needs.add("images");
  if (body.holds("messages", "input_audio")) needs.add("audio");
  if (body.holds("messages", "file_data") || body.holds("messages", "file_id")) needs.add("files");
  if (body.holds("response_format", "json_schema")) needs.add("structured");
  return needs;
}

/** The model's own id, usage asked for where the target takes it, tools taken out where the file says that it has none. */
export function fitChatBody(body: Body, context: { readonly target: Target; readonly stream: boolean }): Fitted {
  const fitting = fittingFor(context.target);
  if (context.stream) fitStreamOptions(body, context.target, fitting);
  dropTools(body, context.target, fitting);
  dropSealed(body, fitting);
  return fitting;
}

/** Proofs of other providers' answers, which clients send back: this one would refuse them. */
function dropSealed(body: Body, into: Fitting): void {
  const member = body.member("messages");
  if (member === undefined || !mayHoldSealed(body, member)) return;
  const messages = asList(readMember(body, "messages"));
  const kept = messages.map(withoutSealed);
  if (kept.every((message, index) => message === messages[index])) return;
  into.edits.set("messages", kept);
  into.adjusted.push("messages.reasoning_details");
}

/** The message itself where there is nothing to leave out. */
function withoutSealed(message: Json): Json {
  if (!isJsonObject(message)) return message;
  const details = asList(message["reasoning_details"]);
  const calls = asList(message["tool_calls"]);
  const kept = calls.map(withoutSignature);
  const isOurs = details.some(isSealedDetail) || kept.some((call, index) => call !== calls[index]);
  if (!isOurs) return message;
  const rest = withoutThoughts(message);
  return calls.length === 0 ? rest : { ...rest, tool_calls: kept };
}

/** A message has one author: where one proof is a stranger's, so are all thoughts, and servers that do not know these fields refuse them. */
function withoutThoughts(message: JsonObject): JsonObject {
  const kept = Object.entries(message).filter(([key]) => key !== "reasoning_details" && !THOUGHT_FIELDS.has(key));
  return Object.fromEntries(kept);
}

function isSealedDetail(detail: Json): boolean {
  const entry = asObject(detail);
  return isSealed(entry?.["signature"]) || isSealed(entry?.["data"]);
}

function fitStreamOptions(body: Body, target: Target, into: Fitting): void {
  const written = readMember(body, "stream_options");
  // What is no object is the provider's to judge: replacing it would hide the client's mistake from it.
  if (written !== null && !isJsonObject(written)) return;
  const options = written ?? {};
  if (target.asksUsage) {
    if (options["include_usage"] !== true) into.edits.set("stream_options", { ...options, include_usage: true });
    return;
  }
  if (options["include_usage"] === undefined) return;
  const { include_usage: _dropped, ...rest } = options;
  into.edits.set("stream_options", Object.keys(rest).length === 0 ? undefined : rest);
  into.adjusted.push("stream_options.include_usage");
}
