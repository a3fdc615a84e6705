// What the labels of ended attempts and requests are made of. Those of one shape count in the same cells, which are looked for once and not
// for each of forty figures: a request took 2.4 us where all are alike and 15.9 where sixteen agents take turns; it takes 1.5 and 3.7.
import type { Outcome } from "../core/events.ts";
import type { FailureKind } from "../core/failure.ts";
import type { Operation } from "../core/names.ts";
import type { EventsByType } from "./fed-row.ts";
import { type LabelWords, NO_TARGET, type TargetLabels } from "./label-words.ts";
import { transportOf } from "./transport.ts";
import { type UsageState, usageStateOf } from "./usage-state.ts";

/** What both have. All of them are words of the catalogue or of closed lists, so that there are few shapes. */
export interface EndShape {
  target: TargetLabels;
  agent: string;
  channel: string;
  operation: Operation;
  outcome: Outcome | null;
  /** Kind of its failure. */
  kind: FailureKind | null;
}

/** What an ended attempt's labels are made of. */
export interface AttemptShape extends EndShape {
  transport: string;
  usage: UsageState | null;
}

/** What an ended request's labels are made of; its target is the one that answered, or failed last. */
export interface RequestShape extends EndShape {
  /** What was asked for, as a label. */
  requested: string;
  status: number;
  scheme: "http" | "https";
}

/** How the shape of a type of event is read. */
export interface ShapeReading<E, S extends EndShape> {
  /** A shape to be written over. */
  readonly blank: () => S;
  readonly read: (event: E, words: LabelWords, into: S) => void;
  /** Whether two of the same target and agent are the same. */
  readonly same: (one: S, other: S) => boolean;
}

const BLANK: EndShape = {
  target: NO_TARGET,
  agent: "",
  channel: "",
  operation: "chat",
  outcome: null,
  kind: null,
};

/** Attempts. */
export const ATTEMPT_SHAPE: ShapeReading<EventsByType["attempt-end"], AttemptShape> = {
  blank: () => ({ ...BLANK, transport: "", usage: null }),
  read({ attempt, request }, words, into) {
    const { operation } = request;
    into.target = words.target(attempt.target);
    into.agent = request.agent;
    into.channel = words.channel(request.channel);
    into.operation = operation;
    into.outcome = attempt.outcome;
    into.kind = attempt.failure === null ? null : attempt.failure.kind;
    into.transport = transportOf(attempt, request.stream);
    into.usage = usageStateOf(attempt, operation);
  },
  same: (one, other) => areAlike(one, other) && one.transport === other.transport && one.usage === other.usage,
};

/** Requests. */
export const REQUEST_SHAPE: ShapeReading<EventsByType["request-end"], RequestShape> = {
  blank: () => ({ ...BLANK, requested: "", status: 0, scheme: "http" }),
  read({ attempts, failure, outcome, request, served, status }, words, into) {
    into.target = words.target((served ?? attempts.at(-1))?.target ?? null);
    into.agent = request.agent;
    into.channel = words.channel(request.channel);
    into.operation = request.operation;
    into.outcome = outcome;
    into.kind = failure === null ? null : failure.kind;
    into.requested = words.requested(request);
    into.status = status;
    into.scheme = words.scheme();
  },
  same: (one, other) =>
    areAlike(one, other) &&
    one.requested === other.requested &&
    one.status === other.status &&
    one.scheme === other.scheme,
};

function areAlike(one: EndShape, other: EndShape): boolean {
  return (
    one.channel === other.channel &&
    one.operation === other.operation &&
    one.outcome === other.outcome &&
    one.kind === other.kind
  );
}

/** So many shapes are remembered; then all are forgotten and learned anew. */
const SHAPES_MAX = 1_024;

/** What is remembered of the shapes of one type of event. */
export class ShapeBook<E, S extends EndShape, Kept> {
  readonly #reading: ShapeReading<E, S>;
  readonly #words: LabelWords;
  readonly #make: (shape: S) => Kept;
  #draft: S;
  #byTarget = new Map<TargetLabels, Map<string, [shape: S, kept: Kept][]>>();
  #count = 0;

  /** `make`: what is to be remembered of a shape. */
  constructor(reading: ShapeReading<E, S>, words: LabelWords, make: (shape: S) => Kept) {
    this.#reading = reading;
    this.#words = words;
    this.#make = make;
    this.#draft = reading.blank();
  }

  /** What was made for the shape of this event. */
  of(event: E): Kept {
    const { read, same } = this.#reading;
    const shape = this.#draft;
    read(event, this.#words, shape);
    const known = this.#byTarget.get(shape.target)?.get(shape.agent);
    if (known !== undefined) for (const [each, kept] of known) if (same(each, shape)) return kept;
    return this.#learn(shape);
  }

  #learn(shape: S): Kept {
    if (this.#count === SHAPES_MAX) {
      this.#byTarget = new Map();
      this.#count = 0;
    }
    this.#count += 1;
    this.#draft = this.#reading.blank();
    const kept = this.#make(shape);
    const byAgent = this.#byTarget.get(shape.target) ?? new Map<string, [shape: S, kept: Kept][]>();
    this.#byTarget.set(shape.target, byAgent);
    const alike = byAgent.get(shape.agent) ?? [];
    byAgent.set(shape.agent, alike);
    alike.push([shape, kept]);
    return kept;
  }
}
