// A completion that came whole in the place of a stream's events, and what the events behind it add: usage as an event of its own, the end.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import type { WholeEvent } from "../dialect.ts";
import { parseExactJson } from "../exact-json.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";
import { hasContent, messageOf } from "./content.ts";

/** What a whole answer calls itself. */
const WHOLE = "chat.completion";
/** Where a stream's last events tell of usage (`usage.ts`). */
const TOLD = ["usage", "x_groq", "timings"] as const;

/** Opens a completion that stands in an event. */
export function openWholeChat(written: string): WholeEvent {
  return new WholeChat(written);
}

/** Read once, and only where something is asked of it: mostly its terminator follows. */
class WholeChat implements WholeEvent {
  readonly #written: string;
  #tree: JsonObject | null = null;
  /** With the reasons that came behind. */
  #choices: Json[] | null = null;
  /** Where each number's choice stands. */
  readonly #places = new Map<number, number>();
  /** What was told behind it. */
  readonly #told: Record<string, Json> = {};
  #joined = false;

  constructor(written: string) {
    this.#written = written;
  }

  get isEnded(): boolean {
    if (this.#read()["object"] === WHOLE) return true;
    return this.#opened().every((choice) => finishOf(choice) !== null);
  }

  get text(): string {
    if (!this.#joined) return this.#written;
    return JSON.stringify({ ...this.#read(), choices: this.#opened(), ...this.#told });
  }

  join(more: string): boolean {
    const chunk = parseExactJson(more);
    if (!isJsonObject(chunk)) return false;
    const choices = asList(chunk["choices"]);
    if (choices.some(saysMore)) return false;
    this.#joined = true;
    for (const choice of choices) this.#end(numberOf(choice), finishOf(choice));
    // Usage is counted from one place; the last that is told counts, as in a stream.
    for (const key of TOLD) {
      const told = chunk[key];
      if (isJsonObject(told)) this.#told[key] = told;
    }
    return true;
  }

  /** The first reason counts: a plain stop behind a limit takes nothing back. */
  #end(number: number, finish: string | null): void {
    const choices = this.#opened();
    const place = this.#places.get(number);
    const choice = place === undefined ? undefined : choices[place];
    if (place === undefined || choice === undefined || finishOf(choice) !== null) return;
    choices[place] = { ...asObject(choice), finish_reason: finish };
  }

  #read(): JsonObject {
    this.#tree ??= asObject(parseExactJson(this.#written)) ?? {};
    return this.#tree;
  }

  #opened(): Json[] {
    if (this.#choices !== null) return this.#choices;
    const choices = [...asList(this.#read()["choices"])];
    for (const [place, choice] of choices.entries()) {
      if (!this.#places.has(numberOf(choice))) this.#places.set(numberOf(choice), place);
    }
    this.#choices = choices;
    return choices;
  }
}

/** True for a choice with content of its own. */
function saysMore(choice: Json): boolean {
  return [messageOf(choice, "delta"), messageOf(choice, "message")].some((said) => said !== null && hasContent(said));
}

function finishOf(choice: Json): string | null {
  return asText(asObject(choice)?.["finish_reason"]);
}

function numberOf(choice: Json): number {
  return asNumber(asObject(choice)?.["index"]) ?? 0;
}
