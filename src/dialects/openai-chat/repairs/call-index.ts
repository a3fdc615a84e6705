// Calls are told apart by their index. One that is there and belongs to no other call stays, whatever gaps it
// leaves (fault row U64); only where the first is not 0 all are moved, since clients put calls into a list at that place.
import { ArgumentsSoFar, type CallEntry, type KnownCall, matchCall, readCall } from "../call-matching.ts";
import { mendCalls } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** A call of this answer. */
interface Call extends KnownCall {
  /** The index that goes out. */
  readonly place: number;
  id: string | null;
  name: string | null;
}

/** Every call has an index of its own. */
export const callIndex = {
  source:
    "bifrost issue 1829 and maka issue 1976: parallel calls under one index; Portkey issues 1275 and 1399: a bad or missing index",
  needles: ["tool_calls"],
  openChoice: () => {
    const calls: Call[] = [];
    return (draft) =>
      mendCalls(draft, (entry) => {
        const read = readCall(entry);
        if (read === null) return entry;
        const index = numberOf(calls, read);
        return entry["index"] === index ? entry : { ...entry, index };
      });
  },
} as const satisfies RepairRow;

function numberOf(calls: Call[], read: CallEntry): number {
  const known = matchCall(calls, read);
  if (known === null) {
    const place = placeFor(calls, read.index);
    const args = new ArgumentsSoFar();
    args.add(read.args);
    calls.push({ ...read, args, place });
    return place;
  }
  known.id ??= read.id;
  known.name ??= read.name;
  known.args.add(read.args);
  return known.place;
}

/** The provider's own number, counted from its first, where it is one and free; else the next behind all others. */
function placeFor(calls: readonly Call[], index: number | null): number {
  const own = index === null ? -1 : index - (calls[0]?.index ?? index);
  if (Number.isSafeInteger(own) && own >= 0 && calls.every(({ place }) => place !== own)) return own;
  return Math.max(-1, ...calls.map(({ place }) => place)) + 1;
}
