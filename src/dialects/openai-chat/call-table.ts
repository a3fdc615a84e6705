// Tool calls of a chat stream, put together by index, with what providers get wrong set right: no index or the same for all calls, ids
// that are missing, come late or change, names that are repeated, arguments as an object.
import { type Json, type JsonObject, isJsonObject, parseJson } from "../../core/json.ts";
import type { BlockWriter } from "../block-writer.ts";
import { writtenSignature } from "../openai-family/signed-call.ts";
import { asNumber, asObject, asText } from "../reading.ts";

/** A call under way. */
interface Call {
  readonly index: number | null;
  id: string | null;
  name: string | null;
  /** Arguments so far. */
  args: string;
  /** Null until the name is known. */
  block: number | null;
  /** Proofs that came before the name. */
  signature: string | null;
}

/** One entry of `tool_calls`, read. */
interface Fragment {
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly args: string;
  readonly signature: string | null;
}

/** The calls of one answer. */
export class CallTable {
  readonly #writer: BlockWriter;
  readonly #calls: Call[] = [];

  constructor(writer: BlockWriter) {
    this.#writer = writer;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** One entry of `tool_calls`. */
  push(entry: Json): void {
    const fragment = readFragment(entry);
    if (fragment !== null) this.#add(fragment);
  }

  /** `function_call`, of which an answer has one at most. */
  pushLegacy(call: JsonObject): void {
    this.#add({ index: 0, id: null, name: asText(call["name"]), args: argsOf(call["arguments"]), signature: null });
  }

  /** Calls that never got a name begin without one: their arguments are all that there is. */
  finish(): void {
    for (const call of this.#calls) this.#begin(call);
  }

  #add(fragment: Fragment): void {
    const call = this.#find(fragment) ?? this.#open(fragment);
    if (call === null) return;
    call.id ??= fragment.id;
    call.name ??= fragment.name;
    if (call.block === null) {
      call.args += fragment.args;
      call.signature ??= fragment.signature;
      if (call.name !== null) this.#begin(call);
      return;
    }
    call.args += fragment.args;
    this.#writer.delta(call.block, fragment.args);
    if (fragment.signature !== null) this.#sign(call.block, fragment.signature);
  }

  /** The call that a fragment goes on with, else null. */
  #find(fragment: Fragment): Call | null {
    const { index, id } = fragment;
    const byId = id === null ? undefined : this.#calls.findLast((call) => call.id === id);
    if (byId !== undefined) return byId;
    const last = index === null ? this.#calls.at(-1) : this.#calls.findLast((call) => call.index === index);
    return last === undefined || isAnother(last, fragment) ? null : last;
  }

  /** Words that belong to nothing open nothing. */
  #open({ index, id, name, args }: Fragment): Call | null {
    if (id === null && name === null && args === "") return null;
    const call: Call = { index, id, name, args: "", block: null, signature: null };
    this.#calls.push(call);
    return call;
  }

  #begin(call: Call): void {
    if (call.block !== null) return;
    const id = call.id === null ? {} : { id: call.id };
    call.block = this.#writer.start("tool-call", { ...id, name: call.name ?? "" });
    this.#writer.delta(call.block, call.args);
    if (call.signature !== null) this.#sign(call.block, call.signature);
  }

  #sign(block: number, signature: string): void {
    this.#writer.note(block, { signature, origin: "openai-chat" });
  }
}

/**
 * True when a fragment in the place of a call begins another one: a new id beside a name (all indexes 0), or, without ids, a name beside
 * arguments where those of the call are whole. An id that changes without a name is a provider that makes one up for every chunk.
 */
function isAnother(call: Call, { id, name, args }: Fragment): boolean {
  if (name === null) return false;
  if (id !== null && call.id !== null) return true;
  if (call.name !== null && call.name !== name && call.args !== "") return true;
  return args !== "" && isJsonObject(parseJson(call.args));
}

function readFragment(entry: Json): Fragment | null {
  const tree = asObject(entry);
  if (tree === null) return null;
  const called = asObject(tree["function"]) ?? {};
  return {
    index: asNumber(tree["index"]),
    id: asText(tree["id"]),
    name: asText(called["name"]),
    args: argsOf(called["arguments"]),
    signature: writtenSignature(tree),
  };
}

function argsOf(written: Json | undefined): string {
  if (typeof written === "string") return written;
  return written === undefined || written === null ? "" : JSON.stringify(written);
}
