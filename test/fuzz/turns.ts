// Whose turn it is: the target that has had the least time runs its next batch, so that a dear one is not starved by cheap ones nor they by
// it, wherever the run ends. What a batch is depends on its number and the seed, never on the turns.
import type { Broken, FuzzTarget } from "./target.ts";

/** Cases in a batch of the cheapest laws; others have fewer, so that each is over in about a second. */
const BATCH = 1_000;

/** How much of what, until when. */
export interface Order {
  /** Of the cheapest laws. */
  readonly cases: number;
  readonly seed: number;
  /** The first batch. */
  readonly from: number;
  /** By `now`. */
  readonly endsAtMs: number;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
}

/** How it went with one target. */
export interface Fuzzed {
  readonly target: FuzzTarget;
  readonly cases: number;
  readonly spentMs: number;
  /** The batch to go on with, or the one that broke the law; null when all are done. */
  readonly next: number | null;
  readonly broken: Broken | null;
}

/** A target whose end has not been told. */
interface Turn {
  readonly target: FuzzTarget;
  readonly size: number;
  readonly batches: number;
  next: number;
  spentMs: number;
}

/** Runs the targets in turns; each is told of when its turn comes and no batch or no time is left, or when its law broke. */
export async function* fuzz(targets: readonly FuzzTarget[], order: Order): AsyncGenerator<Fuzzed> {
  const waiting = targets.map((target) => turnOf(target, order));
  for (let turn = least(waiting); turn !== undefined; turn = least(waiting)) {
    const plays = turn.next < turn.batches && order.now() < order.endsAtMs;
    const broken = plays ? await play(turn, order) : null;
    if (plays && broken === null) continue;
    waiting.splice(waiting.indexOf(turn), 1);
    const { target, size, batches, next, spentMs } = turn;
    yield { target, cases: (next - order.from) * size, spentMs, next: next < batches ? next : null, broken };
  }
}

function turnOf(target: FuzzTarget, { cases, from }: Order): Turn {
  const wanted = Math.ceil(cases / target.cost);
  const size = Math.min(Math.ceil(BATCH / target.cost), wanted);
  return { target, size, batches: Math.ceil(wanted / size), next: from, spentMs: 0 };
}

/** Whoever has had the least; the first of equals. */
function least(turns: readonly Turn[]): Turn | undefined {
  return turns.reduce<Turn | undefined>(
    (found, turn) => (found === undefined || turn.spentMs < found.spentMs ? turn : found),
    undefined,
  );
}

async function play(turn: Turn, { seed, now }: Order): Promise<Broken | null> {
  const started = now();
  const broken = await turn.target.run(turn.size, seed + turn.next);
  turn.spentMs += now() - started;
  if (broken === null) turn.next += 1;
  return broken;
}
