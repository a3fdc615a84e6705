// Words that somebody else chose, as telemetry shows them.
import type { Redact } from "./redact.ts";

/** What is longer is cut; also how long a word may be to be remembered. */
export const WORD_LENGTH_MAX = 128;

/** How much of it is looked through. Far more than is shown, so that no secret is cut into something that redaction does not know. */
const READ_LENGTH_MAX = 16_384;

/** A word that a provider or client chose, redacted and bounded. */
export function wordOf(text: string, redact: Redact): string {
  return redact(text.slice(0, READ_LENGTH_MAX)).slice(0, WORD_LENGTH_MAX);
}
