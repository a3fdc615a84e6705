// Short texts that come again and again in the bytes of requests: keys, ids of models, numbers. To make a text of bytes is a call into the
// engine, which takes as long as reading the member that they stand in (1,900 instructions; 100 here).

const LENGTH_MAX = 64;
/** A power of two. Whoever sends others each time takes the places of these, and everybody pays for the call again. */
const PLACES = 512;
/** What JSON writes as it is, in one byte. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const met: (string | undefined)[] = Array.from({ length: PLACES });

/** The text of these bytes; null where it is long, or has quotes, backslashes or signs that are no printable ASCII. */
export function plainText(bytes: Buffer, from: number, to: number): string | null {
  const length = to - from;
  if (length > LENGTH_MAX) return null;
  let sum = length;
  for (let at = from; at < to; at += 1) sum = (Math.imul(sum, 31) + (bytes[at] as number)) | 0;
  const place = sum & (PLACES - 1);
  const known = met[place];
  if (known?.length === length && isAt(known, bytes, from)) return known;
  const text = bytes.toString("latin1", from, to);
  if (!PLAIN.test(text)) return null;
  met[place] = text;
  return text;
}

function isAt(text: string, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}
