// Health with attempts told to it one by one, at instants of the test's choosing: what the corridor tells, without a corridor.
import type { AttemptRef } from "../../src/core/events.ts";
import { failure, type FailureDetails, type FailureKind } from "../../src/core/failure.ts";
import type { Credential, Target } from "../../src/core/snapshot.ts";
import type { StandingChange } from "../../src/core/standing.ts";
import { Health, type HealthNews } from "../../src/routing/health.ts";
import { attemptCommitted, attemptEnded, attemptOf, attemptStarted } from "./events.ts";

/** What matters of an attempt at its start. */
export type AttemptSketch = Partial<Pick<AttemptRef, "credential" | "probe" | "repeat" | "because">>;

/** A health, a time and what it told. */
export class HealthRig {
  now = 0;
  /** The lot that breakers draw. */
  random = 0;
  readonly changes: (StandingChange & { readonly at: number })[] = [];
  /** What other processes are told. */
  readonly news: HealthNews[] = [];
  readonly health = new Health({
    random: () => this.random,
    onChange: (change, at) => this.changes.push({ ...change, at }),
    onNews: (news) => this.news.push(news),
  });

  /** An attempt that begins now, with the target's first credential unless told otherwise. */
  start(target: Target, sketch: AttemptSketch = {}): AttemptRef {
    const attempt = attemptOf(target, {
      credential: target.credentials[0] as Credential,
      startedAt: this.now,
      committedAt: null,
      endedAt: null,
      outcome: null,
      ...sketch,
    });
    this.health.note(attemptStarted(attempt));
    return attempt;
  }

  commit(attempt: AttemptRef): void {
    attempt.committedAt = this.now;
    this.health.note(attemptCommitted(attempt));
  }

  complete(attempt: AttemptRef): void {
    this.#end(attempt, "completed");
  }

  fail(attempt: AttemptRef, kind: FailureKind, details: FailureDetails = {}): void {
    attempt.failure = failure(kind, kind, { phase: "headers", ...details });
    this.#end(attempt, "failed");
  }

  /** The client left, or another attempt won. */
  leave(attempt: AttemptRef): void {
    this.#end(attempt, "cancelled");
  }

  /** A whole attempt, begun and answered now. */
  succeeds(target: Target, sketch: AttemptSketch = {}): void {
    const attempt = this.start(target, sketch);
    this.commit(attempt);
    this.complete(attempt);
  }

  /** A whole attempt, begun and failed now. */
  fails(target: Target, kind: FailureKind, more: AttemptSketch & FailureDetails = {}): void {
    this.fail(this.start(target, sketchOf(more)), kind, more);
  }

  /** `ready`, `probe`, or `reason until 30000`, with `?` where one request may find out. */
  standing(target: Target, credential = target.credentials[0] as Credential): string {
    const standing = this.health.standing(target, credential, this.now);
    if (standing.is !== "out") return standing.is;
    return `${standing.reason} until ${standing.until}${standing.mayProbe ? "?" : ""}`;
  }

  #end(attempt: AttemptRef, outcome: "completed" | "failed" | "cancelled"): void {
    attempt.outcome = outcome;
    attempt.endedAt = this.now;
    this.health.note(attemptEnded(attempt));
  }
}

function sketchOf({ credential, probe, repeat, because }: AttemptSketch): AttemptSketch {
  return {
    ...(credential !== undefined && { credential }),
    ...(probe !== undefined && { probe }),
    ...(repeat !== undefined && { repeat }),
    ...(because !== undefined && { because }),
  };
}
