// Colours for people: on a terminal, or where FORCE_COLOR asks for them; never with NO_COLOR (no-color.org) or on a dumb terminal.
import { styleText } from "node:util";
import type { Terminal } from "./command.ts";

type Colour = (text: string) => string;

/** Colours by what they mean. */
export interface Paint {
  readonly good: Colour;
  readonly warn: Colour;
  readonly bad: Colour;
  readonly bold: Colour;
  readonly dim: Colour;
}

const coloured = (style: "green" | "yellow" | "red" | "bold" | "dim"): Colour => {
  return (text) => styleText(style, text, { validateStream: false });
};
const COLOURS: Paint = {
  good: coloured("green"),
  warn: coloured("yellow"),
  bad: coloured("red"),
  bold: coloured("bold"),
  dim: coloured("dim"),
};
const PLAIN: Paint = { good: String, warn: String, bad: String, bold: String, dim: String };

/** The colours of one of the two streams. */
export function paintFor(terminal: Terminal, stream: "stdout" | "stderr"): Paint {
  return isColourful(terminal, stream) ? COLOURS : PLAIN;
}

/** True where colours are wanted. */
export function isColourful(terminal: Terminal, stream: "stdout" | "stderr"): boolean {
  const { NO_COLOR: none = "", FORCE_COLOR: forced, TERM: kind } = terminal.env;
  if (none !== "") return false;
  return forced === undefined ? isWatched(terminal, stream) && kind !== "dumb" : !/^(0|false)$/.test(forced);
}

/** True when a person looks at the stream. */
export function isWatched(terminal: Terminal, stream: "stdout" | "stderr"): boolean {
  return terminal[stream].isTTY === true;
}
