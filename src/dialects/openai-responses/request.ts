// Responses requests: the facts that are read, the shape that is required, and the edits for a target (decisions 6, 8, 12).
import type { Body } from "../../core/body.ts";
import type { BodyFacts } from "../../core/facts.ts";
import { failure, type Failure } from "../../core/failure.ts";
import type { Member } from "../../core/json-scan.ts";
import type { Json } from "../../core/json.ts";
import type { Need } from "../../core/names.ts";
import type { Target } from "../../core/snapshot.ts";
import type { Fitted } from "../dialect.ts";
import { asList, asObject } from "../reading.ts";
import { dropTools, type Fitting, fittingFor, invalid, readCommon, readMember, toolNeeds } from "../request-check.ts";
import { isOwnId, isSealed, mayHoldOwnIds, mayHoldSealed } from "../sealed.ts";

/** Members that stand in for `input` (decision 6) and lean on what a provider stores (decision 8). */
const STORED_STATE = ["previous_response_id", "conversation"] as const;

/** Reads the facts; refuses what decisions 6 and 8 name and nothing deeper. */
export function readResponsesFacts(body: Body): BodyFacts | Failure {
  const common = readCommon(body);
  if ("kind" in common) return common;
  if (readMember(body, "background") === true) {
    return failure("unsupported-parameter", "`background` is not supported: this gateway keeps no state.", {
      param: "background",
      phase: "request",
    });
  }
  const input = body.member("input");
  const replaced = ["prompt", ...STORED_STATE].some((key) => isGiven(body, key));
  if (input === undefined && !replaced) return invalid("input", "`input` is required.");
  if (input !== undefined && !isInput(body)) {
    return invalid("input", "`input` must be a non-blank string or a non-empty array.");
  }
  return { ...common, wantsUsage: true };
}

/** What the request needs from a model. */
export function readResponsesNeeds(body: Body): ReadonlySet<Need> {
  const needs = toolNeeds(body);
  if (STORED_STATE.some((key) => isGiven(body, key))) needs.add("stored-state");
  const input = body.member("input");
  if (input !== undefined && input.elements > 0) {
    if (body.holds("input", "input_image")) needs.add("images");
    if (body.holds("input", "input_audio")) needs.add("audio");
    if (body.holds("input", "input_file")) needs.add("files");
    if (body.holds("input", "item_reference")) needs.add("stored-state");
  }
  if (body.holds("text", "json_schema")) needs.add("structured");
  return needs;
}

/** The model's own id; tools taken out where the file says that it has none. */
export function fitResponsesBody(body: Body, { target }: { readonly target: Target }): Fitted {
  const fitting = fittingFor(target);
  dropTools(body, target, fitting);
  dropSealed(body, fitting);
  return fitting;
}

/** Thoughts of other providers, which clients send back: this one knows neither their seals nor the ids of the items beside them. */
function dropSealed(body: Body, into: Fitting): void {
  const member = body.member("input");
  if (member === undefined || !mayBeStrange(body, member)) return;
  const input = asList(readMember(body, "input"));
  const thoughtless = input.filter((item) => !isSealed(asObject(item)?.["encrypted_content"]));
  const kept = thoughtless.map(withoutOwnId);
  if (kept.length === input.length && kept.every((item, index) => item === input[index])) return;
  into.edits.set("input", kept);
  if (thoughtless.length < input.length) into.adjusted.push("input.reasoning");
}

function mayBeStrange(body: Body, input: Member): boolean {
  return mayHoldSealed(body, input) || mayHoldOwnIds(body.raw(input));
}

/** The item without an id that we made; its call id, which is the client's affair, stays. */
function withoutOwnId(item: Json): Json {
  const tree = asObject(item);
  if (tree === null || !isOwnId(tree["id"])) return item;
  const { id: _id, ...rest } = tree;
  return rest;
}

function isGiven(body: Body, key: string): boolean {
  const member = body.member(key);
  return member !== undefined && body.raw(member).toString("latin1", 0, 4) !== "null";
}

function isInput(body: Body): boolean {
  const member = body.member("input");
  if (member === undefined) return false;
  if (member.elements >= 0) return member.elements > 0;
  const value = readMember(body, "input");
  return typeof value === "string" && value.trim() !== "";
}
