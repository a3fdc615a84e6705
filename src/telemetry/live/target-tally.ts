// Who served whom in the last ten minutes: per agent and target, in a ring of half-minutes of plain numbers.
import type { AttemptRef } from "../../core/events.ts";

const STEP_MS = 30_000;
const STEPS = 20;
/** Pairs of agent and target at most; what a client can name must not fill memory. */
const PAIRS_MAX = 1_024;

const FIGURES = { attempts: 0, failed: 1, served: 2, waitMs: 3 } as const;
const WIDTH = Object.keys(FIGURES).length;

/** What a target did for an agent. */
export interface TargetFigures {
  readonly attempts: number;
  readonly failed: number;
  readonly served: number;
  /** Mean time from dispatch to commit, in milliseconds; null where nothing was served. */
  readonly waitMs: number | null;
  /** Our kind: OpenClaw says `timeout` to six of them. */
  readonly lastFailure: string | null;
  /** Monotonic instant. */
  readonly lastFailureAt: number | null;
}

/** What is counted of one agent and one target. */
export interface PairState {
  readonly agent: string;
  readonly target: string;
  readonly newest: number;
  readonly ring: Float64Array;
  readonly lastFailure: string | null;
  readonly lastFailureAt: number | null;
}

/** Everything counted, to be added to what another process has. */
export interface TallyState {
  readonly pairs: readonly PairState[];
  readonly running: readonly (readonly [target: string, count: number])[];
}

/** One pair's ring. */
class Pair {
  readonly #ring = new Float64Array(STEPS * WIDTH);
  #newest = -1;
  lastFailure: string | null = null;
  lastFailureAt: number | null = null;

  add(figure: keyof typeof FIGURES, amount: number, now: number): void {
    this.#turn(now);
    const index = (this.#newest % STEPS) * WIDTH + FIGURES[figure];
    this.#ring[index] = (this.#ring[index] as number) + amount;
  }

  get state(): Omit<PairState, "agent" | "target"> {
    const { lastFailure, lastFailureAt } = this;
    return { newest: this.#newest, ring: this.#ring, lastFailure, lastFailureAt };
  }

  absorb({ newest, ring, lastFailure, lastFailureAt }: Omit<PairState, "agent" | "target">): void {
    this.#turn(newest * STEP_MS);
    for (let step = this.#newest - STEPS + 1; step <= newest; step += 1) {
      const place = (((step % STEPS) + STEPS) % STEPS) * WIDTH;
      for (let at = place; at < place + WIDTH; at += 1) {
        this.#ring[at] = (this.#ring[at] as number) + (ring[at] as number);
      }
    }
    if (lastFailureAt === null || lastFailureAt < (this.lastFailureAt ?? 0)) return;
    this.lastFailure = lastFailure;
    this.lastFailureAt = lastFailureAt;
  }

  read(now: number): TargetFigures {
    this.#turn(now);
    const totals = [0, 0, 0, 0];
    for (let index = 0; index < this.#ring.length; index += 1) {
      totals[index % WIDTH] = (totals[index % WIDTH] as number) + (this.#ring[index] as number);
    }
    const [attempts = 0, failed = 0, served = 0, waitMs = 0] = totals;
    const { lastFailure, lastFailureAt } = this;
    return { attempts, failed, served, waitMs: served === 0 ? null : waitMs / served, lastFailure, lastFailureAt };
  }

  #turn(now: number): void {
    const step = Math.floor(now / STEP_MS);
    if (step <= this.#newest) return;
    for (let each = Math.max(this.#newest + 1, step - STEPS + 1); each <= step; each += 1) {
      const place = (each % STEPS) * WIDTH;
      this.#ring.fill(0, place, place + WIDTH);
    }
    this.#newest = step;
  }
}

/** All pairs. */
export class TargetTally {
  readonly #agents = new Map<string, Map<string, Pair>>();
  readonly #running = new Map<string, number>();
  #pairs = 0;

  /** An attempt began. */
  start({ target }: AttemptRef): void {
    this.#running.set(target.id, this.running(target.id) + 1);
  }

  /** An attempt ended. */
  end(agent: string, attempt: AttemptRef, now: number): void {
    const { target, failure, outcome, committedAt, startedAt } = attempt;
    const left = this.running(target.id) - 1;
    if (left > 0) this.#running.set(target.id, left);
    else this.#running.delete(target.id);
    const pair = this.#pair(agent, target.id);
    if (pair === null) return;
    pair.add("attempts", 1, now);
    if (committedAt !== null) {
      pair.add("served", 1, now);
      pair.add("waitMs", committedAt - startedAt, now);
    }
    if (outcome !== "failed" || failure === null) return;
    pair.add("failed", 1, now);
    pair.lastFailure = failure.kind;
    pair.lastFailureAt = now;
  }

  /** What is counted. Rings are not copied: whoever gets them only reads. */
  state(): TallyState {
    const pairs: PairState[] = [];
    for (const [agent, targets] of this.#agents) {
      for (const [target, pair] of targets) pairs.push({ agent, target, ...pair.state });
    }
    return { pairs, running: [...this.#running] };
  }

  /** Adds what another one by the same clock has counted. */
  absorb({ pairs, running }: TallyState): void {
    for (const { agent, target, ...pair } of pairs) this.#pair(agent, target)?.absorb(pair);
    for (const [target, count] of running) this.#running.set(target, this.running(target) + count);
  }

  /** Attempts under way at a target. */
  running(target: string): number {
    return this.#running.get(target) ?? 0;
  }

  /** What a target did for an agent; null when it never tried. */
  read(agent: string, target: string, now: number): TargetFigures | null {
    return this.#agents.get(agent)?.get(target)?.read(now) ?? null;
  }

  /** The targets that an agent's requests went to. */
  targetsOf(agent: string): readonly string[] {
    return [...(this.#agents.get(agent)?.keys() ?? [])];
  }

  #pair(agent: string, target: string): Pair | null {
    const known = this.#agents.get(agent)?.get(target);
    if (known !== undefined) return known;
    if (this.#pairs >= PAIRS_MAX) return null;
    this.#pairs += 1;
    const targets = this.#agents.get(agent) ?? new Map<string, Pair>();
    const pair = new Pair();
    this.#agents.set(agent, targets.set(target, pair));
    return pair;
  }
}
