// After the terminal event: a provider that never closes its response would hold a socket for ever, and one that is cut at once
// could not be reused. So it gets a moment.
import type { Seat } from "../core/roster.ts";
import type { Ticking } from "../core/ticker.ts";
import type { Attempt } from "./attempt.ts";
import type { Services } from "./services.ts";

/** Waits for the provider's own end, then lets it go. */
export class Linger implements Ticking {
  readonly #services: Services;
  readonly #attempt: Attempt;
  readonly #untilMs: number;
  #seat: Seat | null = null;

  constructor(services: Services, attempt: Attempt) {
    this.#services = services;
    this.#attempt = attempt;
    this.#untilMs = services.clock.now() + attempt.ref.target.timeouts.lingerMs;
  }

  start(): void {
    this.#seat = this.#services.ticker.add(this);
    this.#attempt.resume();
  }

  tick(now: number): void {
    if (now < this.#untilMs) return;
    this.#attempt.letGo();
    this.stop();
  }

  /** The provider has ended: nothing of this request is kept for the next tick. */
  stop(): void {
    this.#services.ticker.remove(this.#seat);
  }
}
