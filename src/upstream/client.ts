// The client that speaks HTTP to providers: takes a request, finds its pool, starts an exchange.
import type { Clock } from "../core/clock.ts";
import type { Exchange, Receiver, UpstreamClient, UpstreamRequest } from "../core/upstream.ts";
import { type ExchangeSettings, HttpExchange } from "./exchange.ts";
import { NameCache, type Resolve, systemLookup } from "./name-cache.ts";
import { Pools } from "./pools.ts";
import { Turns } from "./turns.ts";

/** What the client needs from the roof. */
export interface HttpUpstreamOptions {
  readonly clock: Clock;
  /** Told of errors that are nobody's fault but ours: a receiver that throws, a request that cannot be written. */
  readonly onBug: (error: unknown) => void;
  /** Finds the addresses of a name; the system's resolver when left out. */
  readonly lookup?: Resolve;
  /** Bound on the decoded bytes of an answer that came compressed, as the configuration has it now. */
  readonly answerBytesMax: () => number;
}

/** Sends requests over pooled HTTP/1.1 connections. Follows no redirect, knows no timeout but the connect one. */
export class HttpUpstream implements UpstreamClient {
  readonly #settings: ExchangeSettings;
  readonly #pools: Pools;

  constructor({ clock, onBug, lookup, answerBytesMax }: HttpUpstreamOptions) {
    this.#settings = { onBug, answerBytesMax, turns: new Turns() };
    this.#pools = new Pools(new NameCache(clock, lookup ?? systemLookup));
  }

  send(request: UpstreamRequest, receiver: Receiver): Exchange {
    const exchange = new HttpExchange(receiver, this.#settings);
    exchange.start(this.#pools.of(request.target.transport), request);
    return exchange;
  }

  /** After a change of the configuration: connections of all other transports close once their requests have ended. */
  keep(transportKeys: ReadonlySet<string>): void {
    this.#pools.keep(transportKeys);
  }

  /** Takes no more requests (they fail as `draining`); resolves when those under way have ended. */
  close(): Promise<void> {
    return this.#pools.close();
  }

  /** Cuts every connection; requests under way fail as `draining`. */
  destroy(): Promise<void> {
    return this.#pools.destroy();
  }
}
