// Request and trace ids. The one file below the roof that knows randomness.
import { randomFillSync } from "node:crypto";

/** W3C Trace Context (https://www.w3.org/TR/trace-context/): 32 and 16 lower-case hex digits. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly flags: number;
}

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

/** A source of randomness in [0, 1), passed in where policy draws lots. */
export type Random = () => number;

const POOL_BYTES = 4096;
const pool = Buffer.allocUnsafe(POOL_BYTES);
let used = POOL_BYTES;

/** Random lower-case hex digits; the pool makes one system call serve many ids. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString("hex", used - bytes, used);
}

/** A new root trace, sampled at a rate from 0 to 1. The request id is made of its trace id, so that log, header and trace name the same request. */
export function newTrace(sampleRate = 0): TraceContext {
  const digits = randomHex(TRACE_BYTES + SPAN_BYTES);
  const traceId = digits.slice(0, 2 * TRACE_BYTES);
  const flags = fallsWithin(traceId, sampleRate) ? SAMPLED : 0;
  return { traceId, spanId: digits.slice(2 * TRACE_BYTES), parentId: null, flags };
}

/** A span of ours inside a trace that began elsewhere, whose decision to sample is followed. */
export function joinedTrace(traceId: string, parentId: string, flags: number): TraceContext {
  return { traceId, spanId: randomHex(SPAN_BYTES), parentId, flags: flags & SAMPLED };
}

/** Random are the last digits above all (W3C Trace Context, level 2), and everybody who decides by them decides the same. */
const LOT_DIGITS = 13;

function fallsWithin(traceId: string, rate: number): boolean {
  if (rate <= 0 || rate >= 1) return rate >= 1;
  return Number.parseInt(traceId.slice(-LOT_DIGITS), 16) < rate * 16 ** LOT_DIGITS;
}

/** A span of its own inside a trace, for one call of a provider. */
export function childOf({ traceId, spanId, flags }: TraceContext): TraceContext {
  return { traceId, spanId: randomHex(SPAN_BYTES), parentId: spanId, flags };
}

/** The bit of `flags` that says that spans are recorded. */
export const SAMPLED = 1;

/** True when spans of this trace are recorded. */
export function isSampled({ flags }: TraceContext): boolean {
  return (flags & SAMPLED) !== 0;
}

/** The value of `traceparent` for whoever is called from here. */
export function traceparentOf({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-0${flags & SAMPLED}`;
}

/** The value of `x-request-id`. A trace that came from outside may hold several requests. */
export function requestIdOf({ traceId, spanId, parentId }: TraceContext): string {
  return parentId === null ? `req_${traceId}` : `req_${traceId}-${spanId}`;
}
