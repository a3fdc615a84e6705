// The failover bench believes no status: an answer is right when its content is, and every other end has its name.
import { describe, expect, it } from "vitest";
import { ask } from "../../../bench/failover/failover-client.ts";
import { FAULT_NAMES, FAULTS, type Fault, type Shape, SHAPES } from "../../../bench/failover/faults.ts";
import { judge, type Received } from "../../../src/cli/bench/judge-answer.ts";
import { chatChunk, chatChunks, chatCompletion, sseEvent } from "../../support/answers.ts";
import * as behave from "../../support/behaviours.ts";
import { startProvider } from "../../support/provider.ts";

const TEXTS = ["right ", "answer 🦞"];
const EXPECTED = TEXTS.join("");
const words = { model: "m", texts: TEXTS };
const events = [...chatChunks(words), "[DONE]"].map((event) => sseEvent(event));

function got(body: string, more: Partial<Received> = {}): Received {
  return { status: 200, body, end: "complete", ...more };
}

function stream(...payloads: (object | string)[]): string {
  return payloads.map((payload) => sseEvent(payload)).join("");
}

function whole(texts: readonly string[]): string {
  return JSON.stringify(chatCompletion({ model: "m", texts }));
}

const stop = chatChunk("m", {}, "stop");
const some = chatChunk("m", { content: "right " });

describe("the verdict on a whole answer", () => {
  it.each([
    ["the right text", got(whole(TEXTS)), null],
    ["another text", got(whole(["something else"])), "wrong text"],
    ["the beginning of the text", got(whole(["right "])), "truncated text"],
    ["no text", got(whole([])), "empty answer"],
    ["no choices", got("{}"), "empty answer"],
    ["an error", got(`{"error":{"message":"x"}}`), "error in a 200"],
    ["half a body", got(whole(TEXTS).slice(0, 40)), "200 with a broken body"],
    ["JSON that is no object", got("null"), "200 with a broken body"],
    ["no finish reason", got(whole(TEXTS).replace(`"stop"`, "null")), "no finish reason"],
    ["another status", got(whole(TEXTS), { status: 502 }), "status 502"],
    ["a cut", got("", { end: "cut" }), "connection cut inside the answer"],
    ["a cut instead of an answer", got("", { end: "cut", status: null }), "connection cut without an answer"],
    ["an answer that does not end", got("", { end: "late" }), "an answer without an end"],
    ["silence", got("", { end: "late", status: null }), "no answer"],
  ])("for %s", (_what, received, verdict) => {
    expect(judge(received, "whole", EXPECTED)).toBe(verdict);
  });
});

describe("the verdict on a stream", () => {
  it.each([
    ["the right one", events.join(""), null],
    ["the right one with comments and CRLF", `: hello\n\n${events.join("")}`.replaceAll("\n", "\r\n"), null],
    ["the right one with a usage chunk", stream(...chatChunks(words), { choices: [], usage: {} }, "[DONE]"), null],
    ["a lost event", events.toSpliced(1, 1).join(""), "wrong text with `stop`"],
    ["no [DONE]", events.slice(0, -1).join(""), "no [DONE]"],
    ["an event behind [DONE]", [...events, stream(some)].join(""), "events behind [DONE]"],
    ["no finish reason", events.toSpliced(3, 1).join(""), "no finish reason"],
    ["an empty stop", stream(stop, "[DONE]"), "empty answer with `stop`"],
    ["nothing but [DONE]", stream("[DONE]"), "empty answer with `[DONE]`"],
    ["a role and a clean end", stream(chatChunk("m", { role: "assistant", content: "" })), "empty answer, clean end"],
    ["half the text and a clean end", stream(some), "truncated text, clean end"],
    ["half the text that looks complete", stream(some, stop, "[DONE]"), "truncated text with `stop`"],
    ["an error", stream({ error: { message: "x" } }, "[DONE]"), "error event in a 200"],
    ["a broken event", stream("{", "[DONE]"), "stream with a broken event"],
    ["no byte", "", "empty 200"],
    ["a page", "<html></html>", "200 without an event"],
  ])("for %s", (_what, body, verdict) => {
    expect(judge(got(body), "streamed", EXPECTED)).toBe(verdict);
  });
});

describe("the client of the failover bench", () => {
  async function verdictOn(behaviour: behave.Behaviour, shape: Shape): Promise<string | null> {
    await using provider = await startProvider();
    provider.on("m", behaviour);
    const { bad } = await ask({ url: provider.origin, headers: {}, model: "m", shape, expected: EXPECTED });
    return bad;
  }

  it.each(SHAPES)("finds the right answer right, %s", async (shape) => {
    expect(await verdictOn(behave.answer({ texts: TEXTS }), shape)).toBeNull();
  });

  const faults = FAULT_NAMES.filter((name) => !(FAULTS[name] as Fault).waits);
  it.each(faults.flatMap((name) => SHAPES.map((shape) => [name, shape] as const)))(
    "notices the fault %s, %s: what the bench injects does go wrong",
    async (name, shape) => {
      expect(await verdictOn(FAULTS[name].behaviour[shape], shape)).not.toBeNull();
    },
  );
});
