// Answers: every decoder hears a provider that is nearly right, cut anywhere; every encoder writes what decoders may say. Published shapes judge.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DISPOSITION, failure, type FailureKind, isFailure } from "../../../src/core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/core/json.ts";
import { told } from "../../../src/core/lane.ts";
import { collect } from "../../../src/dialects/collect.ts";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { failureIn } from "../../../src/dialects/translation.ts";
import type { ChatEvent } from "../../../src/dialects/vocabulary.ts";
import * as arbitrary from "../../conformance/arbitraries.ts";
import {
  bodyOf,
  CONTEXT,
  type EgressCase,
  EGRESSES,
  type IngressCase,
  INGRESSES,
  pipeBetween,
  piped,
  streamEvents,
  wholeEvents,
  writtenStream,
  writtenWhole,
} from "../../conformance/dialect.case.ts";
import type { Said } from "../../matrix/wire.ts";
import { bytewise, cutAt } from "../../support/rechunk.ts";
import { brokenRules } from "../../unit/dialects/decoding.ts";
import { type ByteEdit, byteEdits, edited, mangled, type TreeEdit, treeEdits } from "../mutations.ts";
import { AnswerBody } from "../../../src/dialects/answer-body.ts";
import { type FuzzTarget, target } from "../target.ts";

/** A provider's answer, what is wrong with it, and where it is cut. */
interface Heard {
  readonly said: Said;
  readonly tree: readonly TreeEdit[];
  readonly bytes: readonly ByteEdit[];
  readonly cuts: readonly number[];
}

const PIECES = [
  "\n\n",
  "data: [DONE]\n\n",
  "data: {}\n\n",
  ": ping\n\n",
  '{"error":"x"}',
  "\r",
  "event: error\n",
  '"',
  "}",
];
const heard: fc.Arbitrary<Heard> = fc.record({
  said: arbitrary.said,
  tree: treeEdits,
  bytes: fc.oneof(fc.constant([]), fc.constant([]), byteEdits(PIECES, 2)),
  cuts: arbitrary.cuts,
});

/** The bytes of a stream in which some event says something else. */
function streamOf(from: EgressCase, { said, tree, bytes }: Heard): Buffer {
  const framing = FRAMINGS[from.egress.framing ?? "sse"];
  const events = framing.read(bodyOf(from, said, true));
  const trees = events.map(({ data }) => (data.startsWith("{") ? (JSON.parse(data) as Json) : data));
  const changed = edited(trees, tree);
  const text = changed
    .map((each, at) => {
      const data = typeof each === "string" ? each : JSON.stringify(each);
      return framing.write({ event: events[at]?.event, data });
    })
    .join("");
  return Buffer.from(mangled(Buffer.from(text).toString("latin1"), bytes), "latin1");
}

function hearsStreams(from: EgressCase, input: Heard): void {
  const stream = streamOf(from, input);
  const uncut = streamEvents(from, [stream]);
  assert.deepEqual(brokenRules(uncut), []);
  assert.deepEqual(streamEvents(from, cutAt(stream, input.cuts)), uncut);
  assert.deepEqual(streamEvents(from, bytewise(stream)), uncut);
  for (const to of INGRESSES) {
    const { faults } = to.judges.stream(piped(pipeBetween(from, to), cutAt(stream, input.cuts)));
    assert.deepEqual(faults.filter(isOurs), [], `for a client of ${to.name}`);
  }
}

/** Log probabilities and citations are the author's words and passed on as they are written, right or wrong. */
function isOurs(fault: string): boolean {
  return !/logprobs|annotation/.test(fault);
}

function hearsWholes(from: EgressCase, { said, tree }: Heard): void {
  const whole = edited(JSON.parse(bodyOf(from, said, false).toString()) as JsonObject, tree);
  const body = Buffer.from(JSON.stringify(whole));
  const checked = from.egress.checkAnswer(new AnswerBody(body));
  if (isFailure(checked)) return;
  const events = wholeEvents(from, body);
  assert.deepEqual(brokenRules(events), []);
  if (failureIn(events) !== null) return;
  for (const to of INGRESSES) {
    // A call that cannot be read cannot be told everywhere.
    if (isFailure(to.ingress.encodeAnswer(events, CONTEXT))) continue;
    assert.deepEqual(to.judges.whole(writtenWhole(to, events)).filter(isOurs), [], `for a client of ${to.name}`);
  }
}

/** Judges what stands in front of the commit: never throws, and a failure is one. */
function looks(from: EgressCase, input: Heard): void {
  const framing = FRAMINGS[from.egress.framing ?? "sse"];
  const look = from.egress.look(told());
  for (const event of framing.read(streamOf(from, input))) {
    const verdict = look(event);
    assert.ok(isFailure(verdict) || ["hold", "commit", "empty-end"].includes(verdict));
  }
}

const decoders = EGRESSES.flatMap((from): FuzzTarget[] => [
  target<Heard>({
    name: `stream-from-${from.name}`,
    says: `A stream of ${from.name}, nearly right and cut anywhere, is read the same, and every client hears one ending in its published shape.`,
    cost: 10,
    input: heard,
    check: (input) => {
      hearsStreams(from, input);
      looks(from, input);
    },
  }),
  target<Heard>({
    name: `answer-from-${from.name}`,
    says: `A whole answer of ${from.name}, nearly right, is refused or written in every client's published shape.`,
    cost: 5,
    input: heard,
    check: (input) => hearsWholes(from, input),
  }),
]);

/** An answer in the common words, and the place where it breaks off. */
interface Written {
  readonly events: readonly ChatEvent[];
  readonly breaksAt: number;
  readonly because: FailureKind;
}
const KINDS = Object.keys(DISPOSITION) as FailureKind[];
const written: fc.Arbitrary<Written> = fc.record({
  events: arbitrary.answer,
  breaksAt: fc.nat(60),
  because: fc.constantFrom(...KINDS),
});

function writes(to: IngressCase, { events, breaksAt, because }: Written): void {
  const stream = writtenStream(to, events);
  assert.deepEqual(to.judges.stream(stream), { faults: [], hasFailed: false });
  assert.deepEqual(to.judges.whole(writtenWhole(to, events)), []);
  const begun = to.ingress.encodeStream(CONTEXT);
  const before = events.slice(0, breaksAt % events.length).map((event) => begun.push(event));
  const broken = failure(because, "Something broke.");
  assert.deepEqual(to.judges.stream(before.join("") + begun.fail(broken)), { faults: [], hasFailed: true });
  assert.deepEqual(to.judges.error(JSON.parse(JSON.stringify(to.ingress.encodeFailure(broken)))), []);
  const from = EGRESSES.find(({ name }) => name === to.name);
  if (from === undefined) return;
  const back = streamEvents(from, [Buffer.from(stream)]);
  assert.deepEqual(brokenRules(back), []);
  assert.deepEqual(callsOf(back), callsOf(events), "calls come back as they were");
}

function callsOf(events: readonly ChatEvent[]): object[] {
  const calls = collect(events).blocks.filter(({ kind, text }) => kind === "tool-call" && text !== "");
  return calls.map(({ name, text }) => ({ name, args: parsed(text) }));
}

function parsed(text: string): Json {
  const value = JSON.parse(text) as Json;
  return isJsonObject(value) ? value : text;
}

/** Laws of answers. */
export const ANSWERS: readonly FuzzTarget[] = [
  ...decoders,
  ...INGRESSES.map((to) =>
    target<Written>({
      name: `written-as-${to.name}`,
      says: `Whatever a decoder says comes out in the published shape of ${to.name}, whole, streamed, and broken off anywhere.`,
      cost: 5,
      input: written,
      check: (input) => writes(to, input),
    }),
  ),
];
