// Answers of Ollama: read, judged before the commit, and written on for clients.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import { told } from "../../../../src/core/lane.ts";
import { collect } from "../../../../src/dialects/collect.ts";
import { checkOllamaAnswer } from "../../../../src/dialects/ollama/answer.ts";
import { decodeOllamaStream } from "../../../../src/dialects/ollama/decode-stream.ts";
import { ollama } from "../../../../src/dialects/ollama/index.ts";
import { lookAtOllama } from "../../../../src/dialects/ollama/stream.ts";
import { openaiChat } from "../../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../../src/dialects/openai-responses/index.ts";
import type { ChatEvent } from "../../../../src/dialects/vocabulary.ts";
import { bytewise, cutsInTwo } from "../../../support/rechunk.ts";
import { blocksOf, brokenRules, decoded, decodedData, DECODING, notesOf } from "../decoding.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { fixture, looked, readStream, translated } from "../provider-streams.ts";

const { egress } = ollama;
const NAMES = ["text", "thinking-and-calls"] as const;
const bytesOf = (name: string) => fixture("ollama", `${name}.ndjson`);
const line = (message: object, more: object = {}) => ({
  model: "m",
  message: { role: "assistant", ...message },
  done: false,
  ...more,
});
const done = (reason?: string, more: object = {}) =>
  line({ content: "" }, { done: true, ...(reason === undefined ? {} : { done_reason: reason }), ...more });
const read = (...payloads: (object | string)[]): ChatEvent[] => {
  const events = decodedData(decodeOllamaStream(DECODING), payloads);
  expect(brokenRules(events)).toEqual([]);
  return events;
};

describe("a stream of Ollama's", () => {
  it("is read: text", () => {
    expect(readStream(egress, [bytesOf("text")])).toEqual([
      { type: "answer-start", id: null, model: "llama3.2", created: Date.UTC(2026, 1, 4, 15, 52, 19) / 1000 },
      { type: "block-start", block: 0, kind: "text" },
      ...["The", " sky – „blau“ 🌌", "."].map((text) => ({ type: "block-delta", block: 0, text })),
      { type: "block-end", block: 0 },
      { type: "usage", usage: { input: 26, output: 12 } },
      { type: "answer-end", finish: "stop" },
    ]);
  });

  it("is read: thoughts, then whole calls, with ids made of the answer's instant where Ollama gives none", () => {
    const events = readStream(egress, [bytesOf("thinking-and-calls")]);
    expect(brokenRules(events)).toEqual([]);
    expect(blocksOf(events)).toEqual([
      { kind: "reasoning", text: "Two tools." },
      {
        kind: "tool-call",
        text: '{"city":"Zürich","unit":"celsius"}',
        id: "call_20260204091044103551000_0",
        name: "get_weather",
      },
      { kind: "tool-call", text: "{}", id: "call_x7k2", name: "get_time" },
    ]);
    expect(notesOf(events, 0)).toEqual([{ origin: "ollama" }]);
    expect(collect(events).finish).toBe("tool-calls");
  });

  it.each(NAMES)("says the same wherever its bytes are cut: %s", (name) => {
    const bytes = bytesOf(name);
    const uncut = readStream(egress, [bytes]);
    expect(readStream(egress, bytewise(bytes))).toEqual(uncut);
    for (const pieces of cutsInTwo(bytes)) expect(readStream(egress, pieces)).toEqual(uncut);
  });

  it.each(NAMES)("says the same streamed and whole: %s", (name) => {
    const whole = egress.decodeAnswer(JSON.parse(fixture("ollama", `${name}.json`).toString("utf8")), DECODING);
    expect(brokenRules(whole)).toEqual([]);
    const streamed = readStream(egress, [bytesOf(name)]);
    // The answer's instant is that of its line.
    const said = (events: readonly ChatEvent[]) =>
      blocksOf(events).map(({ kind, text, name: called }) => [kind, text, called]);
    expect(said(whole)).toEqual(said(streamed));
    expect(collect(whole)).toMatchObject({ usage: collect(streamed).usage, finish: collect(streamed).finish });
  });

  it.each(NAMES)("fails wherever it ends before its last line is whole: %s", (name) => {
    const bytes = bytesOf(name);
    for (let at = 0; at < bytes.length - 1; at += 1) {
      expect(readStream(egress, [bytes.subarray(0, at)]).at(-1)?.type).toBe("failure");
    }
    expect(readStream(egress, [bytes.subarray(0, -1)]).at(-1)?.type).toBe("answer-end");
  });
});

describe("decodeOllamaStream", () => {
  it("leaves the id of a call to whoever writes the answer where even the instant is missing", () => {
    const call = { function: { name: "tools.f", arguments: '{"a":1}' } };
    const events = read(line({ content: "", tool_calls: [call, {}] }), done("stop"));
    expect(events[0]).toEqual({ type: "answer-start", id: null, model: "m", created: 5 });
    expect(blocksOf(events)).toEqual([{ kind: "tool-call", text: '{"a":1}', name: "f" }]);
  });

  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["load", "stop"],
    ["unload", "stop"],
    [undefined, "stop"],
    ["toString", "stop"],
  ])("ends by %s as %s", (reason, finish) => {
    expect(read(line({ content: "x" }), done(reason)).at(-1)).toEqual({ type: "answer-end", finish });
  });

  it.each([
    ["an error", { error: "model runner has unexpectedly stopped" }, undefined],
    ["a known error", { error: "model 'x' not found" }, "model-missing"],
    ["no JSON", "oops", "bad-payload"],
  ])("fails in the middle of an answer for %s, once", (_what, payload, kind) => {
    const events = read(line({ content: "x" }), payload, done("stop"));
    expect(events.at(-1)).toMatchObject({
      type: "failure",
      failure: { phase: "stream", ...(kind === undefined ? {} : { kind }) },
    });
  });

  it("gives nothing behind the end", () => {
    expect(read(line({ content: "x" }), done("stop"), line({ content: "y" })).at(-1)?.type).toBe("answer-end");
  });

  it.each<[object, object | null]>([
    [{}, null],
    [{ eval_count: 3 }, null],
    [
      { prompt_eval_count: 4, eval_count: 3 },
      { input: 4, output: 3 },
    ],
  ])("reads usage of %j", (counts, usage) => {
    expect(collect(read(line({ content: "x" }), done("stop", counts))).usage).toEqual(usage);
  });
});

type Row = readonly [what: string, tree: object, streamed: string, whole: string];
const ROWS: readonly Row[] = [
  ["text", { ...line({ content: "x" }), done: true }, "commit", "full"],
  ["a thought", { ...line({ content: "", thinking: "x" }), done: true }, "commit", "full"],
  ["a call", { ...line({ content: "", tool_calls: [{ function: { name: "f" } }] }), done: true }, "commit", "full"],
  ["nothing", done("stop"), "empty-end", "empty"],
  ["a model that was loaded", done("load"), "empty-end", "empty"],
  ["tokens spent on what we do not see", done("stop", { eval_count: 3 }), "commit", "full"],
  ["a limit", done("length"), "commit", "full"],
  ["an error", { error: "model 'x' not found" }, "model-missing", "model-missing"],
  ["no end", line({ content: "" }), "hold", "bad-payload"],
  ["no message", { status: "success" }, "hold", "bad-payload"],
];

describe("before the commit", () => {
  it.each(ROWS)("%s: a line of a stream", (_what, tree, streamed) => {
    const verdict = lookAtOllama(told())({ event: undefined, data: JSON.stringify(tree) });
    expect(typeof verdict === "string" ? verdict : verdict.kind).toBe(streamed);
  });

  it.each(ROWS)("%s: a whole answer", (_what, tree, _streamed, whole) => {
    const checked = checkOllamaAnswer(new AnswerBody(Buffer.from(JSON.stringify(tree))));
    if (isFailure(checked)) expect(checked).toMatchObject({ kind: whole, phase: "answer" });
    else expect(checked.empty ? "empty" : "full").toBe(whole);
  });

  it("what is no JSON is no answer", () => {
    expect(lookAtOllama(told())({ event: undefined, data: "[DONE]" })).toMatchObject({ kind: "bad-payload" });
    expect(checkOllamaAnswer(new AnswerBody(Buffer.from("[]")))).toMatchObject({ kind: "bad-payload" });
  });

  it.each(NAMES)("%s is committed by its first words", (name) => {
    expect(looked(egress, bytesOf(name))).toEqual(["commit"]);
  });
});

describe("for clients", () => {
  const CLIENTS = { "openai-chat": openaiChat, "openai-responses": openaiResponses } as const;
  const CLIENT_NAMES = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

  it.each(CLIENT_NAMES.flatMap((client) => NAMES.map((name) => [client, name] as const)))(
    "a valid stream of %s: %s",
    (client, name) => {
      const text = translated(egress, CLIENTS[client].ingress, bytesOf(name));
      const events = decoded(CLIENTS[client].egress.decodeStream(DECODING), [Buffer.from(text)]);
      expect(brokenRules(events)).toEqual([]);
      expect(events.at(-1)?.type).toBe("answer-end");
      expect(blocksOf(events)).toEqual(blocksOf(readStream(egress, [bytesOf(name)])));
    },
  );

  it.each(CLIENT_NAMES)("a broken stream of %s where the provider's breaks", (client) => {
    const bytes = bytesOf("text");
    const text = translated(egress, CLIENTS[client].ingress, bytes.subarray(0, bytes.length - 40));
    const events = decoded(CLIENTS[client].egress.decodeStream(DECODING), [Buffer.from(text)]);
    expect(events.at(-1)?.type).toBe("failure");
  });
});
