// Hears an answer without calls go by, as bytes, and says at its end whether it looks like one. For wire formats that write text under
// `content`; nothing is parsed but the text, once.
import { parseJson } from "../../core/json.ts";
import type { LookAlike } from "../../core/lane.ts";
import { lookAlikeIn, SCAN_LENGTH_MAX } from "./look-alike.ts";

const CONTENT = Buffer.from('"content":');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Listens to one answer. */
export class CallSeeker {
  readonly #tools: () => ReadonlySet<string>;
  /** Text as it stands between the quotes of its JSON. */
  #escaped = "";
  constructor(tools: () => ReadonlySet<string>) {
    this.#tools = tools;
  }

  /** Events of a stream, or a whole answer. */
  hear(run: Buffer): void {
    for (let at = run.indexOf(CONTENT); at >= 0 && this.#escaped.length < SCAN_LENGTH_MAX;) {
      let start = at + CONTENT.length;
      while (run[start] === SPACE) start += 1;
      const end = run[start] === QUOTE ? closingQuote(run, start + 1) : -1;
      if (end > start + 1) this.#escaped += run.toString("utf8", start + 1, end);
      at = run.indexOf(CONTENT, Math.max(end, start));
    }
  }

  /** What the answer looks like; null for one that reads like text. */
  conclude(): LookAlike | null {
    if (this.#escaped === "") return null;
    const text = parseJson(`"${this.#escaped}"`);
    const found = typeof text === "string" ? lookAlikeIn(text) : null;
    if (found === null) return null;
    const isRegistered = found.toolName !== null && this.#tools().has(found.toolName);
    return { ...found, registeredTool: isRegistered };
  }
}

function closingQuote(run: Buffer, from: number): number {
  for (let at = from; at < run.length; at += 1) {
    if (run[at] === BACKSLASH) at += 1;
    else if (run[at] === QUOTE) return at;
  }
  return -1;
}
