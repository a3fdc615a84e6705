// `toolCallArgumentsEncoding: "html-entities"`: obeyed where the file writes it, fragment by fragment.
import type { JsonObject } from "../../../core/json.ts";
import { EntityDecoder } from "../../html-entities.ts";
import { asList, asNumber, asObject } from "../../reading.ts";
import { mendCalls, withFunction } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** Entities in arguments are decoded. */
export const argumentsEntities = {
  source: "OpenClaw §2.6: xAI's models write `&amp;` and `&quot;` inside the arguments of a call",
  needles: ["tool_calls"],
  needed: ({ compat }) => compat.toolCallArgumentsEncoding === "html-entities",
  openChoice: () => {
    const decoders = new Map<number, EntityDecoder>();
    return (draft) => {
      mendCalls(draft, (call): JsonObject => {
        const index = asNumber(call["index"]) ?? 0;
        const text = asObject(call["function"])?.["arguments"];
        if (typeof text !== "string") return call;
        const decoder = decoders.get(index) ?? new EntityDecoder();
        decoders.set(index, decoder);
        const decoded = decoder.push(text);
        return decoded === text ? call : withFunction(call, { arguments: decoded });
      });
      if (draft.finish === null) return;
      // Half an entity at the end of arguments that were cut: it is none, and stays as it was.
      const rests = [...decoders]
        .map(([index, decoder]) => ({ index, text: decoder.end() }))
        .filter(({ text }) => text !== "");
      if (rests.length === 0) return;
      const entries = rests.map(({ index, text }) => ({ index, function: { arguments: text } }));
      draft.delta = { ...draft.delta, tool_calls: [...asList(draft.delta["tool_calls"]), ...entries] };
    };
  },
} as const satisfies RepairRow;
