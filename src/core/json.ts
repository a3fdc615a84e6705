// JSON values as types. `JSON.parse` results enter the house as `Json`, never as something unchecked.

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses text; undefined when it is not JSON, or has no bounds. For input of others, where broken JSON is an expected value and not a bug. */
export function parseJson(text: string): Json | undefined {
  if (!isBounded(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/**
 * Strings, objects and arrays of one text at most. Parsed, each takes some fifty bytes and more, however short it is: six million `{}` are 18 MB
 * of text, and ended a process with a heap of 256 MiB. Numbers take eight, and vectors are full of them.
 */
export const JSON_VALUES_MAX = 250_000;
/** Writing a tree again recurses; ten thousand levels are too many for the stack. */
const LEVELS_MAX = 512;
/** What is shorter has no room for harm, and is not looked at. */
const HARMLESS_LENGTH = 4_096;
const QUOTE = 0x22;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** False for text that would take far more memory or stack than its length: too many values, or too many levels. Says nothing of its syntax. */
export function isBounded(text: string): boolean {
  const { length } = text;
  if (length <= HARMLESS_LENGTH) return true;
  let values = 0;
  let levels = 0;
  for (let at = 0; at < length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      values += 1;
      at = closingQuote(text, at);
      if (at < 0) break;
    } else if (sign <= NINE) {
      // Digits, spaces and signs: the bulk of vectors.
      continue;
    } else if (sign === OPEN_OBJECT || sign === OPEN_ARRAY) {
      values += 1;
      levels += 1;
      if (levels > LEVELS_MAX || values > JSON_VALUES_MAX) return false;
    } else if (sign === CLOSE_OBJECT || sign === CLOSE_ARRAY) {
      levels -= 1;
    }
  }
  return values <= JSON_VALUES_MAX;
}

/** The quote that ends the string which begins here; -1 where there is none. */
export function closingQuote(text: string, opening: number): number {
  for (let at = opening + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return -1;
    let escapes = 0;
    while (quote - 1 - escapes >= at && text.charCodeAt(quote - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return quote;
    at = quote + 1;
  }
}
