// A whole completion in the place of a stream's events, and what comes behind it: what can be added is, and what would be lost is told.
import { describe, expect, it } from "vitest";
import { openWholeChat } from "../../../../src/dialects/openai-chat/whole-event.ts";

const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };
const choice = { index: 0, message: { role: "assistant", content: "Hi" } };
const answer = { id: "c", object: "chat.completion", choices: [choice] };
const ended = (finish: string | null) => ({ ...answer, choices: [{ ...choice, finish_reason: finish }] });
const chunk = (delta: object, finish: string | null = null, index = 0) => ({
  object: "chat.completion.chunk",
  choices: [{ index, delta, finish_reason: finish }],
});

describe("what comes behind a whole completion", () => {
  it.each<[sentence: string, first: object, more: object, joined: object | null]>([
    ["its usage", answer, { choices: [], usage }, { ...answer, usage }],
    [
      "usage counts once: the last that is told",
      { ...answer, usage },
      { choices: [], usage: { ...usage, total_tokens: 10 } },
      { ...answer, usage: { ...usage, total_tokens: 10 } },
    ],
    ["no usage takes none away", { ...answer, usage }, { choices: [], usage: null }, { ...answer, usage }],
    [
      "usage where Groq and llama.cpp have it",
      answer,
      { choices: [], x_groq: { usage }, timings: { predicted_n: 2 } },
      { ...answer, x_groq: { usage }, timings: { predicted_n: 2 } },
    ],
    ["its end", answer, chunk({}, "stop"), ended("stop")],
    ["its end, once more and in other words", ended("length"), chunk({ content: "" }, "stop"), ended("length")],
    ["a limit that cut it, though it says that it stopped", ended("stop"), chunk({}, "length"), ended("length")],
    ["the end of a choice that there is not", ended("stop"), chunk({}, "length", 1), ended("stop")],
    ["its role", ended("stop"), chunk({ role: "assistant", content: null }), ended("stop")],
    ["names and notes of others", ended("stop"), { id: "d", choices: [], provider: "p" }, ended("stop")],
    ["words would be lost", answer, chunk({ content: " there" }), null],
    ["so would a thought", answer, chunk({ reasoning_content: "hm" }), null],
    ["and a call", answer, chunk({ tool_calls: [{ index: 0, function: { name: "f" } }] }), null],
    ["and another message", answer, answer, null],
    ["and words of a second choice", ended("stop"), chunk({ content: "x" }, null, 1), null],
  ])("%s", (_sentence, first, more, joined) => {
    const whole = openWholeChat(JSON.stringify(first));
    const isAdded = whole.add(JSON.stringify(more));
    expect(isAdded ? JSON.parse(whole.text) : null).toEqual(joined);
  });

  it.each(["", "words", "[]", "null"])("is nothing that can be joined where it is no object: %s", (more) => {
    expect(openWholeChat(JSON.stringify(answer)).add(more)).toBe(false);
  });

  it("leaves long integers of arguments as they are", () => {
    const call = '{"choices":[{"message":{"tool_calls":[{"function":{"arguments":{"id":12345678901234567890}}}]}}]}';
    const whole = openWholeChat(call);
    whole.add(JSON.stringify(chunk({}, "tool_calls")));
    expect(whole.text).toContain('"id":12345678901234567890');
  });
});

describe("a completion in the place of a stream", () => {
  it.each<[sentence: string, tree: unknown, isEnded: boolean]>([
    ["is all by its name", answer, true],
    ["is all where it says why it ended", { choices: [{ ...choice, finish_reason: "stop" }] }, true],
    ["may be cut without either", { choices: [choice] }, false],
    [
      "may be cut where one choice has not ended",
      {
        choices: [
          { ...choice, finish_reason: "stop" },
          { ...choice, index: 1 },
        ],
      },
      false,
    ],
  ])("%s", (_sentence, tree, isEnded) => {
    expect(openWholeChat(JSON.stringify(tree)).isEnded).toBe(isEnded);
  });
});
