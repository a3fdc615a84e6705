// What rows are played against: the product, or a peer behind an adapter (adapters/index.ts). Whatever only the product can show is not here.
import type { Edge } from "../support/edge.ts";
import type { Api, Row } from "./row.ts";

/** A started gateway. */
export interface Gateway {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly pid: number;
  /** Every line that it wrote. */
  readonly lines: readonly string[];
  /** The credential of its callers, which nothing may show; null where it asks for none. */
  readonly token: string | null;
  /** The product itself; null for a peer. */
  readonly edge: Edge | null;
  /** How a call of an agent is addressed. */
  address(agent: string, api: Api): Address;
  stop(): Promise<unknown>;
}

/** Where a call goes. */
export interface Address {
  readonly path: string;
  /** All that a good request needs, the content type included. */
  readonly headers: Readonly<Record<string, string>>;
  /** The `model` of the body. */
  readonly model: string;
}

/** How a gateway is set up for rows: it gets the product's configuration and makes of it what its own gateway needs. */
export interface Adapter {
  /** Name and version, as the table shows them. */
  readonly title: string;
  /** True for the product: what only it promises is demanded, too. */
  readonly own: boolean;
  /** Why a row cannot be said to this gateway; null when it can. */
  readonly inexpressible: (row: Row) => string | null;
  readonly start: (config: BenchConfig) => Promise<Gateway>;
}

/** The part of a configuration that every gateway can be told. */
export interface BenchConfig {
  readonly edge: object;
  readonly models: { readonly mode: string; readonly providers: Readonly<Record<string, ProviderEntry>> };
  readonly agents: { readonly defaults: object; readonly list: readonly AgentEntry[] };
}

/** Where a provider is, and how long it may be waited for. */
export interface ProviderEntry {
  readonly baseUrl?: string;
  readonly apiKey?: string | readonly string[];
  readonly timeoutSeconds?: number;
}

/** An agent and its chain, as `provider/model`. */
export interface AgentEntry {
  readonly id: string;
  readonly model: { readonly primary: string; readonly fallbacks: readonly string[] };
}
