// Token counts of the Messages API: its input leaves out what the cache held, and a stream tells them twice.
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { asCount, asObject } from "../reading.ts";

/** The figures of one answer as far as they are known. */
export class UsageCount {
  #input: number | null = null;
  #cacheRead: number | null = null;
  #cacheWrite: number | null = null;
  #output: number | null = null;
  #reasoning: number | null = null;

  /** Adds a `usage` object. Figures are totals so far; a later 0 is what some providers write for "said before". */
  add(usage: Json | undefined): void {
    if (!isJsonObject(usage)) return;
    this.#input = later(this.#input, usage["input_tokens"]);
    this.#cacheRead = later(this.#cacheRead, usage["cache_read_input_tokens"]);
    this.#cacheWrite = later(this.#cacheWrite, usage["cache_creation_input_tokens"]);
    this.#output = later(this.#output, usage["output_tokens"]);
    const details = asObject(usage["output_tokens_details"]);
    this.#reasoning = later(this.#reasoning, details?.["thinking_tokens"]);
  }

  /** Null while it is open how many tokens went in or came out; all zeros are a provider that does not count. */
  get total(): Usage | null {
    if (this.#input === null || this.#output === null) return null;
    const input = this.#input + (this.#cacheRead ?? 0) + (this.#cacheWrite ?? 0);
    if (input === 0 && this.#output === 0) return null;
    return {
      input,
      output: this.#output,
      ...(this.#cacheRead === null ? {} : { cacheRead: this.#cacheRead }),
      ...(this.#cacheWrite === null ? {} : { cacheWrite: this.#cacheWrite }),
      ...(this.#reasoning === null ? {} : { reasoning: this.#reasoning }),
    };
  }
}

function later(before: number | null, written: Json | undefined): number | null {
  const now = asCount(written);
  return now === null || (now === 0 && before !== null) ? before : now;
}

/** The usage of a whole answer. */
export function readMessagesUsage(usage: Json | undefined): Usage | null {
  const count = new UsageCount();
  count.add(usage);
  return count.total;
}
