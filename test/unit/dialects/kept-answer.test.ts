// A translated stream leaves something behind with every event: a call until its end, a Response as a whole. A provider that never stops
// would fill our memory with it, so it has the bound of whole answers.
import { describe, expect, it } from "vitest";
import type { DialectName } from "../../../src/core/names.ts";
import { responsePipe } from "./response-pipe.ts";

const BYTES_MAX = 20_000;
const delta = (choice: object): object => ({
  id: "c",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: choice }],
});
const words = (text: string): object => delta({ content: text });
const ended = { ...delta({}), choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };

/** Events of a stream without end, by their number. */
const ENDLESS: readonly (readonly [what: string, DialectName, (number: number) => object])[] = [
  ["words", "openai-chat", () => words("w".repeat(100))],
  // A text of 64 MiB that came letter by letter took 2 GB of memory, since each join is kept until the text is read.
  ["letters", "openai-chat", () => words("w")],
  [
    "calls",
    "openai-chat",
    (number) => delta({ tool_calls: [{ index: number, id: `call_${number}`, function: { name: "f" } }] }),
  ],
  [
    "arguments of one call",
    "openai-chat",
    (number) =>
      delta({
        tool_calls: [
          { index: 0, id: "call_0", function: { name: number === 0 ? "f" : undefined, arguments: "1".repeat(100) } },
        ],
      }),
  ],
  [
    "thoughts with proofs",
    "openai-chat",
    (number) =>
      delta({ reasoning_details: [{ type: "reasoning.text", text: "hm", signature: `${number}`.repeat(30) }] }),
  ],
  [
    "sources",
    "openai-chat",
    (number) =>
      delta({
        content: "",
        annotations: [
          {
            type: "url_citation",
            url_citation: { url: `https://a.test/${number}`, title: "t".repeat(100), start_index: 0, end_index: 0 },
          },
        ],
      }),
  ],
  [
    "blocks of Anthropic's",
    "anthropic-messages",
    (number) => ({ type: "content_block_start", index: number, content_block: { type: "text", text: "" } }),
  ],
];

const wire = (payload: object): Buffer => Buffer.from(`data: ${JSON.stringify(payload)}\n\n`);

describe("what is kept of a translated stream", () => {
  it.each(ENDLESS)("is bounded where %s never end", (_what, name, next) => {
    const pipe = responsePipe(name, BYTES_MAX);
    let last: Uint8Array | null = null;
    let number = 0;
    for (; !pipe.told.ended && number < 1000; number += 1) last = pipe.push(wire(next(number))) ?? last;
    expect(pipe.told).toMatchObject({
      ended: true,
      failure: { detail: expect.stringMatching(/larger than the bound/) },
    });
    expect(number).toBeGreaterThan(10);
    expect(Buffer.from(last ?? []).toString()).toContain('"type":"response.failed"');
    expect(pipe.push(wire(ended))).toBeNull();
  });

  it("is the words, not the bytes that brought them: a long answer of small pieces is complete", () => {
    const pipe = responsePipe("openai-chat", BYTES_MAX);
    let bytes = 0;
    for (let number = 0; number < 500; number += 1) {
      const event = wire(words("w"));
      bytes += event.length;
      pipe.push(event);
    }
    expect(bytes).toBeGreaterThan(2 * BYTES_MAX);
    pipe.push(wire(ended));
    expect(pipe.end()).not.toHaveProperty("kind");
    expect(pipe.told).toMatchObject({ ended: true, failure: null, finish: "stop" });
  });
});
