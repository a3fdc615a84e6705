// Events that differ from an earlier one in their text alone. Of that earlier one it is known, from a dozen searches through its bytes, that
// nobody has to read it; what stands between the quotes of a text changes nothing of that. One comparison finds this out at an eighth of the cost
// (0.2 us for 265 bytes against 1.5), and hardly an event of a long answer needs more.

/** Texts by which an event may be one to read: what it calls itself, and why it ends. All others are only passed on. */
const TELLING = new Set(["object", "type", "event", "status", "code", "finish_reason", "native_finish_reason"]);
/** A key with the opening quote of its text, or with a number that counts streams or events; inside a string its quotes would be escaped. */
const TEXTS = /"([\w.-]+)" ?: ?"|"(?:created|sequence_number)" ?: ?(?=\d)/g;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
/** Longer events are seldom, and their text is most of them. */
const SAMPLE_BYTES_MAX = 4_096;
/** Strangers in a row, after which no sample is taken any more: this provider's events differ elsewhere. */
const STRANGERS_MAX = 8;

/** Samples that streams hand on to those behind them. */
const REMEMBERED_MAX = 4;

/** One plain event. */
interface Sample {
  /** With blanks for texts under a key: what somebody said does not outlive its stream. */
  readonly bytes: Buffer;
  /** Offsets of its texts, behind the opening quote; behind the last one stands its length. */
  readonly opens: readonly number[];
  /** Offsets of the closing quotes; in front of the first one stands 0. */
  readonly closes: readonly number[];
}

/** Samples of streams that nobody would read for the same reasons. A server's events are alike in all its streams. */
export class EventMemory {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    this.#samples.unshift(sample);
    if (this.#samples.length > REMEMBERED_MAX) this.#samples.pop();
  }

  /** The sample whose twins all events of a run are; null when there is none, and for runs that would be walked through once for each. */
  find(run: Buffer): Sample | null {
    if (run.length > SAMPLE_BYTES_MAX) return null;
    for (const sample of this.#samples) if (areTwins(run, sample)) return sample;
    return null;
  }
}

/** Remembers one plain event of a stream, and knows others by it. */
export class EventTwins {
  readonly #memory: EventMemory;
  #sample: Sample | null = null;
  #strangers = 0;

  /** `memory`: of streams whose events need no look for the same reasons; a stream may be alone with its own. */
  constructor(memory = new EventMemory()) {
    this.#memory = memory;
  }

  /** True when all events of a run of whole events are the sample with other texts. */
  knows(run: Buffer): boolean {
    const known = this.#sample;
    if (known === null) {
      if (this.#strangers === 0) this.#sample = this.#memory.find(run);
      return this.#sample !== null;
    }
    if (!areTwins(run, known)) return false;
    this.#strangers = 0;
    return true;
  }

  /** Takes a run that nobody has to read for the sample of those to come, if it is one event. */
  learn(run: Buffer): void {
    if (run.length > SAMPLE_BYTES_MAX) return;
    this.#sample = null;
    this.#strangers += 1;
    if (this.#strangers > STRANGERS_MAX) return;
    this.#sample = this.#memory.find(run);
    if (this.#sample !== null) return;
    this.#sample = sampleOf(run);
    if (this.#sample !== null) this.#memory.add(this.#sample);
  }
}

function sampleOf(run: Buffer): Sample | null {
  // One character a byte, so that offsets are the same.
  const text = run.toString("latin1");
  // Another event in the run would have to follow each of its kind.
  if (text.indexOf("\n\n") !== text.length - 2) return null;
  const texts = [...text.matchAll(TEXTS)].filter(({ 1: key = "" }) => !TELLING.has(key));
  const opens = texts.map(({ index, 0: { length } }) => index + length);
  const closes = opens.map((open) => textEnd(run, open, run[open - 1] === QUOTE));
  if (opens.length === 0 || closes.includes(-1)) return null;
  // A copy: what came in one large read would be kept with it.
  const bytes = Buffer.from(run);
  for (const [at, open] of opens.entries()) bytes.fill(SPACE, open, closes[at]);
  return { bytes, opens: [...opens, run.length], closes: [0, ...closes] };
}

function areTwins(run: Buffer, sample: Sample): boolean {
  for (let at = 0; at < run.length;) {
    at = twinEnd(run, at, sample);
    if (at < 0) return false;
  }
  return true;
}

/** The offset behind the twin that starts here; negative when it is none. */
function twinEnd(run: Buffer, from: number, { bytes, opens, closes }: Sample): number {
  let at = from;
  let open = 0;
  for (let part = 0; part < opens.length; part += 1) {
    if (part > 0) at = textEnd(run, at, bytes[open - 1] === QUOTE);
    if (at < 0) return -1;
    open = opens[part] as number;
    // Behind the end of the run there is nothing that could be alike.
    for (let each = closes[part] as number; each < open; each += 1, at += 1) {
      if (run[at] !== bytes[each]) return -1;
    }
  }
  return at;
}

/** The offset behind a text or, where that is meant, behind digits, of which there is one at least; negative for what has no end. */
function textEnd(bytes: Buffer, from: number, isText: boolean): number {
  if (isText) return closingQuote(bytes, from);
  let at = from;
  while ((bytes[at] ?? 0) >= ZERO && (bytes[at] as number) <= NINE) at += 1;
  return at === from ? -1 : at;
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
