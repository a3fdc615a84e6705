// Answers in the vocabulary, for encoders to write; and the frame they are written in.
import type { AnswerContext } from "../../../src/dialects/dialect.ts";
import type { BlockKind, ChatEvent, Finish } from "../../../src/dialects/vocabulary.ts";

/** A request named so that ids in goldens are short. */
export const CONTEXT: AnswerContext = {
  requestId: "req_1f",
  model: "openclaw/main",
  created: 1_770_000_000,
  wantsUsage: true,
};

/** The first event of every answer. */
export const START: ChatEvent = { type: "answer-start", id: "upstream-id", model: "upstream-model", created: 1 };

/** The usage event that the samples carry. */
export const USAGE: ChatEvent = { type: "usage", usage: { input: 9, output: 4 } };

/** A block whose text comes in these pieces. */
export function block(number: number, kind: BlockKind, ...pieces: readonly string[]): ChatEvent[] {
  const call = kind === "tool-call" ? { id: `call_${number}`, name: `tool_${number}` } : {};
  return [
    { type: "block-start", block: number, kind, ...call },
    ...pieces.map((text): ChatEvent => ({ type: "block-delta", block: number, text })),
    { type: "block-end", block: number },
  ];
}

/** A whole answer of these events. */
export function answer(finish: Finish, ...events: readonly ChatEvent[]): ChatEvent[] {
  return [START, ...events, { type: "answer-end", finish }];
}

/** One answer per kind of thing that an answer can hold; the names are those of the golden files. */
export const SAMPLES: readonly (readonly [name: string, events: ChatEvent[]])[] = [
  ["text", answer("stop", ...block(0, "text", "Hel", "lo"), USAGE)],
  ["nothing", answer("stop", USAGE)],
  ["empty-text", answer("stop", ...block(0, "text"), USAGE)],
  ["unknown-usage", answer("stop", ...block(0, "text", "Hello"))],
  ["reasoning-then-text", answer("stop", ...block(0, "reasoning", "Hm", "m."), ...block(1, "text", "42"), USAGE)],
  ["silent-reasoning", answer("stop", ...block(0, "reasoning"), ...block(1, "text", "42"), USAGE)],
  ["refusal", answer("stop", ...block(0, "refusal", "I ", "cannot."), USAGE)],
  ["tool-call", answer("tool-calls", ...block(0, "tool-call", '{"a"', ":1}"), USAGE)],
  ["tool-call-without-arguments", answer("tool-calls", ...block(0, "tool-call"), USAGE)],
  [
    "text-and-two-tool-calls-by-turns",
    answer(
      "tool-calls",
      ...block(0, "text", "Let me see."),
      { type: "block-start", block: 1, kind: "tool-call", id: "call_1", name: "tool_1" },
      { type: "block-start", block: 2, kind: "tool-call", id: "call_2", name: "tool_2" },
      { type: "block-delta", block: 1, text: "{" },
      { type: "block-delta", block: 2, text: '{"b":' },
      { type: "block-delta", block: 1, text: "}" },
      { type: "block-delta", block: 2, text: "2}" },
      { type: "block-end", block: 1 },
      { type: "block-end", block: 2 },
      USAGE,
    ),
  ],
  [
    "tool-call-without-id",
    answer(
      "tool-calls",
      { type: "block-start", block: 0, kind: "tool-call", name: "t" },
      { type: "block-end", block: 0 },
    ),
  ],
  ["text-cut-by-limit", answer("length", ...block(0, "reasoning", "Hm."), ...block(1, "text", "Once upon"), USAGE)],
  ["tool-call-cut-by-limit", answer("length", ...block(0, "tool-call", '{"a":'), USAGE)],
  ["text-stopped-by-filter", answer("content-filter", ...block(0, "text", "Well"), USAGE)],
  ["awkward-text", answer("stop", ...block(0, "text", 'say "data: [DONE]"\n\n', "event: x\r\n\ud83d"), USAGE)],
];
