// The one suite that every dialect passes: the laws, over answers that fast-check makes, in the true bytes of each provider and in the
// published shapes of each client. Exceptions stand in a table with their reason.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DISPOSITION, failure, type FailureKind } from "../../src/core/failure.ts";
import { collect } from "../../src/dialects/collect.ts";
import type { ChatEvent } from "../../src/dialects/vocabulary.ts";
import { chatStreamFaults } from "../support/published/openai-chat.ts";
import { bytewise, cutAt } from "../support/rechunk.ts";
import { brokenRules } from "../unit/dialects/decoding.ts";
import * as arbitrary from "./arbitraries.ts";
import {
  bodyOf,
  CONTEXT,
  dialect,
  EGRESSES,
  INGRESSES,
  pipeBetween,
  piped,
  streamEvents,
  wholeEvents,
  writtenStream,
  writtenWhole,
} from "./dialect.case.ts";

const RUNS = { numRuns: 60 };
const egresses = EGRESSES.map((each) => [each.name, each] as const);
const ingresses = INGRESSES.map((each) => [each.name, each] as const);
const pairs = EGRESSES.flatMap((from) => INGRESSES.map((to) => [from.name, to.name, from, to] as const));
const spoken = ingresses.map(([name, each]) => [name, each, EGRESSES.find((from) => from.name === name)] as const);

/** What an answer amounts to: blocks with their words and proofs, usage, ending. Ids of calls that a wire does not have are made up. */
function gist(events: readonly ChatEvent[]): object {
  const { blocks, usage, finish } = collect(events);
  const told = blocks
    .filter(({ text, notes }) => text !== "" || notes.length > 0)
    .map(({ kind, name, text }) => ({ kind, name, text: kind === "tool-call" ? (JSON.parse(text) as object) : text }));
  return { told, usage, finish };
}

/** TABLE: what a dialect cannot tell apart. */
const JOINED: Readonly<Record<string, readonly string[]>> = {
  // A chat message has one text, one thought and one refusal, whatever came between.
  "openai-chat": ["text", "reasoning", "refusal"],
  // The API has no word for a refusal, and texts that follow each other are one: citing splits them.
  "anthropic-messages": ["text", "refusal"],
  "openai-responses": [],
};
/** TABLE: endings that a dialect says otherwise. */
const ENDINGS: Readonly<Record<string, (events: readonly ChatEvent[]) => string | undefined>> = {
  // Who has only refused has refused.
  "anthropic-messages": (events) => {
    const { blocks, finish } = collect(events);
    return finish === "stop" && blocks.some(({ kind }) => kind === "refusal") ? "content-filter" : undefined;
  },
};

/** Words by kind. */
function words(events: readonly ChatEvent[], name: string): object {
  const { blocks } = collect(events);
  const of = (...kinds: readonly string[]) => blocks.filter(({ kind, text }) => kinds.includes(kind) && text !== "");
  const texts = (...kinds: readonly string[]) => {
    const told = of(...kinds).map(({ text }) => text);
    return JOINED[name]?.includes(kinds[0] ?? "") === true ? told.join("") : told;
  };
  const calls = of("tool-call").map(({ name: called, text }) => ({ called, args: JSON.parse(text) as object }));
  // Ids may be written otherwise, where an API does not take them; they stay apart.
  const ids = of("tool-call").map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const isAnthropic = name === "anthropic-messages";
  const shown = isAnthropic ? [texts("text", "refusal")] : [texts("text"), texts("refusal")];
  return { calls, shown, thoughts: texts("reasoning") };
}

describe("law 1, any cut is the same", () => {
  it.each(egresses)("%s: a stream cut anywhere, and byte by byte, is read the same", (_name, from) => {
    const check = (said: Parameters<typeof bodyOf>[1], offsets: readonly number[]): void => {
      const bytes = bodyOf(from, said, true);
      const uncut = streamEvents(from, [bytes]);
      expect(streamEvents(from, cutAt(bytes, offsets))).toEqual(uncut);
      expect(streamEvents(from, bytewise(bytes))).toEqual(uncut);
    };
    fc.assert(fc.property(arbitrary.said, arbitrary.cuts, check), RUNS);
  });
});

describe("law 2, streamed equals unary", () => {
  it.each(egresses)("%s: a provider's stream and its whole answer say the same", (_name, from) => {
    const check = (said: Parameters<typeof bodyOf>[1]): void => {
      const streamed = streamEvents(from, [bodyOf(from, said, true)]);
      const whole = wholeEvents(from, bodyOf(from, said, false));
      expect([brokenRules(streamed), brokenRules(whole)]).toEqual([[], []]);
      expect(gist(whole)).toEqual(gist(streamed));
      const { told } = gist(whole) as { told: { kind: string; text: unknown }[] };
      const words = told.filter(({ kind }) => kind === "text").map(({ text }) => text);
      expect(words.join("")).toBe(said.texts?.join("") ?? "");
      expect(told.filter(({ kind }) => kind === "tool-call").map(({ text }) => text)).toEqual(
        (said.calls ?? []).map(({ args }) => args),
      );
    };
    fc.assert(fc.property(arbitrary.said, check), RUNS);
  });

  it.each(spoken)("%s: what a client reads of a stream is what it reads of the whole answer", (name, to, from) => {
    if (from === undefined) throw new Error("every client's dialect is some provider's");
    const check = (events: ChatEvent[]): void => {
      const streamed = streamEvents(from, [Buffer.from(writtenStream(to, events))]);
      const whole = wholeEvents(from, Buffer.from(JSON.stringify(writtenWhole(to, events))));
      const { usage, finish } = collect(streamed);
      expect(collect(whole)).toMatchObject({ usage, finish });
      expect(words(whole, name)).toEqual(words(streamed, name));
    };
    fc.assert(fc.property(arbitrary.answer, check), { numRuns: 150 });
  });
});

describe("law 3, there and back", () => {
  it.each(spoken)("%s: an answer that is written and read again says the same", (name, to, from) => {
    if (from === undefined) throw new Error("every client's dialect is some provider's");
    const check = (events: ChatEvent[]): void => {
      const back = streamEvents(from, [Buffer.from(writtenStream(to, events))]);
      expect(brokenRules(back)).toEqual([]);
      expect(words(back, name)).toEqual(words(events, name));
      expect(collect(back).finish).toBe(ENDINGS[name]?.(events) ?? collect(events).finish);
    };
    fc.assert(fc.property(arbitrary.answer, check), { numRuns: 150 });
  });
});

describe("law 4, relay is the identity", () => {
  it.each(spoken)("%s: a conforming stream comes out as it went in, wherever it is cut", (name, _to, from) => {
    const { relay } = dialect(name);
    if (from === undefined || relay === undefined) throw new Error("clients' dialects are relayed");
    const end = name === "openai-responses" ? "data: [DONE]\n\n" : "";
    const check = (said: Parameters<typeof bodyOf>[1], offsets: readonly number[]): void => {
      const bytes = bodyOf(from, said, true);
      const open = () => relay({ wantsUsage: true, eventBytesMax: 1 << 20, redact: (text) => text });
      for (const pieces of [[bytes], cutAt(bytes, offsets), bytewise(bytes)]) {
        expect(piped(open(), pieces)).toBe(bytes.toString("utf8") + end);
      }
    };
    fc.assert(fc.property(arbitrary.said, arbitrary.cuts, check), RUNS);
  });
});

describe("law 5, one ending", () => {
  it.each(pairs)(
    "%s for a client of %s: wherever a stream breaks, it ends once and in shape",
    (_from, _to, from, to) => {
      const check = (said: Parameters<typeof bodyOf>[1], at: number): void => {
        const bytes = bodyOf(from, said, true);
        const cut = bytes.subarray(0, at % (bytes.length + 1));
        const events = streamEvents(from, [cut]);
        expect(brokenRules(events)).toEqual([]);
        const { faults, hasFailed } = to.judges.stream(piped(pipeBetween(from, to), [cut]));
        expect([faults, hasFailed]).toEqual([[], events.at(-1)?.type === "failure"]);
      };
      fc.assert(fc.property(arbitrary.said, fc.nat(4_000), check), { numRuns: 80 });
    },
  );

  it.each(pairs)("%s for a client of %s: a whole stream ends well", (_from, _to, from, to) => {
    const check = (said: Parameters<typeof bodyOf>[1], offsets: readonly number[]): void => {
      const text = piped(pipeBetween(from, to), cutAt(bodyOf(from, said, true), offsets));
      expect(to.judges.stream(text)).toEqual({ faults: [], hasFailed: false });
    };
    fc.assert(fc.property(arbitrary.said, arbitrary.cuts, check), RUNS);
  });
});

describe("law 7, every kind has a voice", () => {
  const kinds = Object.keys(DISPOSITION) as FailureKind[];
  it.each(ingresses)("%s: before the commit and after it", (_name, to) => {
    for (const kind of kinds) {
      const broken = failure(kind, "Something broke.");
      expect([kind, to.judges.error(JSON.parse(JSON.stringify(to.ingress.encodeFailure(broken))))]).toEqual([kind, []]);
      const begun = to.ingress.encodeStream(CONTEXT);
      const start = [
        begun.push({ type: "answer-start", id: "a", model: "m", created: 1 }),
        begun.push({ type: "block-start", block: 0, kind: "text" }),
        begun.push({ type: "block-delta", block: 0, text: "Hel" }),
      ].join("");
      expect([kind, to.judges.stream(start + begun.fail(broken))]).toEqual([kind, { faults: [], hasFailed: true }]);
      const fresh = to.ingress.encodeStream(CONTEXT);
      expect([kind, to.judges.stream(fresh.fail(broken))]).toEqual([kind, { faults: [], hasFailed: true }]);
    }
  });
});

describe("law 8, everything ends", () => {
  it.each(pairs)(
    "%s for a client of %s: whatever a provider sends, the client hears one ending",
    (_f, _t, from, to) => {
      const line = fc.oneof(
        fc.constantFrom(
          "data: [DONE]",
          "data: {}",
          "data: []",
          "data: {",
          ": ping",
          "event: error",
          "",
          "{}",
          '{"error":"x"}',
        ),
        fc.jsonValue({ maxDepth: 3 }).map((value) => `data: ${JSON.stringify(value)}`),
        arbitrary.said.map((said) => bodyOf(from, said, true).toString("utf8")),
      );
      const check = (lines: readonly string[], offsets: readonly number[]): void => {
        const bytes = Buffer.from(lines.join("\n\n"));
        const text = piped(pipeBetween(from, to), cutAt(bytes, offsets));
        expect(to.judges.stream(text).faults).toEqual([]);
      };
      fc.assert(fc.property(fc.array(line, { maxLength: 4 }), arbitrary.cuts, check), { numRuns: 80 });
    },
  );
});

describe("the published shape", () => {
  it.each(ingresses)("%s: of everything that is written, streamed and whole", (_name, to) => {
    const check = (events: ChatEvent[]): void => {
      expect(to.judges.stream(writtenStream(to, events))).toEqual({ faults: [], hasFailed: false });
      expect(to.judges.whole(writtenWhole(to, events))).toEqual([]);
    };
    fc.assert(fc.property(arbitrary.answer, check), { numRuns: 300 });
  });

  it("is guarded: the judges know a stray event, a second name of a call, a missing role", () => {
    const good = writtenStream(INGRESSES[0] as (typeof INGRESSES)[number], [
      { type: "answer-start", id: "a", model: "m", created: 1 },
      { type: "block-start", block: 0, kind: "tool-call", id: "c", name: "f" },
      { type: "block-end", block: 0 },
      { type: "answer-end", finish: "tool-calls" },
    ]);
    expect(chatStreamFaults(good).faults).toEqual([]);
    expect(chatStreamFaults(good.replace('"role":"assistant",', "")).faults).not.toEqual([]);
    expect(chatStreamFaults(good.replace('"arguments":"{}"', '"name":"f","arguments":"{}"')).faults).not.toEqual([]);
    expect(chatStreamFaults(good.replace("data: [DONE]\n\n", "")).faults).not.toEqual([]);
  });
});
