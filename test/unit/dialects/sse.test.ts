// The splitter against eventsource-parser as the oracle: any cut is the same, and no byte is lost or made up.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventEnds, Framer, isOneDataLine, readEvents, writeEvent } from "../../../src/dialects/sse.ts";
import { partition } from "../../support/rechunk.ts";
import { readSse } from "../../support/sse.ts";

const STREAMS: readonly [string, string][] = [
  ["OpenAI", 'data: {"a":"é🦞"}\n\ndata: {"b":2}\n\ndata: [DONE]\n\n'],
  [
    "OpenRouter with comments",
    ': OPENROUTER PROCESSING\n\ndata: {"a":1}\n\n: OPENROUTER PROCESSING\n\ndata: [DONE]\n\n',
  ],
  ["CRLF", 'data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\ndata: [DONE]\r\n\r\n'],
  ["CR alone", 'data: {"a":1}\r\rdata: {"b":2}\r\r'],
  ["mixed line ends", 'data: {"a":1}\n\r\ndata: {"b":2}\r\n\ndata: 3\r\n\r\n'],
  [
    "event and id lines",
    'event: response.created\nid: 7\ndata: {"type":"response.created"}\n\nretry: 100\n\ndata: x\n\n',
  ],
  ["data on several lines", "data: {\ndata: }\n\ndata: x\n\n"],
  ["blank lines in front and between", '\n\n\ndata: {"a":1}\n\n\n\ndata: {"b":2}\n\n\n'],
  ["no space behind the colon", 'data:{"a":1}\n\ndata:[DONE]\n\n'],
  ["no final line end", 'data: {"a":1}\n\ndata: [DONE]'],
];

function framed(pieces: readonly Uint8Array[]): { readonly runs: Buffer[]; readonly rest: Buffer } {
  const framer = new Framer(1 << 20);
  const runs = pieces.map((piece) => framer.push(Buffer.from(piece))).filter((run) => run !== null);
  return { runs, rest: framer.rest() ?? Buffer.alloc(0) };
}

function check(bytes: Buffer, pieces: readonly Uint8Array[]): void {
  const { runs, rest } = framed(pieces);
  expect(Buffer.concat([...runs, rest]).equals(bytes)).toBe(true);
  const events = [...runs, rest].flatMap((run) => readEvents(run)).map(({ event, data }) => [event, data]);
  expect(events).toEqual(readSse(bytes).events.map(({ event, data }) => [event, data]));
  // A run is whole: nothing of the last event's text is left for the next one.
  for (const run of runs)
    expect(/(?:\n\n|\r\n\r\n|\r\r|\n\r\n|\r\n\n|^[\r\n]+)$/.test(run.toString("latin1"))).toBe(true);
}

describe("Framer", () => {
  it.each(STREAMS)("%s: cut in two at every byte", (_name, text) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 1) check(bytes, [bytes.subarray(0, at), bytes.subarray(at)]);
  });

  it.each(STREAMS)("%s: byte by byte, and in pieces of all sizes", (_name, text) => {
    const bytes = Buffer.from(text);
    check(
      bytes,
      Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)),
    );
    for (let seed = 1; seed <= 50; seed += 1) check(bytes, partition(bytes, seed, 7));
  });

  it("hands a chunk that ends with a blank line on as it is", () => {
    const chunk = Buffer.from("data: x\n\ndata: y\n\n");
    expect(new Framer(100).push(chunk)).toBe(chunk);
  });

  it("says when an event outgrows its bound", () => {
    const framer = new Framer(100);
    framer.push(Buffer.from(`data: ${"x".repeat(100)}`));
    expect(framer.overflowed).toBe(true);
    expect(framer.betweenEvents).toBe(false);
  });
});

describe("eventEnds", () => {
  it.each(STREAMS)("%s: walks a stream event by event", (_name, text) => {
    const bytes = Buffer.from(text);
    const blocks: string[] = [];
    const eventEnd = eventEnds(bytes);
    for (let from = 0; from < bytes.length;) {
      const end = eventEnd(bytes, from);
      blocks.push(bytes.toString("utf8", from, end));
      from = end;
    }
    expect(blocks.join("")).toBe(text);
    const events = blocks.flatMap((block) => readEvents(Buffer.from(block))).map(({ data }) => data);
    expect(events).toEqual(readSse(text).events.map(({ data }) => data));
  });
});

function endsOf(run: Buffer): readonly number[] {
  const eventEnd = eventEnds(run);
  const found: number[] = [];
  for (let from = 0; from < run.length; from = found.at(-1) ?? run.length) found.push(eventEnd(run, from));
  return found;
}

describe("eventEnds, at the edges", () => {
  it.each<[sentence: string, text: string, ends: readonly number[]]>([
    ["a line end of its own stands for itself", "\n\r\n\rx", [1, 3, 4, 5]],
    ["an event goes up to its blank line", "a\n\nb\r\n\r\nc\r\rd", [3, 8, 11, 12]],
    ["lines of one event stay together", "a\nb\r\nc\rd\n\ne", [10, 11]],
    ["line ends may differ within the blank line", "a\r\n\nb\n\r\nc\n\rd", [4, 8, 11, 12]],
    ["short lines are lines", "a\nb\n\nc", [5, 6]],
    ["an event without end goes up to the end", "a\nb\n", [4]],
    ["a final CR is the whole of a line end", "a\r\n\r", [4]],
    ["the same without a CR: blank lines of their own", "\n\nx\n\n\ny", [1, 2, 5, 6, 7]],
    ["the same without a CR: lines of one event, and one that does not end", "a\nb\n\nc\nd\n", [5, 9]],
  ])("%s", (_sentence, text, ends) => {
    const run = Buffer.from(text);
    expect(endsOf(run)).toEqual(ends);
  });

  it("are the same with a CR somewhere else and without one", () => {
    const lines = fc.array(fc.constantFrom("\n", "a", "data: x", "\n\n"), { maxLength: 30 });
    fc.assert(
      fc.property(lines, (parts) => {
        const text = parts.join("");
        const alone = endsOf(Buffer.from(`${text}\n\n`));
        // Behind a blank line nothing changes what is before it.
        expect(endsOf(Buffer.from(`${text}\n\nx\r\r`)).slice(0, alone.length)).toEqual(alone);
      }),
    );
  });
});

describe("one line of data", () => {
  it.each<[text: string, isOne: boolean]>([
    ["data: {}\n\n", true],
    ["data: x\n\n", true],
    ["data: \n\n", false],
    ["data:{}\n\n", false],
    ["data: {}\n", false],
    ["data: {}", false],
    ["data: {\ndata: }\n\n", false],
    ["data: {}\n\ndata: {}\n\n", false],
    ["data: {}\r\n\n", false],
    ["data: {}\r\n\r\n", false],
    [" data: {}\n\n", false],
    ["event: x\ndata: {}\n\n", false],
    ["xdata: {}\n\n", false],
  ])("%j: %s", (text, isOne) => {
    expect(isOneDataLine(text)).toBe(isOne);
    // Whichever way it is read, it says what the standard's parser says.
    const said = readSse(text).events.map(({ data }) => data);
    expect(readEvents(Buffer.from(text)).map(({ data }) => data)).toEqual(said.filter((data) => data !== ""));
  });
});

/** Lines of streams, plain ones and others. */
const DATA_LINES = ["data: {}", "data: x y ", "data:  z", "data: ", "data:", "data", "data:a"];
const OTHER_LINES = ["event: a", "event: b ", "event: ", "event:c", "event", "id: 1", "retry: 5", ": hm", ""];
const LINES = [...DATA_LINES, ...OTHER_LINES];

describe("readEvents", () => {
  it("forgets what it has read, also where lines had no framing", () => {
    expect(readEvents(Buffer.from('{"error":1}\n\n'))).toHaveLength(1);
    expect(readEvents(Buffer.from("data: {\n"))).toEqual([{ event: undefined, data: "{" }]);
    expect(readEvents(Buffer.from("event: e\nid: 1\n\n"))).toEqual([]);
    expect(readEvents(Buffer.from("data: x\ndata: y\n\n"))).toEqual([{ event: undefined, data: "x\ny" }]);
  });

  it.each<[sentence: string, text: string, data: readonly string[]]>([
    ["an unfinished event behind a line without framing", '{"a":1}\n\ndata: xy', ['{"a":1}', "xy"]],
    ["a last figure as data and nothing else", '{"a":1}\n\ndata: 5', ['{"a":1}', "5"]],
    ["what stands in front of a name that was cut", "data: {}\n\nevent: message_stop", ["{}"]],
    ["a comment that reads like data behind one sign", "data: x\n:data: y\n\n", ["x"]],
    ["no data out of what has no framing", 'data: 1\n{"a":\ndata: 2}\n\n', ["1"]],
  ])("reads %s", (_sentence, text, data) => {
    expect(readEvents(Buffer.from(text)).map((event) => event.data)).toEqual(data);
  });

  it("law: however plain a run is, it says what the standard's parser says", () => {
    const line = fc.constantFrom(...LINES);
    const block = fc.oneof(
      fc.constantFrom("event: a\ndata: 1\n", "data: 2\n", "event: \ndata: 3\n", "event: b\ndata: 4\ndata: 5\n"),
      fc.array(line, { maxLength: 4 }).map((lines) => lines.map((each) => `${each}\n`).join("")),
    );
    const ending = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), ending, fc.option(fc.nat(200)), (blocks, end, cutAt) => {
        const all = blocks.map((each) => `${each}\n`).join("");
        // A stream that was cut ends anywhere, and what its last event says by then counts.
        const text = cutAt === null ? all.replaceAll("\n", end) : all.slice(0, cutAt);
        const said = readSse(`${text}\n\n`).events.filter(({ data }) => data !== "");
        const heard = readEvents(Buffer.from(text)).map(({ event, data }) => ({ event, data }));
        expect(heard).toEqual(said.map(({ event, data }) => ({ event, data })));
      }),
      { numRuns: 3_000 },
    );
  });

  it("keeps what it gave when it reads on", () => {
    const first = readEvents(Buffer.from("data:1\n\n"));
    readEvents(Buffer.from("data:2\n\n"));
    expect(first).toEqual([{ event: undefined, data: "1" }]);
  });

  it("leaves out empty data, as the standard dispatches nothing for it", () => {
    expect(readEvents(Buffer.from("event: a\ndata:\n\ndata\n\ndata: 1\n\n"))).toEqual([
      { event: undefined, data: "1" },
    ]);
  });
});

describe("an event that is written", () => {
  it.each<[event: string | undefined, bytes: string]>([
    [undefined, "data: {}\n\n"],
    ["ping", "event: ping\ndata: {}\n\n"],
  ])("with the name %s is %j", (event, bytes) => {
    expect(writeEvent("{}", event)).toBe(bytes);
  });
});

describe("what a Framer holds", () => {
  it.each<[sentence: string, pieces: readonly string[], runs: readonly (string | null)[]]>([
    ["a blank line in the next chunk ends the event", ["data: x\n", "\n"], [null, "data: x\n\n"]],
    ["a CR waits for what follows", ["data: x\r\n\r", "data: y"], [null, "data: x\r\n\r"]],
    ["a LF behind it belongs to it", ["data: x\r\n\r", "\ndata: y"], [null, "data: x\r\n\r\n"]],
    ["a CR alone is a line end", ["data: x\r\r", "data: y\r\r", "d"], [null, "data: x\r\r", "data: y\r\r"]],
    ["nothing held is nothing to end", ["\n", "\n"], ["\n", "\n"]],
    ["single bytes are events in the end", [..."a\n\nb"], [null, null, "a\n\n", null]],
    ["two CR are a blank line", ["a\r\rb"], ["a\r\r"]],
    ["two CR in two chunks are one as well", ["a\r", "\r", "b"], [null, null, "a\r\r"]],
    ["CR and CRLF are one", ["a\r\r\nb"], ["a\r\r\n"]],
    ["LF and CR are one", ["a\n\rb"], ["a\n\r"]],
    ["a CR that waited is one with what follows", ["a\n\r", "b\n\nc"], [null, "a\n\rb\n\n"]],
    ["an empty chunk changes nothing", ["a\n", "", "\n"], [null, null, "a\n\n"]],
  ])("%s", (_sentence, pieces, runs) => {
    const framer = new Framer(100);
    expect(pieces.map((piece) => framer.push(Buffer.from(piece))?.toString() ?? null)).toEqual(runs);
  });

  it("is nothing at the start and after it was taken", () => {
    const framer = new Framer(100);
    expect([framer.rest(), framer.betweenEvents]).toEqual([null, true]);
    framer.push(Buffer.from("a"));
    expect([framer.rest()?.toString(), framer.rest(), framer.betweenEvents]).toEqual(["a", null, true]);
  });

  it.each([
    [100, false],
    [101, true],
  ])("%i bytes without an end are beyond a bound of 100: %s", (bytes, overflowed) => {
    const framer = new Framer(100);
    framer.push(Buffer.from("x".repeat(bytes)));
    expect(framer.overflowed).toBe(overflowed);
  });
});
