// Messages requests: the facts that are read, the shape that is required, and the edits for a target (decisions 6, 12).
import type { Body } from "../../core/body.ts";
import type { BodyFacts } from "../../core/facts.ts";
import type { Failure } from "../../core/failure.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Need } from "../../core/names.ts";
import type { FitContext, Fitted } from "../dialect.ts";
import { asObject, asText } from "../reading.ts";
import { dropTools, type Fitting, fittingFor, invalid, readCommon, readMember } from "../request-check.ts";
import { isSealed, mayHoldSealed } from "../sealed.ts";
import { addThinking } from "./add-thinking.ts";

/** Reads the facts; refuses what decision 6 names and nothing deeper. */
export function readMessagesFacts(body: Body): BodyFacts | Failure {
  const common = readCommon(body);
  if ("kind" in common) return common;
  const messages = body.member("messages");
  if (messages === undefined || messages.elements < 1 || !messages.onlyObjects) {
    return invalid("messages", "`messages` must be a non-empty array of objects.");
  }
  return { ...common, wantsUsage: true };
}

/** What the request needs from a model. A thread that goes on is a conversation that only its provider has; one that begins is all here. */
export function readMessagesNeeds(body: Body): ReadonlySet<Need> {
  const needs = new Set<Need>();
  if (asObject(readMember(body, "thread"))?.["type"] === "continue") needs.add("stored-state");
  if ((body.member("tools")?.elements ?? 0) > 0) {
    needs.add("tools");
    const choice = asText(asObject(readMember(body, "tool_choice"))?.["type"]);
    if (choice === "any" || choice === "tool") needs.add("forced-tool");
  }
  if (body.holds("messages", "image")) needs.add("images");
  if (body.holds("messages", "document")) needs.add("files");
  for (const key of ["output_config", "output_format"]) {
    if (body.holds(key, "json_schema")) needs.add("structured");
  }
  return needs;
}

/** The model's own id; tools taken out where the file says that it has none. */
export function fitMessagesBody(body: Body, context: FitContext): Fitted {
  const fitting = fittingFor(context.target);
  dropTools(body, context.target, fitting);
  dropSealed(body, fitting);
  addThinking(body, context, fitting);
  return fitting;
}

/** Thoughts of other providers' answers, which clients send back: this one would refuse their proofs. */
function dropSealed(body: Body, into: Fitting): void {
  const member = body.member("messages");
  if (member === undefined || !mayHoldSealed(body, member)) return;
  const messages = readMember(body, "messages");
  if (!Array.isArray(messages)) return;
  const before = messages as readonly Json[];
  const kept = before.map(withoutSealed).filter((message) => message !== null);
  if (kept.length === before.length && kept.every((message, index) => message === before[index])) return;
  into.edits.set("messages", kept);
  into.adjusted.push("messages.thinking");
}

/** The message itself where there is nothing to leave out; null when nothing is left of it. */
function withoutSealed(message: Json): Json {
  if (!isJsonObject(message) || !Array.isArray(message["content"])) return message;
  const content = message["content"] as readonly Json[];
  const kept = content.filter((block) => !isSealedThought(block));
  if (kept.length === content.length) return message;
  return kept.length === 0 ? null : { ...message, content: kept };
}

function isSealedThought(block: Json): boolean {
  const tree = asObject(block);
  if (tree?.["type"] === "thinking") return isSealed(tree["signature"]);
  return tree?.["type"] === "redacted_thinking" && isSealed(tree["data"]);
}
