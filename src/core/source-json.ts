// `JSON` as newer engines have it: it writes a number as its author did (https://tc39.es/proposal-json-parse-with-source/). The compiler's
// library does not know it yet. It can read them so as well, but calls back for each value of a text: 18 MB of small numbers beside a long
// one took it 20 s. So the few that are to be kept are found first, and parsed as strings with a mark.
import { randomBytes } from "node:crypto";
import { closingQuote, type Json } from "./json.ts";

/** The part of `JSON` that the library leaves out. */
interface SourceJson {
  rawJSON(source: string): Json;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
}

const sourceJson = JSON as unknown as SourceJson;
/** Begins a string that stands for a number. Nobody is told, so nobody can write one. */
const MARK = `${randomBytes(16).toString("hex")}:`;
/** Each kept number is an object that takes some 2 us to make. More of them are a vector, and no ids. */
const KEPT_MAX = 50_000;
const SAFE_DIGITS = 15;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BIG_E = 0x45;
const SMALL_E = 0x65;

/**
 * Parses text. Numbers for which `keeps` says so are values that `JSON.stringify` writes as their author did; of very many, the first.
 * Short integers are not asked about. Throws SyntaxError.
 */
export function parseKeeping(text: string, keeps: (value: number, source: string) => boolean): Json {
  const marked = withMarks(text, (source) => NUMBER.test(source) && keeps(Number(source), source));
  if (marked === text) return JSON.parse(text) as Json;
  try {
    return withoutMarks(JSON.parse(marked) as Json);
  } catch {
    // It says what is wrong in words of the text itself.
    return JSON.parse(text) as Json;
  }
}

/** How a number that was kept is written; null for every other value. */
export function keptSource(value: unknown): string | null {
  return sourceJson.isRawJSON(value) ? value.rawJSON : null;
}

/** The text with each number that is kept as a string. Says nothing of the text's syntax, and makes no broken text whole. */
function withMarks(text: string, isKept: (source: string) => boolean): string {
  const { length } = text;
  let marked = "";
  let read = 0;
  let kept = 0;
  for (let at = 0; at < length && kept < KEPT_MAX; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      at = closingQuote(text, at);
      if (at < 0) break;
    } else if (sign === MINUS || (sign >= ZERO && sign <= NINE)) {
      const end = endOfNumber(text, at);
      if (mayBeOdd(text, at, end)) {
        const source = text.slice(at, end);
        if (isKept(source) && !isKey(text, end)) {
          marked += `${text.slice(read, at)}"${MARK}${source}"`;
          read = end;
          kept += 1;
        }
      }
      at = end - 1;
    }
  }
  return read === 0 ? text : marked + text.slice(read);
}

function endOfNumber(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if ((sign < ZERO || sign > NINE) && !isSignInside(sign)) break;
  }
  return at;
}

function isSignInside(sign: number): boolean {
  return sign === DOT || sign === SMALL_E || sign === BIG_E || sign === MINUS || sign === PLUS;
}

/** False for short integers: the bulk of numbers, which a double holds and writes as they were. */
function mayBeOdd(text: string, from: number, end: number): boolean {
  if (end - from > SAFE_DIGITS || text.charCodeAt(from) === MINUS) return true;
  for (let at = from; at < end; at += 1) if (isSignInside(text.charCodeAt(at))) return true;
  return false;
}

/** A number in the place of a key: a string there would be right where the number is not. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === COLON;
}

/** Makes numbers of the marked strings. Works in the tree, which is nobody else's yet. */
function withoutMarks(tree: Json): Json {
  if (typeof tree === "string") return tree.startsWith(MARK) ? sourceJson.rawJSON(tree.slice(MARK.length)) : tree;
  if (typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) {
    const list = tree as Json[];
    for (let at = 0; at < list.length; at += 1) {
      const value = list[at] as Json;
      if (typeof value === "number") continue;
      const real = withoutMarks(value);
      if (real !== value) list[at] = real;
    }
    return tree;
  }
  for (const [key, value] of Object.entries(tree)) {
    const real = withoutMarks(value);
    // Assigned, a member called `__proto__` would be the object's prototype.
    if (real !== value) Object.defineProperty(tree, key, { value: real });
  }
  return tree;
}
