// 3.3: the provider streams, in every spelling that the standard and practice allow, and in some that they do not.
import * as does from "../../support/behaviours.ts";
import { chatChunk } from "../../support/answers.ts";
import type { Behaviour } from "../../support/behaviours.ts";
import { bytesOf } from "../../../src/mock/step.ts";
import { head, HOLD, write } from "../../support/script.ts";
import { ANSWER, broken, NEXT, type Row, STREAM, WHOLE } from "../row.ts";

/** The provider's chunks as events in one spelling. */
function spelt(write_: (json: string, at: number) => string, end = "data: [DONE]\n\n"): Behaviour {
  return (request) => {
    const events = does.streamEvents(request).map((event) => event.toString("utf8"));
    const jsons = events.map((event) => event.replace(/^data: ?/, "").trim()).filter((json) => json !== "[DONE]");
    const body = jsons.map(write_).join("") + end;
    return [head(200, [["content-type", "text/event-stream"]]), write(body)];
  };
}

/** A good stream with a text of its own, cut into pieces. */
function cutInto(pieces: (bytes: Buffer) => readonly Uint8Array[]): Behaviour {
  return does.answer({ pieces });
}

const everyByte = (bytes: Buffer): readonly Uint8Array[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
const halves = (bytes: Buffer): readonly Uint8Array[] => {
  const middle = bytes.indexOf(0xf0) + 2;
  return [bytes.subarray(0, middle), bytes.subarray(middle)];
};

/** Raw chunks of a stream, each an object. */
function chunks(...of: readonly object[]): Behaviour {
  const events = of.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return does.streamOf([...events, "data: [DONE]\n\n"]);
}

const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
  ...chatChunk("m", delta, finish),
  ...more,
});
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

const CALLS = [
  chunk({ role: "assistant", content: "x" }),
  chunk({ tool_calls: [{ index: 0, id: "call_a", type: "function", function: { name: "f", arguments: "" } }] }),
  chunk({ tool_calls: [{ index: 2, id: "call_c", type: "function", function: { name: "g", arguments: "" } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: "{}" } }] }),
  chunk({ tool_calls: [{ index: 2, function: { arguments: "{}" } }] }),
  chunk({}, "tool_calls"),
];

const MiB = 1024 * 1024;
const eventEnd = (json: string) => `data: ${json}\r\n\r\n`;

/** The rows. */
export const STREAMS: readonly Row[] = [
  {
    id: "U45",
    says: "its lines end with CR LF",
    shapes: STREAM,
    provider: spelt(eventEnd, "data: [DONE]\r\n\r\n"),
    expect: ANSWER,
  },
  {
    id: "U45b",
    says: "its lines end with CR",
    shapes: STREAM,
    provider: spelt((json) => `data: ${json}\r\r`, "data: [DONE]\r\r"),
    expect: ANSWER,
  },
  { id: "U46", says: "its CR LF are cut apart", shapes: STREAM, provider: crlfCut(), expect: ANSWER },
  {
    id: "U47",
    says: "it sends comments between its events",
    shapes: STREAM,
    provider: spelt((json) => `: OPENROUTER PROCESSING\n\ndata: ${json}\n\n`),
    expect: ANSWER,
  },
  {
    id: "U48",
    says: "it leaves out the space behind the colon",
    shapes: STREAM,
    provider: spelt((json) => `data:${json}\n\n`, "data:[DONE]\n\n"),
    expect: ANSWER,
  },
  {
    id: "U49",
    says: "it starts with a byte order mark",
    shapes: STREAM,
    provider: spelt((json, at) => `${at === 0 ? "\uFEFF" : ""}data: ${json}\n\n`),
    expect: ANSWER,
  },
  {
    id: "U50",
    says: "its last line has no end",
    shapes: STREAM,
    provider: spelt((json) => `data: ${json}\n\n`, "data: [DONE]"),
    expect: ANSWER,
  },
  {
    id: "U50b",
    says: "its finish has no end of line, and [DONE] is missing",
    shapes: STREAM,
    provider: unfinished(),
    expect: ANSWER,
  },
  { id: "U51", says: "it leaves out [DONE]", shapes: STREAM, provider: does.answer({ done: false }), expect: ANSWER },
  {
    id: "U52",
    says: "it sends event, id and retry fields",
    shapes: STREAM,
    provider: spelt((json, at) => `event: message\nid: ${at}\nretry: 10\ndata: ${json}\n\n`),
    expect: ANSWER,
  },
  {
    id: "U53",
    says: "it spreads an event over several data lines",
    shapes: STREAM,
    provider: spelt((json) => `data: ${json.replace("{", "{\ndata: ")}\n\n`),
    expect: ANSWER,
  },
  {
    id: "U54",
    says: "it sends all events in one write",
    shapes: STREAM,
    provider: cutInto((bytes) => [bytes]),
    expect: ANSWER,
  },
  {
    id: "U55",
    says: "one of its events is 1 MiB",
    shapes: STREAM,
    provider: does.hugeEvent(MiB),
    expect: { see: "answer", text: "x".repeat(MiB) },
    entry: { timeoutSeconds: 30 },
  },
  {
    id: "U56",
    says: "it sends events behind [DONE]",
    shapes: STREAM,
    provider: does.afterDone(),
    expect: ANSWER,
    lacks: ["STRAY"],
  },
  {
    id: "U56b",
    says: "it sends events behind [DONE] and keeps the connection",
    shapes: STREAM,
    provider: (request) => [...does.afterDone()(request), HOLD],
    expect: ANSWER,
    lacks: ["STRAY"],
    letsGo: true,
  },
  {
    id: "U57",
    says: "it tells the role in every chunk",
    shapes: STREAM,
    provider: chunks(
      chunk({ role: "assistant", content: "a" }),
      chunk({ role: "assistant", content: "b" }),
      chunk({}, "stop"),
    ),
    expect: { see: "answer", text: "ab" },
  },
  {
    id: "U58",
    says: "some chunks have no choices, or null ones",
    shapes: STREAM,
    provider: chunks(
      chunk({ content: "a" }),
      { id: "x", object: "chat.completion.chunk" },
      { id: "x", object: "chat.completion.chunk", choices: null },
      { id: "x", object: "chat.completion.chunk", choices: [{}] },
      chunk({ content: null }),
      chunk({ content: "b" }),
      chunk({}, "stop"),
    ),
    expect: { see: "answer", text: "ab" },
  },
  {
    id: "U59",
    says: "it cuts its stream inside a character",
    shapes: STREAM,
    provider: cutInto(halves),
    expect: ANSWER,
  },
  {
    id: "U59b",
    says: "it writes byte by byte",
    shapes: STREAM,
    provider: cutInto(everyByte),
    expect: ANSWER,
    entry: { timeoutSeconds: 30 },
  },
  {
    id: "U60",
    says: "one of its events is not JSON",
    shapes: STREAM,
    provider: does.streamOf([
      `data: ${JSON.stringify(chunk({ content: "a" }))}\n\n`,
      "data: {nope\n\n",
      `data: ${JSON.stringify(chunk({}, "stop"))}\n\n`,
      "data: [DONE]\n\n",
    ]),
    expect: broken("upstream_invalid_response", "a"),
  },
  {
    id: "U61",
    says: "it ends without finish and without [DONE]",
    shapes: STREAM,
    provider: does.streamOf([`data: ${JSON.stringify(chunk({ content: "a" }))}\n\n`]),
    expect: broken("upstream_reset", "a"),
  },
  {
    id: "U62",
    says: "it sends usage though nobody asked",
    shapes: STREAM,
    provider: does.answer({ usage: "always" }),
    expect: ANSWER,
    tokens: 12,
  },
  {
    id: "U62b",
    says: "it sends usage beside the last choice, which the client asked for in a chunk of its own",
    shapes: STREAM,
    provider: chunks(chunk({ content: "a" }), chunk({}, "stop", { usage: USAGE })),
    body: { stream_options: { include_usage: true } },
    expect: { see: "answer", text: "a", usageChunks: 1 },
    wire: true,
    contains: ['"total_tokens":5'],
    tokens: 5,
  },
  {
    id: "U63",
    says: "it sends usage in every chunk",
    shapes: STREAM,
    provider: does.answer({ usage: "every-chunk" }),
    expect: ANSWER,
    tokens: 12,
  },
  {
    id: "U64",
    says: "its tool calls leave out an index and take turns",
    shapes: STREAM,
    provider: chunks(...CALLS),
    expect: { see: "answer", text: "x", finish: "tool_calls" },
    contains: ['"index":0,"id":"call_a"', '"index":2,"id":"call_c"', '"index":0,"function"', '"index":2,"function"'],
  },
  {
    id: "U65",
    says: "it sends unknown fields and long numbers",
    shapes: STREAM,
    provider: does.streamOf([
      'data: {"id":"c","x_unknown":0.1234567890123456789,"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n',
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
      "data: [DONE]\n\n",
    ]),
    expect: { see: "answer", text: "a" },
    contains: ['"x_unknown":0.1234567890123456789'],
  },
  ...(["length", "content_filter"] as const).map((finish): Row => ({
    id: `U66-${finish}`,
    says: `it finishes with ${finish}`,
    shapes: STREAM,
    provider: does.answer({ finish }),
    expect: { see: "answer", finish },
  })),
  {
    id: "U66b",
    says: "it finishes with length",
    shapes: WHOLE,
    provider: does.answer({ finish: "length" }),
    expect: { see: "answer", finish: "length" },
  },
  {
    id: "U74",
    says: "it sends comments for ever",
    shapes: STREAM,
    provider: does.commentsForever(100),
    entry: { timeoutSeconds: 1 },
    expect: NEXT,
    withinMs: 2_000,
  },
];

function crlfCut(): Behaviour {
  return (request) => {
    const script = [...spelt(eventEnd, "data: [DONE]\r\n\r\n")(request)];
    const [opening, body] = script;
    if (opening === undefined || body?.do !== "write") return script;
    const text = bytesOf(body).toString("latin1");
    return [opening, ...text.split(/(?<=\r)/).map((piece) => write(Buffer.from(piece, "latin1")))];
  };
}

/** Everything but the line end behind the finish. */
function unfinished(): Behaviour {
  return (request) => {
    const events = does.streamEvents(request, { done: false, usage: "never" });
    const bytes = Buffer.concat(events).toString("utf8").trimEnd();
    return [head(200, [["content-type", "text/event-stream"]]), write(bytes)];
  };
}
