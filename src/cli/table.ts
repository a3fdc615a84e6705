// Tables for people: columns without lines, so that rows can be cut and searched. Loaded when a table is printed.
import Table from "cli-table3";
import type { Paint } from "./paint.ts";

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
} as const;

/** Head and rows, each line without spaces at its end; an empty head is none. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const drawn = new Table({ chars: NO_LINES, style: { "padding-left": 0, "padding-right": 0, head: [], border: [] } });
  if (head.length > 0) drawn.push(head.map(paint.bold));
  drawn.push(...rows.map((row) => [...row]));
  const lines = drawn.toString().split("\n");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}
