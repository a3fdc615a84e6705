// How much room there is, and which colours.
import type { Terminal } from "../command.ts";
import { type Paint, paintFor } from "../paint.ts";

/** Room in characters and lines. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
}

const PLAIN = { width: 120, height: 60 } as const;

/** The terminal as it is now: windows change their size. Without one, room for a page of text. */
export function lookOf(terminal: Terminal): Look {
  const { columns = PLAIN.width, rows = PLAIN.height } = terminal.stdout;
  return { width: Math.max(1, columns), height: Math.max(1, rows), paint: paintFor(terminal, "stdout") };
}
