// Events that differ from an earlier one in their text alone. Of that earlier one it is known, from a dozen searches through its bytes, that
// nobody has to read it; what stands between the quotes of a text changes nothing of that. One comparison finds this out at an eighth of the cost
// (0.2 us for 265 bytes against 1.5), and hardly an event of a long answer needs more.

/** Texts by which an event may be one to read: what it calls itself, and why it ends. All others are only passed on. */
const TELLING = new Set(["object", "type", "event", "status", "code", "finish_reason", "native_finish_reason"]);
/** A key with the opening quote of its text; inside a string its quotes would be escaped. */
const TEXTS = /"([\w.-]+)" ?: ?"/g;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** Longer events are seldom, and their text is most of them. */
const SAMPLE_BYTES_MAX = 4_096;
/** Strangers in a row, after which no sample is taken any more: this provider's events differ elsewhere. */
const STRANGERS_MAX = 8;

/** Remembers one plain event of a stream, and knows others by it. */
export class EventTwins {
  #sample: Buffer | null = null;
  /** Offsets in the sample behind the opening quotes of its texts; behind the last one stands its length. */
  #opens: readonly number[] = [];
  /** Offsets of the closing quotes of its texts; in front of the first one stands 0. */
  #closes: readonly number[] = [];
  #strangers = 0;

  /** True when all events of a run of whole events are the sample with other texts. */
  knows(run: Buffer): boolean {
    const sample = this.#sample;
    if (sample === null) return false;
    for (let at = 0; at < run.length;) {
      at = this.#twinEnd(run, at, sample);
      if (at < 0) return false;
    }
    this.#strangers = 0;
    return true;
  }

  /** Takes a run that nobody has to read for the sample of those to come, if it is one event. */
  learn(run: Buffer): void {
    if (run.length > SAMPLE_BYTES_MAX) return;
    this.#sample = null;
    this.#strangers += 1;
    if (this.#strangers > STRANGERS_MAX) return;
    // One character a byte, so that offsets are the same.
    const text = run.toString("latin1");
    // Another event in the run would have to follow each of its kind.
    if (text.indexOf("\n\n") !== text.length - 2) return;
    const texts = [...text.matchAll(TEXTS)].filter(({ 1: key = "" }) => !TELLING.has(key));
    const opens = texts.map(({ index, 0: { length } }) => index + length);
    const closes = opens.map((open) => closingQuote(run, open));
    if (opens.length === 0 || closes.includes(-1)) return;
    this.#opens = [...opens, run.length];
    this.#closes = [0, ...closes];
    // A copy: what came in one large read would be kept with it.
    this.#sample = Buffer.from(run);
  }

  /** The offset behind the twin that starts here; negative when it is none. */
  #twinEnd(run: Buffer, from: number, sample: Buffer): number {
    const opens = this.#opens;
    let at = from;
    for (let part = 0; part < opens.length; part += 1) {
      if (part > 0) at = closingQuote(run, at);
      if (at < 0) return -1;
      const end = opens[part] as number;
      // Behind the end of the run there is nothing that could be alike.
      for (let each = this.#closes[part] as number; each < end; each += 1, at += 1) {
        if (run[at] !== sample[each]) return -1;
      }
    }
    return at;
  }
}

/** The offset of the quote that closes the string in which an offset lies; negative where the string does not end on its line. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at;
    if (byte < SPACE) return -1;
    if (byte !== BACKSLASH) continue;
    at += 1;
    if ((bytes[at] ?? 0) < SPACE) return -1;
  }
  return -1;
}
