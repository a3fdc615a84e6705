// Many requests at once against the real policy and the real health, on a clock that is moved by hand. Every step is held against the
// model, and against the laws that hold whatever the model says.
import type { AttemptRef } from "../../src/core/events.ts";
import { failure, type Failure, type FailureDetails, type FailureKind } from "../../src/core/failure.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { RemedyName } from "../../src/core/remedy.ts";
import type { AttemptStep, Step, Tried } from "../../src/core/step.ts";
import { decide, type View } from "../../src/routing/decide.ts";
import { Health } from "../../src/routing/health.ts";
import {
  attemptCommitted,
  attemptEnded,
  attemptOf,
  attemptStarted,
  requestEnded,
  requestStarted,
} from "../support/events.ts";
import { checkAttempt, checkEnd, checkWait } from "./failover-laws.ts";
import { HealthModel } from "./health-model.ts";
import { PolicyModel, wordsOf } from "./policy-model.ts";

/** A remedy that changes nothing of any request: all requests of the world have tools and no field to store. */
export const USELESS: RemedyName = "no-store";

/** One request under way. */
export interface Sim {
  readonly plan: Plan;
  readonly tried: Tried[];
  readonly attempts: AttemptRef[];
  over: Failure | null;
  winner: AttemptRef | null;
  waitUntil: number | null;
  /** How often it has ended: must come to one. */
  ends: number;
}

/** One attempt under way. */
export interface Running {
  readonly sim: Sim;
  readonly ref: AttemptRef;
}

/** The world. */
export class FailoverWorld {
  now = 0;
  lot = 0;
  readonly health = new Health({ random: () => this.lot });
  readonly model = new HealthModel();
  readonly sims: Sim[] = [];
  /** Hedges that the requests so far have paid for, and those that were made. */
  hedgesPaid = 0;
  hedges = 0;
  readonly #policy = new PolicyModel(this.model);

  /** Requests that have not ended, in the order of their coming. */
  get open(): Sim[] {
    return this.sims.filter(({ ends }) => ends === 0);
  }

  /** Attempts under way. */
  get running(): Running[] {
    return this.open.flatMap((sim) =>
      sim.attempts.filter(({ outcome }) => outcome === null).map((ref) => ({ sim, ref })),
    );
  }

  ask(plan: Plan): void {
    const limits = { ...plan.limits, deadlineAt: this.now + plan.limits.deadlineAt };
    const sim: Sim = {
      plan: { ...plan, limits },
      tried: [],
      attempts: [],
      over: null,
      winner: null,
      waitUntil: null,
      ends: 0,
    };
    this.sims.push(sim);
    const started = requestStarted();
    this.health.note({ ...started, at: this.now, plan: sim.plan });
    if (limits.hedge !== null && limits.failsOver) this.hedgesPaid += limits.hedge.share;
    this.#goOn(sim);
  }

  /** First content, or a whole answer: the attempt wins, the others are let go. */
  commit({ sim, ref }: Running): void {
    ref.committedAt = this.now;
    sim.winner = ref;
    for (const other of sim.attempts)
      if (other !== ref && other.outcome === null) this.#endAttempt(sim, other, "cancelled");
    this.health.note(attemptCommitted(ref));
    this.model.commits(ref, this.lot);
  }

  complete({ sim, ref }: Running): void {
    if (ref.committedAt === null) this.commit({ sim, ref });
    this.#endAttempt(sim, ref, "completed");
    this.#end(sim);
  }

  fail({ sim, ref }: Running, kind: FailureKind, details: FailureDetails = {}): void {
    this.failTogether([{ sim, ref }], kind, details);
  }

  /** All fail before one of their requests goes on: what one finds when it looks is what all have left behind. */
  failTogether(running: readonly Running[], kind: FailureKind, details: FailureDetails = {}): void {
    for (const { sim, ref } of running) {
      ref.failure = failure(kind, kind, { phase: ref.committedAt === null ? "headers" : "stream", ...details });
      this.#endAttempt(sim, ref, "failed");
    }
    for (const { sim, ref } of running) {
      if (sim.winner === ref) this.#end(sim);
      else this.#goOn(sim);
    }
  }

  /** The client leaves, the deadline comes, the gateway drains. */
  cancel(sim: Sim, kind: "client-closed" | "deadline" | "draining"): void {
    sim.over = failure(kind, kind);
    for (const ref of sim.attempts) if (ref.outcome === null) this.#endAttempt(sim, ref, "cancelled");
    if (sim.winner === null) this.#goOn(sim);
    else this.#end(sim);
  }

  /** Lets time pass; pauses, hedges, deadlines and bounds of probes come in their order. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const due = this.#due(until);
      if (due === null) break;
      this.now = Math.max(this.now, due.at);
      due.happens();
    }
    this.now = until;
  }

  #due(until: number): { readonly at: number; readonly happens: () => void } | null {
    let first: { readonly at: number; readonly happens: () => void } | null = null;
    const offer = (at: number, happens: () => void): void => {
      if (at <= until && (first === null || at < first.at)) first = { at, happens };
    };
    for (const sim of this.open) {
      if (sim.winner !== null) continue;
      offer(sim.plan.limits.deadlineAt, () => this.cancel(sim, "deadline"));
      sim.attempts.forEach((ref, index) => {
        const bound = sim.tried[index]?.step.commitMsMax ?? null;
        if (ref.outcome === null && bound !== null) {
          offer(ref.startedAt + bound, () => this.fail({ sim, ref }, "commit-timeout"));
        }
      });
      if (sim.waitUntil !== null) offer(sim.waitUntil, () => this.#goOn(sim));
    }
    return first;
  }

  /** The corridor's loop. */
  #goOn(sim: Sim): void {
    while (sim.winner === null && sim.ends === 0) {
      const step = this.#decide(sim);
      sim.waitUntil = step.do === "wait" ? step.until : null;
      if (step.do === "wait") {
        checkWait(sim, step, this.now);
        return;
      }
      if (step.do === "fail") {
        this.#end(sim);
        checkEnd(this, sim, step);
      } else this.#start(sim, step);
    }
  }

  #decide(sim: Sim): Step {
    const { plan, tried, over } = sim;
    const { health, now } = this;
    const view: View = {
      now,
      over,
      standing: (target, credential) => health.standing(target, credential, now),
      order: (target) => health.order(target),
      isFull: (target) => health.isFull(target),
      mayRepeat: (provider) => health.mayRepeat(provider, plan.limits.sameProviderShare, now),
      mayHedge: health.mayHedge,
      learned: (target) => (plan.limits.heals ? health.learned(target) : []),
      lacks: (target) => plan.limits.heals && health.learned(target).includes("no-tools"),
      helpful: (_step, remedies) => remedies.filter((name) => name !== USELESS),
    };
    const step = decide(plan, tried, view);
    const expected = this.#policy.expected({ plan, tried, over, now, mayHedge: health.mayHedge });
    if (wordsOf(step) !== expected) {
      throw new Error(`at ${now} the policy decides "${wordsOf(step)}", the model "${expected}"`);
    }
    return step;
  }

  #start(sim: Sim, step: AttemptStep): void {
    checkAttempt(this, sim, step);
    const { candidate, credential, because, remedies, probe, repeat } = step;
    const ref = attemptOf(candidate.target, {
      number: sim.attempts.length + 1,
      credential,
      because,
      remedies,
      probe,
      repeat,
      startedAt: this.now,
      committedAt: null,
      endedAt: null,
      outcome: null,
    });
    if (because === "hedge") this.hedges += 1;
    sim.attempts.push(ref);
    sim.tried.push({ step, startedAt: this.now, failure: null, endedAt: null });
    this.health.note(attemptStarted(ref));
    this.model.starts(ref);
  }

  #endAttempt(sim: Sim, ref: AttemptRef, outcome: "completed" | "failed" | "cancelled"): void {
    ref.outcome = outcome;
    ref.endedAt = this.now;
    const index = sim.attempts.indexOf(ref);
    const entry = sim.tried[index];
    if (entry !== undefined && outcome === "failed") {
      sim.tried[index] = { ...entry, failure: ref.failure, endedAt: this.now };
    }
    this.health.note(attemptEnded(ref));
    this.model.ends(ref, this.lot);
  }

  #end(sim: Sim): void {
    sim.ends += 1;
    const { attempts, winner } = sim;
    this.health.note({ ...requestEnded(attempts), at: this.now, served: winner });
    this.model.served(attempts, winner);
  }
}
