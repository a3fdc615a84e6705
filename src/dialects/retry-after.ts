// How long a provider asks us to wait, in the forms that providers use (RFC 9110 §10.2.3, and `retry-after-ms`).
import { headerOf, type HeaderBag } from "../core/upstream.ts";

const WAIT_MS_MIN = 1_000;
const WAIT_MS_MAX = 3_600_000;
/** A wait beyond a day is a mistake of the provider's, not a wish. */
const ABSURD_MS = 86_400_000;

/** The stated wait in milliseconds between 1 s and 1 h, or null when none is stated or it makes no sense. */
export function readRetryAfter(headers: HeaderBag, wallNow: number): number | null {
  const milliseconds = decimal(headerOf(headers, "retry-after-ms"));
  if (milliseconds !== null) return bounded(milliseconds);
  const text = headerOf(headers, "retry-after");
  const seconds = decimal(text);
  if (seconds !== null) return bounded(seconds * 1000);
  if (text === null || !/[A-Za-z]{3}/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : bounded(date - wallNow);
}

function decimal(text: string | null): number | null {
  return text !== null && /^\s*\d{1,12}(?:\.\d{1,6})?\s*$/.test(text) ? Number(text) : null;
}

function bounded(waitMs: number): number | null {
  if (waitMs <= 0 || waitMs > ABSURD_MS) return null;
  return Math.min(Math.max(waitMs, WAIT_MS_MIN), WAIT_MS_MAX);
}
