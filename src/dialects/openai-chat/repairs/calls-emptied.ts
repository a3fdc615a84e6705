// `tool_calls: []` beside text: clients that ask only whether the list is there take the answer for calls.
import type { RepairRow } from "./row.ts";

/** An empty list is left out. */
export const callsEmptied = {
  source:
    "OpenClaw's notes on local models: an empty `tool_calls` array in the provider's answer; vLLM's whole answers",
  needles: ["tool_calls"],
  openChoice: () => (draft) => {
    const { tool_calls: calls, ...rest } = draft.delta;
    if (Array.isArray(calls) && calls.length === 0) draft.delta = rest;
  },
} as const satisfies RepairRow;
