// Calls written as text (OpenClaw §5.4): a line `[name]`, a JSON object, then `[END_TOOL_REQUEST]` or `[/name]`; the whole text is such
// blocks. Read as it comes, each character once, so that a text is let go as soon as it cannot be one.
import { isJsonObject, parseJson } from "../../core/json.ts";
import { JsonSpan } from "../json-span.ts";

/** One block whose form is right. */
export interface ToolBlock {
  readonly name: string;
  /** The JSON text as written; null when it is none. */
  readonly json: string | null;
}

/** Where the next character belongs. `text`: this is no sequence of blocks, and will not become one. */
type Place = "between" | "name" | "line-end" | "json-start" | "json" | "closing-start" | "closing" | "text";

const JSON_LENGTH_MAX = 256_000;
/** OpenClaw's clients and providers write names of this many characters at most. */
const NAME_LENGTH_MAX = 128;
const END_MARK = "[END_TOOL_REQUEST]";
const SPACE = /\s/;
const NAME = /[A-Za-z0-9_-]/;

/** Reads a text piece by piece. */
export class BracketedText {
  #place: Place = "between";
  #name = "";
  #json = "";
  #closing = "";
  #span = new JsonSpan();
  readonly #blocks: ToolBlock[] = [];

  /** False as soon as the text cannot be blocks. */
  get mayBeBlocks(): boolean {
    return this.#place !== "text";
  }

  /** Reads on; says whether it still may be blocks. */
  push(text: string): boolean {
    for (let at = 0; at < text.length && this.#place !== "text";) {
      at = this.#place === "json" ? this.#readJson(text, at) : this.#readFrame(text, at);
    }
    return this.mayBeBlocks;
  }

  /** The blocks of a text that has ended; null when it is not all blocks. */
  end(): readonly ToolBlock[] | null {
    if (this.#place === "json" && this.#closesUnbalanced()) this.#blocks.push({ name: this.#name, json: null });
    else if (this.#place !== "between") return null;
    return this.#blocks.length === 0 ? null : this.#blocks;
  }

  /** Everything around the JSON: one character, then the next place. */
  #readFrame(text: string, at: number): number {
    const character = text.charAt(at);
    this.#place = this.#next(character);
    // The brace is the first character of the object.
    return this.#place === "json" ? at : at + 1;
  }

  #next(character: string): Place {
    switch (this.#place) {
      case "between":
        if (character === "[") {
          this.#name = "";
          return "name";
        }
        return SPACE.test(character) ? "between" : "text";
      case "name":
        if (character === "]") return this.#name === "" ? "text" : "line-end";
        this.#name += character;
        return NAME.test(character) && this.#name.length <= NAME_LENGTH_MAX ? "name" : "text";
      case "line-end":
        if (character === "\n") return "json-start";
        return character === " " || character === "\t" || character === "\r" ? "line-end" : "text";
      case "json-start":
        if (character === "{") return this.#openJson();
        return SPACE.test(character) ? "json-start" : "text";
      case "closing-start":
        if (character === "[") return this.#close("[");
        return SPACE.test(character) ? "closing-start" : "text";
      default:
        return this.#close(this.#closing + character);
    }
  }

  #openJson(): Place {
    this.#json = "";
    this.#span = new JsonSpan();
    return "json";
  }

  #readJson(text: string, at: number): number {
    const end = this.#span.close(text, at);
    this.#json += text.slice(at, end < 0 ? text.length : end);
    if (this.#json.length > JSON_LENGTH_MAX) this.#place = "text";
    else if (end >= 0) this.#place = "closing-start";
    return end < 0 ? text.length : end;
  }

  /** A mark that is under way, or whole. */
  #close(closing: string): Place {
    this.#closing = closing;
    const named = `[/${this.#name}]`;
    if (closing === END_MARK || closing === named) {
      this.#blocks.push({ name: this.#name, json: isJsonObject(parseJson(this.#json)) ? this.#json : null });
      return "between";
    }
    return END_MARK.startsWith(closing) || named.startsWith(closing) ? "closing" : "text";
  }

  /** An object without its last brace, behind which the block is closed all the same. */
  #closesUnbalanced(): boolean {
    const text = this.#json.trimEnd();
    return text.endsWith(END_MARK) || text.endsWith(`[/${this.#name}]`);
  }
}
