// A well-behaved answer, known by its bytes: somebody speaks, says text, stops, and counts its tokens. Such a stream is never parsed by the
// repairs; the one thing that many servers leave out, the role, is spliced in. Whatever else comes opens the rows, which then read what was
// only glanced at here. Text cannot fake a key: inside a JSON string its quotes are written escaped.
import { isOneDataLine } from "../../sse.ts";

/** Keys, and the start of one, that a plain answer does not hold; and a second choice. */
const ODD = /(?:tool_calls|function_call|reasoning_details|x_groq|timings)"|error|index" *: *[1-9]/;
const COUNTED = /usage" *: *\{/;
const NO_CHOICES = /"choices" *: *\[ *\]/;
const DELTA_KEY = '"delta"';
const DELTA = /"delta" *: *\{(?=["}])/;
/** The key's whole name: `native_finish_reason` is another one. */
const FINISH = /"finish_reason" *: *"([^"]*)"/;
const ROLE = /role" *:/;
const ASSISTANT = /^[^}]*"role" *: *"assistant"/;
/** From inside the delta on: others of its name, deeper or beside it, are not what the answer says. `reasoning_content` ends like that, too. */
const SPEAKS = /^[^{}]*(?:content|reasoning)" *: *"[^"]/;
const DONE = "data: [DONE]\n\n";
/** Reasons for ending that no row has to do with. */
const PLAIN_ENDINGS: ReadonlySet<string> = new Set(["stop", "length"]);
/** Openings that are remembered; servers send one or two. */
const REMEMBERED_MAX = 8;

/** Follows one answer as long as it is plain. */
export class PlainAnswer {
  /** What was glanced at and the rows have not seen, as the provider wrote it. */
  readonly remembered: Buffer[] = [];
  /** Content has come. */
  begun = false;
  /** The answer has given its reason for ending. */
  finished = false;
  /** The terminator has come. */
  over = false;
  readonly #addRole: (() => void) | null;
  #spoken: boolean;

  /** `addRole` hears of a role that is spliced in; null where that is switched off. */
  constructor(addRole: (() => void) | null) {
    this.#addRole = addRole;
    this.#spoken = addRole === null;
  }

  /** One whole event as it goes out; null when the rows have to see it. */
  take(raw: Buffer): Buffer | null {
    // One character a byte: offsets are the same, and what is looked for is ASCII.
    const text = raw.toString("latin1");
    if (this.finished && text === DONE) {
      this.over = true;
      return raw;
    }
    if (!isOneDataLine(text) || text.at(-3) !== "}" || this.remembered.length >= REMEMBERED_MAX || ODD.test(text))
      return null;
    const goes = COUNTED.test(text) ? this.#counted(raw, text) : this.#chunk(raw, text);
    // A copy: what came in one large read would be kept with it, for as long as the answer takes.
    if (goes !== null) this.remembered.push(Buffer.from(raw));
    return goes;
  }

  /** Beside choices usage may stand where it does not belong. */
  #counted(raw: Buffer, text: string): Buffer | null {
    return this.finished && NO_CHOICES.test(text) ? raw : null;
  }

  #chunk(raw: Buffer, text: string): Buffer | null {
    const delta = DELTA.exec(text);
    if (this.finished || delta === null) return null;
    const from = delta.index + delta[0].length;
    // Several choices, of which one or the other is spelled in a way that was not looked for.
    if (text.indexOf(DELTA_KEY) < delta.index || text.includes(DELTA_KEY, from)) return null;
    const finish = FINISH.exec(text)?.[1] ?? null;
    if (finish !== null && !PLAIN_ENDINGS.has(finish)) return null;
    const goes = this.#spoken ? raw : this.#withRole(raw, text, from);
    if (goes === null) return null;
    this.#spoken = true;
    this.begun ||= SPEAKS.test(text.slice(from));
    this.finished = finish !== null;
    return goes;
  }

  /** The first chunk says who speaks, or is made to. `from`: the first byte inside the delta. */
  #withRole(raw: Buffer, text: string, from: number): Buffer | null {
    if (ROLE.test(text)) return ASSISTANT.test(text.slice(from)) ? raw : null;
    this.#addRole?.();
    const role = text[from] === "}" ? '"role":"assistant"' : '"role":"assistant",';
    return Buffer.concat([raw.subarray(0, from), Buffer.from(role), raw.subarray(from)]);
  }
}
