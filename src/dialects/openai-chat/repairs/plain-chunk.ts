// The chunk in the midst of an answer, known by one search: `"finish_reason":null` and little behind it. Most chunks of most servers are.
import { keyNeedle } from "../../needles.ts";

const FINISH = keyNeedle("finish_reason");
const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_N = 0x6e;
const LF = 0x0a;
const CR = 0x0d;
/** What stands behind the reason in the longest chunks without a second choice: usage that is null, a fingerprint, an obfuscation. */
const TAIL_LENGTH_MAX = 160;

/** True for one event that holds a choice which has not ended. False decides nothing. */
export function isOneUnfinished(run: Buffer): boolean {
  const size = run.length;
  let at = run.indexOf(FINISH) + FINISH.length;
  if (at < FINISH.length || size - at > TAIL_LENGTH_MAX) return false;
  while (run[at] === COLON || run[at] === SPACE) at += 1;
  if (run[at] !== LETTER_N) return false;
  // A second choice would bring a second object, a second event its own line.
  for (at += 1; at < size; at += 1) {
    const byte = run[at];
    if (byte === LF || byte === CR) return size - at <= BLANK_LENGTH_MAX;
    if (byte === BRACE) return false;
  }
  return false;
}

const BRACE = 0x7b;
/** A line end and a blank line, of two bytes each. */
const BLANK_LENGTH_MAX = 4;
