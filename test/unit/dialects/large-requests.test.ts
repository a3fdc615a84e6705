// Conversations as large as a body may be: however many calls and results they hold, each is looked at a fixed number of times. What
// looked through all calls for each result held everybody else up for minutes.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import type { DialectName, Operation } from "../../../src/core/names.ts";
import { DIALECTS, OPERATION_DIALECTS } from "../../../src/dialects/index.ts";
import { aTarget } from "../../support/snapshot.ts";

const COUNT = 20_000;
/** Longer than any API takes, and the same as far as any takes them. */
const idOf = (number: number): string => `call_${"x".repeat(80)}_${number}`;
const numbers = Array.from({ length: COUNT }, (_, number) => number);
/** The last call is answered first. */
const answered = numbers.toReversed();

const ASKED: Readonly<Partial<Record<Operation, JsonObject>>> = {
  chat: {
    messages: [
      { role: "user", content: "go" },
      {
        role: "assistant",
        tool_calls: numbers.map((n) => ({ id: idOf(n), type: "function", function: { name: "f", arguments: "{}" } })),
      },
      ...answered.map((n) => ({ role: "tool", tool_call_id: idOf(n), content: `r${n}.` })),
    ],
  },
  responses: {
    input: [
      { role: "user", content: "go" },
      ...numbers.map((n) => ({ type: "function_call", call_id: idOf(n), name: "f", arguments: "{}" })),
      ...answered.map((n) => ({ type: "function_call_output", call_id: idOf(n), output: `r${n}.` })),
    ],
  },
  messages: {
    max_tokens: 100,
    messages: [
      { role: "user", content: "go" },
      { role: "assistant", content: numbers.map((n) => ({ type: "tool_use", id: idOf(n), name: "f", input: {} })) },
      {
        role: "user",
        content: answered.map((n) => ({ type: "tool_result", tool_use_id: idOf(n), content: `r${n}.` })),
      },
    ],
  },
};
const PROVIDERS: readonly DialectName[] = [
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "google-generative",
  "ollama",
];
const PAIRS = (Object.keys(ASKED) as Operation[]).flatMap((operation) =>
  PROVIDERS.filter((provider) => provider !== OPERATION_DIALECTS[operation].name).map(
    (provider): [Operation, DialectName] => [operation, provider],
  ),
);

describe(`${COUNT} calls of one answer, and their results from the last to the first`, () => {
  it.each(PAIRS)("%s → %s", (operation, provider) => {
    const decoded = OPERATION_DIALECTS[operation].ingress.decodeRequest?.(ASKED[operation] as JsonObject);
    if (decoded === undefined || isFailure(decoded)) return expect.unreachable("the request is one");
    const encoded = DIALECTS[provider].egress?.encodeRequest?.(decoded.request, {
      target: aTarget("p/m"),
      stream: false,
    });
    if (encoded === undefined || isFailure(encoded)) return expect.unreachable("the request can be written");
    const results = [...JSON.stringify(encoded.tree).matchAll(/r(\d+)\./g)].map(([, number]) => Number(number));
    // Where a result says by its place alone what it answers, it stands in the place of its call.
    const isByPlace = provider === "google-generative" || provider === "ollama";
    expect(isByPlace ? results : results.toSorted((a, b) => a - b)).toEqual(numbers);
  });
});
