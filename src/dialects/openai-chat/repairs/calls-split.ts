// Two calls in one: the arguments of the second stand behind those of the first. No name comes between, so both call the same function.
import type { JsonObject } from "../../../core/json.ts";
import { JsonSpan } from "../../json-span.ts";
import { asNumber, asObject, asText } from "../../reading.ts";
import { mendCalls, withFunction } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** One call as the provider numbers it. */
interface Merged {
  name: string | null;
  readonly span: JsonSpan;
  /** The index under which its present object goes out. */
  index: number;
  begun: boolean;
}

/** Every call has one object of arguments. */
export const callsSplit = {
  source:
    "peers' bug reports on merged parallel calls: vLLM's hermes parser and Qwen templates write `{…}{…}` into one call",
  needles: ["tool_calls"],
  openChoice: () => {
    const splitter = new Splitter();
    return (draft) => mendCalls(draft, (entry) => splitter.split(entry));
  },
} as const satisfies RepairRow;

class Splitter {
  readonly #calls = new Map<number, Merged>();
  /** The next free index. */
  #next = 0;
  /** How far calls that were taken apart move those behind them. */
  #moved = 0;

  split(entry: JsonObject): JsonObject | readonly JsonObject[] {
    const number = asNumber(entry["index"]);
    if (number === null) return entry;
    const call = this.#calls.get(number) ?? this.#open(number);
    const called = asObject(entry["function"]);
    call.name ??= asText(called?.["name"]);
    const text = asText(called?.["arguments"]) ?? "";
    const first = call.index;
    const parts = this.#parts(call, text);
    if (parts.length === 1 && first === number) return entry;
    const { index: _index, ...rest } = entry;
    const [head, ...others] = parts;
    const begun =
      parts.length === 1
        ? { index: first, ...rest }
        : withFunction({ index: first, ...rest }, { arguments: head?.text ?? "" });
    return [
      begun,
      ...others.map((part) => ({
        index: part.index,
        type: "function",
        function: { name: call.name ?? "", arguments: part.text },
      })),
    ];
  }

  #open(number: number): Merged {
    const call = { name: null, span: new JsonSpan(), index: number + this.#moved, begun: false };
    this.#next = Math.max(this.#next, call.index + 1);
    this.#calls.set(number, call);
    return call;
  }

  /** The text, cut before every object that begins behind a closed one. */
  #parts(call: Merged, text: string): { readonly index: number; readonly text: string }[] {
    const parts: { index: number; text: string }[] = [];
    let from = 0;
    for (let at = 0; at >= 0 && at < text.length;) {
      if (call.span.isClosed) {
        const brace = nextBrace(text, at);
        if (brace < 0) break;
        if (call.begun) {
          parts.push({ index: call.index, text: text.slice(from, brace) });
          call.index = this.#next++;
          this.#moved += 1;
          from = brace;
        }
        call.begun = true;
        at = brace;
      }
      at = call.span.close(text, at);
    }
    parts.push({ index: call.index, text: text.slice(from) });
    return parts;
  }
}

/** The brace that opens an object, with nothing but space before it; else -1: what is no object is not taken apart. */
function nextBrace(text: string, from: number): number {
  const at = text.slice(from).search(/\S/);
  return at >= 0 && text[from + at] === "{" ? from + at : -1;
}
