// What the failover policy sees of the world beside the history: the request's own end, and health as it is now.
import { type Failure, isFailure } from "../core/failure.ts";
import type { Need } from "../core/names.ts";
import { NO_REMEDIES, type RemedyName, REMEDIES } from "../core/remedy.ts";
import type { Credential, Target } from "../core/snapshot.ts";
import type { Standing } from "../core/standing.ts";
import type { AttemptStep } from "../core/step.ts";
import type { View } from "../routing/decide.ts";
import { Lane } from "./lane.ts";
import type { Run } from "./run.ts";

/** The view of one run; one per run, asked before every step. */
export class RunView implements View {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  get now(): number {
    return this.#run.now();
  }

  get over(): Failure | null {
    return this.#run.over;
  }

  get mayHedge(): boolean {
    return this.#run.services.health.mayHedge;
  }

  standing(target: Target, credential: Credential): Standing {
    return this.#run.services.health.standing(target, credential, this.now);
  }

  order(target: Target): readonly Credential[] {
    return this.#run.services.health.order(target);
  }

  isFull(target: Target): boolean {
    return this.#run.services.health.isFull(target);
  }

  mayRepeat(provider: string): boolean {
    return this.#run.services.health.mayRepeat(provider, this.#run.plan.limits.sameProviderShare, this.now);
  }

  learned(target: Target): readonly RemedyName[] {
    const { services, plan } = this.#run;
    const known = plan.limits.heals ? services.health.learned(target) : NO_REMEDIES;
    return known.length === 0 ? known : known.filter((name) => this.#mayTake(name));
  }

  lacks(target: Target): boolean {
    return this.learned(target).some((name) => this.#needs(REMEDIES[name].takes));
  }

  helpful({ candidate, remedies }: AttemptStep, proposed: readonly RemedyName[]): readonly RemedyName[] {
    const refused = Lane.open(this.#run, candidate, remedies);
    if (isFailure(refused)) return NO_REMEDIES;
    return proposed.filter((name) => {
      const changed = this.#mayTake(name) ? Lane.open(this.#run, candidate, [...remedies, name]) : refused;
      return !isFailure(changed) && !changed.body.equals(refused.body);
    });
  }

  /** A forced tool choice is taken only by a flag in the file (decision 12). */
  #mayTake(name: RemedyName): boolean {
    return !this.#needs(REMEDIES[name].spares);
  }

  #needs(need: Need | null): boolean {
    return need !== null && this.#run.facts.needs.has(need);
  }
}
