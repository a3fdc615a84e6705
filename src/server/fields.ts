// Reading header fields of a request as the client wrote them. Judges nothing.
import type { IncomingHttpHeaders } from "node:http";

/** The value of a field without its margins; null when absent or blank. Repeated fields come joined with a comma, as HTTP has it. */
export function field(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  if (value === undefined) return null;
  const text = withoutMargins(typeof value === "string" ? value : value.join(", "));
  return text === "" ? null : text;
}

/** Spaces and tabs only (RFC 9110 §5.5): `trim` takes 0xA0 for a blank, which in Latin-1 is the last byte of a UTF-8 `à`. */
function withoutMargins(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text, from)) from += 1;
  while (from < to && isBlank(text, to - 1)) to -= 1;
  return text.slice(from, to);
}

function isBlank(text: string, at: number): boolean {
  return text[at] === " " || text[at] === "\t";
}

/** How often a field was sent; `name` is lower-case. Node's own view keeps only the first of some. */
export function fieldCount(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const written = rawHeaders[at];
    if (written?.length === name.length && written.toLowerCase() === name) count += 1;
  }
  return count;
}
