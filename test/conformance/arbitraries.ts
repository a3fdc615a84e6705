// Answers as fast-check makes them: what a provider may say in its own bytes, and what a decoder may say in the common words, blocks by
// turns and notes of every author included.
import * as fc from "fast-check";
import type { JsonObject } from "../../src/core/json.ts";
import { given } from "../../src/dialects/given.ts";
import type { BlockNote } from "../../src/dialects/collect.ts";
import type { BlockKind, ChatEvent, Finish } from "../../src/dialects/vocabulary.ts";
import type { Said } from "../matrix/wire.ts";

/** Text that trips readers of lines and of bytes: characters of four bytes, ends of lines, words of the protocol. */
const AWKWARD = [
  "🦞",
  "ß",
  "\n",
  "\r\n",
  "\n\n",
  "data: [DONE]",
  '"',
  "\\",
  "event: x",
  "\u2028",
  "<think>",
  "{}",
  " ",
];
const piece = fc.oneof(fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }), fc.constantFrom(...AWKWARD));
const name = fc.stringMatching(/^[a-z_]{1,12}$/);
/** Ids of calls as providers make them (OpenAI, Anthropic, Kimi, vLLM, Codex's backend), made to differ within an answer. */
const ID_FORMS = [
  (at: number) => `call_${at}`,
  (at: number) => `toolu_01A${at}`,
  (at: number) => `functions.search:${at}`,
  (at: number) => `chatcmpl-tool-${at}${"9f".repeat(16)}`,
  (at: number) => `call_${at}|fc_${"0a".repeat(30)}`,
] as const;
const idForm = fc.constantFrom(...ID_FORMS);
const args = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), piece, { maxKeys: 3 });

/** What a provider says. Something is said always: an answer of nothing is another matter. */
export const said: fc.Arbitrary<Said> = fc
  .record({
    thought: fc.option(piece, { nil: undefined }),
    texts: fc.option(fc.array(piece, { minLength: 1, maxLength: 4 }), { nil: undefined }),
    calls: fc.option(fc.array(fc.record({ name, args, idForm }), { minLength: 1, maxLength: 3 }), { nil: undefined }),
  })
  .filter(({ texts, calls }) => texts !== undefined || calls !== undefined)
  .map(({ thought, texts, calls }) =>
    given({
      thought,
      texts,
      calls: calls?.map(({ idForm: form, ...call }, at) => Object.assign({ id: form(at) }, call)),
    }),
  );

/** Places of cuts. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.nat(4_000), { maxLength: 10 });

/** Who has an answer; its thoughts and calls are all of one hand. */
const author = fc.constantFrom(
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "google-generative",
  "ollama",
) satisfies fc.Arbitrary<BlockNote["origin"]>;
type Author = BlockNote["origin"];

/** How an author proves a thought; of one that is sealed Anthropic shows no words. */
const PROOFS: Readonly<Partial<Record<Author, readonly BlockNote[]>>> = {
  "openai-responses": [{ origin: "openai-responses", encrypted: "gAAAA" }],
  "anthropic-messages": [{ origin: "anthropic-messages", signature: "EqQB+/=" }],
  "google-generative": [{ origin: "google-generative", signature: "EpwD" }],
};
function proofsOf(origin: Author): fc.Arbitrary<BlockNote[]> {
  return fc.constantFrom<BlockNote[]>([{ origin }], ...(PROOFS[origin] ?? []).map((proof) => [proof]));
}

const token: JsonObject = { token: "a", logprob: -0.1, bytes: [97] };
const content = [{ ...token, top_logprobs: [token] }];
const cited = { start_index: 0, end_index: 1, title: "t", url: "https://a.test" };
/** What is noted beside a block's words. */
const NOTES: Readonly<Record<BlockKind, (origin: Author) => fc.Arbitrary<BlockNote[]>>> = {
  reasoning: proofsOf,
  "tool-call": (origin) => (origin === "google-generative" ? proofsOf(origin) : fc.constant([])),
  refusal: () => fc.constant([]),
  image: () => fc.constant([]),
  text: () =>
    fc.subarray<BlockNote>([
      { origin: "openai-chat", annotation: { type: "url_citation", url_citation: cited } },
      { origin: "openai-responses", annotation: { type: "url_citation", ...cited } },
      { origin: "openai-chat", logprobs: { content, refusal: null } },
      { origin: "anthropic-messages", annotation: { type: "char_location", cited_text: "t" } },
    ]),
};

/** One block: its events but for its number, which is known once its turn has come. */
interface Track {
  readonly kind: BlockKind;
  readonly steps: ((block: number) => ChatEvent)[];
}

function track(origin: Author): fc.Arbitrary<Track> {
  return fc
    .constantFrom<BlockKind>("text", "reasoning", "refusal", "tool-call", "image")
    .chain((kind) =>
      fc.record({ kind: fc.constant(kind), pieces: piecesOf(kind), notes: NOTES[kind](origin), name, idForm }),
    )
    .map(({ kind, pieces, notes, name: called, idForm: form }) => {
      const start = (block: number): ChatEvent => {
        const call = kind === "tool-call" ? { id: form(block), name: called } : {};
        return { type: "block-start", block, kind, ...call };
      };
      const deltas = pieces.map((text) => (block: number): ChatEvent => ({ type: "block-delta", block, text }));
      const noted = notes.map((note) => (block: number): ChatEvent => ({ type: "block-note", block, note }));
      return { kind, steps: [start, ...deltas, ...noted, (block): ChatEvent => ({ type: "block-end", block })] };
    });
}

/** Arguments are JSON, cut anywhere. */
function piecesOf(kind: BlockKind): fc.Arbitrary<string[]> {
  if (kind === "image") return fc.constant(["data:image/png;base64,iVBORw0KGgo="]);
  if (kind !== "tool-call") return fc.array(piece, { maxLength: 4 });
  return fc.tuple(args, fc.nat(20)).map(([each, at]) => {
    const text = JSON.stringify(each);
    return [text.slice(0, at), text.slice(at)].filter((part) => part !== "");
  });
}

/** Blocks by turns: calls run side by side and beside a text; texts, thoughts and refusals one behind the other. Numbered as they start. */
function byTurns(tracks: readonly Track[], turns: readonly number[]): ChatEvent[] {
  const waiting = tracks.map(({ kind, steps }) => ({ kind, steps: [...steps] }));
  const open: (Track & { readonly number: number })[] = [];
  const events: ChatEvent[] = [];
  let started = 0;
  for (let turn = 0; waiting.length + open.length > 0; turn += 1) {
    const isTalking = open.some(({ kind }) => kind !== "tool-call");
    const mayStart = waiting[0] !== undefined && (waiting[0].kind === "tool-call" || !isTalking);
    const choice = (turns[turn % turns.length] ?? 0) % (open.length + (mayStart ? 1 : 0));
    const next = choice === open.length ? waiting.shift() : undefined;
    if (next !== undefined) open.push({ ...next, number: started++ });
    const { number, steps } = open[choice] as (typeof open)[number];
    const step = steps.shift();
    if (step !== undefined) events.push(step(number));
    if (steps.length === 0) open.splice(choice, 1);
  }
  return events;
}

const count = fc.nat(10_000);
const usage = fc
  .record(
    { input: count, output: count, cacheRead: fc.nat(10), cacheWrite: fc.nat(10), reasoning: fc.nat(10) },
    { requiredKeys: ["input", "output"] },
  )
  .map((told): ChatEvent => ({ type: "usage", usage: told }));

/** As decoders give it: whoever stops with calls has stopped for them. */
function endingOf(finish: Finish, events: readonly ChatEvent[]): Finish {
  if (finish !== "stop" && finish !== "tool-calls") return finish;
  return events.some((event) => event.type === "block-start" && event.kind === "tool-call") ? "tool-calls" : "stop";
}

/** A whole answer in the common words. */
export const answer: fc.Arbitrary<ChatEvent[]> = author
  .chain((origin) =>
    fc.record({
      blocks: fc.array(track(origin), { maxLength: 5 }),
      turns: fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }),
      usage: fc.option(usage, { nil: undefined }),
      finish: fc.constantFrom<Finish>("stop", "length", "tool-calls", "content-filter"),
    }),
  )
  .map(({ blocks, turns, usage: told, finish }) => {
    const start: ChatEvent = { type: "answer-start", id: "upstream-1", model: "upstream-model", created: 1 };
    const events = byTurns(blocks, turns);
    const end: ChatEvent = { type: "answer-end", finish: endingOf(finish, events) };
    return [[start], events, told === undefined ? [] : [told], [end]].flat();
  });
