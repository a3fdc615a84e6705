// What is known of providers beyond the snapshot. It outlives snapshots and is fed by the events that observers get as well.
import type { ProxyEvent } from "../core/events.ts";
import type { Target } from "../core/snapshot.ts";

/** In-flight requests per provider: the bulkhead that keeps one slow provider from holding everything. */
export class Health {
  readonly #inflight = new Map<string, number>();

  /** True when the provider takes no further request now. */
  isFull(target: Target): boolean {
    return (this.#inflight.get(target.provider) ?? 0) >= target.inflightMax;
  }

  /** Requests under way at a provider. */
  inflight(provider: string): number {
    return this.#inflight.get(provider) ?? 0;
  }

  /** Hears every event. */
  note(event: ProxyEvent): void {
    if (event.type === "attempt-start") this.#add(event.attempt.target.provider, 1);
    else if (event.type === "attempt-end") this.#add(event.attempt.target.provider, -1);
  }

  #add(provider: string, change: number): void {
    const count = (this.#inflight.get(provider) ?? 0) + change;
    if (count <= 0) this.#inflight.delete(provider);
    else this.#inflight.set(provider, count);
  }
}
