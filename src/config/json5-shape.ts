// A look at a JSON5 text before it is parsed: are all strings, comments and brackets closed, and is it not too deep?
// The parser recurses, so depth must be bounded first; and "this bracket is never closed" helps more than "unexpected end".

/** What is wrong, and where in the text. */
export interface ShapeProblem {
  readonly offset: number;
  readonly message: string;
}

const CLOSES: Readonly<Record<string, string>> = { "{": "}", "[": "]" };
// Unrolled so that a long string costs no backtracking; a line break inside needs a backslash in front.
const DOUBLE_QUOTED = /"[^"\\\r\n]*(?:\\(?:\r\n|[^])[^"\\\r\n]*)*"/y;
const SINGLE_QUOTED = /'[^'\\\r\n]*(?:\\(?:\r\n|[^])[^'\\\r\n]*)*'/y;
const INTERESTING = /["'{}[\]]|\/[/*]/g;

function stringEnd(text: string, start: number): number {
  const pattern = text[start] === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED;
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

function blockEnd(text: string, start: number): number {
  const end = text.indexOf("*/", start + 2);
  return end === -1 ? -1 : end + 2;
}

/** Things to skip whole: how they start, where they end (-1: nowhere), what to say then. */
const SPANS: Readonly<Record<string, { end: (text: string, start: number) => number; message: string }>> = {
  '"': { end: stringEnd, message: "this string is not closed on its line" },
  "'": { end: stringEnd, message: "this string is not closed on its line" },
  "//": { end: lineEnd, message: "" },
  "/*": { end: blockEnd, message: "this comment is never closed" },
};

/** The first problem of the text's outline; null when brackets, strings and comments are closed and nothing is too deep. */
export function shapeProblem(text: string, depthMax: number): ShapeProblem | null {
  const open: { readonly bracket: string; readonly offset: number }[] = [];
  INTERESTING.lastIndex = 0;
  for (let match = INTERESTING.exec(text); match !== null; match = INTERESTING.exec(text)) {
    const [mark] = match;
    const offset = match.index;
    const span = SPANS[mark];
    if (span !== undefined) {
      const end = span.end(text, offset);
      if (end === -1) return { offset, message: span.message };
      INTERESTING.lastIndex = end;
    } else if (mark in CLOSES) {
      if (open.length === depthMax) return { offset, message: `is nested deeper than ${depthMax} levels` };
      open.push({ bracket: mark, offset });
    } else if (CLOSES[open.pop()?.bracket ?? ""] !== mark) {
      return { offset, message: `this "${mark}" closes nothing` };
    }
  }
  const left = open.at(-1);
  return left === undefined ? null : { offset: left.offset, message: `this "${left.bracket}" is never closed` };
}
