// Takes secrets out of texts: those we know by value, all others by their looks. Used for everything that is logged and for words of
// providers that are relayed. Must never throw, and must cost next to nothing where there is nothing to find.
import { safePattern } from "../core/safe-pattern.ts";
import { SECRET_PATTERNS } from "./secret-patterns.ts";
import { ValueSearch } from "../core/value-search.ts";

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

const MASK = "***";
/** OpenClaw §6.3: shorter secrets are masked whole, of longer ones the ends are left. */
const ENDS_SHOWN_FROM = 18;
const HEAD_SHOWN = 6;
const TAIL_SHOWN = 4;
const MASKED = /^.{6}….{4}$/s;
/** Shorter values are words, and taking them out would maim innocent sentences. */
const VALUE_LENGTH_MIN = 6;
/** Longer texts are searched in pieces (OpenClaw §6.3), so that an operator's pattern sees a bounded text. */
const WHOLE_LENGTH_MAX = 32 * 1024;
const PIECE_LENGTH = 16 * 1024;
/** How far back a piece may end earlier, so that it ends between words. */
const PIECE_SLACK = 2 * 1024;
/** Texts that are remembered with what was made of them: words of wire formats. Ids of requests are longer, and come once. */
const WORD_LENGTH_MAX = 16;
const WORDS_MAX = 256;
const PEM_OPENING = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;
const PEM_CLOSING = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----/g;

/**
 * Makes a redactor. `secrets` are the known values, masked whole; those under 6 characters are left alone. `patterns` are the operator's
 * (`logging.redactPatterns`) and replace the built-in list; with none, or when one of them is refused for repeating a repetition, the
 * built-in list stays in force. Null searches for known values only (`logging.redactSensitive: "off"`).
 */
export function createRedactor(secrets: readonly string[], patterns: readonly string[] | null): Redact {
  const values = [...new Set(secrets.flatMap(spellings))].sort((a, b) => b.length - a.length);
  const search = new ValueSearch(values);
  const byLooks = patterns === null ? keep : looksOf(patterns);
  const cleanedOf: Redact = (text) => byLooks(search.hits(text) ? withoutValues(text, values) : text);
  // Such as a reason for ending: the same few in all answers.
  const words = new Map<string, string>();
  return (text) => {
    if (text.length > WORD_LENGTH_MAX) return cleanedOf(text);
    const known = words.get(text);
    if (known !== undefined) return known;
    const cleaned = cleanedOf(text);
    if (words.size === WORDS_MAX) words.clear();
    words.set(text, cleaned);
    return cleaned;
  };
}

/** The mask of a secret: its ends when it is long enough that they tell nothing. */
export function masked(secret: string): string {
  // Several patterns may find the same secret; the second finds the mask of the first.
  if (MASKED.test(secret)) return secret;
  if (secret.length < ENDS_SHOWN_FROM) return MASK;
  return `${secret.slice(0, HEAD_SHOWN)}…${secret.slice(-TAIL_SHOWN)}`;
}

function keep(text: string): string {
  return text;
}

/** A value as it stands, in a URL and in JSON. */
function spellings(secret: string): string[] {
  const value = secret.trim();
  if (value.length < VALUE_LENGTH_MIN) return [];
  return [value, encodeURIComponent(value.toWellFormed()), JSON.stringify(value).slice(1, -1)];
}

/** The longest first: a secret may hold another one. */
function withoutValues(text: string, values: readonly string[]): string {
  return values.reduce((cleaned, value) => cleaned.replaceAll(value, MASK), text);
}

function looksOf(patterns: readonly string[]): Redact {
  const own = patterns.map(safePattern).filter((pattern) => pattern !== null);
  const needsBuiltIn = own.length === 0 || own.length < patterns.length;
  const builtIn = needsBuiltIn ? SECRET_PATTERNS.map(({ find }) => find) : [];
  return (text) => {
    const cleaned = withoutPrivateKeys(text);
    if (cleaned.length > WHOLE_LENGTH_MAX) return [...pieces(cleaned)].map(masking).join("");
    return masking(cleaned);
  };

  function masking(text: string): string {
    return withoutLooks(builtIn.length > 0 && HINT.test(text) ? withoutLooks(text, builtIn) : text, own);
  }
}

/** A text that holds no hint of any row holds no match of any row. */
const HINT = new RegExp([...new Set(SECRET_PATTERNS.map(({ hint }) => hint))].join("|"), "i");

function withoutLooks(text: string, finds: readonly RegExp[]): string {
  let cleaned = text;
  for (const find of finds) cleaned = cleaned.replace(find, maskedMatch);
  return cleaned;
}

/** Called as `String.replace` calls: match, groups, offset, text, named groups. */
function maskedMatch(match: string, ...more: readonly unknown[]): string {
  const offset = more.findIndex((one) => typeof one === "number");
  const secret = more.slice(0, offset).findLast((group) => typeof group === "string" && group !== "") ?? match;
  // An operator's pattern may match nothing, everywhere.
  if (secret === "") return match;
  return match.replaceAll(String(secret), () => masked(String(secret)));
}

/** A private key goes whole, also one that was cut off before its end. */
function withoutPrivateKeys(text: string): string {
  if (!text.includes("PRIVATE KEY-----")) return text;
  let cleaned = "";
  let read = 0;
  for (const opening of text.matchAll(PEM_OPENING)) {
    if (opening.index < read) continue;
    PEM_CLOSING.lastIndex = opening.index;
    const closing = PEM_CLOSING.exec(text);
    cleaned += `${text.slice(read, opening.index)}${MASK}`;
    read = closing === null ? text.length : closing.index + closing[0].length;
  }
  return cleaned + text.slice(read);
}

function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const until = from + PIECE_LENGTH;
    const gap = until < text.length ? text.slice(until - PIECE_SLACK, until).search(/\s\S*$/) : -1;
    const to = gap < 0 ? until : until - PIECE_SLACK + gap + 1;
    yield text.slice(from, to);
    from = to;
  }
}
