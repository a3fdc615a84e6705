import { describe, expect, it } from "vitest";
import { failure } from "../../../../src/core/failure.ts";
import { encodeResponsesStream } from "../../../../src/dialects/openai-responses/encode-stream.ts";
import { block, CONTEXT, SAMPLES, START, USAGE } from "../answer-samples.ts";
import { dataOf, golden, written } from "../golden.ts";

interface Event {
  readonly type: string;
  readonly sequence_number: number;
  readonly item_id?: string;
  readonly output_index?: number;
  readonly item?: { readonly id: string };
  readonly response?: Readonly<Record<string, unknown>> & { readonly output: readonly { readonly id: string }[] };
}

const broken = failure("stream-broken", "The connection to the provider broke.");

function eventsOf(stream: string): Event[] {
  return dataOf(stream).filter((data) => data !== "[DONE]") as Event[];
}

describe("encodeResponsesStream", () => {
  it.each(SAMPLES)("writes %s as reviewed, byte by byte", (name, events) => {
    expect(written(encodeResponsesStream(CONTEXT), events)).toBe(golden("openai-responses", name));
  });

  it.each(SAMPLES)("keeps to the rules of the wire with %s", (_name, events) => {
    const stream = written(encodeResponsesStream(CONTEXT), events);
    const told = eventsOf(stream);
    expect(told.map((event) => event.sequence_number)).toEqual(told.map((_event, index) => index));
    const named = stream.split("\n\n").slice(0, -2);
    expect(named.map((event) => /^event: (\S+)\ndata: [^\n\r]+$/.exec(event)?.[1])).toEqual(
      told.map(({ type }) => type),
    );
    const ids = new Map<number, string>();
    for (const event of told) {
      if (event.type === "response.output_item.added") ids.set(event.output_index ?? -1, event.item?.id ?? "");
      if (event.item_id !== undefined) expect(event.item_id).toBe(ids.get(event.output_index ?? -1));
      if (event.type === "response.output_item.done") expect(event.item?.id).toBe(ids.get(event.output_index ?? -1));
    }
    expect(told.at(-1)?.response?.output.map(({ id }) => id)).toEqual([...ids.values()]);
    expect(stream.endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
  });

  it("ends the last item only when it is known whether a limit has cut it", () => {
    const encoder = encodeResponsesStream(CONTEXT);
    const early = written(encoder, [START, ...block(0, "text", "Hel"), USAGE]);
    expect(early).not.toContain("output_item.done");
    expect(encoder.push({ type: "answer-end", finish: "length" })).toContain('"status":"incomplete"');
  });

  it("repeats the settings of the request", () => {
    const request = {
      temperature: 0.2,
      tools: [{ type: "function", name: "f" }],
      instructions: "Be brief.",
      input: "hi",
    };
    const [created] = eventsOf(encodeResponsesStream({ ...CONTEXT, request }).push(START));
    expect(created?.response).toMatchObject({
      temperature: 0.2,
      tools: request.tools,
      instructions: "Be brief.",
      top_p: 1,
    });
    expect(created?.response).not.toHaveProperty("input");
  });

  it("carries annotations and encrypted reasoning of its own dialect only", () => {
    const annotation = { type: "url_citation", url: "https://example.com" };
    const stream = written(encodeResponsesStream(CONTEXT), [
      START,
      { type: "block-start", block: 0, kind: "reasoning" },
      { type: "block-note", block: 0, note: { origin: "openai-responses", encrypted: "xyz" } },
      { type: "block-note", block: 0, note: { origin: "anthropic-messages", signature: "abc", encrypted: "no" } },
      { type: "block-end", block: 0 },
      { type: "block-start", block: 1, kind: "text" },
      { type: "block-delta", block: 1, text: "a" },
      { type: "block-note", block: 1, note: { origin: "openai-responses", annotation } },
      { type: "block-note", block: 1, note: { origin: "openai-chat", annotation } },
      { type: "block-end", block: 1 },
      { type: "answer-end", finish: "stop" },
    ]);
    const told = eventsOf(stream);
    expect(told.filter(({ type }) => type === "response.output_text.annotation.added")).toEqual([
      expect.objectContaining({ item_id: "msg_oce1_1f_1", content_index: 0, annotation_index: 0, annotation }),
    ]);
    expect(told.at(-1)?.response?.output).toMatchObject([
      { type: "reasoning", summary: [], encrypted_content: "xyz" },
      { content: [{ annotations: [annotation] }] },
    ]);
  });

  it("says a failure as response.failed, numbered on, without completion or terminator", () => {
    const encoder = encodeResponsesStream(CONTEXT);
    const before = eventsOf(written(encoder, [START, ...block(0, "text", "Hel").slice(0, 2)]));
    const [failed, ...rest] = eventsOf(encoder.fail(broken));
    expect(rest).toEqual([]);
    expect(failed).toMatchObject({
      type: "response.failed",
      sequence_number: before.length,
      response: {
        id: "resp_1f",
        status: "failed",
        error: { code: "upstream_reset", message: "The connection to the provider broke." },
        output: [],
      },
    });
  });

  it("creates the response that fails before it was created, as SDKs need one", () => {
    const types = eventsOf(encodeResponsesStream(CONTEXT).fail(broken)).map(({ type }) => type);
    expect(types).toEqual(["response.created", "response.in_progress", "response.failed"]);
  });

  it("names a failure without a code server_error", () => {
    const [, , failed] = eventsOf(encodeResponsesStream(CONTEXT).fail(failure("server-error", "It broke.")));
    expect(failed?.response?.["error"]).toEqual({ code: "server_error", message: "It broke." });
  });

  it.each([
    ["an end", { type: "answer-end", finish: "stop" }],
    ["a failure", { type: "failure", failure: broken }],
  ] as const)("is silent after %s", (_what, last) => {
    const encoder = encodeResponsesStream(CONTEXT);
    written(encoder, [START, last]);
    expect(encoder.push({ type: "answer-end", finish: "stop" }) + encoder.fail(broken)).toBe("");
  });
});
