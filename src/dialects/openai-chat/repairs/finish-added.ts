// A terminator without a reason for ending: the provider says that the answer is whole, so its choices are. A stream without terminator
// is a cut, and nothing is added to it.
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.ts";
import { asList, asNumber, asObject, asText } from "../../reading.ts";
import { hasContent, messageOf } from "../content.ts";
import { headOf } from "./chunk-head.ts";
import type { RepairRow } from "./row.ts";

/** Every choice that has said something gives a reason for its end. */
export const finishAdded = {
  source:
    "clients' faults: openai's chat helper throws `missing finish_reason`; text-generation-webui and forks of it end with `[DONE]` alone",
  needles: ["tool_calls"],
  openAnswer: () => {
    /** Choices under way: whether calls have come. */
    const open = new Map<number, boolean>();
    const finished = new Set<number>();
    let head: JsonObject = {};
    return {
      chunk(tree) {
        for (const choice of asList(tree["choices"])) {
          const number = asNumber(asObject(choice)?.["index"]) ?? 0;
          const delta = messageOf(choice, "delta");
          if (delta !== null && hasContent(delta)) {
            head = headOf(tree);
            open.set(number, open.get(number) === true || hasCalls(delta));
          }
          if (asText(asObject(choice)?.["finish_reason"]) !== null) finished.add(number);
        }
        return tree;
      },
      beforeEnd: () =>
        [...open]
          .filter(([number]) => !finished.has(number))
          .map(([index, calls]) => endOf(head, index, finishFor(calls))),
    };
  },
  whole(tree) {
    const choices = asList(tree["choices"]);
    const finished = choices.map(withFinish);
    return finished.every((choice, at) => choice === choices[at]) ? tree : { ...tree, choices: finished };
  },
} as const satisfies RepairRow;

function endOf(head: JsonObject, index: number, finish: string): JsonObject {
  return { ...head, choices: [{ index, delta: {}, finish_reason: finish }] };
}

function withFinish(choice: Json): Json {
  const message = messageOf(choice, "message");
  if (!isJsonObject(choice) || message === null || !hasContent(message)) return choice;
  if (asText(choice["finish_reason"]) !== null) return choice;
  return { ...choice, finish_reason: finishFor(hasCalls(message)) };
}

function hasCalls(message: JsonObject): boolean {
  return asList(message["tool_calls"]).length > 0;
}

function finishFor(calls: boolean): string {
  return calls ? "tool_calls" : "stop";
}
