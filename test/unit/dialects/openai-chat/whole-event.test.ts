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
    expect(whole.join(JSON.stringify(more))).toBe(joined !== null);
    // What was refused has changed nothing.
    expect(JSON.parse(whole.text)).toEqual(joined ?? first);
  });

  it.each(["", "words", "[]", "null"])("is nothing that can be joined where it is no object: %s", (more) => {
    expect(openWholeChat(JSON.stringify(answer)).join(more)).toBe(false);
  });

  it("loses no choice, numbered or not", () => {
    const whole = openWholeChat(
      JSON.stringify({ choices: [{ message: { content: "a" } }, { message: { content: "b" } }, 1] }),
    );
    expect(whole.join(JSON.stringify(chunk({}, "stop")))).toBe(true);
    expect(JSON.parse(whole.text)).toEqual({
      choices: [{ message: { content: "a" }, finish_reason: "stop" }, { message: { content: "b" } }, 1],
    });
  });

  it("leaves long integers of arguments as they are", () => {
    const call = '{"choices":[{"message":{"tool_calls":[{"function":{"arguments":{"id":12345678901234567890}}}]}}]}';
    const whole = openWholeChat(call);
    expect(whole.join(JSON.stringify(chunk({}, "tool_calls")))).toBe(true);
    expect(whole.text).toContain('"id":12345678901234567890');
  });
});

describe("a completion in the place of a stream", () => {
  it("is written as it came where nothing was added", () => {
    const written = JSON.stringify(answer, null, 2);
    const whole = openWholeChat(written);
    expect([whole.isEnded, whole.text]).toEqual([true, written]);
  });

  it("is read once, however much comes behind it", () => {
    const whole = openWholeChat(
      JSON.stringify({ ...answer, choices: [{ ...choice, message: { content: "x".repeat(4_000_000) } }] }),
    );
    const more = JSON.stringify({ choices: [], usage });
    // Each time anew would take minutes.
    for (let times = 0; times < 20_000; times += 1) expect(whole.join(more)).toBe(true);
    expect(whole.text.length).toBeGreaterThan(4_000_000);
  });

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
