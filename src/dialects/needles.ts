// Looking for keys in the bytes of an event without reading it. A needle ends with the key's quote, which inside a JSON string is written
// escaped: text cannot fake it.

const COLON = 0x3a;
const SPACE = 0x20;
const QUOTE = 0x22;
const BRACE = 0x7b;

/** The needle of a key. */
export function keyNeedle(key: string): Buffer {
  return Buffer.from(`${key}"`);
}

/** True when the value behind one of the occurrences of a key starts with such a byte. */
export function hasValue(run: Buffer, key: Buffer, starts: (byte: number | undefined) => boolean): boolean {
  for (let at = run.indexOf(key); at >= 0; at = run.indexOf(key, at + key.length)) {
    let value = at + key.length;
    while (run[value] === SPACE || run[value] === COLON) value += 1;
    if (starts(run[value])) return true;
  }
  return false;
}

/** The value is an object. */
export function isBrace(byte: number | undefined): boolean {
  return byte === BRACE;
}

/** The value is a text. */
export function isQuote(byte: number | undefined): boolean {
  return byte === QUOTE;
}
