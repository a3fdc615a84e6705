// A translated stream that ends in the midst was counted as an answer of which nobody told the tokens, though the provider had: an
// Anthropic message states its input with the first event, Gemini counts in every chunk.
import { describe, expect, it } from "vitest";
import type { Usage } from "../../../src/core/lane.ts";
import type { DialectName } from "../../../src/core/names.ts";
import { responsePipe } from "./response-pipe.ts";

const MESSAGE_USAGE = {
  input_tokens: 100,
  cache_read_input_tokens: 1000,
  cache_creation_input_tokens: 200,
  output_tokens: 1,
};
const CHUNK = { id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "w" } }] };

const CUT: readonly (readonly [who: string, DialectName, payloads: readonly object[], Usage | null])[] = [
  [
    "a message, by its start",
    "anthropic-messages",
    [
      { type: "message_start", message: { id: "m", type: "message", content: [], usage: MESSAGE_USAGE } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "w" } },
    ],
    { input: 1300, output: 1, cacheRead: 1000, cacheWrite: 200 },
  ],
  [
    "Gemini, by its last chunk",
    "google-generative",
    [3, 7].map((tokens) => ({
      candidates: [{ content: { role: "model", parts: [{ text: "w" }] } }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: tokens },
    })),
    { input: 10, output: 7 },
  ],
  [
    "chat completions that count all along",
    "openai-chat",
    [1, 2].map((tokens) => Object.assign({ usage: { prompt_tokens: 10, completion_tokens: tokens } }, CHUNK)),
    { input: 10, output: 2 },
  ],
  ["chat completions that count at their end", "openai-chat", [CHUNK], null],
];

describe("tokens of a translated stream that is cut, or that nobody waits for", () => {
  it.each(CUT)("%s", (_who, name, payloads, usage) => {
    const pipe = responsePipe(name);
    for (const payload of payloads) pipe.push(Buffer.from(`data: ${JSON.stringify(payload)}\n\n`));
    // Where the client leaves, this is all that is ever heard of it.
    expect(pipe.told).toMatchObject({ ended: false, usage });
    expect(pipe.end()).toMatchObject({ kind: "stream-broken" });
    expect(pipe.told.usage).toEqual(usage);
  });
});
