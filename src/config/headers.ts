// Request headers of a target, merged once at load: nothing on the request path builds a header.
// Names are compared without case and written in lower case; a later layer wins (OpenClaw §2.5).

/** One layer of headers, as written in the file. */
export type HeaderLayer = Readonly<Record<string, string>>;

/** RFC 9110 §5.6.2: what a field name may hold. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 §5.5: visible characters, spaces and tabs, and the obsolete upper half of Latin-1. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Keys that would change the object they are written into; dropped without a word, as OpenClaw does. */
const DANGEROUS = new Set(["__proto__", "prototype", "constructor"]);
/** Each request says itself which trace it belongs to; what the file says of it is replaced (OpenClaw §6.2). */
const TRACE = new Set(["traceparent", "tracestate", "baggage"]);
/** Fields that belong to the connection or the framing, and are ours to write (RFC 9110 §7.6.1). */
const OURS = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
  "host",
  "content-length",
]);

/** Headers that every request to a provider carries unless the file says otherwise. */
export function baseHeaders(version: string): HeaderLayer {
  return {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "accept-encoding": "identity",
    "user-agent": `openclaw-edge/${version}`,
  };
}

/** Why a header cannot be sent, or null when it can. Never quotes the value: it may be a secret. */
export function headerProblem(name: string, value: string): string | null {
  if (!FIELD_NAME.test(name)) return `"${name}" is not a header name`;
  if (OURS.has(name.toLowerCase())) return `the header "${name}" belongs to the connection and cannot be configured`;
  if (!FIELD_VALUE.test(value)) return `the value of the header "${name}" holds characters that a header cannot carry`;
  return null;
}

/** Lays the layers over each other; a later one wins, whatever the case of its names. */
export function mergeHeaders(layers: readonly HeaderLayer[]): Map<string, string> {
  const merged = new Map<string, string>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      const key = name.toLowerCase();
      if (!DANGEROUS.has(name) && !TRACE.has(key)) merged.set(key, value);
    }
  }
  return merged;
}

/** `[name, value, name, value, …]`, the form in which a request takes them. */
export function flatHeaders(headers: ReadonlyMap<string, string>): readonly string[] {
  return Object.freeze([...headers].flat());
}
