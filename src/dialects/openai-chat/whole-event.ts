// A completion that came whole in the place of a stream's events, and what the events behind it add: usage as an event of its own, the end.
// Any number of events may come behind it: each costs what it is long, and the answer is written anew once.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { WholeEvent } from "../dialect.ts";
import { parseExactJson } from "../exact-json.ts";
import { asList, asNumber, asObject } from "../reading.ts";
import { finishReasonOf, hasContent, messageOf } from "./content.ts";
import { isCutShort } from "./finish.ts";

/** What a whole answer calls itself. */
const WHOLE = "chat.completion";
/** Where a stream's last events tell of usage (`usage.ts`). */
const TOLD: ReadonlySet<string> = new Set(["usage", "x_groq", "timings"]);

/** Opens a whole completion for the events behind it. */
export function openWholeChat(answer: string): WholeEvent {
  return new WholeChat(answer);
}

class WholeChat implements WholeEvent {
  readonly #answer: string;
  readonly #tree: JsonObject;
  readonly #choices: readonly Json[];
  readonly #indexes: ReadonlySet<number>;
  /** Why choices ended, by their numbers, as the events behind the answer say it. */
  readonly #ends = new Map<number, string>();
  /** Usage is counted from one place; the last that is told counts, as in a stream. */
  #told: JsonObject = {};

  constructor(answer: string) {
    this.#answer = answer;
    const tree = parseExactJson(answer);
    this.#tree = isJsonObject(tree) ? tree : {};
    this.#choices = asList(this.#tree["choices"]);
    this.#indexes = new Set(this.#choices.map(indexOf));
  }

  get text(): string {
    if (this.#ends.size === 0 && Object.keys(this.#told).length === 0) return this.#answer;
    return JSON.stringify({
      ...this.#tree,
      choices: this.#choices.map((choice) => this.#ended(choice)),
      ...this.#told,
    });
  }

  get isEnded(): boolean {
    return this.#tree["object"] === WHOLE || this.#choices.every((choice) => this.#finishOf(choice) !== null);
  }

  add(more: string): boolean {
    const chunk = parseExactJson(more);
    if (!isJsonObject(chunk)) return false;
    const choices = asList(chunk["choices"]);
    if (choices.some(saysMore)) return false;
    for (const choice of choices) this.#end(indexOf(choice), finishReasonOf(choice));
    const told = Object.entries(chunk).filter(([key, value]) => TOLD.has(key) && isJsonObject(value));
    this.#told = { ...this.#told, ...Object.fromEntries(told) };
    return true;
  }

  #end(index: number, finish: string | null): void {
    if (finish === null || !this.#indexes.has(index)) return;
    this.#ends.set(index, strictest(this.#ends.get(index) ?? null, finish));
  }

  #ended(choice: Json): Json {
    const finish = this.#finishOf(choice);
    return finish === null ? choice : { ...asObject(choice), finish_reason: finish };
  }

  #finishOf(choice: Json): string | null {
    const by = this.#ends.get(indexOf(choice));
    return by === undefined ? finishReasonOf(choice) : strictest(finishReasonOf(choice), by);
  }
}

/** The first of two endings, but for one by a limit or a filter: what those have ended stays so, whatever else is said. */
function strictest(one: string | null, other: string): string {
  return one === null || (isCutShort(other) && !isCutShort(one)) ? other : one;
}

/** True for a choice with content of its own. */
function saysMore(choice: Json): boolean {
  return [messageOf(choice, "delta"), messageOf(choice, "message")].some((said) => said !== null && hasContent(said));
}

function indexOf(choice: Json): number {
  return asNumber(asObject(choice)?.["index"]) ?? 0;
}
