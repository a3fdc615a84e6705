// What an event of a Responses stream says before the commit, and the last words after it.
import { describe, expect, it } from "vitest";
import { failure, isFailure } from "../../../../src/core/failure.ts";
import { told } from "../../../../src/core/lane.ts";
import type { Look } from "../../../../src/dialects/dialect.ts";
import { openaiResponses } from "../../../../src/dialects/openai-responses/index.ts";
import { lookAtResponses, ResponsesWatch } from "../../../../src/dialects/openai-responses/stream.ts";
import { responseEvents, sseEvent } from "../../../support/answers.ts";
import { readSse } from "../../../support/sse.ts";

const said = (look: Look): string => (isFailure(look) ? look.kind : look);
const look = (data: object | string, event?: string): string =>
  said(lookAtResponses(told())({ event, data: typeof data === "string" ? data : JSON.stringify(data) }));
const text = (words: string) => ({ type: "message", content: [{ type: "output_text", text: words }] });
const completed = (output: readonly object[], more: object = {}) => ({
  type: "response.completed",
  response: { status: "completed", output, ...more },
});

describe("lookAtResponses", () => {
  const rows: readonly [string, object | string, string][] = [
    [
      "a Response in the place of events is the whole answer",
      { id: "resp_1", object: "response", output: [] },
      "whole",
    ],
    ["created is held", { type: "response.created", response: {} }, "hold"],
    ["in progress is held", { type: "response.in_progress", response: {} }, "hold"],
    ["queued is held", { type: "response.queued", response: {} }, "hold"],
    ["a keepalive is held", { type: "keepalive" }, "hold"],
    ["an added message is held", { type: "response.output_item.added", item: { type: "message" } }, "hold"],
    ["added reasoning is held", { type: "response.output_item.added", item: { type: "reasoning" } }, "hold"],
    [
      "an added function call commits",
      { type: "response.output_item.added", item: { type: "function_call" } },
      "commit",
    ],
    ["an added search commits", { type: "response.output_item.added", item: { type: "web_search_call" } }, "commit"],
    ["an added part is held", { type: "response.content_part.added", part: {} }, "hold"],
    ["a text delta commits", { type: "response.output_text.delta", delta: "x" }, "commit"],
    ["an empty text delta is held", { type: "response.output_text.delta", delta: "" }, "hold"],
    ["a reasoning delta commits", { type: "response.reasoning_text.delta", delta: "hm" }, "commit"],
    ["a summary delta commits", { type: "response.reasoning_summary_text.delta", delta: "hm" }, "commit"],
    ["an arguments delta commits", { type: "response.function_call_arguments.delta", delta: "{" }, "commit"],
    ["a refusal delta commits", { type: "response.refusal.delta", delta: "no" }, "commit"],
    ["a done text is held: its end says it all", { type: "response.output_text.done", text: "" }, "hold"],
    ["a done item is held", { type: "response.output_item.done", item: {} }, "hold"],
    ["an unknown event commits", { type: "response.novelty" }, "commit"],
    ["completed with text commits", completed([text("x")]), "commit"],
    ["completed with a call commits", completed([{ type: "function_call" }]), "commit"],
    [
      "completed with a refusal commits",
      completed([{ type: "message", content: [{ type: "refusal", refusal: "no" }] }]),
      "commit",
    ],
    ["completed with a summary commits", completed([{ type: "reasoning", summary: [{ text: "hm" }] }]), "commit"],
    ["completed with spent tokens commits", completed([], { usage: { input_tokens: 1, output_tokens: 5 } }), "commit"],
    ["completed with nothing is empty", completed([]), "empty-end"],
    ["completed with an empty message is empty", completed([text("")]), "empty-end"],
    ["completed with an empty reasoning item is empty", completed([{ type: "reasoning", summary: [] }]), "empty-end"],
    ["completed without a response is empty", { type: "response.completed" }, "empty-end"],
    ["incomplete commits, whatever it holds", { type: "response.incomplete", response: { output: [] } }, "commit"],
    ["the end without a terminal event is no answer", "[DONE]", "bad-payload"],
    ["what is not JSON is no answer", "oops", "bad-payload"],
    ["a list is no event", "[1]", "bad-payload"],
    ["an error event has its class", { type: "error", code: "rate_limit_exceeded", message: "x" }, "rate-limited"],
    [
      "a nested error event has its class",
      { type: "error", error: { type: "server_error", message: "x" } },
      "server-error",
    ],
    [
      "an error event has its status",
      { type: "error", status: 429, error: { code: null, message: "x" } },
      "rate-limited",
    ],
    ["an error event that nobody knows is a bad payload", { type: "error", message: "boom" }, "bad-payload"],
    [
      "failed has its error's class",
      { type: "response.failed", response: { error: { code: "server_error", message: "x" } } },
      "server-error",
    ],
    ["failed without words is a bad payload", { type: "response.failed", response: { error: null } }, "bad-payload"],
    [
      "completed with an error has its class",
      completed([text("x")], { error: { code: "server_error", message: "x" } }),
      "server-error",
    ],
    ["completed that says it failed is a bad payload", completed([text("x")], { status: "failed" }), "bad-payload"],
    ["completed that was cancelled is a cut", completed([text("x")], { status: "cancelled" }), "stream-broken"],
    ["an error object without a type is one", { error: { code: 503, message: "x" } }, "overloaded"],
  ];
  it.each(rows)("%s", (_what, data, expected) => {
    expect(look(data)).toBe(expected);
  });

  it("the event line names what the data leaves out", () => {
    expect(look({ response: {} }, "response.created")).toBe("hold");
    expect(look({ message: "Overloaded" }, "error")).toBe("overloaded");
  });

  it("a whole stream is held up to its first words", () => {
    const judge = lookAtResponses(told());
    const looks = responseEvents({ model: "m" }).map((event) =>
      judge({ event: undefined, data: JSON.stringify(event) }),
    );
    expect(looks.map(said).slice(0, 5)).toEqual(["hold", "hold", "hold", "hold", "commit"]);
  });
});

describe("ResponsesWatch", () => {
  const wanted: readonly [string, string, boolean][] = [
    [
      "a delta passes",
      'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"x"}\n\n',
      false,
    ],
    ["created is looked at", 'event: response.created\ndata: {"type":"response.created"}\n\n', true],
    ["completed is looked at", 'data: {"type":"response.completed"}\n\n', true],
    ["incomplete is looked at", 'data: {"type":"response.incomplete"}\n\n', true],
    ["failed is looked at", 'data: {"type":"response.failed"}\n\n', true],
    ["an error is looked at", 'data: {"type":"error"}\n\n', true],
    ["an error by its event line is looked at", 'event: error\ndata: {"message":"x"}\n\n', true],
  ];
  it.each(wanted)("%s", (_what, run, expected) => {
    expect(new ResponsesWatch().wantsLook(Buffer.from(run))).toBe(expected);
  });

  const open = () => openaiResponses.relay({ wantsUsage: true, eventBytesMax: 10_000, redact: (words) => words });
  const lastWords = (bytes: Uint8Array) => {
    const event = readSse(bytes).events.at(-1);
    return {
      event: event?.event,
      ...(JSON.parse(event?.data ?? "{}") as { sequence_number: number; response: { id?: string } }),
    };
  };
  const events = responseEvents({ model: "m" }).map((event) => sseEvent(event));
  const drained = failure("draining", "The gateway is shutting down.");

  it("its last words take the next number behind every event", () => {
    for (let sent = 1; sent < events.length; sent += 1) {
      const pipe = open();
      for (const event of events.slice(0, sent)) pipe.push(Buffer.from(event));
      expect([sent, lastWords(pipe.fail(drained)).sequence_number]).toEqual([sent, sent]);
    }
  });

  const sequences: readonly [string, readonly string[], number][] = [
    ["nothing has gone out", [], 0],
    ["a comment stands behind the last event", [...events.slice(0, 6), ": keepalive\n\n"], 6],
    ["half an event stands behind the last event", [...events.slice(0, 6), (events[6] as string).slice(0, -2)], 6],
    ["events are glued", [events.slice(0, 6).join("")], 6],
    [
      "numbers are spaced",
      ['data: {"type": "response.output_text.delta", "delta": "x", "sequence_number": 41}\n\n'],
      42,
    ],
    [
      "numbers come before what they number",
      ['data: {"sequence_number":7,"type":"response.output_text.delta","delta":"x"}\n\n'],
      8,
    ],
    ["text speaks of numbers", ['data: {"sequence_number":7,"type":"x","delta":"\\"sequence_number\\":99"}\n\n'], 8],
    ["nothing is numbered", ['data: {"type":"response.output_text.delta","delta":"x"}\n\n'], 0],
  ];
  it.each(sequences)("the number is right when %s", (_when, pieces, expected) => {
    const pipe = open();
    for (const piece of pieces) pipe.push(Buffer.from(piece));
    expect(lastWords(pipe.fail(drained)).sequence_number).toBe(expected);
  });

  it("a completion that failed is an error in the provider's place", () => {
    const failed = completed([text("x")], { status: "failed", error: { code: "server_error", message: "boom" } });
    const pipe = open();
    const out = Buffer.concat(
      [...events.slice(0, 6), sseEvent(failed)].map((event) => pipe.push(Buffer.from(event)) ?? Buffer.alloc(0)),
    );
    expect(out.toString()).not.toContain("response.completed");
    expect(lastWords(out)).toMatchObject({ event: "response.failed", response: { error: { code: "server_error" } } });
  });

  it("an error in place of the provider's takes the number of the one that it replaces", () => {
    const error = sseEvent({ type: "error", code: "server_error", message: "boom", sequence_number: 6 });
    for (const pieces of [[...events.slice(0, 6), error], [[...events.slice(0, 6), error].join("")]]) {
      const pipe = open();
      const out = pieces.map((piece) => pipe.push(Buffer.from(piece)) ?? Buffer.alloc(0));
      expect(lastWords(Buffer.concat(out))).toMatchObject({
        event: "response.failed",
        sequence_number: 6,
        response: { id: "resp_1", object: "response", status: "failed", output: [], error: { code: "server_error" } },
      });
      expect(pipe.told.repairs).toEqual(["error-replaced"]);
    }
  });

  it("names the code of the failure, and says server_error where it has none", () => {
    expect(lastWords(open().fail(drained)).response).toMatchObject({ error: { code: "draining" } });
    expect(lastWords(open().fail(failure("server-error", "x"))).response).toMatchObject({
      error: { code: "server_error" },
    });
  });

  it("tells what an incomplete response ended for", () => {
    const pipe = open();
    const response = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [] };
    const out = pipe.push(Buffer.from(sseEvent({ type: "response.incomplete", response })));
    expect(
      Buffer.from(out ?? [])
        .toString()
        .endsWith("data: [DONE]\n\n"),
    ).toBe(true);
    expect(pipe.told).toMatchObject({ ended: true, finish: "incomplete:max_output_tokens", usage: null });
  });

  it("does not let a terminator pass for the end of an unfinished response", () => {
    const pipe = open();
    const out = [...events.slice(0, 6), "data: [DONE]\n\n"].map(
      (piece) => pipe.push(Buffer.from(piece)) ?? Buffer.alloc(0),
    );
    expect(Buffer.concat(out).toString()).not.toContain("[DONE]");
    expect(pipe.told.failure?.kind).toBe("stream-broken");
  });
});
