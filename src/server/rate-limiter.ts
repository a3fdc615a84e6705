// Guesses are counted: too many wrong secrets from one client inside the window, and the client is locked out for a while.
// Bounded: the table forgets the least recently seen client first.
import type { AuthSettings } from "../core/snapshot.ts";

/** How many clients are remembered. */
const ENTRIES_MAX = 10_000;

/** How much guessing is too much. */
export type LimiterRules = NonNullable<AuthSettings["rateLimit"]>;

interface Entry {
  /** Monotonic instants of the failures inside the window, oldest first. */
  failures: number[];
  lockedUntil: number;
}

/** Failures by client; outlives reloads of the configuration. Instants are monotonic milliseconds. */
export class RateLimiter {
  readonly #entriesMax: number;
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>();

  constructor(entriesMax = ENTRIES_MAX) {
    this.#entriesMax = entriesMax;
  }

  /** How many clients are remembered now. */
  get size(): number {
    return this.#entries.size;
  }

  /** For how many milliseconds a client is still locked out; 0 when it is not. */
  lockedMs(client: string, now: number): number {
    const entry = this.#entries.get(client);
    if (entry === undefined || entry.lockedUntil === 0) return 0;
    if (entry.lockedUntil > now) return entry.lockedUntil - now;
    this.#entries.delete(client);
    return 0;
  }

  /** Notes a wrong secret. */
  fail(client: string, rules: LimiterRules, now: number): void {
    const entry = this.#entries.get(client) ?? { failures: [], lockedUntil: 0 };
    entry.failures = entry.failures.filter((at) => at > now - rules.windowMs);
    entry.failures.push(now);
    if (entry.failures.length >= rules.maxAttempts) {
      entry.lockedUntil = now + rules.lockoutMs;
      entry.failures = [];
    }
    this.#entries.delete(client);
    this.#entries.set(client, entry);
    if (this.#entries.size > this.#entriesMax) this.#forgetOldest();
  }

  /** Notes a right secret. */
  clear(client: string): void {
    this.#entries.delete(client);
  }

  #forgetOldest(): void {
    for (const client of this.#entries.keys()) {
      this.#entries.delete(client);
      return;
    }
  }
}
