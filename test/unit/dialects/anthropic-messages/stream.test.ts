// What an event of a message stream says before the commit, and what happens to a relayed one after it.
import { describe, expect, it } from "vitest";
import { failure, isFailure } from "../../../../src/core/failure.ts";
import { type Pipe, told } from "../../../../src/core/lane.ts";
import { anthropicMessages } from "../../../../src/dialects/anthropic-messages/index.ts";
import { lookAtMessages } from "../../../../src/dialects/anthropic-messages/stream.ts";
import type { Look } from "../../../../src/dialects/dialect.ts";
import { bytewise, cutsInTwo } from "../../../support/rechunk.ts";
import { readSse } from "../../../support/sse.ts";
import { golden } from "../golden.ts";

const said = (look: Look): string => (isFailure(look) ? look.kind : look);
const lookAll = (...payloads: readonly (object | string)[]): string[] => {
  const judge = lookAtMessages(told());
  return payloads.map((data) =>
    said(judge({ event: undefined, data: typeof data === "string" ? data : JSON.stringify(data) })),
  );
};
const blockStart = (content_block: object) => ({ type: "content_block_start", index: 0, content_block });
const delta = (fields: object) => ({ type: "content_block_delta", index: 0, delta: fields });
const ending = (stop_reason: string | null, output_tokens?: number) => ({
  type: "message_delta",
  delta: { stop_reason },
  usage: { output_tokens },
});

describe("lookAtMessages", () => {
  const rows: readonly [string, object | string, string][] = [
    ["the start is held", { type: "message_start", message: { content: [] } }, "hold"],
    [
      "a start with content commits",
      { type: "message_start", message: { content: [{ type: "tool_use", name: "f" }] } },
      "commit",
    ],
    ["a message in the place of events is the whole answer", { type: "message", content: [] }, "whole"],
    ["a ping is held", { type: "ping" }, "hold"],
    ["the start of a text is held", blockStart({ type: "text", text: "" }), "hold"],
    ["the start of a thought is held", blockStart({ type: "thinking", thinking: "", signature: "" }), "hold"],
    ["a text in its start commits", blockStart({ type: "text", text: "x" }), "commit"],
    ["a call commits", blockStart({ type: "tool_use", id: "t", name: "f", input: {} }), "commit"],
    ["a redacted thought commits", blockStart({ type: "redacted_thinking", data: "x" }), "commit"],
    ["a search of the server's commits", blockStart({ type: "server_tool_use", name: "web_search" }), "commit"],
    ["the end of a block is held", { type: "content_block_stop", index: 0 }, "hold"],
    ["text commits", delta({ type: "text_delta", text: "x" }), "commit"],
    ["empty text is held", delta({ type: "text_delta", text: "" }), "hold"],
    ["a thought commits", delta({ type: "thinking_delta", thinking: "hm" }), "commit"],
    ["the proof of a thought that is not shown commits", delta({ type: "signature_delta", signature: "s" }), "commit"],
    ["a source commits", delta({ type: "citations_delta", citation: {} }), "commit"],
    ["a plain end is held", ending("end_turn"), "hold"],
    ["a plain end of spent tokens commits", ending("end_turn", 3), "commit"],
    ["a limit commits", ending("max_tokens"), "commit"],
    ["a refusal commits", ending("refusal"), "commit"],
    ["no end yet is held", ending(null, 3), "hold"],
    ["an unknown event commits", { type: "novelty" }, "commit"],
    ["overloaded", { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "overloaded"],
    ["a rate limit", { type: "error", error: { type: "rate_limit_error", message: "x" } }, "rate-limited"],
    ["a wrong key", { type: "error", error: { type: "authentication_error", message: "x" } }, "auth"],
    ["an error that nobody knows", { type: "error", error: { message: "boom" } }, "bad-payload"],
    ["[DONE] alone is no answer", "[DONE]", "bad-payload"],
    ["what is no JSON is no answer", "oops", "bad-payload"],
  ];
  it.each(rows)("%s", (_what, data, expected) => {
    expect(lookAll(data)).toEqual([expected]);
  });

  it("an answer of nothing is empty", () => {
    const start = { type: "message_start", message: { content: [] } };
    expect(lookAll(start, ending("end_turn", 0), { type: "message_stop" }).at(-1)).toBe("empty-end");
    expect(lookAll(start, ending("end_turn"), "[DONE]").at(-1)).toBe("empty-end");
  });

  it("a true stream is held up to its first words", () => {
    const judge = lookAtMessages(told());
    const looks = readSse(golden("anthropic-messages", "wire-thinking")).events.map(({ event, data }) =>
      said(judge({ event, data })),
    );
    expect(looks.slice(0, 4)).toEqual(["hold", "hold", "hold", "commit"]);
  });
});

describe("relay", () => {
  const open = () =>
    anthropicMessages.relay({
      wantsUsage: true,
      eventBytesMax: 4_096,
      redact: (text) => text.replaceAll("sk-canary", "[redacted]"),
    });
  function relayed(pipe: Pipe, pieces: readonly (Buffer | string)[]): { readonly text: string; readonly end: string } {
    let text = "";
    for (const piece of pieces) text += Buffer.from(pipe.push(Buffer.from(piece as string)) ?? []).toString();
    if (pipe.told.failure !== null) return { text, end: pipe.told.failure.kind };
    const last = pipe.end();
    if (isFailure(last)) return { text, end: last.kind };
    return { text: text + Buffer.from(last ?? []).toString(), end: "complete" };
  }
  const TOOLS = golden("anthropic-messages", "wire-tool-use");
  const STOP = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

  it.each(["wire-thinking", "wire-tool-use", "wire-refusal", "wire-web-search"])(
    "%s comes out as it went in, however it is cut",
    (name) => {
      const bytes = Buffer.from(golden("anthropic-messages", name));
      for (const pieces of [[bytes], bytewise(bytes), ...cutsInTwo(bytes)]) {
        const { text, end } = relayed(open(), pieces);
        if (text !== bytes.toString() || end !== "complete") expect(`${end} ${text}`).toBe(bytes.toString());
      }
    },
  );

  it("tells usage and reason", () => {
    const pipe = open();
    relayed(pipe, [TOOLS]);
    expect(pipe.told).toMatchObject({
      usage: { input: 877, output: 48, cacheRead: 300, cacheWrite: 12 },
      finish: "tool_use",
      ended: true,
      repairs: null,
    });
  });

  it("a missing message_stop comes", () => {
    const pipe = open();
    const cut = TOOLS.slice(0, -STOP.length);
    expect(relayed(pipe, [cut])).toEqual({ text: TOOLS, end: "complete" });
    expect(pipe.told.repairs).toEqual(["done-added"]);
  });

  it("a stream without an ending is broken", () => {
    const cut = TOOLS.slice(0, TOOLS.indexOf("event: message_delta"));
    expect(relayed(open(), [cut])).toEqual({ text: cut, end: "stream-broken" });
  });

  it("a [DONE] of gateways goes without a word, other surplus is a repair", () => {
    const quiet = open();
    expect(relayed(quiet, [TOOLS, "data: [DONE]\n\n"])).toEqual({ text: TOOLS, end: "complete" });
    expect(quiet.told.repairs).toBeNull();
    const loud = open();
    expect(relayed(loud, [TOOLS, 'data: {"type":"ping"}\n\n'])).toEqual({ text: TOOLS, end: "complete" });
    expect(loud.told.repairs).toEqual(["after-end-dropped"]);
  });

  it("an error event is said in our words", () => {
    const head = TOOLS.slice(0, TOOLS.indexOf("event: message_delta"));
    const error = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"sk-canary"}}\n\n';
    const pipe = open();
    const { text, end } = relayed(pipe, [head, error]);
    expect(end).toBe("overloaded");
    expect(text).not.toContain("sk-canary");
    expect(JSON.parse(readSse(text.slice(head.length)).events[0]?.data ?? "")).toEqual({
      type: "error",
      error: { type: "overloaded_error", message: "The provider is overloaded." },
    });
    expect(pipe.told.repairs).toEqual(["error-replaced"]);
  });

  it("text that speaks of message_stop and errors is no end and no error", () => {
    const talk = `event: content_block_delta\ndata: ${JSON.stringify({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: 'an "error" in message_stop' },
    })}\n\n`;
    const at = TOOLS.indexOf("event: content_block_stop");
    const stream = TOOLS.slice(0, at) + talk + TOOLS.slice(at);
    expect(relayed(open(), [stream])).toEqual({ text: stream, end: "complete" });
  });

  it("a failure of ours is an error event", () => {
    const bytes = open().fail(failure("idle-timeout", "Too slow."));
    expect(Buffer.from(bytes).toString()).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"timeout_error","message":"Too slow."}}\n\n',
    );
  });
});
