// Usage belongs into a last chunk without choices, once, and only if it was asked for. Clients that add up what they see count it twice
// elsewhere, or miss it.
import type { JsonObject } from "../../../core/json.ts";
import { asList, asObject, asText } from "../../reading.ts";
import { chatUsage } from "../answer-parts.ts";
import { readUsage, usageOfChunk } from "../usage.ts";
import { headOf } from "./chunk-head.ts";
import type { RepairRow } from "./row.ts";

/** The usage of a stream comes in its last chunk, that of a whole answer at its top. */
export const usageMoved = {
  source:
    "Moonshot: `choices[0].usage`; Groq: `x_groq.usage`; llama.cpp: `timings`; DeepSeek, Mistral and others: on the last chunk with choices",
  needles: [],
  needed: ({ wantsUsage }) => wantsUsage,
  openAnswer: () => {
    /** What was found in a wrong place; forgotten when it comes in the right one. */
    let found: JsonObject | null = null;
    let head: JsonObject = {};
    return {
      chunk(tree) {
        const choices = asList(tree["choices"]);
        const isRight = readUsage(tree["usage"]) !== null;
        if (choices.length === 0) {
          if (isRight) found = null;
          return tree;
        }
        const usage = writtenUsage(tree);
        // In the midst of an answer it is a running count, which somebody asked for.
        if (usage === null || (isRight && asText(asObject(choices[0])?.["finish_reason"]) === null)) return tree;
        found = usage;
        head = headOf(tree);
        return isRight ? withoutUsage(tree) : tree;
      },
      beforeEnd: () => (found === null ? [] : [{ ...head, choices: [], usage: found }]),
    };
  },
  whole(tree) {
    const usage = readUsage(tree["usage"]) === null ? writtenUsage(tree) : null;
    return usage === null ? tree : { ...tree, usage };
  },
} as const satisfies RepairRow;

/** The `usage` of a tree as it is written, wherever that is; made of what else counts tokens where there is none. */
function writtenUsage(tree: JsonObject): JsonObject | null {
  const places = [tree["usage"], asObject(asList(tree["choices"])[0])?.["usage"], asObject(tree["x_groq"])?.["usage"]];
  const written = places.map(asObject).find((place) => place !== null && readUsage(place) !== null);
  if (written !== undefined) return written;
  const usage = usageOfChunk(tree);
  return usage === null ? null : chatUsage(usage);
}

function withoutUsage({ usage: _usage, ...rest }: JsonObject): JsonObject {
  return rest;
}
