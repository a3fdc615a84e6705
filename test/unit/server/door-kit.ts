// A door with a corridor that only records: everything that server/ needs around it, on real sockets.
import type { Call, Corridor, Running } from "../../../src/core/call.ts";
import { type Clock, realClock } from "../../../src/core/clock.ts";
import type { ProxyEvent, RequestRefused } from "../../../src/core/events.ts";
import type { Failure } from "../../../src/core/failure.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { AuthSettings, GatewaySettings, Snapshot, SnapshotHolder } from "../../../src/core/snapshot.ts";
import { createDoor, type Door } from "../../../src/server/door.ts";
import { listen } from "../../../src/server/listen.ts";
import type { Listening } from "../../../src/server/listening.ts";
import type { DoorParts } from "../../../src/server/lobby.ts";
import { isListenFault } from "../../../src/server/servers.ts";
import { LiveBoard } from "../../../src/telemetry/live/board.ts";
import { RawClient, type RawRequest, type RawResponse, requestBytes } from "../../support/raw.ts";
import { aGateway, aSnapshot, aTarget } from "../../support/snapshot.ts";
import { Bell } from "../../support/wait.ts";

export const TOKEN = "door-test-token-0123456789abcdef";
export const BEARER = { authorization: `Bearer ${TOKEN}` };
export const JSON_TYPE = { "content-type": "application/json" };
export const ANSWER = `{"answer":true}`;
export const CHAT = "/v1/chat/completions";

/** Auth settings: token mode unless said otherwise. */
export function auth(more: Partial<AuthSettings> = {}): AuthSettings {
  return {
    mode: "token",
    token: new Secret(TOKEN),
    password: null,
    rateLimit: null,
    trustedProxy: null,
    trustedProxies: [],
    allowRealIpFallback: false,
    ...more,
  };
}

/** Gateway settings: loopback, any port, all endpoints, a token. */
export function gateway(more: Partial<GatewaySettings> = {}): GatewaySettings {
  return aGateway({ auth: auth(), ...more });
}

/** A snapshot with one agent `main` and one target, and room for little. */
export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  const base = aSnapshot([aTarget("acme/large")]);
  const limits = { ...base.limits, bodyBytes: 100_000, bytesInFlight: 1_000_000, inflight: 10 };
  return { ...base, gateway: gateway(), limits, ...more };
}

/** Records every call; answers as told. */
export class RecorderCorridor implements Corridor {
  readonly calls: Call[] = [];
  readonly ended: Failure[] = [];
  readonly bell = new Bell();
  inflight = 0;
  /** What is done with a call; by default it is answered at once. */
  answer: (call: Call) => void | Promise<void> = answerAtOnce;

  async handle(call: Call): Promise<void> {
    this.calls.push(call);
    this.inflight += 1;
    this.bell.ring();
    try {
      await this.answer(call);
    } finally {
      this.inflight -= 1;
      this.bell.ring();
    }
  }

  underWay(): readonly Running[] {
    return [];
  }

  endAll(failure: Failure): void {
    this.ended.push(failure);
    this.bell.ring();
  }

  /** The n-th call, counted from 1, once it is there. */
  async call(number = 1): Promise<Call> {
    return this.bell.until(() => this.calls[number - 1], `call ${number}`);
  }
}

function answerAtOnce({ sink }: Call): void {
  sink.head(200, [...Object.entries(JSON_TYPE).flat(), "content-length", String(ANSWER.length)]);
  sink.end(ANSWER);
}

/** What to open. */
export interface KitOptions {
  readonly snapshot?: Snapshot;
  readonly clock?: Clock;
  readonly parts?: Partial<DoorParts>;
}

/** An open door. */
export class DoorKit {
  readonly corridor: RecorderCorridor;
  readonly holder: SnapshotHolder;
  readonly door: Door;
  readonly listening: Listening;
  readonly events: ProxyEvent[];
  readonly bugs: unknown[];

  private constructor(made: Pick<DoorKit, "corridor" | "holder" | "door" | "listening" | "events" | "bugs">) {
    this.corridor = made.corridor;
    this.holder = made.holder;
    this.door = made.door;
    this.listening = made.listening;
    this.events = made.events;
    this.bugs = made.bugs;
  }

  static async open(options: KitOptions = {}): Promise<DoorKit> {
    const corridor = new RecorderCorridor();
    const events: ProxyEvent[] = [];
    const bugs: unknown[] = [];
    const holder = { current: options.snapshot ?? snapshot() };
    const door = createDoor({
      holder,
      corridor,
      observe: (event) => {
        events.push(event);
        corridor.bell.ring();
      },
      clock: options.clock ?? realClock,
      renderMetrics: async (accept) => ({ contentType: "text/plain; version=0.0.4", body: `up 1 ${accept}\n` }),
      pulse: { reading: calm(), strain: null },
      notReady: () => [],
      learned: () => [],
      pid: 4242,
      pidSpace: null,
      board: new LiveBoard({ redact: (text) => text, wall: () => 0, costOf: () => null, running: () => [] }),
      version: "0.0.0",
      onBug: (error) => bugs.push(error),
      ...options.parts,
    });
    const listening = await listen(door, holder.current);
    if (isListenFault(listening)) throw new Error(listening.message);
    return new DoorKit({ corridor, holder, door, listening, events, bugs });
  }

  get url(): string {
    return this.listening.addresses[0] ?? "";
  }

  get refusals(): RequestRefused[] {
    return this.events.filter((event) => event.type === "request-refused");
  }

  /** The next refusal that is told, or the first one there was. */
  async refusal(): Promise<RequestRefused> {
    return this.corridor.bell.until(() => this.refusals[0], "a refusal");
  }

  /** One request on a connection of its own. */
  async ask(request: RawRequest): Promise<RawResponse> {
    using client = await RawClient.connect(this.url);
    await client.send(requestBytes(request));
    return await client.response(request.method === "HEAD" ? "HEAD" : "other");
  }

  /** A chat call with token and JSON. */
  async chat(more: Readonly<Record<string, string>> = {}, body = `{"messages":[]}`): Promise<RawResponse> {
    return this.ask({ path: CHAT, headers: { ...BEARER, ...JSON_TYPE, ...more }, body });
  }

  /** Resolves once every connection has ended: clients go first. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Twice: at once, without the time in which requests may still be on their way.
    void this.listening.drain();
    await this.listening.drain();
  }
}

/** A calm event loop. */
export function calm() {
  return {
    degraded: false,
    reasons: [],
    intervalMs: 5000,
    delayP99Ms: 0,
    delayMaxMs: 0,
    utilization: 0,
    cpuCoreRatio: 0,
  };
}

/** The error object of a refusal's body. */
export function errorOf(response: RawResponse): Record<string, unknown> {
  return (JSON.parse(response.body.toString()) as { error: Record<string, unknown> }).error;
}
