// Guesses are counted: too many wrong secrets from one client inside the window, and the client is locked out for a while.
// Bounded: the table forgets the least recently seen client first.
import type { AuthSettings } from "../core/snapshot.ts";

/** How many clients are remembered. */
const ENTRIES_MAX = 10_000;

/** How much guessing is too much. */
export type LimiterRules = NonNullable<AuthSettings["rateLimit"]>;

/** What one process tells the others of a client. */
export interface Guess {
  readonly client: string;
  /** Null: it showed the right secret. */
  readonly rules: LimiterRules | null;
  readonly at: number;
}

/** What is remembered of one client. */
export interface Entry {
  /** Monotonic instants of the failures inside the window, oldest first. */
  failures: number[];
  lockedUntil: number;
}

/** Failures by client; outlives reloads of the configuration. Instants are monotonic milliseconds. */
export class RateLimiter {
  readonly #entriesMax: number;
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>();
  /** Hears of every guess that changes the table, for other processes behind the same door. */
  onGuess: ((guess: Guess) => void) | null = null;

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

  /** All that is remembered, the least recently seen client first. */
  get entries(): readonly (readonly [client: string, entry: Entry])[] {
    return [...this.#entries];
  }

  /** Takes over what another table remembers. */
  restore(entries: RateLimiter["entries"]): void {
    for (const [client, entry] of entries) this.#entries.set(client, entry);
  }

  /** Notes what another process was told; nobody hears of it again. */
  absorb({ client, rules, at }: Guess): void {
    if (rules === null) this.#entries.delete(client);
    else this.#count(client, rules, at);
  }

  /** Notes a wrong secret. */
  fail(client: string, rules: LimiterRules, now: number): void {
    this.#count(client, rules, now);
    this.onGuess?.({ client, rules, at: now });
  }

  #count(client: string, rules: LimiterRules, now: number): void {
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
    if (this.#entries.delete(client)) this.onGuess?.({ client, rules: null, at: 0 });
  }

  #forgetOldest(): void {
    for (const client of this.#entries.keys()) {
      this.#entries.delete(client);
      return;
    }
  }
}
