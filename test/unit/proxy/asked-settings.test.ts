// What spans tell of how a request wants its answer made.
import { assert, describe, expect, it } from "vitest";
import { Body } from "../../../src/core/body.ts";
import { isScanFault } from "../../../src/core/json-scan.ts";
import { askedSettings } from "../../../src/proxy/asked-settings.ts";

function settingsOf(text: string) {
  const body = Body.fromBytes(Buffer.from(text));
  assert(!isScanFault(body));
  return askedSettings(body);
}

describe("askedSettings", () => {
  it.each([
    {
      name: "chat completions",
      body: {
        max_completion_tokens: 64,
        temperature: 0.2,
        top_p: 0.9,
        frequency_penalty: 0.5,
        presence_penalty: -0.5,
        seed: 7,
        stop: "END",
        n: 3,
        reasoning_effort: "low",
        top_logprobs: 5,
      },
      settings: {
        maxTokens: 64,
        temperature: 0.2,
        topP: 0.9,
        frequencyPenalty: 0.5,
        presencePenalty: -0.5,
        seed: 7,
        stopSequences: ["END"],
        choiceCount: 3,
        reasoningLevel: "low",
      },
    },
    {
      name: "responses",
      body: {
        max_output_tokens: 9,
        reasoning: { effort: "high" },
        previous_response_id: "resp_1",
        conversation: { id: "conv_1" },
      },
      settings: { maxTokens: 9, reasoningLevel: "high", previousResponseId: "resp_1", conversationId: "conv_1" },
    },
    {
      name: "messages",
      body: { max_tokens: 9, top_k: 40, stop_sequences: ["a", "b"], output_config: { effort: "max" } },
      settings: { maxTokens: 9, topK: 40, stopSequences: ["a", "b"], reasoningLevel: "max" },
    },
    { name: "one choice is what everybody gets", body: { n: 1 }, settings: {} },
    {
      name: "of both names for the most tokens the newer one holds",
      body: { max_completion_tokens: 5, max_tokens: 4 },
      settings: { maxTokens: 5 },
    },
    {
      name: "what is no value of its setting is left out",
      body: { temperature: "warm", seed: null, stop: [1, null], n: "two", reasoning: "high", conversation: { id: 4 } },
      settings: {},
    },
    { name: "so is what is far too long for one", body: { stop: "x".repeat(5_000) }, settings: {} },
  ])("$name", ({ body, settings }) => {
    expect(settingsOf(JSON.stringify({ model: "m", messages: [], ...body }))).toEqual(settings);
  });

  it("reads on where a value is broken", () => {
    expect(settingsOf('{"stop":[tru],"seed":3}')).toEqual({ seed: 3 });
  });
});
