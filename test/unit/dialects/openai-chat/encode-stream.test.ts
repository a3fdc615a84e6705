import { describe, expect, it } from "vitest";
import { failure } from "../../../../src/core/failure.ts";
import { encodeChatStream } from "../../../../src/dialects/openai-chat/encode-stream.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { answer, block, CONTEXT, SAMPLES, START } from "../answer-samples.ts";
import { dataOf, golden, written } from "../golden.ts";

const HEAD = '{"id":"chatcmpl-1f","object":"chat.completion.chunk","created":1770000000,"model":"openclaw/main"';
const broken = failure("stream-broken", "The connection to the provider broke.");
const ERROR =
  'data: {"error":{"message":"The connection to the provider broke.","type":"upstream_error","param":null,"code":"upstream_reset"}}\n\n';

interface Chunk {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly usage?: unknown;
  readonly choices: readonly {
    readonly delta: Readonly<Record<string, unknown>>;
    readonly finish_reason: string | null;
  }[];
}

function chunksOf(events: readonly ChatEvent[]): Chunk[] {
  return dataOf(written(encodeChatStream(CONTEXT), events)).filter((data) => data !== "[DONE]") as Chunk[];
}

describe("encodeChatStream", () => {
  it.each(SAMPLES)("writes %s as reviewed, byte by byte", (name, events) => {
    expect(written(encodeChatStream(CONTEXT), events)).toBe(golden("openai-chat", name));
  });

  it.each(SAMPLES)("keeps to the rules of the wire with %s", (_name, events) => {
    const chunks = chunksOf(events);
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1);
    expect(chunks.map(({ choices }) => choices[0]?.delta["role"]).filter(Boolean)).toEqual(["assistant"]);
    expect(chunks[0]?.choices[0]?.delta["role"]).toBe("assistant");
    expect(chunks.flatMap(({ choices }) => choices.map((choice) => choice.finish_reason)).filter(Boolean)).toHaveLength(
      1,
    );
  });

  it("writes each event on one data line", () => {
    const stream = golden("openai-chat", "awkward-text");
    expect(
      stream
        .split("\n\n")
        .slice(0, -1)
        .every((event) => /^data: [^\n\r]*$/.test(event)),
    ).toBe(true);
  });

  it("leaves usage out when the client has not asked for it", () => {
    const stream = written(encodeChatStream({ ...CONTEXT, wantsUsage: false }), SAMPLES[0]?.[1] ?? []);
    expect(stream).not.toContain("usage");
    expect(stream.endsWith(`"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`)).toBe(true);
  });

  it.each([
    [
      "cached and reasoning tokens",
      { cacheRead: 5, reasoning: 2 },
      { prompt_tokens_details: { cached_tokens: 5 }, completion_tokens_details: { reasoning_tokens: 2 } },
    ],
    ["tokens written to the cache", { cacheWrite: 3 }, { prompt_tokens_details: { cache_write_tokens: 3 } }],
    [
      "both ways of the cache",
      { cacheRead: 0, cacheWrite: 3 },
      { prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 3 } },
    ],
  ])("tells %s where they are known", (_what, known, told) => {
    const usage: ChatEvent = { type: "usage", usage: { input: 9, output: 4, ...known } };
    const totals = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
    expect(chunksOf(answer("stop", usage)).at(-1)?.usage).toEqual({ ...totals, ...told });
  });

  it("carries annotations and log probabilities of its own dialect only", () => {
    const annotation = { type: "url_citation", url_citation: { url: "https://example.com" } };
    const logprobs = { content: [{ token: "a", logprob: -1 }], refusal: null };
    const stream = written(encodeChatStream(CONTEXT), [
      START,
      { type: "block-start", block: 0, kind: "text" },
      { type: "block-note", block: 0, note: { origin: "openai-chat", annotation, logprobs } },
      { type: "block-note", block: 0, note: { origin: "anthropic-messages", signature: "s", annotation } },
    ]);
    const choices = [
      `{"index":0,"delta":{"annotations":[${JSON.stringify(annotation)}]},"finish_reason":null}`,
      `{"index":0,"delta":{},"logprobs":${JSON.stringify(logprobs)},"finish_reason":null}`,
    ];
    expect(stream.split("\n\n").slice(1, -1)).toEqual(choices.map((choice) => `data: ${HEAD},"choices":[${choice}]}`));
  });

  it.each<[string, boolean, readonly number[]]>([
    ["with its name where it is known by then: the Vercel AI SDK reads it there only", true, [1]],
    ["as soon as it is known", false, [3]],
  ])("writes the proof of a call once, %s", (_when, isKnown, at) => {
    const note = { origin: "google-generative", signature: "s" } as const;
    const events: readonly ChatEvent[] = [
      START,
      { type: "block-start", block: 0, kind: "tool-call", id: "c1", name: "f", ...(isKnown && { proof: note }) },
      { type: "block-delta", block: 0, text: "{}" },
      { type: "block-note", block: 0, note },
      { type: "block-end", block: 0 },
    ];
    const encoder = encodeChatStream({ ...CONTEXT, provider: "google" });
    const chunks = events.map((event) => encoder.push(event));
    const proof = '"extra_content":{"google":{"thought_signature":"oce1:google-generative:google:s"}}';
    expect(chunks.flatMap((chunk, index) => (chunk.includes(proof) ? [index] : []))).toEqual(at);
  });

  it("says a failure as one error event and no terminator", () => {
    const encoder = encodeChatStream(CONTEXT);
    written(encoder, [START, ...block(0, "text", "Hel").slice(0, 2)]);
    expect(encoder.fail(broken)).toBe(ERROR);
  });

  it("says a failure before anything else was said", () => {
    expect(encodeChatStream(CONTEXT).fail(broken)).toBe(ERROR);
  });

  it("says a failure that comes as an event", () => {
    expect(encodeChatStream(CONTEXT).push({ type: "failure", failure: broken })).toBe(ERROR);
  });

  it.each([
    ["an end", { type: "answer-end", finish: "stop" }],
    ["a failure", { type: "failure", failure: broken }],
  ] as const)("is silent after %s", (_what, last) => {
    const encoder = encodeChatStream(CONTEXT);
    written(encoder, [START, last]);
    expect(encoder.push({ type: "answer-end", finish: "stop" }) + encoder.fail(broken)).toBe("");
  });
});
