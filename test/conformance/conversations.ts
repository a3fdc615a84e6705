// Conversations as fast-check makes them: histories that moved between providers, with thoughts of every author, calls side by side whose
// results come in any order, ids of every shape, instructions anywhere, images, and every setting.
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { ChatRequest, Effort, Origin, Part, Tool, ToolChoice, Turn } from "../../src/dialects/vocabulary.ts";

const words = fc.string({ minLength: 1, maxLength: 10, unit: "grapheme" });
const name = fc.stringMatching(/^[a-z][a-z_-]{0,12}$/);
const text: fc.Arbitrary<Part> = fc
  .oneof(words, fc.constantFrom(" ", "\n", ""))
  .map((each) => ({ type: "text", text: each }));
const cached: fc.Arbitrary<Part> = words.map((each) => ({ type: "text", text: each, cache: { type: "ephemeral" } }));
const image: fc.Arbitrary<Part> = fc
  .constantFrom("iVBORw0KGgo=", "QUJD")
  .map((base64) => ({ type: "image", source: { from: "data", mediaType: "image/png", base64 } }));

/** Ids as providers, clients and gateways make them. */
const id = fc.oneof(
  fc.uuid().map((each) => `call_${each}`),
  fc.constantFrom(
    "toolu_01A",
    "chatcmpl-tool-9f",
    "functions.f:0",
    "call|fc_1",
    "9aB3dEfGh",
    "ü",
    `call_${"x".repeat(100)}`,
  ),
);

const origin: fc.Arbitrary<Origin> = fc.record({
  dialect: fc.constantFrom("openai-chat", "openai-responses", "anthropic-messages", "google-generative", "ollama"),
  provider: fc.constant("stranger"),
}) as fc.Arbitrary<Origin>;
const thought: fc.Arbitrary<Part> = fc.record(
  {
    type: fc.constant("reasoning" as const),
    text: fc.oneof(words, fc.constant("")),
    origin,
    signature: words,
    sealed: words,
  },
  { requiredKeys: ["type", "text", "origin"] },
);

const user: fc.Arbitrary<Turn> = fc
  .array(fc.oneof(text, cached, image), { minLength: 1, maxLength: 3 })
  .filter((parts) => parts.some((part) => part.type === "image" || (part.type === "text" && part.text.trim() !== "")))
  .map((parts) => ({ role: "user", parts }));
const system: fc.Arbitrary<Turn> = fc
  .tuple(fc.boolean(), words)
  .map(([developer, each]) => ({ role: "system", developer, parts: [{ type: "text", text: each }] }));

/** An answer, its calls and their results in any order. */
const exchange: fc.Arbitrary<Turn[]> = fc
  .record({
    thoughts: fc.array(thought, { maxLength: 2 }),
    said: fc.array(text, { maxLength: 2 }),
    calls: fc.uniqueArray(fc.record({ id, name, args: words }), { maxLength: 3, selector: (call) => call.id }),
    results: fc.array(text, { maxLength: 2 }),
    failed: fc.boolean(),
    order: fc.boolean(),
  })
  .map(({ thoughts, said, calls, results, failed, order }) => {
    const called = calls.map(({ args, ...call }): Part => ({
      type: "tool-call",
      ...call,
      args: JSON.stringify({ args }),
    }));
    const answers = calls.map((call): Turn => ({ role: "tool", callId: call.id, failed, parts: results }));
    const assistant: Turn = { role: "assistant", parts: [thoughts, said, called].flat() };
    return [[assistant], order ? answers : answers.toReversed()].flat();
  });

const schema: JsonObject = {
  type: "object",
  properties: { a: { type: "string" } },
  required: ["a"],
  additionalProperties: false,
};
const tool: fc.Arbitrary<Tool> = fc.record(
  { name, parameters: fc.constant(schema), description: words, strict: fc.boolean() },
  { requiredKeys: ["name"] },
);
const EFFORTS: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh"];

/** A request of any client, as its decoder gives it. A choice among tools names one that is there. */
export const conversation: fc.Arbitrary<ChatRequest> = fc
  .record(
    {
      before: fc.array(system, { maxLength: 2 }),
      first: user,
      rest: fc.array(
        fc.oneof(
          exchange,
          user.map((turn) => [turn]),
          system.map((turn) => [turn]),
        ),
        { maxLength: 5 },
      ),
      last: fc.oneof(
        user.map((turn) => [turn]),
        exchange.filter((turns) => turns.length > 1),
      ),
      tools: fc.uniqueArray(tool, { maxLength: 3, selector: (each) => each.name }),
      use: fc.constantFrom<ToolChoice["use"]>("auto", "none", "required", "tool"),
      parallelToolCalls: fc.boolean(),
      outputMax: fc.integer({ min: 1, max: 100_000 }),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
      topK: fc.integer({ min: 1, max: 100 }),
      seed: fc.nat(),
      stop: fc.array(words, { minLength: 1, maxLength: 4 }),
      n: fc.integer({ min: 1, max: 3 }),
      thinking: fc.record({ effort: fc.constantFrom(...EFFORTS), summary: fc.constant("auto") }, { requiredKeys: [] }),
      format: fc.constantFrom(
        { type: "json" as const },
        { type: "schema" as const, name: "answer", schema, strict: true },
      ),
      verbosity: fc.constantFrom("low", "high"),
      user: words,
      promptCacheKey: words,
      metadata: fc.constant({ user_id: "u" }),
      serviceTier: fc.constantFrom("auto", "default", "flex", "priority"),
      logprobs: fc.record({ top: fc.nat(5) }),
    },
    { requiredKeys: ["before", "first", "rest", "last", "tools"] },
  )
  .map(({ before, first, rest, last, use, tools, ...settings }) => {
    const turns = [before, first, rest.flat(), last].flat();
    return Object.assign(settings, { turns, tools, others: new Map<string, Json>() }, choiceOf(use, tools));
  });

function choiceOf(use: ToolChoice["use"] | undefined, [tool]: readonly Tool[]): { readonly toolChoice?: ToolChoice } {
  if (use === undefined || tool === undefined) return {};
  return { toolChoice: use === "tool" ? { use, name: tool.name } : { use } };
}
