import { describe, expect, it } from "vitest";
import { collect } from "../../../../src/dialects/collect.ts";
import { googleGenerative } from "../../../../src/dialects/google-generative/index.ts";
import { decodeGoogleStream } from "../../../../src/dialects/google-generative/decode-stream.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { bytewise, cutsInTwo } from "../../../support/rechunk.ts";
import { blocksOf, brokenRules, decodedData, DECODING, notesOf } from "../decoding.ts";
import { fixture, readStream } from "../provider-streams.ts";

const { egress } = googleGenerative;
const bytesOf = (name: string) => fixture("google-generative", `${name}.sse`);
const treeOf = (name: string) => JSON.parse(fixture("google-generative", `${name}.json`).toString("utf8"));

const chunk = (parts: object[], finishReason?: string, more: object = {}) => ({
  candidates: [
    { content: { parts, role: "model" }, ...(finishReason === undefined ? {} : { finishReason }), index: 0 },
  ],
  ...more,
});
const read = (...payloads: (object | string)[]): ChatEvent[] => {
  const events = decodedData(decodeGoogleStream(DECODING), payloads);
  expect(brokenRules(events)).toEqual([]);
  return events;
};

describe("a stream of Gemini's", () => {
  it("is read: thoughts, then text", () => {
    const events = readStream(egress, [bytesOf("thoughts-then-text")]);
    expect(brokenRules(events)).toEqual([]);
    expect(events[0]).toEqual({
      type: "answer-start",
      id: "kX3vaPqLMsu_nsEP2ZfJ4AU",
      model: "gemini-2.5-flash",
      created: 5,
    });
    expect(blocksOf(events)).toEqual([
      { kind: "reasoning", text: "**Counting the legs**\n\nA spider has eight, so three have 24.\n" },
      { kind: "text", text: "Three spiders have **24** legs – „vierundzwanzig“ 🕷️." },
    ]);
    expect(notesOf(events, 0)).toEqual([{ origin: "google-generative" }]);
    expect(events.slice(-2)).toEqual([
      { type: "usage", usage: { input: 21, output: 72, cacheRead: 12, reasoning: 53 } },
      { type: "answer-end", finish: "stop" },
    ]);
  });

  it("is read: a signature of a text stands behind it, as a thought without words", () => {
    const events = readStream(egress, [bytesOf("text-signed-at-its-end")]);
    expect(brokenRules(events)).toEqual([]);
    expect(events[0]).toMatchObject({ created: Date.UTC(2026, 2, 10, 15, 1, 7) / 1000 });
    expect(blocksOf(events)).toEqual([
      { kind: "text", text: "Good morning. What shall we read?" },
      { kind: "reasoning", text: "" },
    ]);
    expect(notesOf(events, 1)).toEqual([
      { signature: "AY31c9q8mJ0tWv5Kz2eXhB7dUoN4rLpGfSyQiCw=", origin: "google-generative" },
    ]);
    expect(collect(events).usage).toEqual({ input: 2, output: 8 });
  });

  it("is read: whole calls, with ids made of the answer's where Google gives none", () => {
    const events = readStream(egress, [bytesOf("two-calls")]);
    expect(brokenRules(events)).toEqual([]);
    const name = "get_weather";
    expect(blocksOf(events)).toEqual([
      { kind: "text", text: "I ask for both.\n" },
      { kind: "tool-call", text: '{"city":"Zürich","unit":"celsius"}', id: "call_Lm5faZu3D8fXvdIPqc6RmQE_0", name },
      { kind: "tool-call", text: '{"city":"Köln"}', id: "q1z7wm0e", name },
    ]);
    const proof = { signature: "EtkCCtYCAb4-signed-by-google==", origin: "google-generative" };
    expect(notesOf(events, 1)).toEqual([proof]);
    expect(events.filter(({ type }) => type === "block-start")).toMatchObject([{}, { proof }, { block: 2 }]);
    expect(collect(events).finish).toBe("tool-calls");
  });

  it("fails where Google writes its error in no event", () => {
    const events = readStream(egress, [bytesOf("error-without-event")]);
    expect(events.at(-1)).toMatchObject({ type: "failure", failure: { kind: "overloaded" } });
  });

  it.each(["thoughts-then-text", "text-signed-at-its-end", "two-calls", "error-without-event"])(
    "says the same wherever its bytes are cut: %s",
    (name) => {
      const bytes = bytesOf(name);
      const uncut = readStream(egress, [bytes]);
      expect(readStream(egress, bytewise(bytes))).toEqual(uncut);
      for (const pieces of cutsInTwo(bytes)) expect(readStream(egress, pieces)).toEqual(uncut);
    },
  );

  it.each(["thoughts-then-text", "two-calls"])("says the same streamed and whole: %s", (name) => {
    const whole = egress.decodeAnswer(treeOf(name), DECODING);
    expect(brokenRules(whole)).toEqual([]);
    const { blocks, usage, finish } = collect(whole);
    expect({ blocks, usage, finish }).toEqual({ ...pick(collect(readStream(egress, [bytesOf(name)]))) });
  });

  it("fails wherever it ends before its finish reason, and only there", () => {
    const bytes = bytesOf("thoughts-then-text").toString("utf8");
    const events = bytes.split("\r\n\r\n").slice(0, -1);
    for (let kept = 0; kept <= events.length; kept += 1) {
      const part = Buffer.from(
        events
          .slice(0, kept)
          .map((event) => `${event}\r\n\r\n`)
          .join(""),
      );
      const last = readStream(egress, [part]).at(-1);
      expect([kept, last?.type]).toEqual([kept, kept === events.length ? "answer-end" : "failure"]);
    }
  });
});

describe("decodeGoogleStream", () => {
  it("invents no names for an answer without any, and takes the time of asking", () => {
    const events = read(chunk([{ functionCall: { name: "f" } }], "STOP"));
    expect(events[0]).toEqual({ type: "answer-start", id: null, model: null, created: 5 });
    expect(blocksOf(events)).toEqual([{ kind: "tool-call", text: "{}", name: "f" }]);
  });

  it("begins another thought behind a signed one", () => {
    const events = read(
      chunk([{ text: "One", thought: true, thoughtSignature: "s1" }]),
      chunk([{ text: "Two", thought: true }]),
      chunk([{ text: "ok" }], "STOP"),
    );
    expect(blocksOf(events).map(({ text }) => text)).toEqual(["One", "Two", "ok"]);
    expect(notesOf(events, 0)).toEqual([
      { origin: "google-generative" },
      { signature: "s1", origin: "google-generative" },
    ]);
  });

  it("does not cut a text in two for a signature in its middle", () => {
    const events = read(chunk([{ text: "a", thoughtSignature: "s1" }]), chunk([{ text: "b" }]), chunk([], "STOP"));
    expect(blocksOf(events)).toEqual([
      { kind: "text", text: "ab" },
      { kind: "reasoning", text: "" },
    ]);
  });

  it("reads the first candidate only, images and text in their order", () => {
    const two = {
      candidates: [
        { index: 1, content: { parts: [{ text: "B" }] } },
        { content: { parts: [{ inlineData: { mimeType: "image/png", data: "AA==" } }, { text: "A" }] } },
      ],
    };
    expect(blocksOf(read(two, chunk([], "STOP")))).toEqual([
      { kind: "image", text: "data:image/png;base64,AA==" },
      { kind: "text", text: "A" },
    ]);
  });

  it.each([
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content-filter"],
    ["RECITATION", "content-filter"],
    ["BLOCKLIST", "content-filter"],
    ["PROHIBITED_CONTENT", "content-filter"],
    ["SPII", "content-filter"],
    ["LANGUAGE", "content-filter"],
    ["SOMETHING_NEW", "stop"],
    ["toString", "stop"],
  ])("ends by %s as %s", (reason, finish) => {
    expect(read(chunk([{ text: "x" }], reason)).at(-1)).toEqual({ type: "answer-end", finish });
  });

  it.each([
    ['{"a":1}', '{"a":1}'],
    [[1], "[1]"],
    [[], "{}"],
    [undefined, "{}"],
    [null, "{}"],
  ])("arguments written as %j are the call's own", (args, text) => {
    const events = read(chunk([{ functionCall: { name: "f", args } }], "STOP"));
    expect(blocksOf(events)).toMatchObject([{ kind: "tool-call", name: "f", text }]);
  });

  it.each([
    ["STOP", "tool-calls"],
    ["MAX_TOKENS", "tool-calls"],
    ["SAFETY", "content-filter"],
  ])("ends with a call and %s as %s", (reason, finish) => {
    expect(read(chunk([{ functionCall: { name: "f", args: {} } }], reason)).at(-1)).toEqual({
      type: "answer-end",
      finish,
    });
  });

  it.each([
    ["a call that Google could not read", chunk([], "MALFORMED_FUNCTION_CALL"), "rejected-by-provider"],
    ["a call of a tool that was not offered", chunk([], "UNEXPECTED_TOOL_CALL"), "rejected-by-provider"],
    ["no reason", chunk([], "OTHER"), "server-error"],
    ["an error object", { error: { code: 503, message: "overloaded", status: "UNAVAILABLE" } }, "overloaded"],
    ["an error in a list", [{ error: { code: 429, message: "quota", status: "RESOURCE_EXHAUSTED" } }], "rate-limited"],
    ["a refused prompt", { promptFeedback: { blockReason: "SAFETY" } }, "content-refused"],
    ["no JSON", "oops", "bad-payload"],
  ])("fails in the middle of an answer for %s", (_what, payload, kind) => {
    const events = read(chunk([{ text: "x" }]), payload, chunk([{ text: "y" }], "STOP"));
    expect(events.at(-1)).toMatchObject({ type: "failure", failure: { kind, phase: "stream" } });
    expect(events.filter(({ type }) => type === "failure" || type === "answer-end")).toHaveLength(1);
  });

  it.each<[string, object | undefined, object | null]>([
    ["nothing told", undefined, null],
    ["traffic only", { trafficType: "ON_DEMAND" }, null],
    ["a prompt alone", { promptTokenCount: 4 }, null],
    ["counts of 0 left out", { promptTokenCount: 4, totalTokenCount: 4 }, { input: 4, output: 0 }],
    [
      "everything",
      {
        promptTokenCount: 4,
        toolUsePromptTokenCount: 2,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 5,
        cachedContentTokenCount: 1,
      },
      { input: 6, output: 8, cacheRead: 1, reasoning: 5 },
    ],
  ])("reads usage with %s", (_what, usageMetadata, usage) => {
    const more = usageMetadata === undefined ? {} : { usageMetadata };
    expect(collect(read(chunk([{ text: "x" }], "STOP", more))).usage).toEqual(usage);
  });

  it("counts the last usage, also behind the finish reason", () => {
    const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 3 };
    expect(collect(read(chunk([{ text: "x" }], "STOP"), { usageMetadata })).usage).toEqual({ input: 4, output: 3 });
  });

  it("writes log probabilities in the words of chat completions", () => {
    const logprobsResult = {
      topCandidates: [{ candidates: [{ token: "x", tokenId: 1, logProbability: -0.1 }] }],
      chosenCandidates: [{ token: "x", tokenId: 1, logProbability: -0.1 }],
    };
    const event = { candidates: [{ content: { parts: [{ text: "x" }] }, finishReason: "STOP", logprobsResult }] };
    const token = { token: "x", logprob: -0.1, bytes: [120] };
    expect(notesOf(read(event), 0)).toEqual([
      { logprobs: { content: [{ ...token, top_logprobs: [token] }] }, origin: "openai-chat" },
    ]);
  });

  it("takes a terminator of others for the end of the stream", () => {
    expect(read(chunk([{ text: "x" }], "STOP"), "[DONE]").at(-1)?.type).toBe("answer-end");
    expect(read(chunk([{ text: "x" }]), "[DONE]").at(-1)?.type).toBe("failure");
  });
});

function pick({ blocks, usage, finish }: ReturnType<typeof collect>) {
  return { blocks, usage, finish };
}
