// Addresses of host names, kept for seconds: a burst of new connections asks the resolver once, not once each
// (it has four threads, shared with file access and decompression). What an address may be used for is not judged here.
import { lookup, type LookupAddress } from "node:dns";
import type { Clock } from "../core/clock.ts";

/** Hears all addresses of a name, or why there are none. */
export type Resolved = (error: Error | null, addresses: readonly LookupAddress[]) => void;
/** Finds all addresses of a name, in the resolver's order. */
export type Resolve = (hostname: string, resolved: Resolved) => void;

/** The system's resolver, which also knows /etc/hosts and search domains. */
export const systemLookup: Resolve = (hostname, resolved) => {
  lookup(hostname, { all: true, order: "verbatim" }, (error, addresses) => resolved(error, addresses ?? []));
};

const FOUND_MS = 30_000;
const FAILED_MS = 5_000;

interface Entry {
  /** Monotonic instant until which the answer holds; null while it is awaited. */
  untilMs: number | null;
  error: Error | null;
  addresses: readonly LookupAddress[];
  waiting: Resolved[];
}

/** Remembers answers for 30 s and failures for 5 s. Names come from the configuration, so there are few. */
export class NameCache {
  readonly #clock: Clock;
  readonly #lookup: Resolve;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, resolve: Resolve) {
    this.#clock = clock;
    this.#lookup = resolve;
  }

  /** Answers later, also from memory, so that callers see one order of things. */
  resolve(hostname: string, resolved: Resolved): void {
    const known = this.#entries.get(hostname);
    if (known !== undefined && known.untilMs === null) {
      known.waiting.push(resolved);
    } else if (known !== undefined && known.untilMs !== null && this.#clock.now() < known.untilMs) {
      process.nextTick(resolved, known.error, known.addresses);
    } else {
      this.#ask(hostname, resolved);
    }
  }

  /** Drops addresses that led nowhere; the next connection asks again. A failure is kept for its five seconds. */
  forget(hostname: string): void {
    const known = this.#entries.get(hostname);
    if (known !== undefined && known.untilMs !== null && known.error === null) this.#entries.delete(hostname);
  }

  #ask(hostname: string, resolved: Resolved): void {
    const entry: Entry = { untilMs: null, error: null, addresses: [], waiting: [resolved] };
    this.#entries.set(hostname, entry);
    this.#lookup(hostname, (error, addresses) => {
      entry.untilMs = this.#clock.now() + (error === null ? FOUND_MS : FAILED_MS);
      entry.error = error;
      entry.addresses = addresses;
      const waiting = entry.waiting;
      entry.waiting = [];
      for (const hear of waiting) hear(error, addresses);
    });
  }
}
