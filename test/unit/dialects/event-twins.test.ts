// Events known by an earlier one: only those that say the same but for their texts, and nothing that somebody would have to read.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventMemory, EventTwins } from "../../../src/dialects/event-twins.ts";

const event = (data: unknown): Buffer =>
  Buffer.from(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
const chunk = (content: string, more: object = {}) => ({
  id: "c1",
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta: { content }, finish_reason: null }],
  ...more,
});

function knowing(sample: Buffer): EventTwins {
  const twins = new EventTwins();
  twins.learn(sample);
  return twins;
}

describe("behind a plain event", () => {
  const sample = event(chunk("Hel", { usage: null, obfuscation: "xyz" }));
  const twin = event(chunk("lo", { usage: null, obfuscation: "" }));

  it.each<[string, Buffer]>([
    ["the same one", sample],
    ["another text", twin],
    ["no text", event(chunk("", { usage: null, obfuscation: "a" }))],
    [
      "a text with escapes, and words that other events have as keys",
      event(chunk('a "quote", a \\, {"error":1}, [DONE]\n\n', { usage: null, obfuscation: "" })),
    ],
    ["a text of many bytes a character", event(chunk("héllo 👋 日本", { usage: null, obfuscation: "b" }))],
    ["several in one run", Buffer.concat([twin, sample, twin])],
  ])("%s is known", (_what, run) => {
    expect(knowing(sample).knows(run)).toBe(true);
  });

  it.each<[string, Buffer]>([
    [
      "a reason for ending",
      event(JSON.stringify(chunk("x", { usage: null, obfuscation: "" })).replace("null}", '"stop"}')),
    ],
    ["another object", event(chunk("x", { object: "error", usage: null, obfuscation: "" }))],
    ["usage", event(chunk("x", { usage: { prompt_tokens: 1 }, obfuscation: "" }))],
    [
      "another choice",
      event(JSON.stringify(chunk("x", { usage: null, obfuscation: "" })).replace('"index":0', '"index":1')),
    ],
    ["a field more", event(chunk("x", { usage: null, obfuscation: "", error: null }))],
    ["a field less", event(chunk("x", { usage: null }))],
    ["a text that is none", event(JSON.stringify(chunk("x", { usage: null, obfuscation: "" })).replace('"x"', "null"))],
    ["the terminator", event("[DONE]")],
    ["an event with a name", Buffer.concat([Buffer.from("event: error\n"), twin])],
    ["lines that end otherwise", Buffer.from(twin.toString().replace("\n\n", "\r\n\r\n"))],
    ["a line end in the text", Buffer.from(twin.toString().replace("lo", "l\no"))],
    ["an escape before a line end", Buffer.from(twin.toString().replace("lo", "l\\\no"))],
    ["a string that does not end", Buffer.from(twin.toString().replace('lo"', 'lo\\"'))],
    ["half of one", twin.subarray(0, twin.length - 5)],
    ["one, and something behind it", Buffer.concat([twin, event("[DONE]")])],
    ["something, and one behind it", Buffer.concat([Buffer.from(": ping\n\n"), twin])],
  ])("%s is not", (_what, run) => {
    expect(knowing(sample).knows(run)).toBe(false);
  });

  it.each<[string, Buffer]>([
    ["a run of several", Buffer.concat([sample, sample])],
    ["one without a text", event({ choices: [] })],
    ["one whose text does not end", Buffer.from('data: {"content":"x\n\n')],
    ["a long one", event(chunk("x".repeat(5_000)))],
  ])("%s is no sample", (_what, run) => {
    expect(knowing(run).knows(run)).toBe(false);
  });
});

it("a stream whose events differ elsewhere is not asked for samples for ever, and one that has twins is", () => {
  const twins = new EventTwins();
  const numbered = (seq: number) => event(chunk("x", { seq }));
  for (let seq = 0; seq < 9; seq += 1) twins.learn(numbered(seq));
  expect(twins.knows(numbered(8))).toBe(false);
  const patient = new EventTwins();
  for (let seq = 0; seq < 30; seq += 1) {
    patient.learn(numbered(seq));
    expect(patient.knows(numbered(seq))).toBe(true);
  }
});

describe("numbers that count streams or events", () => {
  it.each<[string, object, object, boolean]>([
    ["the second of the stream's begin", { created: 1_700_000_000 }, { created: 1_800_000_001 }, true],
    ["one of another length", { created: 9 }, { created: 10 }, true],
    ["the number of the event", { sequence_number: 4 }, { sequence_number: 12 }, true],
    [
      "both, and a text behind",
      { created: 1, sequence_number: 2, x: "a" },
      { created: 3, sequence_number: 4, x: "" },
      true,
    ],
    ["a fraction", { created: 1 }, { created: 1.5 }, false],
    ["less than nothing", { created: 1 }, { created: -1 }, false],
    ["a text", { created: 1 }, { created: "1" }, false],
    ["none", { created: 1 }, { created: null }, false],
    ["another number", { seq: 1 }, { seq: 2 }, false],
    ["one that says which choice it is", { sequence_number: 1, index: 0 }, { sequence_number: 1, index: 1 }, false],
  ])("%s: %j, then %j is known: %j", (_what, first, then, known) => {
    expect(knowing(event(chunk("Hel", first))).knows(event(chunk("lo", then)))).toBe(known);
  });
});

describe("streams with one memory", () => {
  const first = event(chunk("Hello", { created: 1 }));
  const later = event(chunk("there", { created: 2 }));

  it("know from their first event on what another one has learned", () => {
    const memory = new EventMemory();
    new EventTwins(memory).learn(first);
    expect(new EventTwins(memory).knows(later)).toBe(true);
    expect(new EventTwins(memory).knows(event(chunk("x", { created: 2, usage: {} })))).toBe(false);
    expect(new EventTwins().knows(later)).toBe(false);
  });

  it("keep nobody's words", () => {
    const memory = new EventMemory();
    new EventTwins(memory).learn(event(chunk("a secret word")));
    expect(memory.find(event(chunk("")))?.bytes.toString()).not.toMatch(/secret|c1/);
  });

  it("forget the oldest of seventeen kinds", () => {
    const memory = new EventMemory();
    const kinds = Array.from({ length: 17 }, (_, seq) => event(chunk("x", { seq })));
    for (const kind of kinds) new EventTwins(memory).learn(kind);
    expect(kinds.map((kind) => memory.find(kind) !== null)).toEqual([false, ...Array(16).fill(true)]);
  });

  it("are not asked about long events, each of which would be walked through for every sample, and again with the next", () => {
    const memory = new EventMemory();
    const twins = new EventTwins(memory);
    const long = event(chunk("x".repeat(4_096), { created: 3 }));
    new EventTwins(memory).learn(first);
    expect(twins.knows(long)).toBe(false);
    twins.learn(long);
    expect(twins.knows(long)).toBe(false);
    expect(twins.knows(later)).toBe(true);
    expect(twins.knows(long)).toBe(true);
  });

  it("take what another one has learned meanwhile", () => {
    const memory = new EventMemory();
    const twins = new EventTwins(memory);
    twins.learn(event(chunk("x", { seq: 1 })));
    new EventTwins(memory).learn(event(chunk("x", { seq: 2 })));
    expect(twins.knows(event(chunk("y", { seq: 2 })))).toBe(false);
    twins.learn(event(chunk("y", { seq: 2 })));
    expect(twins.knows(event(chunk("z", { seq: 2 })))).toBe(true);
  });
});

describe("the kind of a run", () => {
  const one = event(chunk("a", { seq: 1 }));
  const alike = event(chunk("b", { seq: 1 }));
  const other = event(chunk("c", { seq: 2 }));
  const long = event(chunk("x".repeat(5_000), { seq: 3 }));

  function asked(twins: EventTwins, run: Buffer): object | null {
    if (!twins.knows(run)) twins.learn(run);
    return twins.kind;
  }

  it("is the same for all that are alike, and another one for others", () => {
    const twins = new EventTwins();
    const kind = asked(twins, one);
    expect(kind).not.toBeNull();
    expect([asked(twins, alike), asked(twins, Buffer.concat([one, alike]))]).toEqual([kind, kind]);
    expect(asked(twins, alike)).toBe(kind);
    expect(asked(twins, other)).not.toBe(kind);
  });

  it("is the same for all streams with one memory", () => {
    const memory = new EventMemory();
    expect(asked(new EventTwins(memory), one)).toBe(asked(new EventTwins(memory), alike));
  });

  it.each([
    ["that is too long to be remembered", long],
    ["of events of two kinds", Buffer.concat([one, other])],
  ])("is nothing for a run %s, whatever was known before", (_what, run) => {
    const twins = new EventTwins();
    asked(twins, one);
    expect(asked(twins, run)).toBeNull();
    twins.knows(run);
    expect(twins.kind).toBeNull();
  });
});

describe("a run of any length", () => {
  const sample = event(chunk("Hel", { usage: null }));
  const twin = event(chunk("lo, and more", { usage: null }));
  const many = Buffer.concat(Array.from({ length: 900 }, () => twin));

  it.each([
    ["a short one", twin],
    ["one that is copied", many.subarray(0, twin.length * 100)],
    ["one that is too long for that", many],
  ])("%s is known, and is not when one of its bytes is another one", (_what, run) => {
    const twins = knowing(sample);
    expect(twins.knows(run)).toBe(true);
    // Behind a longer run, whose bytes lie there still.
    twins.knows(many.subarray(0, twin.length * 200));
    expect(twins.knows(run)).toBe(true);
    expect(twins.knows(run.subarray(0, run.length - 1))).toBe(false);
    for (let back = 1; back < 40; back += 1) {
      const other = Buffer.from(run);
      other[run.length - back] = 0x07;
      expect(twins.knows(other)).toBe(false);
    }
  });
});

describe("the end of a text", () => {
  it.each(['"', "\n", "\u0000", "\u001f"])("is found wherever it stands: %j", (end) => {
    for (const letters of ["a", "~\u007f", "é", "日", "\u0021\u0023[]"]) {
      for (let length = 0; length < 20; length += 1) {
        const text = letters.repeat(length);
        const known = knowing(event(chunk("x"))).knows(
          event(
            `{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${text}${end}},"finish_reason":null}]}`,
          ),
        );
        expect(known).toBe(end === '"');
        const escaped = event(
          `{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${text}\\"${text}\\\\"},"finish_reason":null}]}`,
        );
        expect(knowing(event(chunk("x"))).knows(escaped)).toBe(true);
      }
    }
  });
});

describe("whatever events are", () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom('"', "\\", '\\"', "\n\n", "[DONE]"),
  );
  const tree = fc.record({
    object: fc.constantFrom("chat.completion.chunk", "error"),
    content: fc.oneof(text, fc.constant(null)),
    finish_reason: fc.constantFrom(null, "stop", "error"),
    deep: fc.record({ reasoning: text, usage: fc.constantFrom(null, {}) }),
  });
  const bare = (value: unknown): unknown => {
    const { object, content, finish_reason, deep } = value as Record<string, Record<string, unknown>>;
    return [object, typeof content, finish_reason, deep?.["usage"]];
  };

  it("those that are known differ in texts, and in no other way", () => {
    fc.assert(
      fc.property(tree, tree, (one, other) => {
        expect(knowing(event(one)).knows(event(other))).toBe(JSON.stringify(bare(one)) === JSON.stringify(bare(other)));
      }),
      { numRuns: 1_000 },
    );
  });

  // What stands behind a backslash is the provider's: nobody has ever read it in an event that is passed on.
  it("bytes that were changed are known only as JSON with the same keys", () => {
    const sample = event(chunk("Hello", { usage: null }));
    const shape = (bytes: Buffer): string =>
      JSON.stringify(JSON.parse(bytes.toString("latin1").slice(6).replaceAll(/\\./g, "")), (key, value: unknown) =>
        typeof value === "string" && key !== "object" ? "" : value,
      );
    const twins = knowing(sample);
    const change = fc.tuple(fc.nat(sample.length - 1), fc.constantFrom(...'"\\{}[]:,\n\r x1é'));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Buffer.from(sample);
        for (const [at, by] of changes) bytes.write(by, at, "latin1");
        fc.pre(twins.knows(bytes));
        expect(shape(bytes)).toBe(shape(sample));
      }),
      { numRuns: 3_000 },
    );
  });
});
