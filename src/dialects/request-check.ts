// The request check that all OpenAI dialects share (decision 6): top-level members only, in the client's own bytes.
import type { Body } from "../core/body.ts";
import { failure, type Failure } from "../core/failure.ts";
import { isJsonObject, type Json } from "../core/json.ts";
import type { Need } from "../core/names.ts";
import type { Target } from "../core/snapshot.ts";

/** What every operation reads. */
export interface CommonFacts {
  readonly model: string;
  readonly stream: boolean;
}

/** Types of choices that force nothing. */
const FREE: ReadonlySet<Json | undefined> = new Set(["auto", "none"]);

/** Members that offer tools. */
const TOOL_FIELDS = ["tools", "tool_choice", "parallel_tool_calls", "functions", "function_call"] as const;

/** A 400 that names the parameter. */
export function invalid(param: string, message: string): Failure {
  return failure("request-invalid", message, { param, phase: "request" });
}

/** `model` absent, null or a non-blank string; `stream` a boolean or null. */
export function readCommon(body: Body): CommonFacts | Failure {
  const twin = misspelt(body);
  if (twin !== null) return invalid(twin, "A key differs from one of ours in letter case only.");
  const model = readMember(body, "model");
  if (model !== null && (typeof model !== "string" || model.trim() === "")) {
    return invalid("model", "`model` must be a non-blank string.");
  }
  const stream = readMember(body, "stream");
  if (stream !== null && typeof stream !== "boolean") return invalid("stream", "`stream` must be a boolean.");
  return { model: model === null ? "" : model.trim(), stream: stream === true };
}

/** Keys that we act on. */
const ACTED_ON: ReadonlySet<string> = new Set([
  ...TOOL_FIELDS,
  "model",
  "stream",
  "stream_options",
  "messages",
  "input",
  "n",
]);
const ACTED_ON_LENGTH_MAX = 24;
/** Keys that are nobody's misspelling, as they were met; requests have the same few, and changing their case twice takes longer than asking. */
const OTHERS_MAX = 256;
const others = new Set<string>();

/**
 * A key that some providers' parsers (Go's encoding/json) take for one of these, and that stands behind it as the last: what we judged
 * and what they read would differ.
 */
function misspelt(body: Body): string | null {
  for (const key of body.keys()) {
    if (key.length > ACTED_ON_LENGTH_MAX || ACTED_ON.has(key) || others.has(key)) continue;
    // There and back, since some letters are lower-case twins of ASCII ones only by way of their upper case.
    if (ACTED_ON.has(key.toUpperCase().toLowerCase())) return key;
    if (others.size === OTHERS_MAX) others.clear();
    others.add(key);
  }
  return null;
}

/** A small top-level value; null when absent or null, undefined when broken below the top level: then it is the provider's to judge. */
export function readMember(body: Body, key: string): Json | undefined {
  try {
    return body.get(key) ?? null;
  } catch {
    return undefined;
  }
}

/** Needs that come from tools. */
export function toolNeeds(body: Body): Set<Need> {
  const needs = new Set<Need>();
  const tools = body.member("tools") ?? body.member("functions");
  if (tools === undefined || tools.elements < 1) return needs;
  needs.add("tools");
  const key = body.member("tool_choice") === undefined ? "function_call" : "tool_choice";
  if (isForced(readMember(body, key))) needs.add("forced-tool");
  return needs;
}

/** A word that forces, an object that names a tool, and a choice among some tools where its mode forces. */
function isForced(choice: Json | undefined): boolean {
  if (!isJsonObject(choice)) return choice === "required" || choice === "any";
  if (choice["type"] !== "allowed_tools") return !FREE.has(choice["type"]);
  const inner = isJsonObject(choice["allowed_tools"]) ? choice["allowed_tools"] : choice;
  return inner["mode"] === "required";
}

/** Edits on their way, and the names of what they drop. */
export interface Fitting {
  readonly edits: Map<string, Json | undefined>;
  readonly adjusted: string[];
}

/** A fitting that names the target's model. */
export function fittingFor(target: Target): Fitting {
  const edits = new Map<string, Json | undefined>();
  edits.set("model", target.model);
  return { edits, adjusted: [] };
}

/** Takes tools out where the file says that the target has none (decision 12). */
export function dropTools(body: Body, target: Target, { edits, adjusted }: Fitting): void {
  if (target.stated.tools !== false) return;
  for (const field of TOOL_FIELDS) {
    if (body.member(field) === undefined) continue;
    edits.set(field, undefined);
    adjusted.push(field);
  }
}
