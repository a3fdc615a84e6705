// Relaying a stream: bytes out are bytes in, but for the alterations that decision 9 lists; a cut never looks complete.
import { describe, expect, it } from "vitest";
import { failure, isFailure } from "../../../src/core/failure.ts";
import type { Pipe } from "../../../src/core/lane.ts";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import { response, responseEvents, sseEvent } from "../../support/answers.ts";
import { readSse } from "../../support/sse.ts";

const context = {
  wantsUsage: false,
  eventBytesMax: 4_096,
  redact: (text: string) => text.replaceAll("sk-canary", "[redacted]"),
};
const relays = { chat: openaiChat.relay, responses: openaiResponses.relay };

/** What comes out, and how it ended. */
function relayed(pipe: Pipe, pieces: readonly (Buffer | string)[]): { readonly text: string; readonly end: string } {
  let text = "";
  for (const piece of pieces) text += Buffer.from(pipe.push(Buffer.from(piece as string)) ?? []).toString();
  if (pipe.told.failure !== null) return { text, end: pipe.told.failure.kind };
  const last = pipe.end();
  if (isFailure(last)) return { text, end: last.kind };
  return { text: text + Buffer.from(last ?? []).toString(), end: "complete" };
}

const chunk = (delta: string, finish = "null") =>
  `data: {"id":"c","choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}],"usage":null}\n\n`;
const CHAT = [
  chunk('{"role":"assistant","content":""}'),
  chunk('{"content":"Grüße \\"usage\\": {} 🦞"}'),
  chunk("{}", '"stop"'),
  "data: [DONE]\n\n",
];
const USAGE =
  'data: {"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1}}}\n\n';
const RESPONSES = responseEvents({ model: "m" }).map((event) => sseEvent(event));

describe("bytes out are bytes in", () => {
  it.each([
    ["chat", CHAT.join(""), CHAT.join("")],
    ["chat with CRLF", CHAT.join("").replaceAll("\n", "\r\n"), CHAT.join("").replaceAll("\n", "\r\n")],
    ["chat with comments between events", CHAT.join(": PROCESSING\n\n"), CHAT.join(": PROCESSING\n\n")],
    ["responses", RESPONSES.join(""), `${RESPONSES.join("")}data: [DONE]\n\n`],
  ] as const)("%s, cut at every byte", (name, input, expected) => {
    const bytes = Buffer.from(input);
    const open = relays[name.startsWith("chat") ? "chat" : "responses"];
    for (let at = 0; at <= bytes.length; at += 1) {
      const { text, end } = relayed(open(context), [bytes.subarray(0, at), bytes.subarray(at)]);
      if (text !== expected || end !== "complete") expect(`cut at ${at}: ${end} ${text}`).toBe(expected);
    }
  });
});

describe("the alterations", () => {
  const stop = CHAT[2] as string;
  const rows: readonly [string, readonly string[], string, string | null][] = [
    [
      "an unasked usage chunk goes",
      [chunk('{"content":"x"}'), stop, USAGE, "data: [DONE]\n\n"],
      chunk('{"content":"x"}') + stop + "data: [DONE]\n\n",
      "usage-removed",
    ],
    [
      "also glued to its neighbours",
      [chunk('{"content":"x"}') + stop + USAGE + "data: [DONE]\n\n"],
      chunk('{"content":"x"}') + stop + "data: [DONE]\n\n",
      "usage-removed",
    ],
    [
      "a missing [DONE] comes",
      [chunk('{"content":"x"}'), stop],
      chunk('{"content":"x"}') + stop + "data: [DONE]\n\n",
      "done-added",
    ],
    [
      "nothing behind [DONE]",
      [stop, "data: [DONE]\n\n", chunk('{"content":"late"}')],
      stop + "data: [DONE]\n\n",
      "after-end-dropped",
    ],
    [
      "also in the same chunk",
      [stop + "data: [DONE]\n\n" + chunk('{"content":"late"}')],
      stop + "data: [DONE]\n\n",
      "after-end-dropped",
    ],
    [
      "data on several lines is one line",
      ['data: {"choices":\ndata: [{"delta":{"content":"x"}}]}\n\n', stop, "data: [DONE]\n\n"],
      'data: {"choices": [{"delta":{"content":"x"}}]}\n\n' + stop + "data: [DONE]\n\n",
      "data-joined",
    ],
    [
      "an event without data is nobody's business",
      [chunk('{"content":"x"}'), "data:\n\n", stop, "data: [DONE]\n\n"],
      `${chunk('{"content":"x"}')}data:\n\n${stop}data: [DONE]\n\n`,
      null,
    ],
    ["a last event without its blank line counts", [stop, "data: [DONE]"], stop + "data: [DONE]\n\n", null],
  ];
  it.each(rows)("%s", (_what, pieces, expected, repair) => {
    const pipe = relays.chat(context);
    expect(relayed(pipe, pieces)).toEqual({ text: expected, end: "complete" });
    expect(pipe.told.repairs).toEqual(repair === null ? null : [repair]);
  });

  it("usage that was asked for stays, and is told either way", () => {
    const asked = relays.chat({ ...context, wantsUsage: true });
    expect(relayed(asked, [stop, USAGE, "data: [DONE]\n\n"]).text).toBe(stop + USAGE + "data: [DONE]\n\n");
    expect(asked.told.usage).toEqual({ input: 3, output: 2, cacheRead: 1 });
  });

  it("an error event is replaced by ours, without the provider's secrets, and ends the stream", () => {
    const pipe = relays.chat(context);
    const error = 'data: {"error":{"message":"content_filter saw sk-canary","code":"content_filter"}}\n\n';
    const { text, end } = relayed(pipe, [CHAT[1] as string, error, "data: [DONE]\n\n"]);
    expect(end).toBe("content-refused");
    expect(text.startsWith(CHAT[1] as string)).toBe(true);
    expect(text).not.toContain("sk-canary");
    expect(text).not.toContain("[DONE]");
    expect(Object.keys((JSON.parse(readSse(text).events.at(-1)?.data ?? "") as { error: object }).error)).toHaveLength(
      4,
    );
  });

  it("an event beyond the bound ends the stream", () => {
    const pipe = relays.chat(context);
    const { text, end } = relayed(pipe, [CHAT[1] as string, `data: {"x":"${"x".repeat(5_000)}`]);
    expect(end).toBe("bad-payload");
    expect(text).not.toContain("xxx");
  });
});

describe("events whose kind somebody knows", () => {
  const said = Buffer.from(chunk('{"content":"x"}'));
  const out = (pipe: Pipe, piece: Buffer, kind: object | null): string =>
    Buffer.from(pipe.push(piece, kind) ?? []).toString();

  it("are looked at as long as none of it was passed on without a look", () => {
    const pipe = openaiChat.relay(context);
    const kind = {};
    for (const _time of [1, 2]) expect(out(pipe, Buffer.from(USAGE), kind)).toBe("");
    expect(pipe.told.usage?.input).toBe(3);
  });

  it("are passed on as they are behind one that was", () => {
    const pipe = openaiChat.relay(context);
    const kind = {};
    for (const _time of [1, 2, 3]) expect(out(pipe, said, kind)).toBe(said.toString());
  });

  it("are looked at behind half an event, which has no kind", () => {
    const pipe = openaiChat.relay(context);
    const kind = {};
    out(pipe, said, kind);
    expect(out(pipe, Buffer.from(USAGE.slice(0, 20)), null)).toBe("");
    expect(out(pipe, Buffer.concat([Buffer.from(USAGE.slice(20)), said]), kind)).toBe(said.toString());
  });
});

describe("a cut never looks complete", () => {
  it("chat: every prefix that ends before the finish reason's event is a failure", () => {
    const bytes = Buffer.from(CHAT.slice(0, 3).join(""));
    const whole = Buffer.from(CHAT.slice(0, 2).join("")).length + (CHAT[2] as string).length - 2;
    for (let at = 0; at < bytes.length; at += 1) {
      const { text, end } = relayed(relays.chat(context), [bytes.subarray(0, at)]);
      expect(`${at} ${end}`).toBe(`${at} ${at < whole ? "stream-broken" : "complete"}`);
      expect(text.includes("[DONE]")).toBe(at >= whole);
      // What went out before is whole events only.
      expect(bytes.toString().startsWith(text.replace("data: [DONE]\n\n", "").trimEnd())).toBe(true);
    }
  });

  it("responses: only the terminal event ends a response, whatever [DONE] says", () => {
    const cutShort = [...RESPONSES.slice(0, -1), "data: [DONE]\n\n"];
    expect(relayed(relays.responses(context), cutShort).end).toBe("stream-broken");
  });
});

describe("last words", () => {
  const drained = failure("draining", "The gateway is shutting down.");

  it("chat: one error event, no terminator", () => {
    const pipe = relays.chat(context);
    pipe.push(Buffer.from(CHAT[1] as string));
    const said = JSON.parse(readSse(pipe.fail(drained)).events[0]?.data ?? "") as { error: { code: string } };
    expect(said.error.code).toBe("draining");
    expect(pipe.told.ended).toBe(true);
  });

  it("responses: response.failed goes on with number and id", () => {
    const pipe = relays.responses(context);
    for (const event of RESPONSES.slice(0, 6)) pipe.push(Buffer.from(event));
    const [event] = readSse(pipe.fail(drained)).events;
    const said = JSON.parse(event?.data ?? "") as {
      sequence_number: number;
      response: { id: string; status: string; error: object };
    };
    expect(event?.event).toBe("response.failed");
    expect(said.sequence_number).toBe(6);
    expect(said.response).toMatchObject({ id: "resp_1", status: "failed", error: { code: "draining" } });
  });

  it("responses: what the terminal event tells is noted", () => {
    const pipe = relays.responses(context);
    relayed(pipe, RESPONSES);
    expect(pipe.told).toMatchObject({ finish: "completed", ended: true, usage: { input: 7, output: 5 } });
    expect(response({ model: "m" })).toBeDefined();
  });
});
