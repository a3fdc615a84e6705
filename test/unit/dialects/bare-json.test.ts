// Errors that stand between the events of a stream without their framing: read as events, judged before the commit as what they are, and
// told after it, relayed or translated.
import { describe, expect, it } from "vitest";
import { told } from "../../../src/core/lane.ts";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { DIALECTS } from "../../../src/dialects/index.ts";
import { readEvents } from "../../../src/dialects/sse.ts";
import { TranslatePipe } from "../../../src/dialects/translation.ts";
import { isFailure } from "../../../src/core/failure.ts";

// https://github.com/googleapis/js-genai/blob/main/src/_api_client.ts reads this shape from the middle of a stream.
const GOOGLE = `{
  "error": {
    "code": 503,
    "message": "The model is overloaded. Please try again later.",
    "status": "UNAVAILABLE"
  }
}
`;
// https://github.com/ggml-org/llama.cpp/blob/b3680/examples/server/server.cpp: \`error: \` and an object on one line.
const LLAMA = 'error: {"code":500,"message":"slot is not available","type":"server_error"}\n\n';
const LISTED = '[{"error":{"code":429,"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED"}}]\n\n';
const bytes = (text: string) => Buffer.from(text);

describe("readEvents", () => {
  it.each<[string, string, readonly object[]]>([
    ["an object over several lines", GOOGLE, [{ event: undefined, data: GOOGLE.trim(), bare: true }]],
    ["a list", LISTED, [{ event: undefined, data: LISTED.trim(), bare: true }]],
    ["a field of that name", LLAMA, [{ event: undefined, data: `{"error":${LLAMA.slice(7).trim()}}`, bare: true }]],
    [
      "an object behind an event and a comment",
      `: c\n\ndata: {"a":1}\n\n{"error":{}}\n\n`,
      [
        { event: undefined, data: '{"a":1}' },
        { event: undefined, data: '{"error":{}}', bare: true },
      ],
    ],
    [
      "an object in the next line of an event",
      'event: x\ndata: {"a":1}\n{"error":{}}\n\ndata: 2\n\n',
      [
        { event: "x", data: '{"a":1}' },
        { event: undefined, data: '{"error":{}}', bare: true },
        { event: undefined, data: "2" },
      ],
    ],
    ["an object behind CRLF", '{"error":\r\n{}}\r\n\r\n', [{ event: undefined, data: '{"error":\r\n{}}', bare: true }]],
    ["nothing of a half", '{"error":{"message":"x', []],
    ["nothing of other lines", "[x\n\n{y\n\nerror: z\n\nerror\n\n", []],
    [
      "an event of that name as ever",
      'event: error\ndata: {"error":{}}\n\n',
      [{ event: "error", data: '{"error":{}}' }],
    ],
  ])("reads %s", (_what, text, events) => {
    expect(readEvents(bytes(text))).toEqual(events);
  });
});

const ERRORS = [
  ["Google's", GOOGLE, "overloaded"],
  ["listed", LISTED, "rate-limited"],
  ["llama.cpp's", LLAMA, "server-error"],
] as const;
const SSE = ["openai-chat", "openai-responses", "anthropic-messages", "google-generative"] as const;
const BEFORE = {
  "openai-chat": 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n',
  "openai-responses": 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"a"}\n\n',
  "anthropic-messages": 'event: ping\ndata: {"type":"ping"}\n\n',
  "google-generative": 'data: {"candidates":[{"content":{"parts":[{"text":"a"}]}}]}\n\n',
} as const;

describe.each(SSE)("a stream of %s", (name) => {
  it.each(ERRORS)("%s error before the commit is judged as what it is", (_whose, text, kind) => {
    const look = DIALECTS[name].egress?.look?.(told());
    const event = readEvents(bytes(text))[0];
    expect(event && look?.(event)).toMatchObject({ kind });
  });

  it.each(ERRORS)("%s error after the commit ends a translated stream truthfully", (_whose, text, kind) => {
    const decoder = DIALECTS[name].egress?.decodeStream?.({ created: 0 });
    if (decoder === undefined) throw new Error("no streams");
    const encoder = { push: () => "", fail: () => "failed" };
    const pipe = new TranslatePipe({
      framing: FRAMINGS.sse,
      eventBytesMax: 9999,
      answerBytesMax: 1 << 26,
      decoder,
      encoder,
      redact: (words) => words,
    });
    pipe.push(bytes(BEFORE[name]));
    // Most of them write no blank line behind it.
    const last = pipe.push(bytes(text)) ?? pipe.end();
    expect(isFailure(last) ? last : Buffer.from(last ?? []).toString()).toBe("failed");
    expect(pipe.told).toMatchObject({ ended: true, failure: { kind } });
  });
});

describe.each(SSE.slice(0, 3))("a relayed stream of %s", (name) => {
  it.each(ERRORS)(
    "%s error after the commit is said in the dialect's own words, never passed on bare",
    (_whose, text, kind) => {
      const relay = DIALECTS[name].relay?.({ wantsUsage: true, eventBytesMax: 9999, redact: (words) => words });
      if (relay === undefined) throw new Error("no relay");
      expect(Buffer.from(relay.push(bytes(BEFORE[name])) ?? []).toString()).toBe(BEFORE[name]);
      const last = relay.push(bytes(text)) ?? relay.end();
      const said = isFailure(last) ? "" : Buffer.from(last ?? []).toString();
      expect(said).toContain("error");
      expect(said).toMatch(/^(?:event: [\w.]+\n)?data: /);
      expect(relay.told).toMatchObject({ ended: true, failure: { kind }, repairs: ["error-replaced"] });
    },
  );
});

describe("Ollama's lines", () => {
  // https://github.com/ollama/ollama/blob/main/docs/api.md, errors while streaming: a line with `error`.
  it("say errors in a line of their own", () => {
    const line = {
      event: undefined,
      data: '{"error":"an error was encountered while running the model: CUDA out of memory"}',
    };
    expect(DIALECTS.ollama.egress?.look?.(told())(line)).toHaveProperty("kind");
    const decoder = DIALECTS.ollama.egress?.decodeStream?.({ created: 0 });
    expect(decoder?.push(line)).toMatchObject([{ type: "failure" }]);
    expect(told().ended).toBe(false);
  });
});
