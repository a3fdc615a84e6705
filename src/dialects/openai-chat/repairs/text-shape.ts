// Where chat completions have their text and calls, for text that may be calls in brackets. An answer of several choices is left alone.
import type { Json, JsonObject } from "../../../core/json.ts";
import { asList, asObject, asText } from "../../reading.ts";
import type { TextCall } from "../../tool-text/judge-blocks.ts";
import type { ShownText, TextShape } from "../../tool-text/held-text.ts";
import { knownFinish } from "../finish.ts";
import { headOf } from "./chunk-head.ts";

/** Members of a delta that say nothing by themselves. */
const SILENT: ReadonlySet<string> = new Set(["role", "content", "refusal", "tool_calls", "function_call"]);

/** Chunks of a stream. */
export const CHUNK_SHAPE = {
  read(tree) {
    const choices = asList(tree["choices"]);
    if (choices.length === 0) return { text: "", structured: false, ending: null };
    const choice = asObject(choices[0]);
    if (choices.length > 1 || choice === null || (choice["index"] ?? 0) !== 0) return null;
    return readChoice(choice, asObject(choice["delta"]) ?? {});
  },
  withoutText(tree) {
    const choice = asObject(asList(tree["choices"])[0]);
    const delta = asObject(choice?.["delta"]);
    if (choice === null || delta === null || asText(delta["content"]) === null) return tree;
    const says = Object.entries(delta).some(([name, value]) => !SILENT.has(name) && value !== null);
    const ends = asText(choice["finish_reason"]) !== null || asObject(tree["usage"]) !== null;
    if (!says && !ends && asText(delta["role"]) === null) return null;
    const { content: _content, ...rest } = delta;
    return { ...tree, choices: [{ ...choice, delta: rest }] };
  },
  callsLike(tree, calls) {
    const numbered = written(calls).map(withIndex);
    return { ...headOf(tree), choices: [{ index: 0, delta: { tool_calls: numbered }, finish_reason: null }] };
  },
  endingInCalls(tree) {
    const choice = asObject(asList(tree["choices"])[0]) ?? {};
    return { ...tree, choices: [{ ...choice, finish_reason: "tool_calls" }] };
  },
} as const satisfies TextShape;

/** What a whole answer says; null when it has several choices or none. */
export function readWhole(tree: JsonObject): ShownText | null {
  const choices = asList(tree["choices"]);
  const choice = asObject(choices[0]);
  const message = asObject(choice?.["message"]);
  return choices.length !== 1 || choice === null || message === null ? null : readChoice(choice, message);
}

/** A whole answer with calls, or nothing, in the place of its text. */
export function withMessage(tree: JsonObject, calls: readonly TextCall[]): JsonObject {
  const choice = asObject(asList(tree["choices"])[0]) ?? {};
  const message = asObject(choice["message"]) ?? {};
  if (calls.length === 0) return { ...tree, choices: [{ ...choice, message: { ...message, content: "" } }] };
  const called = { ...message, content: null, tool_calls: written(calls) };
  return { ...tree, choices: [{ ...choice, message: called, finish_reason: "tool_calls" }] };
}

function readChoice(choice: JsonObject, delta: JsonObject): ShownText | null {
  const content = delta["content"] ?? "";
  if (typeof content !== "string") return null;
  return {
    text: content,
    structured:
      asList(delta["tool_calls"]).length > 0 || isSaid(delta["function_call"]) || asText(delta["refusal"]) !== null,
    ending: endingOf(asText(choice["finish_reason"])),
  };
}

/** A word that nobody knows is a plain stop. */
function endingOf(finish: string | null): ShownText["ending"] {
  if (finish === null) return null;
  const known = knownFinish(finish) ?? "stop";
  return known === "stop" || known === "tool-calls" ? "whole" : "cut";
}

function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function written(calls: readonly TextCall[]): JsonObject[] {
  return calls.map(({ id, name, json }) => ({ id, type: "function", function: { name, arguments: json } }));
}

function withIndex(call: JsonObject, index: number): JsonObject {
  return { index, ...call };
}
