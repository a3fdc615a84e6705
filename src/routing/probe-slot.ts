// One request at a time finds out, and not more often than an interval (decision 18).

/** The place of the one probe. It is held by whoever finds out, until that is known or the attempt has ended. */
export class ProbeSlot {
  /** More than one only where a credential is shared: each of its targets may be finding out about its own breaker. */
  readonly #holders = new Set<object>();
  #lastAt = Number.NEGATIVE_INFINITY;

  get busy(): boolean {
    return this.#holders.size > 0;
  }

  /** True when a probe may start now. */
  isFree(now: number, everyMs: number): boolean {
    return !this.busy && now - this.#lastAt >= everyMs;
  }

  take(holder: object, now: number): void {
    this.#holders.add(holder);
    this.#lastAt = now;
  }

  /** Keeps the place without finding out. */
  hold(holder: object): void {
    this.#holders.add(holder);
  }

  /** False, and nothing done, for a holder that has let go before. */
  free(holder: object): boolean {
    return this.#holders.delete(holder);
  }
}
