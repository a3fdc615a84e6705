// Laws of answers between the two OpenAI APIs: the goldens are the same answers in both, so decoding the one and encoding the other must
// give the other's bytes.
import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/dialects/collect.ts";
import { openaiChat } from "../../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../../src/dialects/openai-responses/index.ts";
import { bytewise, cutsInTwo } from "../../../support/rechunk.ts";
import { CONTEXT, SAMPLES } from "../answer-samples.ts";
import { blocksOf, brokenRules, decoded, DECODING, sayable } from "../decoding.ts";
import { golden, written } from "../golden.ts";

const DIALECTS = { "openai-chat": openaiChat, "openai-responses": openaiResponses } as const;
type Name = keyof typeof DIALECTS;
const NAMES = Object.keys(DIALECTS) as Name[];
const NAMED = SAMPLES.map(([name]) => name);

/** What a dialect cannot say, so that its golden is another answer. */
const UNSAID: Readonly<Record<string, string>> = {
  "openai-chat silent-reasoning": "a chat stream does not show a thought that says nothing",
  "openai-chat empty-text": "a chat stream does not show a text that says nothing",
};

/** The Responses API has 0 for figures that nobody told. */
const ZEROS = ',"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}';

const bytesOf = (dialect: Name, name: string) => Buffer.from(golden(dialect, name));
const decode = (dialect: Name, pieces: readonly Buffer[]) =>
  decoded(DIALECTS[dialect].egress.decodeStream(DECODING), pieces);
const encode = (dialect: Name, events: ReturnType<typeof decode>) =>
  written(DIALECTS[dialect].ingress.encodeStream(CONTEXT), events).replaceAll(ZEROS, "");

const PAIRS = NAMES.flatMap((from) => NAMES.flatMap((to) => NAMED.map((name) => [from, to, name] as const)));

describe("an answer that goes from one API to the other", () => {
  it.each(PAIRS.filter(([from, to, name]) => from === to || UNSAID[`${from} ${name}`] === undefined))(
    "is read as %s and written as %s the reviewed bytes of %s",
    (from, to, name) => {
      const events = decode(from, [bytesOf(from, name)]);
      expect(brokenRules(events)).toEqual([]);
      const isUnsaid = UNSAID[`${from} ${name}`] !== undefined;
      if (!isUnsaid || from === to) expect(encode(to, events)).toBe(golden(to, name));
    },
  );

  it.each(NAMES.flatMap((dialect) => NAMED.map((name) => [dialect, name] as const)))(
    "is the same in %s streamed and whole: %s",
    (dialect, name) => {
      const sample = SAMPLES.find(([each]) => each === name)?.[1] ?? [];
      const tree = sayable(DIALECTS[dialect].ingress.encodeAnswer(sample, CONTEXT));
      const whole = DIALECTS[dialect].egress.decodeAnswer(tree, DECODING);
      const streamed = decode(dialect, [bytesOf(dialect, name)]);
      expect(brokenRules(whole)).toEqual([]);
      const { usage, finish } = collect(streamed);
      expect(collect(whole)).toMatchObject({ usage, finish });
      expect(blocksOf(whole).filter(({ text }) => text !== "")).toEqual(
        blocksOf(streamed).filter(({ text }) => text !== ""),
      );
    },
  );

  it.each(NAMES)("is the same in %s wherever its bytes are cut", (dialect) => {
    for (const name of ["reasoning-then-text", "text-and-two-tool-calls-by-turns", "awkward-text"]) {
      const bytes = bytesOf(dialect, name);
      const uncut = decode(dialect, [bytes]);
      expect(decode(dialect, bytewise(bytes))).toEqual(uncut);
      let at = 0;
      for (const pieces of cutsInTwo(bytes)) if (at++ % 7 === 0) expect(decode(dialect, pieces)).toEqual(uncut);
    }
  });

  it.each(NAMES)("fails in %s wherever it ends too early", (dialect) => {
    const events = golden(dialect, "text").split("\n\n").slice(0, -1);
    // Behind the finish reason a chat answer is complete, and a Response with its terminal event.
    const complete = events.findIndex((event) => /"finish_reason":"stop"|event: response.completed/.test(event));
    for (let kept = 0; kept < events.length; kept += 1) {
      const bytes = Buffer.from(
        events
          .slice(0, kept)
          .map((event) => `${event}\n\n`)
          .join(""),
      );
      const last = decode(dialect, [bytes]).at(-1);
      expect(last?.type).toBe(kept > complete ? "answer-end" : "failure");
    }
  });
});
