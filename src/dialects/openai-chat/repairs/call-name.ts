// The name of a function comes once: some clients put together what comes, and call `get_weatherget_weather`.
import type { JsonObject } from "../../../core/json.ts";
import { asNumber, asObject, asText } from "../../reading.ts";
import { mendCalls } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** What has been said of a call. */
interface Said {
  /** Null until it comes. */
  readonly name: string | null;
  /** Its arguments have begun: what is said of the name from here on is said again. */
  readonly hasArguments: boolean;
}

/** A name that is said again is left out. Of one that comes in parts, which nobody has seen but clients allow, all parts stay. */
export const callName = {
  source: "Open WebUI appends a repeated name; older LiteLLM and Together streams repeat it",
  needles: ["tool_calls"],
  openChoice: () => {
    const calls = new Map<number, Said>();
    return (draft) =>
      mendCalls(draft, (call): JsonObject => {
        const index = asNumber(call["index"]);
        const called = asObject(call["function"]);
        if (index === null || called === null) return call;
        const said = calls.get(index);
        const name = asText(called["name"]);
        const known = said?.name ?? null;
        const isAgain = name !== null && known !== null && (said?.hasArguments === true || known === name);
        const hasArguments = (said?.hasArguments ?? false) || asText(called["arguments"]) !== null;
        calls.set(index, { name: known ?? name, hasArguments });
        return isAgain ? withoutName(call, called) : call;
      });
  },
} as const satisfies RepairRow;

function withoutName(call: JsonObject, { name: _name, ...called }: JsonObject): JsonObject {
  return { ...call, function: called };
}
