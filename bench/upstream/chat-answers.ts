// Answers in the dialect of chat completions, as a hosted provider writes them. Events have room for a stamp: microseconds of the machine's
// monotonic clock, filled in where a stream is paced.
import { checksumOf, piecesOf, wholeText } from "./texts.ts";

/** What stands where a stamp goes. */
export const NO_STAMP = "0000000000000000";

const STATED = { id: "chatcmpl-bench", created: 1_767_323_045, model: "bench" };

/** A whole answer. */
export function chatAnswer(variant: number): string {
  const message = { role: "assistant", content: wholeText(variant), refusal: null };
  return JSON.stringify({
    ...STATED,
    object: "chat.completion",
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
    usage: { prompt_tokens: 200, completion_tokens: 120, total_tokens: 320 },
  });
}

/** The events of a stream; the last ones are usage (when asked for) and `[DONE]`. */
export function chatEvents(events: number, variant: number, withUsage: boolean): string[] {
  const pieces = piecesOf(events, variant);
  const usage = { prompt_tokens: 200, completion_tokens: events, total_tokens: 200 + events };
  return [
    event(chunk({ role: "assistant", content: "" }, null, "fp_open")),
    ...pieces.map((content) => event(chunk({ content }, null, "fp_open"))),
    event(chunk({}, "stop", checksumOf(pieces.join("")))),
    ...(withUsage ? [event({ ...STATED, object: "chat.completion.chunk", choices: [], usage })] : []),
    "data: [DONE]\n\n",
  ];
}

function chunk(delta: object, finish: string | null, fingerprint: string): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return { ...STATED, object: "chat.completion.chunk", stamp: NO_STAMP, system_fingerprint: fingerprint, choices };
}

function event(payload: object): string {
  return `data: ${JSON.stringify(payload)}\n\n`;
}
