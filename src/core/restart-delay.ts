// How long to wait before something that ended is started again: not at all the first time, then twice as long each time. Pure.

const FIRST_MS = 100;
const LONGEST_MS = 30_000;
/** Whoever served this long is not the one that cannot start. */
const WELL_MS = 60_000;

/** What is remembered between two ends. */
export interface Ends {
  /** Ends in a row, none of which had served long. */
  readonly inRow: number;
}

/** Nothing ended yet. */
export const NO_ENDS: Ends = { inRow: 0 };

/** After one more end of something that had served so many milliseconds. */
export function ended({ inRow }: Ends, servedMs: number): Ends {
  return { inRow: servedMs >= WELL_MS ? 1 : inRow + 1 };
}

/** Milliseconds until the next start. */
export function restartDelayMs({ inRow }: Ends): number {
  return inRow === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (inRow - 1));
}
