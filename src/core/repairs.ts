// TABLE: the alterations of answers that can be switched off, by the name that config, metric and access line know them by. What a row does
// stands with the wire format it belongs to.

/** Each repair and what it mends. */
export const REPAIRS = {
  "role-added": "the first delta of an answer names no role",
  "calls-emptied": "an empty list of tool calls beside an answer without any",
  "arguments-text": "arguments of a call that are no text",
  "call-index": "calls without index, or with one index for several",
  "calls-split": "arguments of two calls in one, one object behind the other",
  "call-id": "calls without id, with the same id, or with an id that changes",
  "call-type": "calls that do not say that they are of a function",
  "call-name": "a name that comes again with every part of the arguments",
  "finish-word": "a reason for ending in words of another wire format",
  "finish-calls": "`stop` although there are calls, `tool_calls` although there are none",
  "finish-added": "no reason for ending although the terminator says that the answer is whole",
  "usage-moved": "usage in the first choice, under `x_groq`, beside the last content, or as `timings`",
  "tool-text": "calls written as bracketed text",
  "stream-from-whole": "a whole answer to a streamed request",
  "whole-from-stream": "a stream for an answer",
} as const satisfies Record<string, string>;

/** The name of a repair. */
export type RepairName = keyof typeof REPAIRS;

/** All names, in the order of the table. */
export const REPAIR_NAMES = Object.keys(REPAIRS) as readonly RepairName[];
