// Durations in slots that grow with them: four per doubling, from a hundredth of a millisecond to a quarter of an hour. A percentile read
// from them is at most a twelfth off, whatever the scale, and a distribution is a row of plain numbers.

const PER_DOUBLING = 4;
const FIRST_MS = 0.01;
const DOUBLINGS = 27;

/** Slots of one distribution. */
export const SLOTS = PER_DOUBLING * DOUBLINGS;

/** The slot of a duration in milliseconds; what lies outside is in the first or the last. */
export function slotOf(ms: number): number {
  if (!(ms > FIRST_MS)) return 0;
  const slot = Math.floor(Math.log2(ms / FIRST_MS) * PER_DOUBLING);
  return slot < SLOTS ? slot : SLOTS - 1;
}

/** The middle of a slot, in milliseconds. */
export function msOf(slot: number): number {
  return FIRST_MS * 2 ** ((slot + 0.5) / PER_DOUBLING);
}

/** The duration below which this part (0 to 1) of the observations lies, in milliseconds; null where there are none. */
export function percentile(counts: Uint32Array, part: number): number | null {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil(total * part));
  for (let slot = 0; slot < counts.length; slot += 1) {
    left -= counts[slot] as number;
    if (left <= 0) return msOf(slot);
  }
  return null;
}
