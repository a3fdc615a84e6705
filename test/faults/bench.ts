// What rows are played on: the product as a process, a provider that does what each row says, and one that is always well.
// `wire`: both are scripted on sockets of their own. `mock`: both are the mock inside the product, and the scripts stand in its config.
import { setTimeout as sleep } from "node:timers/promises";
import type { Behaviour } from "../support/behaviours.ts";
import { type Edge, type LogLine, startEdge } from "../support/edge.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { RawClient, type RawResponse } from "../support/raw.ts";
import { PATIENCE_MS } from "../support/wait.ts";
import { OPENCLAW_EDGE } from "./adapters/openclaw-edge.ts";
import { BadPlaces } from "./bad-places.ts";
import { configFor } from "./config-for.ts";
import type { Adapter, Gateway } from "./gateway.ts";
import { chatBytes } from "./request.ts";
import { readSamples, sumOf } from "./samples.ts";
import type { Api, Outcome, Row, Shape } from "./row.ts";

/** Who plays the providers. */
export type Over = "wire" | "mock";

/** What stands around the product. */
export interface Surroundings {
  readonly failing: Provider;
  readonly healthy: Provider;
  readonly places: BadPlaces;
}

/** Patience with one answer, in milliseconds: hundreds at once take their time on a small machine. */
const ANSWER_MS_MAX = 60_000;

/** How often a call that is turned away is made again, and after how long, in milliseconds. */
const TURNS_MAX = 40;
const TURN_MS = 1_000;
/** How long the product may serve the same picture of its metrics, and a little more. */
export const PICTURE_MS = 1_100;

/** What may differ in a request. */
export interface Asked {
  readonly body?: object;
  readonly api?: Api;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another process than the bench's own. */
  readonly gateway?: Gateway;
}

/** What to start. */
export interface Setting {
  readonly over?: Over;
  /** A fragment of the configuration. */
  readonly more?: object;
  /** Default the product. */
  readonly adapter?: Adapter;
}

/** What a bench is made of. */
interface Parts {
  readonly over: Over;
  readonly adapter: Adapter;
  readonly gateway: Gateway;
  readonly around: Surroundings;
  readonly config: object;
}

/** A running bench. */
export class Bench {
  readonly over: Over;
  readonly adapter: Adapter;
  readonly gateway: Gateway;
  readonly failing: Provider;
  readonly healthy: Provider;
  readonly places: BadPlaces;
  readonly #config: object;

  private constructor(of: Parts) {
    this.over = of.over;
    this.adapter = of.adapter;
    this.gateway = of.gateway;
    this.failing = of.around.failing;
    this.healthy = of.around.healthy;
    this.places = of.around.places;
    this.#config = of.config;
  }

  /** Starts everything that these rows need. */
  static async start(rows: readonly Row[], setting: Setting = {}): Promise<Bench> {
    const { over = "wire", more = {}, adapter = OPENCLAW_EDGE } = setting;
    const around = {
      failing: await startProvider(),
      healthy: await startProvider(),
      places: await BadPlaces.open(),
    };
    const config = configFor(rows, { around, over, more });
    return new Bench({ over, adapter, around, config, gateway: await adapter.start(config) });
  }

  /** The product; rows that look into it are not for peers. */
  get edge(): Edge {
    const { edge } = this.gateway;
    if (edge === null) throw new Error("this row looks into the product: it should say so in `onlyHere`");
    return edge;
  }

  /** A second process with the same configuration, in front of the same providers. */
  async twin(): Promise<Edge> {
    return startEdge({ config: this.#config });
  }

  /**
   * One chat request to an agent on a connection of its own, read to its end. On a machine that is strained the product turns calls away
   * before any provider hears of them (decision 23); that is no row's matter, so it is asked again. Only where its event loop was late:
   * whoever is turned away for another reason has found what the row is about, or a fault.
   */
  async ask(agent: string, shape: Shape, more: Asked = {}): Promise<Outcome> {
    for (let turn = 1; ; turn += 1) {
      const outcome = await this.#askOnce(agent, shape, more);
      if (turn === TURNS_MAX || !(await this.#starved(outcome))) return outcome;
      await sleep(TURN_MS);
    }
  }

  async #starved(outcome: Outcome): Promise<boolean> {
    if (this.gateway.edge === null || outcome.status !== 503 || !outcome.text.includes("gateway_overloaded"))
      return false;
    return (await this.lineOf(outcome))["detail"] === "event_loop";
  }

  async #askOnce(agent: string, shape: Shape, more: Asked): Promise<Outcome> {
    const { gateway = this.gateway, body = {}, api = "chat", headers = {} } = more;
    const before = this.failing.requestsFor(agent).length;
    const startedAt = performance.now();
    using client = await RawClient.connect(gateway.url);
    await client.send(chatBytes(gateway, agent, { shape, body, api, headers }));
    const response = await patiently(client);
    return {
      shape,
      status: response.status,
      headers: new Headers(response.headers),
      head: response.lines.join("\n"),
      text: response.body.toString("utf8"),
      complete: response.complete,
      ms: performance.now() - startedAt,
      requests: this.failing.requestsFor(agent).slice(before),
    };
  }

  /** What the provider does with requests for a model from now on. */
  on(model: string, ...behaviours: readonly Behaviour[]): void {
    this.failing.on(model, ...behaviours);
  }

  /** The access line of an answered request. */
  async lineOf({ headers }: Outcome): Promise<LogLine> {
    const id = headers.get("x-request-id");
    return this.edge.logged(({ msg, requestId }) => msg === "request" && requestId === id, `the log line of ${id}`);
  }

  /** The metrics, of which the product draws a new picture once a second. */
  async metrics(): Promise<string> {
    return (await this.edge.get("/api/diagnostics/prometheus")).text();
  }

  /** The metrics once they tell everything that has happened until now. */
  async settledMetrics(): Promise<string> {
    await sleep(PICTURE_MS);
    return this.metrics();
  }

  /** A demand on a figure, once the metrics have had time to tell it. */
  async counts(name: string, labels: Readonly<Record<string, string>>, least = 1): Promise<readonly string[]> {
    const until = performance.now() + 2 * PICTURE_MS;
    for (;;) {
      const value = sumOf(readSamples(await this.metrics()), name, labels);
      if (value >= least) return [];
      if (performance.now() > until) return [`${name} of ${JSON.stringify(labels)} is ${value}`];
      await sleep(PICTURE_MS / 10);
    }
  }

  /** Everything that the gateway logged. */
  get written(): string {
    return this.gateway.lines.join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.places.close();
    await this.failing.close();
    await this.healthy.close();
  }
}

/** The next answer, however long a strained machine takes for it. */
export async function patiently(client: RawClient): Promise<RawResponse> {
  for (let waitedMs = PATIENCE_MS; waitedMs < ANSWER_MS_MAX; waitedMs += PATIENCE_MS) {
    const response = await client.response().catch((error: unknown) => {
      if (client.ending !== "open") throw error;
      return null;
    });
    if (response !== null) return response;
  }
  return client.response();
}
