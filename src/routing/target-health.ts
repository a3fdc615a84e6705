// What is remembered of one target: requests under way, its breaker, its windows, and the one probe that may find out.
import type { Forgettable } from "./bounded-book.ts";
import { Breaker } from "./breaker.ts";
import type { Lesson } from "./lesson.ts";
import { ProbeSlot } from "./probe-slot.ts";
import type { Window } from "./window.ts";

/** The memory of one target. */
export class TargetHealth implements Forgettable {
  /** For people. */
  provider = "";
  inflight = 0;
  readonly breaker = new Breaker();
  readonly slot = new ProbeSlot();
  /** Cooling of the target itself, whatever the credential: a model that is missing. */
  window: Window | null = null;
  /** Cooling of a credential on this model, by fingerprint: rate limits. */
  readonly windows = new Map<string, Window>();
  /** The shape that it takes, as far as it had to be learned. */
  lesson: Lesson | null = null;

  get idle(): boolean {
    return this.inflight === 0;
  }
}
