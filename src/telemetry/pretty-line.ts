// Lines for people: one line per record on a terminal, colours where they are wanted. Everything that others wrote is quoted.
import { styleText } from "node:util";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { quote, visible } from "./quote.ts";

/** Paints a text in the named style, or leaves it. */
export type Paint = (style: Style, text: string) => string;
/** The styles that are used. */
export type Style = "dim" | "bold" | "red" | "yellow" | "green" | "cyan";

/** A painter; `colour` is the roof's judgement of terminal and NO_COLOR (https://no-color.org). */
export function painter(colour: boolean): Paint {
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

const LEVEL_STYLE: Readonly<Record<string, Style>> = {
  fatal: "red",
  error: "red",
  warn: "yellow",
  info: "green",
  debug: "cyan",
  trace: "dim",
};
const LEVEL_WIDTH = 5;
const BARE = /^[\w./:@+-]+$/;

/** `03:04:05.678 WARN `, which opens every line. */
export function prettyOpening(time: string, level: string, paint: Paint): string {
  const word = level.toUpperCase().padEnd(LEVEL_WIDTH);
  return `${paint("dim", time.slice(11, -1))} ${paint(LEVEL_STYLE[level] ?? "dim", word)}`;
}

/** A record of the log: time, level, message, fields; the stack of an error on lines of its own. */
export function prettyLine(record: JsonObject, paint: Paint): string {
  const { time, level, msg, ...fields } = record;
  const shown = Object.entries(fields).map(([name, value]) => `${paint("dim", `${bare(name)}=`)}${brief(value)}`);
  const stacks = Object.values(fields).flatMap(stackLines);
  const first = [prettyOpening(String(time), String(level), paint), bareText(String(msg)), ...shown].join(" ");
  return [first, ...stacks.map((line) => `    ${paint("dim", line)}`)].join("\n");
}

/** A value on one line. */
function brief(value: Json): string {
  if (typeof value === "string") return bare(value);
  if (!isJsonObject(value)) return visible(JSON.stringify(value));
  const { stack: _stack, ...rest } = value;
  return visible(JSON.stringify(rest));
}

function bare(text: string): string {
  return BARE.test(text) ? text : quote(text);
}

/** A message stands without quotes; what could act on a terminal is escaped all the same. */
function bareText(text: string): string {
  return quote(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("\\\\", "\\");
}

/** Each line of a stack is escaped for itself, so that a message with line feeds cannot pass for another record. */
function stackLines(value: Json): string[] {
  if (!isJsonObject(value) || typeof value["stack"] !== "string") return [];
  return value["stack"].split("\n").map((line) => bareText(line.trim()));
}
