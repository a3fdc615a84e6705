// The name of a function comes once: some clients put together what comes, and call `get_weatherget_weather`.
import type { JsonObject } from "../../../core/json.ts";
import { asNumber, asObject, asText } from "../../reading.ts";
import { mendCalls } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** A name that is said again is left out. */
export const callName = {
  source: "Open WebUI appends a repeated name; older LiteLLM and Together streams repeat it",
  needles: ["tool_calls"],
  openChoice: () => {
    const names = new Map<number, string>();
    return (draft) =>
      mendCalls(draft, (call): JsonObject => {
        const index = asNumber(call["index"]);
        const called = asObject(call["function"]);
        const name = asText(called?.["name"]);
        if (index === null || called === null || name === null) return call;
        if (names.get(index) !== name) {
          names.set(index, name);
          return call;
        }
        const { name: _name, ...rest } = called;
        return { ...call, function: rest };
      });
  },
} as const satisfies RepairRow;
