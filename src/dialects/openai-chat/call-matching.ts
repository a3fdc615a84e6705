// To which call an entry of `tool_calls` belongs, whatever its provider gets wrong: no index or one index for all calls, ids that are
// missing, come late, repeat or change, names that are repeated.
import { isJsonObject, type Json, parseJson } from "../../core/json.ts";
import { asNumber, asObject, asText } from "../reading.ts";

/** One entry of `tool_calls`, read. */
export interface CallEntry {
  /** As the provider numbers it. */
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly args: string;
}

/** What is known of a call so far. */
export interface KnownCall extends Pick<CallEntry, "index" | "name"> {
  id: string | null;
  readonly args: ArgumentsSoFar;
}

/** The arguments of a call while they come. */
export class ArgumentsSoFar {
  #text = "";
  /** They end as an object does; others are not parsed, since some servers ask with every piece. */
  #mayBeWhole = false;

  get text(): string {
    return this.#text;
  }

  get isWhole(): boolean {
    return this.#mayBeWhole && isJsonObject(parseJson(this.#text));
  }

  add(piece: string): void {
    this.#text += piece;
    const said = piece.trimEnd();
    if (said !== "") this.#mayBeWhole = said.endsWith("}");
  }
}

/** Reads an entry. Null for what is none. */
export function readCall(entry: Json): CallEntry | null {
  const tree = asObject(entry);
  if (tree === null) return null;
  const called = asObject(tree["function"]) ?? {};
  return {
    index: asNumber(tree["index"]),
    id: asText(tree["id"]),
    name: asText(called["name"]),
    args: argsOf(called["arguments"]),
  };
}

/** Arguments as text, whatever they were written as. */
export function argsOf(written: Json | undefined): string {
  if (typeof written === "string") return written;
  return written === undefined || written === null ? "" : JSON.stringify(written);
}

/** A call and when it began. */
interface Begun<Call> {
  readonly call: Call;
  readonly turn: number;
}

/** The calls of an answer, found without going through all of them: an answer may hold as many as it has bytes for. */
export class CallBook<Call extends KnownCall> {
  /** In the order of their beginning. */
  readonly all: Call[] = [];
  /** Of calls with the same index, the same id, or both: the last that began. */
  readonly #byIndex = new Map<number | null, Call>();
  readonly #byId = new Map<string, Begun<Call>>();
  readonly #byBoth = new Map<string, Begun<Call>>();
  readonly #turns = new Map<Call, number>();

  /** Takes a call that begins. */
  add(call: Call): void {
    this.#turns.set(call, this.all.length);
    this.all.push(call);
    this.#byIndex.set(call.index, call);
    this.#note(call);
  }

  /** Takes the id of a call, unless it has one. */
  identify(call: Call, id: string | null): void {
    if (call.id !== null || id === null) return;
    call.id = id;
    this.#note(call);
  }

  /** The call that an entry goes on with, else null: then it begins one, if it says anything. */
  match(entry: CallEntry): Call | null {
    const { index, id } = entry;
    const byId = id === null ? undefined : (this.#byBoth.get(`${index} ${id}`) ?? this.#byId.get(id))?.call;
    if (byId !== undefined && !isNamesake(byId, entry)) return byId;
    const last = index === null ? this.all.at(-1) : this.#byIndex.get(index);
    return last === undefined || isAnother(last, entry) ? null : last;
  }

  #note(call: Call): void {
    const { id, index } = call;
    if (id === null) return;
    const turn = this.#turns.get(call) ?? 0;
    const begun = { call, turn };
    // An id that comes late may belong to a call that began before its namesakes.
    if ((this.#byId.get(id)?.turn ?? -1) < turn) this.#byId.set(id, begun);
    const both = `${index} ${id}`;
    if ((this.#byBoth.get(both)?.turn ?? -1) < turn) this.#byBoth.set(both, begun);
  }
}

/** True for a second call under the id of the first: it has a number and a name of its own. */
function isNamesake(call: KnownCall, { index, name }: CallEntry): boolean {
  return name !== null && index !== null && call.index !== null && index !== call.index;
}

/**
 * True when an entry in the place of a call begins another one: a new id beside a name (all indexes 0), or, without ids, a name beside
 * arguments where those of the call are whole. An id that changes without a name is a provider that makes one up for every chunk.
 */
function isAnother(call: KnownCall, { id, name, args }: CallEntry): boolean {
  if (name === null) return false;
  if (id !== null && call.id !== null && id !== call.id) return true;
  if (call.name !== null && call.name !== name && call.args.text !== "") return true;
  return args !== "" && call.args.isWhole;
}
