import { describe, expect, it } from "vitest";
import { encodeChatAnswer } from "../../../../src/dialects/openai-chat/encode-answer.ts";
import { encodeChatStream } from "../../../../src/dialects/openai-chat/encode-stream.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { answer, block, CONTEXT, SAMPLES, START, USAGE } from "../answer-samples.ts";
import { dataOf, written } from "../golden.ts";

const FRAME = { id: "chatcmpl-1f", object: "chat.completion", created: 1_770_000_000, model: "openclaw/main" };
const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };

interface Call {
  readonly index: number;
  readonly id?: string;
  readonly type?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}

/** Folds chunks as a client does: texts joined by field, calls by index. */
function folded(stream: string) {
  const texts: Record<string, string> = {};
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  let finish: unknown = null;
  let told: unknown;
  for (const data of dataOf(stream)) {
    if (data === "[DONE]") continue;
    const chunk = data as { choices: { delta: Record<string, unknown>; finish_reason: unknown }[]; usage?: unknown };
    told = chunk.usage ?? told;
    for (const { delta, finish_reason: reason } of chunk.choices) {
      finish = reason ?? finish;
      const {
        tool_calls: parts = [],
        role: _role,
        ...fields
      } = delta as Record<string, string> & { tool_calls?: Call[] };
      for (const [field, text] of Object.entries(fields)) texts[field] = (texts[field] ?? "") + text;
      for (const { index, id = "", type = "", function: said } of parts) {
        const call = (calls[index] ??= { id: "", type: "", function: { name: "", arguments: "" } });
        call.id += id;
        call.type += type;
        call.function.name += said.name ?? "";
        call.function.arguments += said.arguments;
      }
    }
  }
  return { texts, calls, finish, told };
}

/** A note of this dialect about a token. */
function note(token: string): ChatEvent {
  return {
    type: "block-note",
    block: 0,
    note: {
      origin: "openai-chat",
      annotation: { token },
      logprobs: { content: [{ token }], refusal: null },
    },
  };
}

describe("encodeChatAnswer", () => {
  it.each(SAMPLES)("is the fold of the stream with %s", (_name, events) => {
    const whole = encodeChatAnswer(events, CONTEXT) as unknown as {
      choices: [
        {
          message: Record<string, unknown> & { content: string | null; tool_calls?: unknown[] };
          finish_reason: string;
        },
      ];
      usage?: unknown;
    };
    const { texts, calls, finish, told } = folded(written(encodeChatStream(CONTEXT), events));
    const { message, finish_reason: reason } = whole.choices[0];
    expect(message.content ?? "").toBe(texts["content"] ?? "");
    expect(message["refusal"] ?? "").toBe(texts["refusal"] ?? "");
    expect(message["reasoning_content"] ?? "").toBe(texts["reasoning_content"] ?? "");
    expect(message.tool_calls ?? []).toEqual(calls);
    expect(reason).toBe(finish);
    expect(whole.usage).toEqual(told);
  });

  it("writes a text with all fields that SDKs expect", () => {
    expect(encodeChatAnswer(answer("stop", ...block(0, "text", "Hel", "lo"), USAGE), CONTEXT)).toEqual({
      ...FRAME,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage,
    });
  });

  it("leaves content null beside tool calls", () => {
    const whole = encodeChatAnswer(answer("tool-calls", ...block(0, "tool-call", '{"a":1}')), CONTEXT);
    expect(whole["choices"]).toEqual([
      {
        index: 0,
        message: {
          role: "assistant",
          content: null,
          refusal: null,
          tool_calls: [{ id: "call_0", type: "function", function: { name: "tool_0", arguments: '{"a":1}' } }],
        },
        logprobs: null,
        finish_reason: "tool_calls",
      },
    ]);
    expect(whole).not.toHaveProperty("usage");
  });

  it.each([
    ["a refusal", answer("stop", ...block(0, "refusal", "No.")), null],
    ["nothing", answer("stop"), ""],
    ["reasoning cut before the text", answer("length", ...block(0, "reasoning", "Hm")), ""],
  ])("gives %s the content that clients can print", (_what, events, content) => {
    const whole = encodeChatAnswer(events, CONTEXT) as { choices: [{ message: { content: unknown } }] };
    expect(whole.choices[0].message.content).toBe(content);
  });

  it("joins annotations and log probabilities of its own dialect", () => {
    const [start, ...rest] = block(0, "text", "ab");
    const whole = encodeChatAnswer(
      answer("stop", start ?? START, note("a"), note("b"), ...rest),
      CONTEXT,
    ) as unknown as {
      choices: [{ message: { annotations: unknown }; logprobs: unknown }];
    };
    expect(whole.choices[0].message.annotations).toEqual([{ token: "a" }, { token: "b" }]);
    expect(whole.choices[0].logprobs).toEqual({ content: [{ token: "a" }, { token: "b" }], refusal: null });
  });
});
