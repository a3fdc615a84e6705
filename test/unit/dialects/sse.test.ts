// The splitter against eventsource-parser as the oracle: any cut is the same, and no byte is lost or made up.
import { describe, expect, it } from "vitest";
import { eventEnd, Framer, readEvents } from "../../../src/dialects/sse.ts";
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

describe("eventEnd", () => {
  it.each(STREAMS)("%s: walks a stream event by event", (_name, text) => {
    const bytes = Buffer.from(text);
    const blocks: string[] = [];
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
