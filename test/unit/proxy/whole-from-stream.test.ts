// A stream in the place of a whole answer, in every wire format that has streams: known by its bytes, and folded to what it says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DialectName } from "../../../src/core/names.ts";
import { collect } from "../../../src/dialects/collect.ts";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { DIALECTS } from "../../../src/dialects/index.ts";
import { eventsOfStream, isEmptyAnswer, opensStream } from "../../../src/proxy/whole-from-stream.ts";

const golden = (path: string): Buffer => readFileSync(join(import.meta.dirname, "../../golden", path));

const STREAMS: readonly (readonly [DialectName, string])[] = [
  ["openai-chat", "openai-chat/text.sse"],
  ["openai-responses", "openai-responses/text.sse"],
  ["anthropic-messages", "anthropic-messages/text.sse"],
  ["google-generative", "google-generative/two-calls.sse"],
  ["ollama", "ollama/text.ndjson"],
];

function partsOf(dialect: DialectName) {
  const { egress } = DIALECTS[dialect] ?? {};
  const decoder = egress?.decodeStream?.({ created: 5 });
  if (egress === undefined || decoder === undefined) throw new Error(`${dialect} has no streams`);
  return { framing: FRAMINGS[egress.framing ?? "sse"], decoder, repairs: null };
}

describe("a stream for an answer", () => {
  it.each(STREAMS)("of %s is known and folded", (dialect, file) => {
    const bytes = golden(file);
    const parts = partsOf(dialect);
    expect(opensStream(bytes, parts.framing)).toBe(true);
    const events = eventsOfStream(bytes, parts);
    expect(isEmptyAnswer(events)).toBe(false);
    expect(collect(events).blocks.length).toBeGreaterThan(0);
  });

  it.each(STREAMS)("of %s that was cut is a failure", (dialect, file) => {
    const bytes = golden(file);
    const events = eventsOfStream(bytes.subarray(0, bytes.length / 2), partsOf(dialect));
    expect(events.at(-1)?.type).toBe("failure");
  });

  it.each(["\u{feff}data: {}\n\n", ": comment\n\ndata: {}\n\n", "\n\nevent: x\ndata: {}\n\n", "data:{}\n\n"])(
    "opens with %j",
    (text) => {
      expect(opensStream(Buffer.from(text), FRAMINGS.sse)).toBe(true);
    },
  );
});

describe("a whole answer", () => {
  it.each(["google-generative/two-calls.json", "ollama/text.json"])("%s is none", (file) => {
    for (const framing of Object.values(FRAMINGS)) expect(opensStream(golden(file), framing)).toBe(false);
  });
  it.each(["", "{}", '{\n  "data": 1\n}\n', "<html>", "data"])("%j is none", (text) => {
    for (const framing of Object.values(FRAMINGS)) expect(opensStream(Buffer.from(text), framing)).toBe(false);
  });
});
