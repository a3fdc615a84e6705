// Tool calls of a chat stream, put together call by call, however their provider numbers and names them (call-matching.ts).
import type { Json, JsonObject } from "../../core/json.ts";
import type { BlockWriter } from "../block-writer.ts";
import { writtenSignature } from "../openai-family/signed-call.ts";
import { asObject, asText } from "../reading.ts";
import { argsOf, ArgumentsSoFar, CallBook, type CallEntry, type KnownCall, readCall } from "./call-matching.ts";

/** A call under way. */
interface Call extends KnownCall {
  name: string | null;
  /** Null until the name is known. */
  block: number | null;
  /** Proofs that came before the name. */
  signature: string | null;
}

/** One entry of `tool_calls`, read. */
interface Fragment extends CallEntry {
  readonly signature: string | null;
}

/** The calls of one answer. */
export class CallTable {
  readonly #writer: BlockWriter;
  readonly #calls = new CallBook<Call>();

  constructor(writer: BlockWriter) {
    this.#writer = writer;
  }

  get isEmpty(): boolean {
    return this.#calls.all.length === 0;
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
    for (const call of this.#calls.all) this.#begin(call);
  }

  #add(fragment: Fragment): void {
    const call = this.#calls.match(fragment) ?? this.#open(fragment);
    if (call === null) return;
    this.#calls.identify(call, fragment.id);
    call.name ??= fragment.name;
    if (call.block === null) {
      call.args.add(fragment.args);
      call.signature ??= fragment.signature;
      if (call.name !== null) this.#begin(call);
      return;
    }
    call.args.add(fragment.args);
    this.#writer.delta(call.block, fragment.args);
    if (fragment.signature !== null) this.#sign(call.block, fragment.signature);
  }

  /** Words that belong to nothing open nothing. */
  #open({ index, id, name, args }: Fragment): Call | null {
    if (id === null && name === null && args === "") return null;
    const call: Call = { index, id, name, args: new ArgumentsSoFar(), block: null, signature: null };
    this.#calls.add(call);
    return call;
  }

  #begin(call: Call): void {
    if (call.block !== null) return;
    const id = call.id === null ? {} : { id: call.id };
    call.block = this.#writer.start("tool-call", { ...id, name: call.name ?? "" });
    this.#writer.delta(call.block, call.args.text);
    if (call.signature !== null) this.#sign(call.block, call.signature);
  }

  #sign(block: number, signature: string): void {
    this.#writer.note(block, { signature, origin: "openai-chat" });
  }
}

function readFragment(entry: Json): Fragment | null {
  const read = readCall(entry);
  const tree = asObject(entry);
  return read === null || tree === null ? null : { ...read, signature: writtenSignature(tree) };
}
