// Calls are told apart by their index, from 0 without gaps: clients put them into a list at that place.
import { type KnownCall, matchCall, readCall } from "../call-matching.ts";
import { mendCalls } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** A call of this answer; its place in the list is the index that goes out. */
interface Call extends KnownCall {
  id: string | null;
  name: string | null;
  args: string;
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

function numberOf(calls: Call[], read: KnownCall): number {
  const known = matchCall(calls, read);
  if (known === null) return calls.push({ ...read }) - 1;
  known.id ??= read.id;
  known.name ??= read.name;
  known.args += read.args;
  return calls.indexOf(known);
}
