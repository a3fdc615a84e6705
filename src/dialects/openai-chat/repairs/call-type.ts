// The first part of a call says of what type it is: the official SDK gives up on a call without.
import type { JsonObject } from "../../../core/json.ts";
import { asNumber, asObject, asText } from "../../reading.ts";
import { mendCalls } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** A call of a function says so. */
export const callType = {
  source:
    "openai 7.55: `tool call snapshot missing type`; servers on Ollama's format, which has no types, leave it out",
  needles: ["tool_calls"],
  openChoice: () => {
    const typed = new Set<number>();
    return (draft) =>
      mendCalls(draft, (call): JsonObject => {
        const index = asNumber(call["index"]);
        if (index === null || typed.has(index)) return call;
        typed.add(index);
        const isPlain = asText(call["type"]) === null && asObject(call["function"]) !== null;
        return isPlain ? { ...call, type: "function" } : call;
      });
  },
} as const satisfies RepairRow;
