// JSON of our own making holds no halves of surrogate pairs: servers refuse them, and no client means them (decision 11 g, OpenClaw §5.3).
// What a client wrote and we only splice stays as it wrote it.
import type { Json } from "../core/json.ts";

/** How `JSON.stringify` writes half a pair. Text that speaks of such an escape has its backslash doubled, and is looked at for nothing. */
const ESCAPED = "\\ud";
/** Under this flag, halves only. */
const LONE = /\p{Surrogate}/gu;

/** JSON text, and whether halves of pairs were left out of it. */
export interface WellFormed {
  readonly text: string;
  readonly isCleaned: boolean;
}

/** Serialises a value whose texts hold no halves of surrogate pairs. */
export function stringifyWellFormed(value: Json): WellFormed {
  const text = JSON.stringify(value);
  if (!text.includes(ESCAPED)) return { text, isCleaned: false };
  const clean = JSON.stringify(value, (_key, each: Json) => (typeof each === "string" ? each.replace(LONE, "") : each));
  return { text: clean, isCleaned: clean.length !== text.length };
}
