// One pool of connections per transport. Pools need no reference count: a request of an old configuration that comes late
// simply gets a fresh pool, which the next `keep` closes.
import { Pool } from "undici";
import type { Transport } from "../core/snapshot.ts";
import { type Dialling, guardedConnector } from "./connector.ts";
import { policyOf } from "./guard.ts";
import type { NameCache } from "./name-cache.ts";
import { proxiedConnector } from "./proxied-connector.ts";

/** Servers that say nothing often cut idle connections after 5 s (Node, uvicorn); we leave first. */
const IDLE_MS = 4_000;
/** A server's `Keep-Alive: timeout` counts up to here, less a margin for the network. */
const IDLE_MS_MAX = 120_000;
const IDLE_MARGIN_MS = 1_000;
/** Larger response heads are refused. Node's 16 KiB is less than some gateways' policy headers. */
const HEAD_BYTES_MAX = 65_536;

/** Connection pools by transport key. */
export class Pools {
  readonly #names: NameCache;
  readonly #open = new Map<string, Pool>();
  readonly #closing = new Set<Pool>();
  #shut = false;

  constructor(names: NameCache) {
    this.#names = names;
  }

  /** The pool of a transport, made when first asked for. */
  of(transport: Transport): Pool {
    const known = this.#open.get(transport.key);
    if (known !== undefined) return known;
    const pool = this.#make(transport);
    this.#open.set(transport.key, pool);
    if (this.#shut) void this.#retire(pool);
    return pool;
  }

  /** Closes the pools of all other transports; requests under way finish. */
  keep(keys: ReadonlySet<string>): void {
    for (const [key, pool] of this.#open) {
      if (keys.has(key)) continue;
      this.#open.delete(key);
      void this.#retire(pool);
    }
  }

  /** Takes no more requests; resolves when those under way have ended. */
  async close(): Promise<void> {
    this.#shut = true;
    await Promise.all([...this.#open.values(), ...this.#closing].map((pool) => this.#retire(pool)));
  }

  /** Cuts everything. */
  async destroy(): Promise<void> {
    this.#shut = true;
    await Promise.all([...this.#open.values(), ...this.#closing].map((pool) => pool.destroy()));
  }

  async #retire(pool: Pool): Promise<void> {
    this.#closing.add(pool);
    // Rejects only for a pool that was destroyed meanwhile, which is closed enough.
    await pool.close().catch(() => {});
    this.#closing.delete(pool);
  }

  #make(transport: Transport): Pool {
    const names = this.#names;
    const dialling: Dialling = {
      policy: policyOf(transport),
      connectTimeoutMs: transport.connectTimeoutMs,
      tls: transport.tls,
      resolve: (hostname, resolved) => names.resolve(hostname, resolved),
      onUnreached: (hostname) => names.forget(hostname),
    };
    return new Pool(transport.origin, {
      connections: transport.connectionsMax,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS_MAX,
      keepAliveTimeoutThreshold: IDLE_MARGIN_MS,
      maxHeaderSize: HEAD_BYTES_MAX,
      // The corridor owns time: one tick for all waits instead of two timers per request.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
      // Undici would otherwise let the environment choose an experimental parser.
      useMilo: false,
      connect: transport.proxy === null ? guardedConnector(dialling) : proxiedConnector(dialling, transport.proxy),
    });
  }
}
