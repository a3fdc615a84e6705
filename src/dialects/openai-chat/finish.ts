// TABLE: how answers end in the words of all who speak chat completions. OpenAI's own are the first four; the rest is from the field.
import type { Finish } from "../vocabulary.ts";

/** `broken`: the provider gave up in the middle and says so as if it were an ending. */
const FINISHES: Readonly<Record<string, Finish | "broken">> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
  function_call: "tool-calls",
  tool_call: "tool-calls",
  tool_use: "tool-calls",
  end: "stop",
  eos: "stop",
  eos_token: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_length: "length",
  safety: "content-filter",
  sensitive: "content-filter",
  refusal: "content-filter",
  recitation: "content-filter",
  error: "broken",
  network_error: "broken",
  abort: "broken",
  insufficient_system_resource: "broken",
};

/**
 * The ending that a `finish_reason` means. A word that nobody knows is a plain stop. Calls decide between stop and tool calls: some
 * providers end calls with `stop`, others say `tool_calls` and bring none (OpenClaw §5.6).
 */
export function finishOf(reason: string | null, hasCalls: boolean): Finish | "broken" {
  const finish = knownFinish(reason ?? "stop") ?? "stop";
  if (finish !== "stop" && finish !== "tool-calls") return finish;
  return hasCalls ? "tool-calls" : "stop";
}

/** What the word itself says; null for one that nobody knows. */
export function knownFinish(reason: string): Finish | "broken" | null {
  const word = reason.toLowerCase();
  return Object.hasOwn(FINISHES, word) ? (FINISHES[word] ?? null) : null;
}
