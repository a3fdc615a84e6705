// Calls are told apart by their index. One that is there and belongs to no other call stays, whatever gaps it
// leaves (fault row U64); only where the first is not 0 all are moved, since clients put calls into a list at that place.
import { ArgumentsSoFar, CallBook, type CallEntry, type KnownCall, readCall } from "../call-matching.ts";
import { mendCalls } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** A call of this answer. */
interface Call extends KnownCall {
  /** The index that goes out. */
  readonly place: number;
  name: string | null;
}

/** Every call has an index of its own. */
export const callIndex = {
  source:
    "bifrost issue 1829 and maka issue 1976: parallel calls under one index; Portkey issues 1275 and 1399: a bad or missing index",
  needles: ["tool_calls"],
  openChoice: () => {
    const numbers = new Numbers();
    return (draft) =>
      mendCalls(draft, (entry) => {
        const read = readCall(entry);
        if (read === null) return entry;
        const index = numbers.of(read);
        return entry["index"] === index ? entry : { ...entry, index };
      });
  },
} as const satisfies RepairRow;

/** The numbers of the calls of one choice. */
class Numbers {
  readonly #calls = new CallBook<Call>();
  readonly #taken = new Set<number>();
  /** Behind all that are taken. */
  #next = 0;

  of(read: CallEntry): number {
    const known = this.#calls.match(read);
    if (known === null) {
      const place = this.#placeFor(read.index);
      this.#taken.add(place);
      this.#next = Math.max(this.#next, place + 1);
      const args = new ArgumentsSoFar();
      args.add(read.args);
      this.#calls.add({ ...read, args, place });
      return place;
    }
    this.#calls.identify(known, read.id);
    known.name ??= read.name;
    known.args.add(read.args);
    return known.place;
  }

  /** The provider's own number, counted from its first, where it is one and free; else the next behind all others. */
  #placeFor(index: number | null): number {
    const own = index === null ? -1 : index - (this.#calls.all[0]?.index ?? index);
    return Number.isSafeInteger(own) && own >= 0 && !this.#taken.has(own) ? own : this.#next;
  }
}
