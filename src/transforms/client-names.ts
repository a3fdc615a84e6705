// What the client calls the thing that a transform took: its own field, though the request may have been translated since. Nothing that
// the client did not write is its loss.
import type { Body } from "../core/body.ts";

/** Fields that say the same in other wire formats. */
const SAME: readonly (readonly string[])[] = [
  ["messages", "input", "contents"],
  ["messages", "instructions", "system", "systemInstruction"],
  ["max_completion_tokens", "max_tokens", "max_output_tokens"],
  ["reasoning_effort", "reasoning", "thinking", "output_config", "think"],
  ["tools", "functions"],
  ["tool_choice", "function_call", "toolConfig"],
  ["verbosity", "text"],
];

/** The name for the receipt; null when the client wrote nothing of the kind. */
export function clientName(client: Body, name: string): string | null {
  const dot = name.indexOf(".");
  const top = dot < 0 ? name : name.slice(0, dot);
  if (client.member(top) !== undefined) return name;
  const own = SAME.filter((row) => row.includes(top))
    .flat()
    .find((key) => client.member(key) !== undefined);
  if (own === undefined) return null;
  return dot < 0 ? own : own + name.slice(dot);
}
