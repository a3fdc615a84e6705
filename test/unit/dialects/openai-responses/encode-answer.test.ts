import { describe, expect, it } from "vitest";
import { encodeResponsesAnswer } from "../../../../src/dialects/openai-responses/encode-answer.ts";
import { encodeResponsesStream } from "../../../../src/dialects/openai-responses/encode-stream.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { answer, block, CONTEXT, SAMPLES } from "../answer-samples.ts";
import { dataOf, written } from "../golden.ts";

describe("encodeResponsesAnswer", () => {
  it.each(SAMPLES)("is what the terminal event carries with %s", (_name, events) => {
    const terminal = dataOf(written(encodeResponsesStream(CONTEXT), events)).at(-2);
    expect(terminal).toMatchObject({ response: encodeResponsesAnswer(events, CONTEXT) });
  });

  it("has every field that strict clients want", () => {
    expect(encodeResponsesAnswer(answer("stop"), CONTEXT)).toEqual({
      id: "resp_1f",
      object: "response",
      created_at: 1_770_000_000,
      status: "completed",
      completed_at: null,
      error: null,
      incomplete_details: null,
      model: "openclaw/main",
      output: [],
      usage: null,
      background: false,
      frequency_penalty: 0,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      parallel_tool_calls: true,
      presence_penalty: 0,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: "default",
      store: false,
      temperature: 1,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: "disabled",
      user: null,
    });
  });

  it("tells every token count that is known", () => {
    const usage: ChatEvent = {
      type: "usage",
      usage: { input: 9, output: 4, cacheRead: 5, cacheWrite: 2, reasoning: 3 },
    };
    expect(encodeResponsesAnswer(answer("stop", usage), CONTEXT)["usage"]).toEqual({
      input_tokens: 9,
      input_tokens_details: { cached_tokens: 5, cache_write_tokens: 2 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 3 },
      total_tokens: 13,
    });
  });

  it.each([
    ["length", "incomplete", { reason: "max_output_tokens" }],
    ["content-filter", "incomplete", { reason: "content_filter" }],
    ["tool-calls", "completed", null],
    ["stop", "completed", null],
  ] as const)("says how an answer with finish %s ended", (finish, status, details) => {
    const whole = encodeResponsesAnswer(answer(finish, ...block(0, "text", "a"), ...block(1, "text", "b")), CONTEXT);
    expect(whole).toMatchObject({ status, incomplete_details: details });
    expect(whole["output"]).toMatchObject([{ status: "completed" }, { status }]);
  });
});
