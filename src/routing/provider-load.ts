// What one provider has to carry: requests under way (bulkhead), and how many of them are repeats (decision 21).
import type { Forgettable } from "./bounded-book.ts";
import { SlidingCount } from "./sliding-count.ts";

const BUDGET_SECONDS = 10;
/** So many repeats at once are allowed whatever the share. */
const REPEATS_AT_ONCE_MIN = 3;

/** The load of one provider. */
export class ProviderLoad implements Forgettable {
  inflight = 0;
  #repeating = 0;
  readonly #requests = new SlidingCount(BUDGET_SECONDS);
  readonly #repeats = new SlidingCount(BUDGET_SECONDS);
  /** Fingerprint of the credential that last answered: prompt caches there are warm. */
  lastGood: string | null = null;

  get idle(): boolean {
    return this.inflight === 0;
  }

  start(repeat: boolean, now: number): void {
    this.inflight += 1;
    if (!repeat) {
      this.#requests.add(now);
      return;
    }
    this.#repeating += 1;
    this.#repeats.add(now);
  }

  end(repeat: boolean): void {
    this.inflight -= 1;
    if (repeat) this.#repeating -= 1;
  }

  /** True when one more repeat stays within `share` of the requests of the last 10 s, or few enough run at once over all processes. */
  mayRepeat(share: number, now: number, processes = 1): boolean {
    if (this.#repeating < Math.ceil(REPEATS_AT_ONCE_MIN / processes)) return true;
    return this.#repeats.count(now) + 1 <= share * this.#requests.count(now);
  }
}
