// `supportsInstructions: false`: the instructions of a Responses request go as its first message.
import type { Json } from "../core/json.ts";
import { textOf } from "./reading.ts";
import type { Transform } from "./transform.ts";

/** Moves the instructions. */
export const instructionsInInput: Transform = {
  dialects: ["openai-responses"],
  needed: ({ target }) => target.compat.supportsInstructions === false,
  apply: (draft) => {
    const instructions = draft.get("instructions");
    const text = textOf(instructions);
    // Those that say nothing have no place of their own either.
    if (instructions === "" || instructions === null) draft.take("instructions");
    if (text === "") return;
    const input = draft.get("input");
    const said: readonly Json[] = Array.isArray(input) ? (input as readonly Json[]) : asked(textOf(input));
    draft.set("input", [{ role: "system", content: text }, ...said]);
    draft.take("instructions");
    draft.note("instructions");
  },
};

function asked(text: string): readonly Json[] {
  return text === "" ? [] : [{ role: "user", content: text }];
}
