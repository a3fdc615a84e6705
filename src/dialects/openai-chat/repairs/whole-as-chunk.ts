// A whole answer as the one chunk that it would be, so that every row mends both alike; and back.
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.ts";
import { asList, asObject } from "../../reading.ts";

/** A whole answer as a chunk. */
export interface WholeChunk {
  readonly chunk: JsonObject;
  /** What stands in the chunk for which object of the answer: deltas for messages, numbered calls for calls. */
  readonly origins: ReadonlyMap<Json, JsonObject>;
}

/** In a whole message every entry of the calls is a call of its own, and its place is its number. */
export function asChunk(tree: JsonObject): WholeChunk {
  const origins = new Map<Json, JsonObject>();
  const choices = asList(tree["choices"]).map((choice) => withDelta(choice, origins));
  return { chunk: { ...tree, choices }, origins };
}

function withDelta(choice: Json, origins: Map<Json, JsonObject>): Json {
  const message = asObject(asObject(choice)?.["message"]);
  if (!isJsonObject(choice) || message === null) return choice;
  const calls = asList(message["tool_calls"]);
  if (calls.length === 0) return { ...choice, delta: message };
  const numbered = calls.map((call, index) => (isJsonObject(call) ? numberedCall(call, index, origins) : call));
  return { ...choice, delta: noted(origins, { ...message, tool_calls: numbered }, message) };
}

function numberedCall(call: JsonObject, index: number, origins: Map<Json, JsonObject>): JsonObject {
  return noted(origins, { ...call, index }, call);
}

/** The answer with what was mended in its chunk; itself when nothing was. */
export function asWhole(tree: JsonObject, mended: JsonObject, origins: WholeChunk["origins"]): JsonObject {
  const before = asList(tree["choices"]);
  const after = asList(mended["choices"]).map((choice, at) => {
    const was = asObject(before[at]);
    const delta = asObject(asObject(choice)?.["delta"]);
    return !isJsonObject(choice) || was === null || delta === null
      ? (before[at] ?? choice)
      : choiceOf(was, { choice, delta, origins });
  });
  return after.every((choice, at) => choice === before[at]) ? tree : { ...tree, choices: after };
}

interface MendedChoice {
  readonly choice: JsonObject;
  readonly delta: JsonObject;
  readonly origins: WholeChunk["origins"];
}

function choiceOf(was: JsonObject, { choice, delta, origins }: MendedChoice): JsonObject {
  const message = origins.get(delta) ?? (delta === was["message"] ? delta : unnumbered(delta, origins));
  const finish = choice["finish_reason"];
  if (message === was["message"] && finish === was["finish_reason"]) return was;
  return { ...was, message, ...(finish === undefined ? {} : { finish_reason: finish }) };
}

function unnumbered(delta: JsonObject, origins: WholeChunk["origins"]): JsonObject {
  const calls = asList(delta["tool_calls"]);
  if (calls.length === 0) return delta;
  const plain = calls.map((call): Json => origins.get(call) ?? withoutIndex(call));
  return { ...delta, tool_calls: plain };
}

function withoutIndex(call: Json): Json {
  if (!isJsonObject(call)) return call;
  const { index: _index, ...rest } = call;
  return rest;
}

function noted(origins: Map<Json, JsonObject>, made: JsonObject, of: JsonObject): JsonObject {
  origins.set(made, of);
  return made;
}
