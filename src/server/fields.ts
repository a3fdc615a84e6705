// Reading header fields of a request as the client wrote them. Judges nothing.
import type { IncomingHttpHeaders } from "node:http";

/** The value of a field, trimmed; null when absent or blank. Repeated fields come joined with a comma, as HTTP has it. */
export function field(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  if (value === undefined) return null;
  const text = (typeof value === "string" ? value : value.join(", ")).trim();
  return text === "" ? null : text;
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
