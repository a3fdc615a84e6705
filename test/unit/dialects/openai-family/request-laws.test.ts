// There and back: a request that a dialect writes and reads again is the same request, but for what the dialect declares that it loses.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { Json, JsonObject } from "../../../../src/core/json.ts";
import { openaiChat } from "../../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../../src/dialects/openai-responses/index.ts";
import type {
  AnswerFormat,
  ChatRequest,
  Effort,
  Part,
  Tool,
  ToolChoice,
  Turn,
} from "../../../../src/dialects/vocabulary.ts";
import { aTarget } from "../../../support/snapshot.ts";

const target = aTarget("up/model");
const DIALECTS = { "openai-chat": openaiChat, "openai-responses": openaiResponses } as const;
type Name = keyof typeof DIALECTS;

const words = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
const base64 = fc.constantFrom("QUJD", "QQ==");
const schema = fc.constantFrom<JsonObject>(
  { type: "object", properties: {} },
  { type: "object", properties: { a: { type: "string" } } },
);
const text: fc.Arbitrary<Part> = words.map((each) => ({ type: "text", text: each }));
const data = fc.record({
  from: fc.constant("data" as const),
  mediaType: fc.constantFrom("image/png", "application/pdf"),
  base64,
});
const url = fc.record({
  from: fc.constant("url" as const),
  url: fc.constantFrom("https://a.test/x", "http://b.test/y"),
});
const image: fc.Arbitrary<Part> = fc.record(
  { type: fc.constant("image" as const), source: fc.oneof(data, url), detail: fc.constantFrom("low", "high") },
  { requiredKeys: ["type", "source"] },
);
const file: fc.Arbitrary<Part> = fc.tuple(data, name).map(([source, each]) => ({ type: "file", source, name: each }));
const audio: fc.Arbitrary<Part> = base64.map((each) => ({ type: "audio", format: "wav", base64: each }));

const system: fc.Arbitrary<Turn> = fc
  .tuple(fc.boolean(), fc.array(text, { minLength: 1, maxLength: 2 }))
  .map(([developer, parts]) => ({ role: "system", developer, parts }));
const user: fc.Arbitrary<Turn> = fc
  .array(fc.oneof(text, image, file, audio), { minLength: 1, maxLength: 3 })
  .map((parts) => ({ role: "user", parts }));

/** What the provider `up` has said before, as it will be told again: thoughts, words, calls. */
const thought: Record<Name, fc.Arbitrary<Part>> = {
  "openai-chat": words.map((each) => ({
    type: "reasoning",
    text: each,
    origin: { dialect: "openai-chat", provider: null },
  })),
  "openai-responses": fc.tuple(words, words).map(([each, sealed]) => ({
    type: "reasoning",
    text: each,
    sealed,
    origin: { dialect: "openai-responses", provider: null },
  })),
};
const isWrapped = (part: Part): boolean => part.type === "reasoning" && (part.sealed?.startsWith("oce1:") ?? false);

/** An answer with calls, and their results right behind it. */
function exchange(dialect: Name): fc.Arbitrary<Turn[]> {
  return fc
    .record({
      thoughts: fc.array(
        thought[dialect].filter((part) => !isWrapped(part)),
        { maxLength: 1 },
      ),
      said: fc.array(text, { maxLength: 2 }),
      refusals: fc.array(words, { maxLength: 1 }),
      names: fc.array(name, { minLength: 1, maxLength: 3 }),
      results: fc.array(text, { minLength: 1, maxLength: 2 }),
      turn: fc.uuid(),
    })
    .map(({ thoughts, said, refusals, names, results, turn }) => {
      const refused = refusals.map((each): Part => ({ type: "refusal", text: each }));
      const ids = names.map((_name, index) => `c_${turn}_${index}`);
      const calls = names.map((each, index): Part => ({
        type: "tool-call",
        id: ids[index] ?? "",
        name: each,
        args: JSON.stringify({ each }),
      }));
      const answers = ids.map((callId): Turn => ({ role: "tool", callId, failed: false, parts: results }));
      const assistant: Turn = { role: "assistant", parts: [thoughts, said, refused, calls].flat() };
      return [assistant, answers].flat();
    });
}

/** Instructions in one turn at the start, as the Responses API has them; then turns by turns of user and model. */
function conversation(dialect: Name): fc.Arbitrary<Turn[]> {
  const instructions = text.map((part): Turn => ({ role: "system", developer: false, parts: [part] }));
  const rounds = fc.array(fc.tuple(user, exchange(dialect), user, fc.array(system, { maxLength: 1 })), {
    maxLength: 3,
  });
  return fc
    .tuple(fc.array(instructions, { maxLength: 1 }), user, rounds)
    .map(([before, first, rest]) => [before, first, rest.flat(2)].flat());
}

/** The Responses API knows a function's schema and strictness always. */
const tool: fc.Arbitrary<Tool> = fc.record(
  { name, parameters: schema, strict: fc.boolean(), description: words },
  { requiredKeys: ["name", "parameters", "strict"] },
);

const format: fc.Arbitrary<AnswerFormat> = fc.oneof(
  fc.constantFrom<AnswerFormat>({ type: "text" }, { type: "json" }),
  fc.record(
    { type: fc.constant("schema" as const), name, schema, strict: fc.boolean(), description: words },
    { requiredKeys: ["type", "name", "schema"] },
  ),
);

const toolChoice: fc.Arbitrary<ToolChoice> = fc.oneof(
  fc.constantFrom<ToolChoice>({ use: "auto" }, { use: "none" }, { use: "required" }),
  fc.record({ use: fc.constant("tool" as const), name }),
);

const unit = fc.double({ min: 0, max: 1, noNaN: true }).map((each) => Math.abs(each));

/** What both APIs have words for. */
const SETTINGS = {
  outputMax: fc.integer({ min: 16, max: 100_000 }),
  temperature: unit,
  topP: unit,
  logprobs: fc.record({ top: fc.integer({ min: 0, max: 20 }) }),
  thinking: fc.record({
    effort: fc.constantFrom<Effort>("none", "minimal", "low", "medium", "high", "xhigh", "max"),
  }),
  format,
  verbosity: fc.constantFrom("low", "high"),
  serviceTier: fc.constantFrom("flex", "priority"),
  user: words,
  promptCacheKey: words,
  metadata: fc.constant({ a: "b" }),
};

/** Only chat completions have words for these. */
const CHAT_ONLY = {
  topK: fc.integer({ min: 1, max: 100 }),
  seed: fc.integer(),
  frequencyPenalty: unit,
  presencePenalty: unit,
  stop: fc.array(words, { minLength: 1, maxLength: 4 }),
  n: fc.integer({ min: 1, max: 4 }),
};

/** A choice is one only where there are tools. */
const CHOICE = { toolChoice, parallelToolCalls: fc.boolean() };

const OTHERS: Readonly<Record<Name, ReadonlyMap<string, Json>>> = {
  "openai-chat": new Map<string, Json>([
    ["safety_identifier", "s"],
    ["min_p", 0.1],
    ["store", true],
  ]),
  "openai-responses": new Map<string, Json>([
    ["store", true],
    ["safety_identifier", "s"],
  ]),
};

function requests(dialect: Name): fc.Arbitrary<ChatRequest> {
  const required = {
    turns: conversation(dialect),
    others: fc.constantFrom(new Map<string, Json>([["store", true]]), OTHERS[dialect]),
  };
  const settings = dialect === "openai-chat" ? { ...SETTINGS, ...CHAT_ONLY } : SETTINGS;
  const tools = fc.uniqueArray(tool, { minLength: 1, maxLength: 3, selector: (each) => each.name });
  const requiredKeys = ["turns", "others", "tools"] as const;
  return fc.oneof(
    fc.record({ ...required, ...settings, tools: fc.constant([]) }, { requiredKeys: [...requiredKeys] }),
    fc.record({ ...required, ...settings, ...CHOICE, tools }, { requiredKeys: [...requiredKeys] }),
  );
}

describe.each(Object.keys(DIALECTS) as Name[])("a request in %s", (dialect) => {
  const { ingress, egress } = DIALECTS[dialect];

  it("is the same there and back, and nothing is lost", () => {
    const check = (request: ChatRequest): void => {
      const { tree, lost } = egress.encodeRequest(request, { target, stream: false });
      expect(lost).toEqual([]);
      // Over the wire, as it will go.
      const read = ingress.decodeRequest(JSON.parse(JSON.stringify(tree)) as JsonObject);
      if (isFailure(read)) throw new Error(`${read.param}: ${read.message}`);
      expect(read.lost).toEqual([]);
      expect({ ...read.request, others: [...read.request.others].sort() }).toEqual({
        ...request,
        others: [...request.others].sort(),
      });
    };
    fc.assert(fc.property(requests(dialect), check), { numRuns: 200 });
  });

  it("never throws, whatever JSON it is", () => {
    const junk = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    const keys = [
      "messages",
      "input",
      "tools",
      "tool_choice",
      "reasoning",
      "text",
      "response_format",
      "stop",
      "thinking",
    ];
    const trees = fc.dictionary(fc.constantFrom(...keys), fc.oneof(junk, fc.array(shaped, { maxLength: 3 })));
    const check = (tree: JsonObject): void => {
      const read = ingress.decodeRequest(tree);
      if (isFailure(read)) expect(["request-invalid", "unsupported-parameter"]).toContain(read.kind);
    };
    fc.assert(fc.property(trees, check), { numRuns: 300 });
  });
});

/** Objects that look like messages, items and tools, with junk inside. */
const shaped = fc.dictionary(
  fc.constantFrom(
    "role",
    "type",
    "content",
    "tool_calls",
    "function",
    "name",
    "output",
    "call_id",
    "summary",
    "encrypted_content",
    "reasoning_details",
    "tools",
  ),
  fc.oneof(
    fc.constantFrom<Json>(
      "user",
      "assistant",
      "tool",
      "function",
      "message",
      "reasoning",
      "function_call",
      "namespace",
      "constructor",
      "__proto__",
      null,
    ),
    fc.array(
      fc.dictionary(
        fc.constantFrom("type", "text", "image_url", "file", "signature", "data", "function"),
        fc.jsonValue({ maxDepth: 1 }),
      ),
      { maxLength: 2 },
    ),
  ),
) as fc.Arbitrary<JsonObject>;
