// A whole answer of a provider on its way through repairs, checks and translation. Each of them may read it; it is decoded and parsed once.
import { exactIntegersIn } from "../core/exact-integers.ts";
import { type Json, parseJson } from "../core/json.ts";

/** The bytes of a whole answer, and what they say. */
export class AnswerBody {
  readonly bytes: Buffer;
  #text: string | null = null;
  #tree: Json | undefined = undefined;
  #isParsed = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get text(): string {
    this.#text ??= this.bytes.toString("utf8");
    return this.#text;
  }

  /** Undefined when it is not JSON, or has no bounds. */
  get tree(): Json | undefined {
    if (!this.#isParsed) {
      this.#tree = parseJson(this.text);
      this.#isParsed = true;
    }
    return this.#tree;
  }

  /** The same with integers of more digits than a double holds as they were written. */
  get exactTree(): Json | undefined {
    return exactIntegersIn(this.text, () => this.tree);
  }
}
