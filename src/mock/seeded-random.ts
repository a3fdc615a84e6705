// Randomness that a seed repeats: the same seed gives the same answers, ids and failures on every machine.
import type { Random } from "../core/ids.ts";

const RANGE = 2 ** 32;

/** FNV-1a over UTF-16 units: 32 bits, quick, the same everywhere. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Mulberry32: a full-period 32-bit generator in four lines; good enough to draw lots, not to keep secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / RANGE;
  };
}

/** One of a list. */
export function pick<T>(list: readonly [T, ...T[]], random: Random): T {
  return list[Math.floor(random() * list.length)] ?? list[0];
}

/** Lower-case hex digits, as ids have them. */
export function hexDigits(count: number, random: Random): string {
  let digits = "";
  while (digits.length < count) digits += Math.floor(random() * 16).toString(16);
  return digits;
}
