// Lines that fit a terminal: cut at its width, colours not counted and never left open.
import { stripVTControlCharacters } from "node:util";

const ESCAPE = String.fromCharCode(0x1b);
const PIECES = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);
/** Ends every colour. */
const RESET = `${ESCAPE}[0m`;

/** The line, with its last visible character an ellipsis where it was too long. */
export function clip(line: string, width: number): string {
  if ([...stripVTControlCharacters(line)].length <= width) return line;
  let room = Math.max(0, width - 1);
  let kept = "";
  for (const piece of line.split(PIECES)) {
    if (piece.startsWith(ESCAPE)) {
      if (room > 0) kept += piece;
      continue;
    }
    const signs = [...piece].slice(0, room);
    kept += signs.join("");
    room -= signs.length;
  }
  return `${kept}…${kept.includes(ESCAPE) ? RESET : ""}`;
}
