// Event streams: splitters, the reader and the relay, against a slow reference that has the whole stream before it.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { isFailure } from "../../../src/core/failure.ts";
import type { Pipe } from "../../../src/core/lane.ts";
import type { RelayContext } from "../../../src/dialects/dialect.ts";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { DIALECTS } from "../../../src/dialects/index.ts";
import { readEvents } from "../../../src/dialects/sse.ts";
import { bytewise, cutAt } from "../../support/rechunk.ts";
import { latin1 } from "../mutations.ts";
import { type FuzzTarget, target } from "../target.ts";

/** A stream as Latin-1 text, and where it is cut. */
interface Cut {
  readonly stream: string;
  readonly cuts: readonly number[];
}

const LINES = [
  "data: \u00c3\u00bc\u00f0\u009f\u00a6\u009e",
  "data:{}",
  'data: {"a":1}',
  "data",
  "data:  two spaces",
  ": comment",
  ":",
  "event: e",
  "event",
  "id: 1",
  "retry: 5",
  "field: x",
  "data: \u00ff\u00fe",
  "",
  "",
] as const;
const eol = fc.constantFrom("\n", "\n", "\r\n", "\r");
const line = fc.tuple(fc.oneof(fc.constantFrom(...LINES), latin1(6)), eol).map((parts) => parts.join(""));
const stream = fc
  .tuple(fc.array(line, { maxLength: 16 }), fc.constantFrom("", ...LINES))
  .map(([lines, last]) => lines.join("") + last);
const cuts = fc.array(fc.nat(300), { maxLength: 12 });
const input: fc.Arbitrary<Cut> = fc.record({ stream, cuts });

const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");

/** WHATWG HTML, "Interpreting an event stream", over the whole text; an unfinished last event counts. */
function reference(bytes: Buffer): string[] {
  const found: string[] = [];
  let data: string[] = [];
  let event = "";
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replace(/^\uFEFF/, "");
  for (const each of [...text.split(/\r\n|\n|\r/), ""]) {
    if (each === "") {
      if (data.join("\n") !== "") found.push(`${event}|${data.join("\n")}`);
      data = [];
      event = "";
      continue;
    }
    const colon = each.indexOf(":");
    const name = colon < 0 ? each : each.slice(0, colon);
    const value = colon < 0 ? "" : each.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    if (name === "event") event = value;
  }
  return found;
}

const read = (bytes: Buffer): string[] => readEvents(bytes).map(({ event, data }) => `${event ?? ""}|${data}`);
/** Lines that hold JSON without framing are events to us and none to the standard, so they are left to laws of their own. */
const holdsBare = (text: string): boolean => /(?:^|[\r\n])\s*[{[]/.test(text) || text.includes("\u00ef\u00bb\u00bf");

function splitAndRead({ stream: text, cuts: offsets }: Cut): void {
  const bytes = bytesOf(text);
  for (const pieces of [cutAt(bytes, offsets), bytewise(bytes)]) {
    const splitter = FRAMINGS.sse.split(1 << 20);
    const runs = pieces.map((piece) => splitter.push(piece)).filter((run) => run !== null);
    const rest = splitter.rest() ?? Buffer.alloc(0);
    assert.ok(Buffer.concat([...runs, rest]).equals(bytes), "every byte comes out once and in order");
    if (holdsBare(text)) continue;
    assert.deepEqual([...runs, rest].flatMap(read), reference(bytes));
    assert.ok(reference(rest).length <= 1, "at most one event is held back");
  }
}

function splitLines({ stream: text, cuts: offsets }: Cut): void {
  const bytes = bytesOf(text);
  const splitter = FRAMINGS.lines.split(1 << 20);
  const runs = cutAt(bytes, offsets)
    .map((piece) => splitter.push(piece))
    .filter((run) => run !== null);
  const rest = splitter.rest() ?? Buffer.alloc(0);
  assert.ok(Buffer.concat([...runs, rest]).equals(bytes));
  assert.ok(runs.every((run) => run.at(-1) === 0x0a) && !rest.includes(0x0a));
  const told = [...runs, rest].flatMap((run) => FRAMINGS.lines.read(run).map(({ data }) => data));
  const lines = bytes.toString("utf8").split("\n");
  assert.deepEqual(
    told,
    lines.map((each) => each.trim()).filter((each) => each !== ""),
  );
}

const BOUND = 40;
function keepsItsBound({ stream: text, cuts: offsets }: Cut): void {
  for (const framing of Object.values(FRAMINGS)) {
    const splitter = framing.split(BOUND);
    let held = 0;
    for (const piece of cutAt(bytesOf(text), offsets)) {
      const run = splitter.push(piece);
      held += piece.length - (run?.length ?? 0);
      assert.equal(splitter.overflowed, held > BOUND);
    }
  }
}

const CONTEXT: RelayContext = { wantsUsage: true, eventBytesMax: 1 << 20, redact: (each) => each };
const RELAYED = [
  'data: {"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}',
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
  'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}',
  'event: response.completed\ndata: {"type":"response.completed","response":{}}',
  'event: message_stop\ndata: {"type":"message_stop"}',
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"m"}}',
  'data: {"error":{"message":"boom"}}',
  "data: [DONE]",
  "data: {",
  ": ping",
  "{}",
  '{"error":"x"}',
] as const;
const relayedEvent = fc
  .tuple(
    fc.oneof(fc.constantFrom(...RELAYED), fc.constantFrom(...LINES), latin1(8)),
    fc.constantFrom("\n\n", "\r\n\r\n", "\r\r", "\n"),
  )
  .map((parts) => parts.join(""));
const relayedInput: fc.Arbitrary<Cut & { readonly usage: boolean }> = fc.record({
  stream: fc.array(relayedEvent, { maxLength: 8 }).map((parts) => parts.join("")),
  cuts: fc.array(fc.nat(800), { maxLength: 8 }),
  usage: fc.boolean(),
});

/** What a client gets, and how it ended. */
function relayed(pipe: Pipe, pieces: readonly Buffer[]): object {
  const out = pieces.map((piece) => pipe.push(piece) ?? new Uint8Array(0));
  const last = pipe.end();
  const failed = isFailure(last) ? last : pipe.told.failure;
  if (last !== null) out.push(isFailure(last) ? pipe.fail(last) : last);
  assert.ok(pipe.told.ended, "a stream ends once its input has");
  assert.equal(pipe.push(Buffer.from("data: late\n\n")), null, "nothing follows the end");
  return { text: Buffer.concat(out).toString("latin1"), end: failed?.kind ?? "complete", repairs: pipe.told.repairs };
}

function relaysAlike({ stream: text, cuts: offsets, usage }: Cut & { readonly usage: boolean }): void {
  const bytes = bytesOf(text);
  for (const { relay } of Object.values(DIALECTS)) {
    if (relay === undefined) continue;
    const open = (): Pipe => relay({ ...CONTEXT, wantsUsage: usage });
    const whole = relayed(open(), [bytes]);
    assert.deepEqual(relayed(open(), cutAt(bytes, offsets)), whole);
    assert.deepEqual(relayed(open(), bytewise(bytes)), whole);
  }
}

/** Laws of splitting. */
export const SPLITTING: readonly FuzzTarget[] = [
  target({
    name: "sse",
    says: "However a stream is cut, its bytes come out whole and the events are those of the standard.",
    cost: 1,
    input,
    check: splitAndRead,
  }),
  target({ name: "lines", says: "The same for streams of one JSON object a line.", cost: 1, input, check: splitLines }),
  target({
    name: "event-bound",
    says: "A splitter knows when an unfinished event has passed its bound, to the byte.",
    cost: 1,
    input,
    check: keepsItsBound,
  }),
  target({
    name: "relay",
    says: "Whatever a provider sends, relaying it ends once, and no cut changes what the client gets.",
    cost: 4,
    input: relayedInput,
    check: relaysAlike,
  }),
];
