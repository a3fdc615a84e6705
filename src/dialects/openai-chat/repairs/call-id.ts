// A call has one id, its own, said once: the client sends it back with the result.
import type { JsonObject } from "../../../core/json.ts";
import { asNumber, asText } from "../../reading.ts";
import { derivedCallId } from "../../tool-text/call-id.ts";
import { mendCalls } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** Missing and repeated ids are made, changing ones are left out. */
export const callId = {
  source:
    "clients' faults on a missing id in deltas; text-generation-inference gives every call the id `0`, Gemini's OpenAI layer none",
  needles: ["tool_calls"],
  openChoice: ({ requestId }, choice) => {
    const ids = new Map<number, string>();
    const taken = new Set<string>();
    return (draft) =>
      mendCalls(draft, (call): JsonObject => {
        const index = asNumber(call["index"]);
        if (index === null) return call;
        const written = asText(call["id"]);
        const known = ids.get(index);
        // An empty one would take the place of the first in clients that keep the last.
        if (known !== undefined) return typeof call["id"] !== "string" || written === known ? call : withoutId(call);
        const isFree = written !== null && !taken.has(written);
        const id = isFree ? written : derivedCallId(requestId, `${choice}/${index}`);
        ids.set(index, id);
        taken.add(id);
        return isFree ? call : { ...call, id };
      });
  },
} as const satisfies RepairRow;

function withoutId({ id: _id, ...call }: JsonObject): JsonObject {
  return call;
}
