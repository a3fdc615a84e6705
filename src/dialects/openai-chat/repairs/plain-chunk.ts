// The chunk in the midst of an answer, known by one search: `"finish_reason":null` and little behind it. Most chunks of most servers are.
import { keyNeedle } from "../../needles.ts";

const FINISH = keyNeedle("finish_reason");
const DONE = Buffer.from("[DONE]");
const COLON = 0x3a;
const SPACE = 0x20;
const QUOTE = 0x22;

/** True when a reason for ending or the terminator may be among these events, which end as chunks do. */
export function mayEnd(run: Buffer): boolean {
  if (run.includes(DONE)) return true;
  const size = run.length;
  for (let at = run.indexOf(FINISH); at >= 0; at = run.indexOf(FINISH, at)) {
    at += FINISH.length;
    if (isText(run, at)) return true;
    // Most chunks end here; there is no room for the key of another choice.
    if (size - at <= FINISH.length) return false;
  }
  return false;
}

function isText(run: Buffer, from: number): boolean {
  let at = from;
  while (run[at] === COLON || run[at] === SPACE) at += 1;
  return run[at] === QUOTE;
}
