// Providers repeat pieces of a request in their complaints. What the log shows of a complaint is searched for them first, since prompts are
// logged nowhere; the client, whose words they are, gets the complaint as it is.
import { changedFailure, type Failure } from "../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { ValueSearch } from "../core/value-search.ts";

/** So many characters in a row that stand in the request, too, are no coincidence. */
const RUN_MIN = 24;
/** In a run of that length one of the pieces that are looked for begins, wherever it stands. */
const PIECE = RUN_MIN / 2;
/** A shorter text is looked for as a whole; below this, or as one word, it could be a word of the API. */
const WHOLE_MIN = 8;
/** A piece that stands at more places of a text is looked at there and no further. */
const PLACES_MAX = 64;
const MARK = "[request]";

/** A piece of a text. */
interface Run {
  readonly start: number;
  readonly end: number;
}

/** The failure with a `detail` that repeats nothing of the request. `request` is asked for only where a provider said something. */
export function unechoed(because: Failure, request: () => JsonObject | null): Failure {
  const { cause, detail } = because;
  // With a cause they are words of this machine.
  if (cause !== null || detail === null || detail.length < WHOLE_MIN) return because;
  const cleaned = withoutEcho(detail, textsOf(request()));
  return cleaned === detail ? because : changedFailure(because, { detail: cleaned });
}

/** A text without what it repeats of others. */
export function withoutEcho(text: string, others: readonly string[]): string {
  const whole = others.filter((other) => other.length >= WHOLE_MIN && other.length <= text.length && /\s/.test(other));
  const rest = whole.reduce((cleaned, other) => cleaned.replaceAll(other, MARK), text);
  const pieces = Array.from({ length: Math.floor(rest.length / PIECE) }, (_, at) =>
    rest.slice(at * PIECE, (at + 1) * PIECE),
  );
  // One pass over each, however large: most requests have nothing in common with what is said of them.
  const search = new ValueSearch(pieces);
  const repeated = others.filter((other) => other.length >= RUN_MIN && search.hits(other));
  return repeated.length === 0 ? rest : withoutRuns(rest, repeated);
}

function withoutRuns(text: string, others: readonly string[]): string {
  let cleaned = "";
  let read = 0;
  for (let at = 0; at + PIECE <= text.length;) {
    const { start, end } = longestRun(text, at, others);
    if (end - start < RUN_MIN) {
      at += PIECE;
      continue;
    }
    cleaned += text.slice(read, Math.max(read, start)) + MARK;
    read = end;
    at = end;
  }
  return cleaned + text.slice(read);
}

/** The longest of the runs that others share with the text around the piece at this place. */
function longestRun(text: string, at: number, others: readonly string[]): Run {
  const piece = text.slice(at, at + PIECE);
  let longest: Run = { start: at, end: at };
  for (const other of others) {
    let found = other.indexOf(piece);
    for (let places = 0; found >= 0 && places < PLACES_MAX; places += 1) {
      const run = grown(text, at, { other, found });
      if (run.end - run.start > longest.end - longest.start) longest = run;
      found = other.indexOf(piece, found + 1);
    }
  }
  return longest;
}

function grown(text: string, at: number, { other, found }: { readonly other: string; readonly found: number }): Run {
  let before = 0;
  while (before < at && before < found && text[at - before - 1] === other[found - before - 1]) before += 1;
  let behind = PIECE;
  while (at + behind < text.length && text[at + behind] === other[found + behind]) behind += 1;
  return { start: at - before, end: at + behind };
}

/** All texts of a request but the name of its model, which is no secret. */
function textsOf(request: JsonObject | null): readonly string[] {
  const texts: string[] = [];
  for (const [key, value] of Object.entries(request ?? {})) if (key !== "model") collect(value, texts);
  return texts;
}

function collect(value: Json, into: string[]): void {
  if (typeof value === "string") into.push(value);
  else if (Array.isArray(value)) for (const each of value) collect(each, into);
  else if (isJsonObject(value)) for (const each of Object.values(value)) collect(each, into);
}
