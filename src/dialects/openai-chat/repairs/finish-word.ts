// Reasons for ending in other vendors' words: typed clients refuse what is not in OpenAI's list.
import { FINISH_REASONS } from "../answer-parts.ts";
import { knownFinish } from "../finish.ts";
import type { RepairRow } from "./row.ts";

/** OpenAI's own words. `function_call` is the old form of calls, and is kept. */
const OPENAI_WORDS: ReadonlySet<string> = new Set([...Object.values(FINISH_REASONS), "function_call"]);

/** Known words of others become OpenAI's; unknown ones stay, and an ending that is none stays one. */
export const finishWord = {
  source:
    "bifrost issues 7397 and 5425: values outside of the enumeration; `eos`, `end_turn`, `max_tokens`, `tool_use` in the field",
  needles: [],
  openChoice: () => (draft) => {
    if (draft.finish === null || OPENAI_WORDS.has(draft.finish)) return;
    const known = knownFinish(draft.finish);
    if (known !== null && known !== "broken") draft.finish = FINISH_REASONS[known];
  },
} as const satisfies RepairRow;
