// Laws of splitting and relaying: no cut changes anything, no byte is lost or made up, and no cut looks like an end.
import { createParser } from "eventsource-parser";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import type { Pipe } from "../../../src/core/lane.ts";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import { Framer } from "../../../src/dialects/sse.ts";
import { chatChunk, chatChunks, responseEvents, sseEvent, type SseStyle, usageChunk } from "../../support/answers.ts";
import { bytewise, cutAt, cutsInTwo, partition } from "../../support/rechunk.ts";
import { blocksOf, readSse } from "../../support/sse.ts";

const STYLES: readonly (readonly [string, SseStyle])[] = [
  ["LF", {}],
  ["CRLF", { eol: "\r\n" }],
  ["CR", { eol: "\r" }],
  ["no space", { space: false }],
  ["comments", { comment: "OPENROUTER PROCESSING" }],
  ["comments and CRLF", { comment: "ping", eol: "\r\n" }],
];
const context = { wantsUsage: true, eventBytesMax: 1 << 20, redact: (text: string) => text };
const openChat = (wantsUsage = true) => openaiChat.relay({ ...context, wantsUsage });
const openResponses = () => openaiResponses.relay(context);

const words = { model: "m", texts: ["Grü", 'ße "', "🦞"] };
const chat = (style: SseStyle) =>
  [...chatChunks(words), usageChunk("m"), "[DONE]"].map((each) => sseEvent(each, style));
const responses = (style: SseStyle) => responseEvents(words).map((each) => sseEvent(each, style));

interface Relayed {
  readonly text: string;
  readonly end: string;
  readonly repairs: readonly string[] | null;
}

/** All that a client gets, and how it ended. */
function relayed(pipe: Pipe, pieces: readonly Buffer[]): Relayed {
  const out: Uint8Array[] = [];
  for (const piece of pieces) out.push(pipe.push(piece) ?? new Uint8Array(0));
  const last = pipe.end();
  const failed = isFailure(last) ? last : pipe.told.failure;
  if (last !== null && !isFailure(last)) out.push(last);
  return { text: Buffer.concat(out).toString(), end: failed?.kind ?? "complete", repairs: pipe.told.repairs };
}

describe("splitting", () => {
  /** Events that a run holds by itself, with nothing added behind it. */
  const eventsIn = (run: Buffer): string[] => {
    const found: string[] = [];
    const parser = createParser({ onEvent: ({ event, data }) => found.push(`${event ?? ""}|${data}`) });
    parser.feed(run.toString("utf8"));
    return found;
  };
  const check = (bytes: Buffer, pieces: readonly Buffer[]): void => {
    const framer = new Framer(1 << 20);
    const runs = pieces.map((piece) => framer.push(piece)).filter((run) => run !== null);
    const rest = framer.rest() ?? Buffer.alloc(0);
    expect(Buffer.concat([...runs, rest]).equals(bytes)).toBe(true);
    const oracle = readSse(bytes).events.map(({ event, data }) => `${event ?? ""}|${data}`);
    const restEvents = readSse(rest).events.map(({ event, data }) => `${event ?? ""}|${data}`);
    expect([...runs.flatMap(eventsIn), ...restEvents]).toEqual(oracle);
    expect(restEvents.length).toBeLessThanOrEqual(1);
  };

  const eol = fc.constantFrom("\n", "\r\n", "\r");
  const field = fc.constantFrom("data: ü🦞", "data:{}", "data", ": comment", "event: e", "id: 1", "retry: 5", "x", "");
  const line = fc.tuple(field, eol).map((parts) => parts.join(""));
  const text = fc.tuple(fc.array(line, { maxLength: 14 }), field).map(([lines, last]) => lines.join("") + last);
  const cuts = fc.array(fc.nat(200), { maxLength: 12 });

  it("gives the oracle's events and every byte, however lines end and wherever it is cut", () => {
    fc.assert(
      fc.property(text, cuts, (stream, offsets) => check(Buffer.from(stream), cutAt(Buffer.from(stream), offsets))),
      { numRuns: 3_000 },
    );
  });

  it("gives the same byte by byte", () => {
    fc.assert(
      fc.property(text, (stream) => check(Buffer.from(stream), bytewise(Buffer.from(stream)))),
      { numRuns: 1_000 },
    );
  });

  it("takes any bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 }), (parts) => {
        const framer = new Framer(1 << 20);
        const pieces = parts.map((part) => Buffer.from(part));
        const runs = pieces.map((piece) => framer.push(piece) ?? Buffer.alloc(0));
        expect(Buffer.concat([...runs, framer.rest() ?? Buffer.alloc(0)])).toEqual(Buffer.concat(pieces));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(STYLES)("%s: an event goes on as soon as it is known to be whole", (name, style) => {
    const framer = new Framer(1 << 20);
    const sent = chat(style).map((event) => framer.push(Buffer.from(event))?.toString() ?? "");
    // A CR may be half a line end: the event goes on with the first byte behind it.
    if (name === "CR") expect(sent.slice(1)).toEqual(chat(style).slice(0, -1));
    else expect(sent).toEqual(chat(style));
  });

  it("holds nothing at the start, between events and after giving its rest", () => {
    const framer = new Framer(10);
    expect([framer.betweenEvents, framer.overflowed, framer.rest()]).toEqual([true, false, null]);
    framer.push(Buffer.from("data: x\n\nda"));
    expect(framer.betweenEvents).toBe(false);
    expect(framer.rest()?.toString()).toBe("da");
    expect(framer.betweenEvents).toBe(true);
    expect(framer.push(Buffer.alloc(0))).toBeNull();
  });
});

const inPieces = (bytes: Buffer) => [
  [bytes],
  bytewise(bytes),
  ...Array.from({ length: 40 }, (_, seed) => partition(bytes, seed + 1, 10 + seed * 10)),
];

describe("a stream that conforms comes out as it went in", () => {
  it.each(STYLES)("chat, %s: cut in two at every byte, in pieces and byte by byte", (_name, style) => {
    const bytes = Buffer.from(chat(style).join(""));
    const ways = [...cutsInTwo(bytes), bytewise(bytes), ...[1, 2, 3, 4].map((seed) => partition(bytes, seed, 40))];
    for (const pieces of ways) {
      expect(relayed(openChat(), pieces)).toEqual({ text: bytes.toString(), end: "complete", repairs: null });
    }
  });

  it.each(STYLES)("chat, %s: without the usage chunk where nobody asked for it", (_name, style) => {
    const events = chat(style);
    const bytes = Buffer.from(events.join(""));
    const usage = sseEvent(usageChunk("m"), { ...style, ...(style.comment === undefined ? {} : { comment: "" }) });
    for (const pieces of cutsInTwo(bytes)) {
      const { text, end, repairs } = relayed(openChat(false), pieces);
      expect([end, repairs]).toEqual(["complete", ["usage-removed"]]);
      expect(text.length).toBe(
        bytes.toString().length - (style.comment === undefined ? usage.length : usageLength(style)),
      );
      expect(readSse(text).events.map(({ data }) => data)).toEqual(
        readSse(bytes).events.flatMap(({ data }) => (data.includes('"usage"') ? [] : [data])),
      );
    }
  });

  const usageLength = ({ eol = "\n", space = true }: SseStyle) => sseEvent(usageChunk("m"), { eol, space }).length;

  it.each(STYLES)("responses, %s: with the terminator behind it", (_name, style) => {
    const bytes = Buffer.from(responses(style).join(""));
    // Every cut in two is asked of the shorter streams; these are long, and their events are cut by the same splitter.
    for (const pieces of inPieces(bytes)) {
      const { text, end, repairs } = relayed(openResponses(), pieces);
      expect([text, end, repairs]).toEqual([`${bytes.toString()}data: [DONE]\n\n`, "complete", ["done-added"]]);
    }
  });

  it("responses with a terminator of their own get no second one, wherever it is cut", () => {
    const bytes = Buffer.from(`${responses({}).join("")}data: [DONE]\n\n`);
    for (const pieces of [...inPieces(bytes), ...[...cutsInTwo(bytes)].slice(-60)]) {
      expect(relayed(openResponses(), pieces)).toEqual({ text: bytes.toString(), end: "complete", repairs: null });
    }
  });

  it("data on two lines comes out on one, wherever it is cut", () => {
    const bytes = Buffer.from(chat({ multiline: true }).join(""));
    for (const pieces of [...cutsInTwo(bytes), bytewise(bytes)]) {
      const { text, end, repairs } = relayed(openChat(), pieces);
      expect([end, repairs]).toEqual(["complete", ["data-joined"]]);
      expect(
        text
          .split("\n")
          .filter((each) => each.startsWith("data:"))
          .map((each) => each.slice(6)),
      ).toEqual(readSse(text).events.map(({ data }) => data));
      expect(readSse(text).events.map(({ data }) => data.replace(", ", ","))).toEqual(
        readSse(chat({}).join("")).events.map(({ data }) => data.replace(", ", ",")),
      );
    }
  });
});

describe("no cut of a stream changes what comes of it", () => {
  const events = [
    ...[chatChunk("m", { content: "x" }), chatChunk("m", { content: "}\n\ndata: y" }), usageChunk("m")].map((each) =>
      sseEvent(each),
    ),
    sseEvent(chatChunk("m", {}, "stop")),
    sseEvent(chatChunk("m", { content: "z" }), { eol: "\r\n" }),
    sseEvent(chatChunk("m", { content: "z" }), { multiline: true }),
    sseEvent({ choices: [{ index: 1, delta: { content: "second" }, finish_reason: null }] }),
    sseEvent({ choices: [{ index: 1, delta: {}, finish_reason: "stop" }] }),
    'data: {"choices":\nid: 4\ndata: []}\n\n',
    'event: error\ndata: {"message":"boom"}\n\n',
    'data: {"error":{"message":"boom"}}\n\n',
    "data: [DONE]\n\n",
    "data: oops\n\n",
    "data: {broken}\n\n",
    ": comment {}\n\n",
    "data:\n\n",
    "id: 3\n\n",
    "\n",
    "data: {",
  ];
  const streams = fc.array(fc.constantFrom(...events), { maxLength: 6 }).map((parts) => parts.join(""));
  const cuts = fc.array(fc.nat(700), { maxLength: 8 });

  it.each([
    ["chat, usage asked for", () => openChat()],
    ["chat, usage not asked for", () => openChat(false)],
    ["responses", openResponses],
  ])("%s", (_name, open) => {
    fc.assert(
      fc.property(streams, cuts, (stream, offsets) => {
        const bytes = Buffer.from(stream);
        const whole = relayed(open(), [bytes]);
        expect(relayed(open(), cutAt(bytes, offsets))).toEqual(whole);
        expect(relayed(open(), bytewise(bytes))).toEqual(whole);
      }),
      { numRuns: 400 },
    );
  });
});

describe("a cut never looks like an end", () => {
  const two = [
    ...[0, 1].map((index) => ({ choices: [{ index, delta: { content: "x" }, finish_reason: null }] })),
    ...[0, 1].map((index) => ({ choices: [{ index, delta: {}, finish_reason: "stop" }] })),
  ];
  const rows: readonly [string, readonly string[], number, () => Pipe][] = [
    ["chat", chat({}).slice(0, -2), chat({}).length - 3, openChat],
    ["chat with CRLF", chat({ eol: "\r\n" }).slice(0, -2), chat({}).length - 3, openChat],
    ["chat with comments", chat({ comment: "ping" }).slice(0, -2), chat({}).length - 3, openChat],
    ["chat with usage behind its end", chat({}).slice(0, -1), chat({}).length - 3, openChat],
    ["two choices", two.map((each) => sseEvent(each)), 3, openChat],
    [
      "two choices, the first ending last",
      [two[0], two[1], two[3], two[2]].map((each) => sseEvent(each as object)),
      3,
      openChat,
    ],
    ["responses", responses({}), responses({}).length - 1, openResponses],
  ];
  it.each(rows)("%s: every prefix fails until its last event is whole", (_name, events, last, open) => {
    const bytes = Buffer.from(events.join(""));
    const before = Buffer.byteLength(events.slice(0, last).join(""));
    const complete =
      before +
      Buffer.from(events[last] as string)
        .toString("latin1")
        .trimEnd().length;
    for (let at = 0; at <= bytes.length; at += 1) {
      const { text, end } = relayed(open(), [bytes.subarray(0, at)]);
      expect([at, end]).toEqual([at, at < complete ? "stream-broken" : "complete"]);
      expect([at, text.includes("[DONE]")]).toEqual([at, at >= complete]);
      // What went out is whole events of the provider's, and nothing of a cut one.
      const went = Buffer.from(text.replace("data: [DONE]\n\n", "").trimEnd());
      const blocks = new Set(blocksOf(bytes).map((block) => block.toString().trimEnd()));
      expect(blocksOf(went).every((block) => blocks.has(block.toString().trimEnd()))).toBe(true);
    }
  });

  it.each([
    ["chat", chat({}), openChat],
    ["responses", responses({}), openResponses],
  ] as const)("%s: last words at any byte make a stream that parses and does not end well", (_name, events, open) => {
    const bytes = Buffer.from(events.slice(0, -2).join(""));
    for (let at = 0; at <= bytes.length; at += 1) {
      const pipe = open();
      const out = pipe.push(bytes.subarray(0, at)) ?? Buffer.alloc(0);
      const text = Buffer.concat([out, pipe.fail({ ...(pipe.told.failure ?? broken) })]).toString();
      const read = readSse(text).events.map(({ data }) => JSON.parse(data) as { error?: object; type?: string });
      const final = read.at(-1);
      expect(final?.error !== undefined || final?.type === "response.failed").toBe(true);
      expect(text).not.toContain("[DONE]");
    }
  });
});

const broken = (() => {
  const failed = openChat().end();
  if (!isFailure(failed)) throw new Error("a stream of nothing is a cut");
  return failed;
})();
