// The same streams in the dialect of Anthropic's messages: what a translated stream is translated from.
import { piecesOf } from "./texts.ts";

/** The events of a stream, `message_start` to `message_stop`. */
export function claudeEvents(events: number, variant: number): string[] {
  const message = {
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "bench",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 200, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
  };
  return [
    event({ type: "message_start", message }),
    event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ...piecesOf(events, variant).map((text) =>
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    ),
    event({ type: "content_block_stop", index: 0 }),
    event({
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: events },
    }),
    event({ type: "message_stop" }),
  ];
}

function event(payload: { readonly type: string; readonly [key: string]: unknown }): string {
  return `event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`;
}
