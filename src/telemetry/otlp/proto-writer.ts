// Writes protobuf's wire format: tags, varints, fixed numbers, texts, and messages whose length is known only behind them.
// https://protobuf.dev/programming-guides/encoding/

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const CONTINUES = 0x80;
const LOW = 0x7f;
const LOW_BITS = 7;
const ASCII_MAX = 0x7f;
const WORD = 2 ** 32;
const HALF_WORD = 2 ** 16;
const NS_PER_S = 1e9;
const UTF8_MAX = 3;
/** Longer ones go through the engine's own encoder. */
const SHORT_TEXT = 256;
/** Room that a tag, a length and a number take at most. */
const HEAD_ROOM = 32;
const BYTES_FIRST = 65_536;
/** What one large export needed is not kept for small ones. */
const BYTES_KEPT = 1_048_576;

/** A message that has begun: where its length belongs, and how many bytes were left for it. */
interface Begun {
  readonly at: number;
  readonly width: number;
}

/** Writes into memory of its own, which grows as it has to. */
export class ProtoWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(BYTES_FIRST);
  #at = 0;

  /** Begins anew. */
  clear(): void {
    this.#at = 0;
    if (this.#bytes.length > BYTES_KEPT) this.#bytes = Buffer.allocUnsafeSlow(BYTES_FIRST);
  }

  /** A copy of all that was written. */
  all(): Uint8Array {
    return this.since(0);
  }

  /** Begins a message; `width` is a guess at the bytes of its length, and a wrong one costs a move. */
  open(field: number, width: 1 | 2 | 3): Begun {
    this.#room(HEAD_ROOM);
    this.#tag(field, WIRE.bytes);
    const begun = { at: this.#at, width };
    this.#at += width;
    return begun;
  }

  /** Ends the message that was begun last. */
  close({ at, width }: Begun): void {
    const start = at + width;
    const length = this.#at - start;
    const needed = varintBytes(length);
    if (needed !== width) {
      this.#room(HEAD_ROOM);
      this.#bytes.copyWithin(at + needed, start, this.#at);
    }
    this.#at = at;
    this.#varint(length);
    this.#at += length;
  }

  /** A number without a sign, also beyond 32 bits; a negative one is written as 64-bit integers are. */
  varint(field: number, value: number): void {
    this.#room(HEAD_ROOM);
    this.#tag(field, WIRE.varint);
    this.#varint(value);
  }

  /** 32 bits. */
  fixed32(field: number, value: number): void {
    this.#room(HEAD_ROOM);
    this.#tag(field, WIRE.fixed32);
    this.#at = this.#bytes.writeUInt32LE(value >>> 0, this.#at);
  }

  /** Seconds and nanoseconds as 64 bits of nanoseconds. */
  nanoseconds(field: number, [seconds, nanoseconds]: readonly [seconds: number, nanoseconds: number]): void {
    // In two parts: doubles have 53 bits.
    const high = Math.floor(seconds / HALF_WORD) * NS_PER_S;
    const low = (seconds % HALF_WORD) * NS_PER_S + nanoseconds + (high % HALF_WORD) * HALF_WORD;
    this.#room(HEAD_ROOM);
    this.#tag(field, WIRE.fixed64);
    // A clock that is wrong is told as it is; what does not fit, as what it is modulo 64 bits.
    this.#at = this.#bytes.writeUInt32LE((low % WORD) >>> 0, this.#at);
    this.#at = this.#bytes.writeUInt32LE((Math.floor(high / HALF_WORD) + Math.floor(low / WORD)) >>> 0, this.#at);
  }

  double(field: number, value: number): void {
    this.#room(HEAD_ROOM);
    this.#tag(field, WIRE.fixed64);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** Where the next byte goes. */
  get at(): number {
    return this.#at;
  }

  /** A copy of what was written from there on. */
  since(at: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, at, this.#at);
  }

  /** What was written before and copied. */
  again(copy: Uint8Array): void {
    this.#room(copy.length);
    this.#bytes.set(copy, this.#at);
    this.#at += copy.length;
  }

  /** A text, as UTF-8. */
  text(field: number, text: string): void {
    this.#room(HEAD_ROOM + text.length * UTF8_MAX);
    this.#tag(field, WIRE.bytes);
    if (text.length > SHORT_TEXT || !this.#ascii(text)) {
      this.#varint(Buffer.byteLength(text));
      this.#at += this.#bytes.write(text, this.#at);
    }
  }

  bytes(field: number, value: Uint8Array): void {
    this.#room(HEAD_ROOM + value.length);
    this.#tag(field, WIRE.bytes);
    this.#varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Bytes that are told in hexadecimal digits. */
  hex(field: number, digits: string): void {
    const length = digits.length >>> 1;
    this.#room(HEAD_ROOM + length);
    this.#tag(field, WIRE.bytes);
    this.#varint(length);
    this.#bytes.write(digits, this.#at, "hex");
    this.#at += length;
  }

  /** Writes a short text if it is ASCII; else nothing is written. */
  #ascii(text: string): boolean {
    const { length } = text;
    const bytes = this.#bytes;
    const at = this.#at + varintBytes(length);
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > ASCII_MAX) return false;
      bytes[at + index] = code;
    }
    this.#varint(length);
    this.#at = at + length;
    return true;
  }

  #tag(field: number, wire: number): void {
    this.#varint((field << 3) | wire);
  }

  #varint(value: number): void {
    if (value < 0 || value >= WORD) {
      this.#longVarint(value);
      return;
    }
    const bytes = this.#bytes;
    let rest = value >>> 0;
    let at = this.#at;
    while (rest > LOW) {
      bytes[at] = (rest & LOW) | CONTINUES;
      rest >>>= LOW_BITS;
      at += 1;
    }
    bytes[at] = rest;
    this.#at = at + 1;
  }

  #longVarint(value: number): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > BigInt(LOW)) {
      this.#bytes[this.#at] = Number(rest & BigInt(LOW)) | CONTINUES;
      rest >>= BigInt(LOW_BITS);
      this.#at += 1;
    }
    this.#bytes[this.#at] = Number(rest);
    this.#at += 1;
  }

  #room(more: number): void {
    const needed = this.#at + more;
    if (needed <= this.#bytes.length) return;
    const wider = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(wider, 0, 0, this.#at);
    this.#bytes = wider;
  }
}

/** Bytes that a length takes. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> LOW_BITS; rest > 0; rest >>>= LOW_BITS) bytes += 1;
  return bytes;
}
