// Where one JSON object ends in text that comes in pieces: braces are counted outside of strings, nothing is parsed.

/** Follows one object from its opening brace to the brace that closes it. */
export class JsonSpan {
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Nothing has been opened, or what was opened is closed. */
  get isClosed(): boolean {
    return this.#depth === 0;
  }

  /** The offset behind the closing brace, or -1 when the object goes on behind this text. Outside of an object, `from` is its opening brace. */
  close(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      if (this.#step(text.charCodeAt(at))) return at + 1;
    }
    return -1;
  }

  /** True at the closing brace. */
  #step(code: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) this.#inString = false;
      return false;
    }
    if (code === QUOTE) this.#inString = true;
    else if (code === OPEN) this.#depth += 1;
    else if (code === CLOSE) {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const OPEN = 0x7b;
const CLOSE = 0x7d;
