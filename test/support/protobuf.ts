// Reads protobuf by a table of fields, without any generated code (https://protobuf.dev/programming-guides/encoding/).

/** How a field is written, and what its name is. */
export type FieldKind =
  | "string"
  | "bytes"
  | "hex"
  | "varint"
  | "bool"
  | "double"
  | "fixed64"
  | "fixed32"
  | "doubles"
  | "fixed64s";

/** A field: its name, and a scalar or the message that it holds. Messages are lists. */
export type Field = readonly [name: string, holds: FieldKind | (() => Message)];

/** Fields by number. */
export type Message = Readonly<Record<number, Field>>;

/** What was read: scalars once, messages in lists. */
export type Read = Readonly<Record<string, unknown>>;

/** Reads one message. Fields that the table does not know are skipped; broken bytes throw. */
export function readMessage(bytes: Buffer, message: Message): Read {
  const found: Record<string, unknown> = {};
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { field, value } = reader.next();
    const row = message[field];
    if (row === undefined) continue;
    const [name, holds] = row;
    if (typeof holds === "function") {
      const list = (found[name] ??= []) as Read[];
      list.push(readMessage(value as Buffer, holds()));
    } else found[name] = SCALARS[holds](value);
  }
  return found;
}

type WireValue = Buffer | bigint;

const SCALARS: Readonly<Record<FieldKind, (value: WireValue) => unknown>> = {
  string: (value) => (value as Buffer).toString("utf8"),
  bytes: (value) => value,
  hex: (value) => (value as Buffer).toString("hex"),
  varint: (value) => Number(value),
  bool: (value) => value === 1n,
  double: (value) => (value as Buffer).readDoubleLE(),
  fixed64: (value) => Number((value as Buffer).readBigUInt64LE()),
  fixed32: (value) => (value as Buffer).readUInt32LE(),
  doubles: (value) => eights(value as Buffer, (bytes, at) => bytes.readDoubleLE(at)),
  fixed64s: (value) => eights(value as Buffer, (bytes, at) => Number(bytes.readBigUInt64LE(at))),
};

function eights(bytes: Buffer, read: (bytes: Buffer, at: number) => number): number[] {
  return Array.from({ length: bytes.length / 8 }, (_, at) => read(bytes, at * 8));
}

class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): { readonly field: number; readonly value: WireValue } {
    const key = Number(this.#varint());
    const field = key >> 3;
    switch (key & 7) {
      case 0:
        return { field, value: this.#varint() };
      case 1:
        return { field, value: this.#take(8) };
      case 2:
        return { field, value: this.#take(Number(this.#varint())) };
      case 5:
        return { field, value: this.#take(4) };
      default:
        throw new Error(`no wire type ${key & 7}`);
    }
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error("a field ends behind its message");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new Error("a number has no end");
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new Error("a number is too long");
  }
}
