import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { MockStage } from "../../support/mock-call.ts";

const SLOW: JsonObject = { ttftMs: 100, tokensPerSecond: 10 };
const BODY: JsonObject = { messages: [{ role: "user", content: "one two three four" }], stream: true };

/** A stream of four words: the first after 100 ms, then one each 100 ms. */
function started(params = SLOW, body = BODY) {
  const stage = new MockStage();
  return { stage, ...stage.start({ model: "echo", params, body }) };
}

describe("the pace of the mock", () => {
  it("says nothing before send has returned", () => {
    expect(started({ ttftMs: 0, tokensPerSecond: 0 }).heard.notes).toEqual([]);
  });

  it("sends the first token after ttftMs and one each period", async () => {
    const { stage, heard } = started();
    await stage.clock.advanceAsync(10_000);
    // role and first word together, the terminal events with the last word
    expect(heard.chunkTimes).toEqual([100, 100, 200, 300, 400, 400]);
    expect(stage.clock.pending).toBe(0);
  });

  it("sends a whole answer when its last token would have come", async () => {
    const { stage, heard } = started(SLOW, { ...BODY, stream: false });
    await stage.clock.advanceAsync(10_000);
    expect(heard.chunkTimes).toEqual([500]);
  });

  it("sets no timer at all when everything is 0", async () => {
    const { stage, heard } = started({ ttftMs: 0, tokensPerSecond: 0 });
    await Promise.resolve();
    expect(heard.notes).toEqual(["open", "head 200", "chunks", "end"]);
    expect(stage.clock.pending).toBe(0);
  });

  it("is quick and yet visibly streamed by default", async () => {
    const { stage, heard } = started({});
    await stage.clock.advanceAsync(10_000);
    expect(heard.chunkTimes).toEqual([20, 20, 25, 30, 35, 35]);
  });
});

describe("pause and resume", () => {
  it("holds everything while paused, with no timer armed, then catches up at once", async () => {
    const { stage, heard, exchange } = started();
    await stage.clock.advanceAsync(200);
    exchange.pause();
    expect(stage.clock.pending).toBe(0);
    await stage.clock.advanceAsync(10_000);
    expect(heard.chunkTimes).toEqual([100, 100, 200]);
    exchange.resume();
    expect(heard.chunkTimes).toHaveLength(3);
    await stage.clock.advanceAsync(0);
    expect(heard.notes.at(-1)).toBe("end");
    expect(heard.chunkTimes.slice(3)).toEqual([10_200, 10_200, 10_200]);
  });

  it("stops within a burst when the receiver pauses at a chunk", async () => {
    const { stage, heard, exchange } = started({ ttftMs: 0, tokensPerSecond: 0 });
    heard.onEach = () => exchange.pause();
    await stage.clock.advanceAsync(0);
    expect(heard.chunks).toHaveLength(1);
    exchange.resume();
    exchange.resume();
    await stage.clock.advanceAsync(0);
    expect(heard.chunks).toHaveLength(2);
  });

  it("goes on in its pace when resumed before anything fell due", async () => {
    const { stage, heard, exchange } = started();
    await stage.clock.advanceAsync(150);
    exchange.pause();
    exchange.resume();
    await stage.clock.advanceAsync(10_000);
    expect(heard.chunkTimes).toEqual([100, 100, 200, 300, 400, 400]);
  });
});

describe("abort", () => {
  it.each([
    ["before the first call", 0],
    ["before the head", 50],
    ["between tokens", 250],
    ["after the end", 5_000],
  ])("%s leaves no timer and no further call", async (_when, ms) => {
    const { stage, heard, exchange } = started();
    if (ms > 0) await stage.clock.advanceAsync(ms);
    const before = [...heard.notes, ...heard.chunks];
    exchange.abort();
    expect(stage.clock.pending).toBe(0);
    exchange.resume();
    await stage.clock.advanceAsync(10_000);
    expect([...heard.notes, ...heard.chunks]).toEqual(before);
  });

  it("within a chunk stops the burst", async () => {
    const { stage, heard, exchange } = started({ ttftMs: 0, tokensPerSecond: 0 });
    heard.onEach = () => exchange.abort();
    await stage.clock.advanceAsync(0);
    expect(heard.notes).toEqual(["open", "head 200", "chunks"]);
    expect(heard.chunks).toHaveLength(1);
  });
});
