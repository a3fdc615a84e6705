// A door with a corridor that only records: everything that server/ needs around it, on real sockets.
import type { Call, Corridor } from "../../../src/core/call.ts";
import { type Clock, realClock } from "../../../src/core/clock.ts";
import type { ProxyEvent, RequestRefused } from "../../../src/core/events.ts";
import type { Failure } from "../../../src/core/failure.ts";
import { Secret } from "../../../src/core/secret.ts";
import type {
  Agent,
  AuthSettings,
  GatewaySettings,
  Snapshot,
  SnapshotHolder,
  Target,
} from "../../../src/core/snapshot.ts";
import { createDoor, type Door } from "../../../src/server/door.ts";
import { listen } from "../../../src/server/listen.ts";
import type { Listening } from "../../../src/server/listening.ts";
import type { DoorParts } from "../../../src/server/lobby.ts";
import { isListenFault } from "../../../src/server/servers.ts";
import { RawClient, type RawRequest, type RawResponse, requestBytes } from "../../support/raw.ts";
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

/** Gateway settings: loopback, any port, all endpoints. */
export function gateway(more: Partial<GatewaySettings> = {}): GatewaySettings {
  return {
    port: 0,
    hosts: ["127.0.0.1"],
    auth: auth(),
    tls: null,
    endpoints: { chat: true, responses: true, embeddings: true, models: true },
    corsAllowOrigins: [],
    strictTransportSecurity: null,
    receipts: "full",
    headMs: 15_000,
    bodyMs: 60_000,
    writeIdleMs: 60_000,
    drain: { preStopMs: 0, deadlineMs: 25_000 },
    ...more,
  };
}

/** A target as the door sees it. */
export function target(id: string, more: Partial<Target> = {}): Target {
  const slash = id.indexOf("/");
  return {
    id,
    provider: id.slice(0, slash),
    model: id.slice(slash + 1),
    api: "openai-completions",
    via: "http",
    endpoints: {},
    transport: { key: id, origin: "", connectTimeoutMs: 1, allow: { loopback: true, privateNetwork: true }, tls: null },
    credentials: [],
    unavailable: null,
    stated: {
      input: null,
      tools: null,
      contextWindow: null,
      contextTokens: null,
      maxTokens: null,
      reasoning: null,
      cost: null,
    },
    asksUsage: true,
    params: {},
    timeouts: { connectMs: 1, commitMs: 1, wholeMs: 1, idleMs: 1, lingerMs: 1 },
    inflightMax: 1,
    local: true,
    ...more,
  };
}

/** An agent with a chain. */
export function agent(id: string, chain: readonly Target[], more: Partial<Agent> = {}): Agent {
  return { id, name: null, chain, imageChain: [], embeddings: null, allowed: null, deadlineMs: 1000, ...more };
}

/** A snapshot with one agent `main` and one target. */
export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  const only = target("acme/large");
  return {
    revision: "revision-1",
    source: "test",
    agents: new Map([["main", agent("main", [only])]]),
    defaultAgent: "main",
    providers: new Map(),
    providerSynonyms: new Map(),
    targets: new Map([[only.id, only]]),
    aliases: new Map(),
    aliasNames: new Map(),
    bareIds: new Map(),
    expose: "agents",
    gateway: gateway(),
    limits: {
      bodyBytes: 100_000,
      headerBytes: 16_384,
      depth: 64,
      eventBytes: 1,
      answerBytes: 1,
      bytesInFlight: 1_000_000,
      inflight: 10,
    },
    behaviour: {
      attemptsMax: 1,
      emptyAnswer: "advance",
      keepAliveMs: 1,
      streamMs: 0,
      overloadedBackoffMs: 0,
      rotations: { rateLimited: 1, overloaded: 1 },
    },
    logging: { level: "info", style: "json", redact: true, redactPatterns: [] },
    metricsEnabled: true,
    secrets: new Secret<readonly string[]>([]),
    ...more,
  };
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
      pid: 4242,
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
    await this.listening.close();
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
