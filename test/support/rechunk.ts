// The same bytes in other pieces: networks cut where they like, so no reader may depend on where.

/** Every way to cut the bytes in two, the uncut whole included; n + 1 ways for n bytes. */
export function* cutsInTwo(bytes: Buffer): Generator<Buffer[]> {
  for (let at = 0; at <= bytes.length; at += 1) yield filled([bytes.subarray(0, at), bytes.subarray(at)]);
}

/** One piece per byte. */
export function bytewise(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}

/** Cut at the given offsets. */
export function cutAt(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const sorted = [...new Set(offsets)].filter((at) => at > 0 && at < bytes.length).sort((a, b) => a - b);
  return filled([0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length)));
}

/** A random partition with pieces of 1 to `pieceBytesMax` bytes; the same seed gives the same pieces. */
export function partition(bytes: Buffer, seed: number, pieceBytesMax = 64): Buffer[] {
  const random = seeded(seed);
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const size = 1 + Math.floor(random() * pieceBytesMax);
    pieces.push(bytes.subarray(from, from + size));
    from += size;
  }
  return pieces;
}

function filled(pieces: readonly Buffer[]): Buffer[] {
  return pieces.filter((piece) => piece.length > 0);
}

/** Pseudo-random numbers in [0, 1) that repeat with their seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
