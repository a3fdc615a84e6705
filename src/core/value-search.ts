// Looks for any of many known texts in one pass, whatever their number: the search of Wu and Manber (A fast algorithm for multi-pattern
// searching, 1994). Two signs tell how far it may jump; most jumps are as long as the shortest text. Says only whether there is one.

/** Texts below this length make the jumps of all others short; they are searched one by one. */
const LENGTH_MIN = 12;
/** Longer beginnings make no longer jumps that count, and a jump must fit a byte. */
const WINDOW_MAX = 64;
const TABLE_SIZE = 4_096;

/** Tells whether a text holds one of the values that it was made of. Values are not empty. */
export class ValueSearch {
  readonly #short: readonly string[];
  /** Signs of each long value that are looked at. */
  readonly #window: number;
  /** How far the window may move when these two signs stand at its end. */
  readonly #jumps = new Uint8Array(TABLE_SIZE);
  /** The long values whose window ends so. */
  readonly #endings = new Map<number, string[]>();

  constructor(values: readonly string[]) {
    this.#short = values.filter(({ length }) => length < LENGTH_MIN);
    const long = values.filter(({ length }) => length >= LENGTH_MIN);
    this.#window = Math.min(WINDOW_MAX, ...long.map(({ length }) => length));
    if (long.length === 0) this.#window = Number.POSITIVE_INFINITY;
    this.#jumps.fill(Math.min(WINDOW_MAX, this.#window) - 1);
    for (const value of long) this.#learn(value);
  }

  /** True when one of the values is in the text. */
  hits(text: string): boolean {
    for (const value of this.#short) if (text.includes(value)) return true;
    const { length } = text;
    const window = this.#window;
    const jumps = this.#jumps;
    for (let last = window - 1; last < length;) {
      const pair = pairOf(text.charCodeAt(last - 1), text.charCodeAt(last));
      const jump = jumps[pair] as number;
      if (jump > 0) {
        last += jump;
        continue;
      }
      if (this.#startsAt(text, last - window + 1, pair)) return true;
      last += 1;
    }
    return false;
  }

  #startsAt(text: string, at: number, pair: number): boolean {
    // Only where a window ends is there no jump.
    for (const value of this.#endings.get(pair) as readonly string[]) if (text.startsWith(value, at)) return true;
    return false;
  }

  #learn(value: string): void {
    const end = this.#window - 1;
    for (let at = 1; at <= end; at += 1) {
      const pair = pairOf(value.charCodeAt(at - 1), value.charCodeAt(at));
      this.#jumps[pair] = Math.min(this.#jumps[pair] as number, end - at);
      if (at === end) this.#endings.set(pair, [...(this.#endings.get(pair) ?? []), value]);
    }
  }
}

/** A place in the table for two signs; some pairs share one, which costs a look and nothing else. */
function pairOf(first: number, second: number): number {
  return ((first << 5) ^ second) & (TABLE_SIZE - 1);
}
