// Events that differ from an earlier one in their text alone. Of that earlier one it is known, from a dozen searches through its bytes, that
// nobody has to read it; what stands between the quotes of a text changes nothing of that. One comparison, four bytes at a time, finds this out at a
// fraction of the cost (0.5 us for 323 bytes), and hardly an event of a long answer needs more.

import type { EventKind } from "../core/lane.ts";

/** Texts by which an event may be one to read: what it calls itself, and why it ends. All others are only passed on. */
const TELLING = new Set(["object", "type", "event", "status", "code", "finish_reason", "native_finish_reason"]);
/** A key with the opening quote of its text, or with a number that counts streams or events; inside a string its quotes would be escaped. */
const TEXTS = /"([\w.-]+)" ?: ?"|"(?:created|sequence_number)" ?: ?(?=\d)/g;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The same four times. */
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const SPACES = 0x20202020;
const ONES = 0x01010101;
const TOPS = 0x80808080;
const ZERO = 0x30;
const NINE = 0x39;
/** Longer events are seldom, and their text is most of them. */
const SAMPLE_BYTES_MAX = 4_096;
/** Strangers in a row, after which no sample is taken any more: this provider's events differ elsewhere. */
const STRANGERS_MAX = 8;

/** Bytes that are compared at once; one by one takes more than twice as long, and most bytes of a stream are compared. */
const WORD = 4;
/** Longer runs are looked at where they lie. */
const LAID_BYTES_MAX = 65_536;
/** Where a run is laid to be read by words: a view of its own would cost more than the copy. */
const LAID = Buffer.alloc(LAID_BYTES_MAX);
const LAID_WORDS = viewOf(LAID);

/** Samples that streams hand on to those behind them. */
const REMEMBERED_MAX = 16;

/** One plain event. */
interface Sample {
  /** With blanks for texts under a key: what somebody said does not outlive its stream. */
  readonly bytes: Buffer;
  /** The same by words. */
  readonly words: DataView;
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
    if (this.#samples.length === 0 || run.length > SAMPLE_BYTES_MAX) return null;
    const laid = laidOut(run);
    for (const sample of this.#samples) if (areTwins(laid, sample)) return sample;
    return null;
  }
}

/** Remembers one plain event of a stream, and knows others by it. */
export class EventTwins {
  readonly #memory: EventMemory;
  #sample: Sample | null = null;
  #kind: Sample | null = null;
  #strangers = 0;

  /** `memory`: of streams whose events need no look for the same reasons; a stream may be alone with its own. */
  constructor(memory = new EventMemory()) {
    this.#memory = memory;
  }

  /** What all events of the last run are known by, asked about or learned; null where they are known by nothing. */
  get kind(): EventKind | null {
    return this.#kind;
  }

  /** True when all events of a run of whole events are the sample with other texts. */
  knows(run: Buffer): boolean {
    const known = this.#sample;
    if (known === null) {
      this.#sample = this.#strangers === 0 ? this.#memory.find(run) : null;
      this.#kind = this.#sample;
      return this.#sample !== null;
    }
    this.#kind = areTwins(laidOut(run), known) ? known : null;
    if (this.#kind === null) return false;
    this.#strangers = 0;
    return true;
  }

  /** Takes a run that nobody has to read for the sample of those to come, if it is one event. */
  learn(run: Buffer): void {
    this.#kind = null;
    if (run.length > SAMPLE_BYTES_MAX) return;
    this.#sample = null;
    this.#strangers += 1;
    if (this.#strangers > STRANGERS_MAX) return;
    this.#sample = this.#memory.find(run);
    if (this.#sample === null) {
      this.#sample = sampleOf(run);
      if (this.#sample !== null) this.#memory.add(this.#sample);
    }
    this.#kind = this.#sample;
  }
}

function sampleOf(run: Buffer): Sample | null {
  // One character a byte, so that offsets are the same.
  const text = run.toString("latin1");
  // Another event in the run would have to follow each of its kind.
  if (text.indexOf("\n\n") !== text.length - 2) return null;
  const texts = [...text.matchAll(TEXTS)].filter(({ 1: key = "" }) => !TELLING.has(key));
  const opens = texts.map(({ index, 0: { length } }) => index + length);
  const laid = laidOut(run);
  const closes = opens.map((open) => textEnd(laid, open, run[open - 1] === QUOTE));
  if (opens.length === 0 || closes.includes(-1)) return null;
  // A copy: what came in one large read would be kept with it.
  const bytes = Buffer.from(run);
  for (const [at, open] of opens.entries()) bytes.fill(SPACE, open, closes[at]);
  return { bytes, words: viewOf(bytes), opens: [...opens, run.length], closes: [0, ...closes] };
}

/** Bytes of a sample between two texts. */
interface Part {
  readonly sample: Sample;
  readonly from: number;
  readonly to: number;
}

/** A run, by bytes and by words. */
interface LaidOut {
  readonly bytes: Buffer;
  readonly words: DataView;
}

/** Valid until the next one. */
function laidOut(run: Buffer): LaidOut {
  if (run.length > LAID_BYTES_MAX) return { bytes: run, words: viewOf(run) };
  LAID.set(run);
  return { bytes: run, words: LAID_WORDS };
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

function areTwins(run: LaidOut, sample: Sample): boolean {
  const { length } = run.bytes;
  for (let at = 0; at < length;) {
    at = twinEnd(run, at, sample);
    if (at < 0) return false;
  }
  return true;
}

/** The offset behind the twin that starts here; negative when it is none. */
function twinEnd(run: LaidOut, from: number, sample: Sample): number {
  const { opens, closes } = sample;
  let at = from;
  let open = 0;
  for (let part = 0; part < opens.length; part += 1) {
    if (part > 0) at = textEnd(run, at, sample.bytes[open - 1] === QUOTE);
    if (at < 0) return -1;
    open = opens[part] as number;
    const close = closes[part] as number;
    if (!isAlike(run, at, { sample, from: close, to: open })) return -1;
    at += open - close;
  }
  return at;
}

/** True when what stands in the run from an offset on is this part of the sample. */
function isAlike(run: LaidOut, at: number, { sample, from, to }: Part): boolean {
  // What lies behind the end of the run is another one's.
  if (at + to - from > run.bytes.length) return false;
  const distance = at - from;
  const last = to - WORD;
  let each = from;
  for (; each <= last; each += WORD) {
    if (run.words.getUint32(each + distance) !== sample.words.getUint32(each)) return false;
  }
  for (; each < to; each += 1) if (run.bytes[each + distance] !== sample.bytes[each]) return false;
  return true;
}

/** The offset behind a text or, where that is meant, behind digits, of which there is one at least; negative for what has no end. */
function textEnd(run: LaidOut, from: number, isText: boolean): number {
  if (isText) return closingQuote(run, from);
  const { bytes } = run;
  let at = from;
  while ((bytes[at] ?? 0) >= ZERO && (bytes[at] as number) <= NINE) at += 1;
  return at === from ? -1 : at;
}

/** The offset of the quote that closes the string in which an offset lies; negative where the string does not end on its line. */
function closingQuote({ bytes, words }: LaidOut, from: number): number {
  const { length } = bytes;
  for (let at = from; at < length; at += 1) {
    while (at + WORD <= length && isTextOnly(words.getInt32(at))) at += WORD;
    if (at >= length) break;
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at;
    if (byte < SPACE) return -1;
    if (byte !== BACKSLASH) continue;
    at += 1;
    if ((bytes[at] ?? 0) < SPACE) return -1;
  }
  return -1;
}

/** True when none of four bytes is a quote, a backslash or a control character; now and then it denies that of four that have none. */
function isTextOnly(word: number): boolean {
  const quote = word ^ QUOTES;
  const backslash = word ^ BACKSLASHES;
  // Too small a byte borrows its top bit; one that has it set already is none of those that are looked for.
  const zeros = ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash);
  return ((zeros | ((word - SPACES) & ~word)) & TOPS) === 0;
}
