// Token counts of Ollama's answers: in the last line of a stream, or in the whole answer.
import type { JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { asCount } from "../reading.ts";

/** Reads the counts; null when one of them is missing, as the prompt's is in older servers that had it cached. */
export function readUsage(tree: JsonObject): Usage | null {
  const input = asCount(tree["prompt_eval_count"]);
  const output = asCount(tree["eval_count"]);
  return input === null || output === null ? null : { input, output };
}
