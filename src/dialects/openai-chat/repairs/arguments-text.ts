// Arguments are JSON as text; servers that build on Ollama's own format write the object.
import { asObject } from "../../reading.ts";
import { argsOf } from "../call-matching.ts";
import { mendCalls, withFunction } from "./calls-of.ts";
import type { RepairRow } from "./row.ts";

/** Arguments that are an object, a list or null become text. */
export const argumentsText = {
  source: "Ollama's format behind OpenAI's path: `arguments` as an object; LocalAI and older LM Studio the same",
  needles: ["tool_calls"],
  openChoice: () => (draft) =>
    mendCalls(draft, (call) => {
      const written = asObject(call["function"])?.["arguments"];
      if (written === undefined || typeof written === "string") return call;
      return withFunction(call, { arguments: argsOf(written) });
    }),
} as const satisfies RepairRow;
