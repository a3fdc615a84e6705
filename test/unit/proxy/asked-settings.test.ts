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

/** Longer than a setting may be. */
const SCHEMA = { type: "object", description: "x".repeat(5_000), properties: { type: { type: "string" } } };

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
        response_format: { type: "json_object" },
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
        outputType: "json",
      },
    },
    {
      name: "responses",
      body: {
        max_output_tokens: 9,
        reasoning: { effort: "high" },
        previous_response_id: "resp_1",
        conversation: { id: "conv_1" },
        text: { verbosity: "low", format: { type: "text" } },
      },
      settings: {
        maxTokens: 9,
        reasoningLevel: "high",
        previousResponseId: "resp_1",
        conversationId: "conv_1",
        outputType: "text",
      },
    },
    {
      name: "messages",
      body: { max_tokens: 9, top_k: 40, stop_sequences: ["a", "b"], output_config: { effort: "max" } },
      settings: { maxTokens: 9, topK: 40, stopSequences: ["a", "b"], reasoningLevel: "max" },
    },
    {
      name: "a schema of messages, beside the effort",
      body: { output_config: { effort: "low", format: { type: "json_schema", schema: SCHEMA } } },
      settings: { reasoningLevel: "low", outputType: "json" },
    },
    {
      name: "a schema of messages in its earlier place",
      body: { output_format: { type: "json_schema", schema: SCHEMA } },
      settings: { outputType: "json" },
    },
    {
      name: "a schema of chat completions, however long",
      body: { response_format: { type: "json_schema", json_schema: { name: "s", schema: SCHEMA } } },
      settings: { outputType: "json" },
    },
    {
      name: "a schema of responses",
      body: { text: { format: { type: "json_schema", name: "s", schema: SCHEMA } } },
      settings: { outputType: "json" },
    },
    {
      name: "no schema is read that is as long as a prompt",
      body: { response_format: { type: "json_schema", json_schema: { description: "x".repeat(70_000) } } },
      settings: {},
    },
    {
      name: "speech",
      body: { modalities: ["text", "audio"], audio: { voice: "ash" } },
      settings: { outputType: "speech" },
    },
    { name: "an image", body: { modalities: ["image", "text"] }, settings: { outputType: "image" } },
    { name: "text alone is what everybody gets", body: { modalities: ["text"] }, settings: {} },
    {
      name: "a form that is neither text nor JSON is none that has a name",
      body: { response_format: { type: "grammar" }, text: { verbosity: "low" }, output_config: { format: "json" } },
      settings: {},
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
