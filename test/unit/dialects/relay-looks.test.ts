// Which events a relay looks at, and which go on unread: told by a watch that records and wants no look of its own.
import { describe, expect, it } from "vitest";
import type { WireEvent } from "../../../src/dialects/dialect.ts";
import { EventMemory } from "../../../src/dialects/event-twins.ts";
import { StreamRelay, type StreamWatch } from "../../../src/dialects/relay.ts";

/** Keeps every event; notes what it was asked and shown. */
class Recorder implements StreamWatch {
  readonly memory = new EventMemory();
  readonly judged: string[] = [];
  readonly went: string[] = [];
  readonly afterEnd = "";
  readonly #wanted: string | null;

  constructor(wanted: string | null = null) {
    this.#wanted = wanted;
  }

  wantsLook(run: Buffer): boolean {
    return this.#wanted !== null && run.includes(this.#wanted);
  }
  judge({ data }: WireEvent): "keep" {
    this.judged.push(data);
    return "keep";
  }
  passed(events: Buffer): void {
    this.went.push(events.toString());
  }
  missingEnd(): string {
    return "";
  }
  fail(): string {
    return "failed";
  }
}

const context = { wantsUsage: false, eventBytesMax: 10_000, redact: (text: string) => text };
const A = 'data: {"a":1}\n\n';
const NAMED = 'event: x\ndata: {"b":2}\n\n';
const TWO = "data: {\ndata: }\n\n";
const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
const cr = (text: string): string => text.replaceAll("\n", "\r");

describe("events go on unread, in one piece", () => {
  it.each([
    ["one", A],
    ["some", A + A + A],
    ["with names", NAMED + NAMED],
    ["with names between others", A + NAMED + A + NAMED + NAMED + A + A],
    ["with names and ids", `id: 1\nevent: y\ndata: {}\n\n${A}`],
    ["with CRLF", crlf(A + A)],
    ["with names and CRLF", crlf(NAMED + A + NAMED)],
    ["without a space behind the colon", "data:{}\n\ndata:{}\n\n"],
    ["with the word inside", 'data: {"a":"\\ndata: {}"}\n\n'],
  ])("%s", (_what, text) => {
    const watch = new Recorder();
    const run = Buffer.from(text);
    expect(new StreamRelay(watch, context).push(run)).toBe(run);
    expect(watch).toMatchObject({ judged: [], went: [text] });
  });
});

describe("an event is read", () => {
  it.each<[because: string, text: string, judged: readonly string[], went: readonly string[]]>([
    ["it ends unlike JSON", "data: [DONE]\n\n", ["[DONE]"], ["data: [DONE]\n\n"]],
    ["its data is on two lines", TWO, ["{\n}"], ["data: { }\n\n"]],
    ["that is so behind its name", `event: x\n${TWO}`, ["{\n}"], ["event: x\ndata: { }\n\n"]],
    ["that is so with CRLF", crlf(TWO), ["{\n}"], ["data: { }\n\n"]],
    ["its line ends are CR", cr(A), ['{"a":1}'], [cr(A)]],
    ["a line of it ends otherwise", 'data: {"a":1}\nid: 1\r\n\r\n', ['{"a":1}'], ['data: {"a":1}\nid: 1\r\n\r\n']],
  ])("because %s", (_because, text, judged, went) => {
    const watch = new Recorder();
    const pipe = new StreamRelay(watch, context);
    // A final CR waits for what follows it.
    pipe.push(Buffer.from(text));
    pipe.push(Buffer.from("d"));
    expect(watch).toMatchObject({ judged, went });
  });

  it.each<[where: string, text: string, judged: readonly string[], went: readonly string[]]>([
    ["before others", TWO + A, ["{\n}"], ["data: { }\n\n", A]],
    ["behind others", A + NAMED + TWO, ["{\n}"], [A, NAMED, "data: { }\n\n"]],
    ["between others", NAMED + A + TWO + NAMED, ["{\n}"], [NAMED, A, "data: { }\n\n", NAMED]],
    [
      "with a name behind names",
      `${NAMED + NAMED}event: x\n${TWO}`,
      ["{\n}"],
      [NAMED, NAMED, "event: x\ndata: { }\n\n"],
    ],
    ["that ends unlike JSON, between others", `${A}data: x\n\n${A}`, ["x"], [A, "data: x\n\n", A]],
    ["in lines that end otherwise than the last", crlf(TWO) + A, ["{\n}"], ["data: { }\n\n", A]],
    ["in lines that end with LF before CRLF", TWO + crlf(A), ["{\n}"], ["data: { }\n\n", crlf(A)]],
    ["in lines that end with CR before LF", cr(TWO) + A, ["{\n}"], ["data: { }\n\n", A]],
    ["in lines that end with CR before CRLF", cr(TWO) + crlf(A), ["{\n}"], ["data: { }\n\n", crlf(A)]],
    ["of CR within CRLF", "data: {\rdata: }\r\n\r\n", ["{\n}"], ["data: { }\n\n"]],
  ])("and no other: %s", (_where, text, judged, went) => {
    const watch = new Recorder();
    new StreamRelay(watch, context).push(Buffer.from(text));
    expect(watch).toMatchObject({ judged, went });
  });

  it("when the dialect wants it, and its neighbours are not", () => {
    const watch = new Recorder('"b"');
    const run = Buffer.from(A + NAMED + A);
    expect(new StreamRelay(watch, context).push(run)).toBe(run);
    expect(watch).toMatchObject({ judged: ['{"b":2}'], went: [A, NAMED, A] });
  });

  it("when the dialect wants it, and gets a line of data where it had none", () => {
    const watch = new Recorder('"a"');
    const pipe = new StreamRelay(watch, context);
    expect(pipe.push(Buffer.from('{"a":1}\n\n'))?.toString()).toBe(A);
    expect(watch).toMatchObject({ judged: ['{"a":1}'], went: [A] });
    expect(pipe.told.repairs).toEqual(["data-joined"]);
  });

  it("once, when it comes alone", () => {
    const watch = new Recorder('"b"');
    new StreamRelay(watch, context).push(Buffer.from(NAMED));
    expect(watch).toMatchObject({ judged: ['{"b":2}'], went: [NAMED] });
  });
});

describe("a last event without its blank line goes on with one", () => {
  it.each([
    ["data: {}", "data: {}\n\n"],
    ["data: {}\n", "data: {}\n\n"],
    ["data: {}\r\n", "data: {}\r\n\n"],
    ["data: {}\r\n\r", "data: {}\r\n\r"],
    ["data: {}\r\r", "data: {}\r\r"],
    ["data: {}\n\r", "data: {}\n\r"],
    ["data: {}\r", "data: {}\r\n\n"],
  ])("%j as %j", (rest, whole) => {
    const pipe = new StreamRelay(new Recorder(), context);
    expect(pipe.push(Buffer.from(rest))).toBeNull();
    expect(Buffer.from((pipe.end() as Uint8Array | null) ?? []).toString()).toBe(whole);
  });
});
