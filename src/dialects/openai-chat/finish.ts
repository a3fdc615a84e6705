// TABLE: how answers end in the words of all who speak chat completions. OpenAI's own are the first four; the rest is from the field.
import { failure, type Failure } from "../../core/failure.ts";
import type { Json } from "../../core/json.ts";
import { classifyErrorObject } from "../classify.ts";
import { asObject } from "../reading.ts";
import type { Finish } from "../vocabulary.ts";
import { finishReasonOf } from "./content.ts";

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
  max_output_tokens: "length",
  model_context_window_exceeded: "length",
  safety: "content-filter",
  prohibited_content: "content-filter",
  sensitive: "content-filter",
  refusal: "content-filter",
  recitation: "content-filter",
  error: "broken",
  network_error: "broken",
  abort: "broken",
  insufficient_system_resource: "broken",
  function_call_filter: "broken",
  malformed_function_call: "broken",
};

/** Where an answer can be when it breaks. */
type AnswerPhase = "answer" | "first-event" | "stream";

/** Broken by the model and not by the provider: another may do better, and the target is not in doubt. */
const MISWRITTEN: ReadonlySet<string> = new Set(["function_call_filter", "malformed_function_call"]);
const UNREADABLE = "The provider's model wrote an answer that the provider could not read.";
const DETAIL_MAX = 200;

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
  const word = wordOf(reason);
  return Object.hasOwn(FINISHES, word) ? (FINISHES[word] ?? null) : null;
}

/** True for an ending by a limit or a filter. */
export function isCutShort(reason: string | null): boolean {
  const finish = reason === null ? null : knownFinish(reason);
  return finish === "length" || finish === "content-filter";
}

/** The failure that a choice is whose ending says that the provider gave up; null for every other ending, and for none. */
export function brokenChoice(choice: Json | undefined, phase: AnswerPhase): Failure | null {
  const reason = finishReasonOf(choice);
  if (reason === null || knownFinish(reason) !== "broken") return null;
  if (!MISWRITTEN.has(wordOf(reason))) return classifyErrorObject(asObject(choice) ?? {}, phase);
  const detail = reason.slice(0, DETAIL_MAX);
  return failure("rejected-by-provider", UNREADABLE, { phase, code: "malformed_function_call", detail });
}

/** Google's chat endpoint says behind a colon what its filter was about: `content_filter: PROHIBITED_CONTENT`. */
function wordOf(reason: string): string {
  const colon = reason.indexOf(":");
  return (colon < 0 ? reason : reason.slice(0, colon)).toLowerCase();
}
