// The two ways of cutting streams into events: what each hands on, keeps, reads and writes. Laws of server-sent events are in sse.test.ts.
import { describe, expect, it } from "vitest";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { partition } from "../../support/rechunk.ts";

const LINES = '{"a":"Grüße"}\n\r\n{"b":2}\r\n\n{"done":true}\n';

describe("lines", () => {
  it.each<[sentence: string, pieces: readonly string[], runs: readonly (string | null)[], rest: string | undefined]>([
    ["a whole line goes on", ["a\n"], ["a\n"], undefined],
    ["several lines go on together", ["a\nb\nc\n"], ["a\nb\nc\n"], undefined],
    ["half a line waits", ["a\nb"], ["a\n"], "b"],
    ["a line goes on with its end", ["a", "b", "c\nd"], [null, null, "abc\n"], "d"],
    ["the end of a line may come alone", ["ab", "\n"], [null, "ab\n"], undefined],
    ["an empty line is a line", ["\n"], ["\n"], undefined],
    ["nothing comes of nothing", [""], [null], undefined],
  ])("%s", (_sentence, pieces, runs, rest) => {
    const splitter = FRAMINGS.lines.split(100);
    expect(pieces.map((piece) => splitter.push(Buffer.from(piece))?.toString() ?? null)).toEqual(runs);
    expect(splitter.rest()?.toString()).toBe(rest);
    expect(splitter.rest()).toBeNull();
  });

  it("lose no byte and make none up, wherever they are cut", () => {
    const bytes = Buffer.from(LINES);
    for (let seed = 1; seed <= 40; seed += 1) {
      const splitter = FRAMINGS.lines.split(100);
      const runs = partition(bytes, seed, 9).map((piece) => splitter.push(piece)?.toString() ?? "");
      for (const run of runs) expect(run === "" || run.endsWith("\n")).toBe(true);
      expect(runs.join("")).toBe(LINES);
      expect(splitter.rest()).toBeNull();
    }
  });

  it("a chunk of whole lines is handed on without a copy", () => {
    const chunk = Buffer.from("a\nb\n");
    const run = FRAMINGS.lines.split(100).push(chunk);
    expect([run?.buffer, run?.byteOffset]).toEqual([chunk.buffer, chunk.byteOffset]);
  });

  it.each<[sentence: string, held: string, overflowed: boolean]>([
    ["a line as long as the bound may still end", "x".repeat(10), false],
    ["a longer one has passed it", "x".repeat(11), true],
    ["only the unfinished line counts", `${"x".repeat(50)}\nx`, false],
  ])("%s", (_sentence, held, overflowed) => {
    const splitter = FRAMINGS.lines.split(10);
    expect(splitter.overflowed).toBe(false);
    splitter.push(Buffer.from(held));
    expect(splitter.overflowed).toBe(overflowed);
  });

  it("are events one by one", () => {
    const run = Buffer.from("ab\n\ncd");
    const eventEnd = FRAMINGS.lines.eventEnds();
    expect([0, 1, 3, 4].map((from) => eventEnd(run, from))).toEqual([3, 3, 4, 6]);
  });

  it("are read without their margins, and blank ones not at all", () => {
    expect(FRAMINGS.lines.read(Buffer.from(`${LINES}  {"late":1} `))).toEqual(
      ['{"a":"Grüße"}', '{"b":2}', '{"done":true}', '{"late":1}'].map((data) => ({ event: undefined, data })),
    );
  });
});

describe("what is written is read again", () => {
  it.each<[name: keyof typeof FRAMINGS, event: string | undefined]>([
    ["sse", undefined],
    ["sse", "message_start"],
    ["lines", undefined],
  ])("%s, event %s", (name, event) => {
    const { write, read, split } = FRAMINGS[name];
    const written = Buffer.from(write({ event, data: '{"a":1}' }));
    expect(split(100).push(written)).toEqual(written);
    expect(read(written)).toEqual([{ event, data: '{"a":1}' }]);
  });

  it.each(["sse", "lines"] as const)("%s: the terminator finishes an unfinished event", (name) => {
    const { write, terminator, split } = FRAMINGS[name];
    const splitter = split(100);
    const whole = write({ event: undefined, data: "{}" });
    expect(splitter.push(Buffer.from(whole.trimEnd()))).toBeNull();
    expect(splitter.push(terminator)?.toString()).toBe(whole);
  });
});
