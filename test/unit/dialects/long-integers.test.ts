// Arguments that a provider writes as an object, in a stream: integers of 64 bits keep their digits.
import { expect, it } from "vitest";
import type { DialectName } from "../../../src/core/names.ts";
import { collect } from "../../../src/dialects/collect.ts";
import { DIALECTS } from "../../../src/dialects/index.ts";
import { DECODING, decodedData } from "./decoding.ts";

const ARGS = '{"id":1234567890123456789}';

it.each<[DialectName, readonly string[]]>([
  [
    "google-generative",
    [`{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":${ARGS}}}]},"finishReason":"STOP"}]}`],
  ],
  ["ollama", [`{"message":{"tool_calls":[{"function":{"name":"f","arguments":${ARGS}}}]},"done":true}`]],
  [
    "openai-chat",
    [
      `{"choices":[{"delta":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":${ARGS}}}]},"finish_reason":"stop"}]}`,
    ],
  ],
  [
    "anthropic-messages",
    [
      `{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":${ARGS}}}`,
      '{"type":"message_stop"}',
    ],
  ],
])("%s", (dialect, data) => {
  const decoder = DIALECTS[dialect].egress?.decodeStream?.(DECODING);
  if (decoder === undefined) return expect.unreachable("the dialect has streams");
  expect(collect(decodedData(decoder, data)).blocks).toMatchObject([{ kind: "tool-call", name: "f", text: ARGS }]);
});
