// Parts of access lines that say the same for most requests of a minute: who asked for what, who answered, how it ended. Each is kept as it
// was written last for its target, as one text: a line of sixty pieces costs a third more to put together, and to lay flat on its way out,
// than one of forty.
import type { AttemptRef, RequestEnd, RequestRef } from "../core/events.ts";
import type { Target } from "../core/snapshot.ts";
import { quote } from "./quote.ts";
import type { TargetNames } from "./target-names.ts";
import { WORD_LENGTH_MAX } from "./word-of.ts";

/** What was asked, and how it ended, of a request that a target answered, or nobody. */
interface Middle {
  operation: RequestRef["operation"] | null;
  agent: string;
  requested: string;
  channel: string | null;
  model: string | null;
  status: number;
  outcome: RequestEnd["outcome"] | null;
  stream: boolean;
  text: string;
}

/** The beginning of an attempt at a target. */
interface Opening {
  credential: string | null;
  text: string;
}

/** What is kept for one target. */
interface Parts {
  readonly middle: Middle;
  readonly opening: Opening;
}

/** Writes them, or finds them written. */
export class LineParts {
  readonly #names: TargetNames;
  readonly #known = new WeakMap<Target, Parts>();
  readonly #unserved = partsOfOne();
  /** One line asks for the same target twice. */
  #lastTarget: Target | null = null;
  #last = this.#unserved;

  constructor(names: TargetNames) {
    this.#names = names;
  }

  /** Endpoint, agent, what was asked for and on which channel; who answered; status, outcome and whether it was a stream. */
  middle(event: RequestEnd): string {
    const { request, served, status, outcome } = event;
    const { operation, agent, requested, channel, stream } = request;
    const model = served === null || served.told === null ? null : served.told.model;
    const { middle } = served === null ? this.#unserved : this.#of(served.target);
    if (
      operation === middle.operation &&
      agent === middle.agent &&
      requested === middle.requested &&
      channel === middle.channel &&
      model === middle.model &&
      status === middle.status &&
      outcome === middle.outcome &&
      stream === middle.stream
    ) {
      return middle.text;
    }
    const text = one(
      ...this.#asked(request),
      ...(served === null ? [] : this.#answered(served.target, model)),
      `,"status":${status},"outcome":"${outcome}","stream":${stream}`,
    );
    // Words of strangers may hold on to all that they came in.
    if (isLong(model) || isLong(channel)) return text;
    middle.operation = operation;
    middle.agent = agent;
    middle.requested = requested;
    middle.channel = channel;
    middle.model = model;
    middle.status = status;
    middle.outcome = outcome;
    middle.stream = stream;
    middle.text = text;
    return text;
  }

  /** The beginning of an attempt: target and credential. */
  opening({ target, credential: { id } }: AttemptRef): string {
    const { opening } = this.#of(target);
    if (id === opening.credential) return opening.text;
    opening.credential = id;
    opening.text = one('{"target":', this.#names.quotedId(target), ',"credential":', this.#names.quoted(id));
    return opening.text;
  }

  #asked({ operation, agent, requested, channel }: RequestRef): readonly string[] {
    const names = this.#names;
    const asked = [',"endpoint":"', operation, '","agent":', names.quoted(agent), ',"requested":'];
    const where = channel === null ? [] : [',"channel":', quote(names.word(channel))];
    return [...asked, names.quoted(requested), ...where];
  }

  /** The model that the answer itself names, where that is another word than the one it was asked by. */
  #answered(target: Target, model: string | null): readonly string[] {
    const answered = [',"served":', this.#names.quotedId(target)];
    if (model === null || model === target.model) return answered;
    return [...answered, ',"answeredBy":', this.#names.quotedAnsweredBy(target, model)];
  }

  #of(target: Target): Parts {
    if (target === this.#lastTarget) return this.#last;
    const known = this.#known.get(target) ?? partsOfOne();
    this.#known.set(target, known);
    this.#lastTarget = target;
    this.#last = known;
    return known;
  }
}

function partsOfOne(): Parts {
  const middle: Middle = {
    operation: null,
    agent: "",
    requested: "",
    channel: null,
    model: null,
    status: 0,
    outcome: null,
    stream: false,
    text: "",
  };
  return { middle, opening: { credential: null, text: "" } };
}

function isLong(word: string | null): boolean {
  return word !== null && word.length > WORD_LENGTH_MAX;
}

/** One flat text: what is only added up is a tree of its pieces until somebody reads it. */
function one(...pieces: readonly string[]): string {
  return pieces.join("");
}
