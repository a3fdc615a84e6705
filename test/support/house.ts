// The whole product inside the test: a real config, real sockets on both sides, and nothing of it hidden. For tests that look at what
// stays behind; what a client can see is seen on a process (`startEdge`).
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSnapshot } from "../../src/config/load-snapshot.ts";
import { type Clock, realClock } from "../../src/core/clock.ts";
import type { Corridor } from "../../src/core/call.ts";
import type { ProxyEvent } from "../../src/core/events.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import { HeldBytes } from "../../src/core/held-bytes.ts";
import { Ticker } from "../../src/core/ticker.ts";
import { MockUpstream } from "../../src/mock/mock-upstream.ts";
import { createCorridor } from "../../src/proxy/handle.ts";
import { Health } from "../../src/routing/health.ts";
import { createDoor, type Door } from "../../src/server/door.ts";
import { listen } from "../../src/server/listen.ts";
import type { Listening } from "../../src/server/listening.ts";
import { isListenFault } from "../../src/server/servers.ts";
import { LiveBoard } from "../../src/telemetry/live/board.ts";
import { HttpUpstream } from "../../src/upstream/client.ts";
import { loadInput } from "./load-input.ts";
import { RawClient, requestBytes } from "./raw.ts";
import { Bell } from "./wait.ts";

const TOKEN = "house-test-token-41d8c02f96ab7e35";
const CALM = {
  degraded: false,
  reasons: [],
  intervalMs: 5000,
  delayP99Ms: 0,
  delayMaxMs: 0,
  utilization: 0,
  cpuCoreRatio: 0,
};

/** What is under way anywhere in the product; all zero when nothing is. */
export interface UnderWay {
  readonly calls: number;
  readonly bodyBytes: number;
  /** Of answers that wait for their commit. */
  readonly heldBytes: number;
  readonly runs: number;
  /** Waits on the clocks of corridor and door. */
  readonly waits: number;
  readonly doorWaits: number;
  /** Attempts that were told to begin and not to end. */
  readonly attempts: number;
  /** Requests at providers, by the reckoning of health. */
  readonly load: number;
}

/** One running product. */
export class House {
  readonly events: ProxyEvent[] = [];
  readonly bugs: unknown[] = [];
  readonly bell = new Bell();
  readonly health = new Health({ random: () => 0.5 });
  readonly snapshot: Snapshot;
  readonly corridor: Corridor;
  readonly door: Door;
  readonly http: HttpUpstream;
  readonly #ticker: Ticker;
  readonly #held = new HeldBytes();
  #listening: Listening | null = null;

  private constructor(snapshot: Snapshot, clock: Clock) {
    this.snapshot = snapshot;
    const onBug = (error: unknown): void => void this.bugs.push(error);
    this.http = new HttpUpstream({ clock, onBug, answerBytesMax: () => snapshot.limits.answerBytes });
    this.#ticker = new Ticker(clock, onBug);
    const observe = (event: ProxyEvent): void => {
      this.health.note(event);
      this.events.push(event);
      this.bell.ring();
    };
    const upstreams = { http: this.http, mock: new MockUpstream({ clock, onBug }) };
    const redact = (text: string): string => text;
    this.corridor = createCorridor({
      clock,
      ticker: this.#ticker,
      upstreams,
      health: this.health,
      held: this.#held,
      observe,
      redact,
      onBug,
    });
    this.door = createDoor({
      holder: { current: snapshot },
      corridor: this.corridor,
      observe,
      clock,
      renderMetrics: async () => ({ contentType: "text/plain", body: "" }),
      pulse: { reading: CALM, strain: null },
      notReady: (now) => this.health.notReady(now),
      learned: () => this.health.allLearned(snapshot.targets),
      pid: process.pid,
      pidSpace: null,
      board: new LiveBoard({ redact: (text) => text, wall: () => 0, costOf: () => null, running: () => [] }),
      version: "0.0.0",
      onBug,
    });
  }

  /** Opens one with this config. */
  static async open(config: object, clock: Clock = realClock): Promise<House> {
    const house = new House(await snapshotOf(config), clock);
    const listening = await listen(house.door, house.snapshot);
    if (isListenFault(listening)) throw new Error(listening.message);
    house.#listening = listening;
    return house;
  }

  get listening(): Listening {
    if (this.#listening === null) throw new Error("the house is not open");
    return this.#listening;
  }

  get url(): string {
    return this.listening.addresses[0] ?? "";
  }

  /** The bytes of a chat call. */
  chat(body: object = {}, path = "/v1/chat/completions"): Buffer {
    const messages = [{ role: "user", content: "hi" }];
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    return requestBytes({ path, headers, body: JSON.stringify({ stream: true, messages, ...body }) });
  }

  connect(): Promise<RawClient> {
    return RawClient.connect(this.url);
  }

  /** Events of one type, in order. */
  told<T extends ProxyEvent["type"]>(type: T): Extract<ProxyEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<ProxyEvent, { type: T }> => event.type === type);
  }

  /** The end of the request of that number, counted from 1 in the order of their ends. */
  end(number = 1): Promise<Extract<ProxyEvent, { type: "request-end" }>> {
    return this.bell.until(() => this.told("request-end")[number - 1], `the end of request ${number}`);
  }

  get underWay(): UnderWay {
    const { load, ticker } = this.door.lobby;
    const providers = new Set([...this.snapshot.targets.values()].map(({ provider }) => provider));
    return {
      calls: load.calls,
      bodyBytes: load.bytes,
      heldBytes: this.#held.bytes,
      runs: this.corridor.inflight,
      waits: this.#ticker.size,
      doorWaits: ticker.size,
      attempts: this.told("attempt-start").length - this.told("attempt-end").length,
      load: [...providers].reduce((sum, provider) => sum + this.health.inflight(provider), 0),
    };
  }

  /** Resolves when nothing is under way: what lingers goes by the clock. */
  async idle(patienceMs?: number): Promise<void> {
    const isIdle = (): boolean => Object.values(this.underWay).every((figure) => figure === 0);
    const ring = setInterval(() => this.bell.ring(), 20);
    try {
      await this.bell.until(isIdle, () => `nothing to be under way: ${JSON.stringify(this.underWay)}`, patienceMs);
    } finally {
      clearInterval(ring);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = this.listening.drain();
    await this.listening.drain();
    await left;
    await this.http.destroy();
  }
}

async function snapshotOf(config: object): Promise<Snapshot> {
  const home = mkdtempSync(join(tmpdir(), "openclaw-edge-house-"));
  const path = join(home, "openclaw.json");
  writeFileSync(path, JSON.stringify({ ...config, gateway: { port: 18_789, auth: { mode: "token", token: TOKEN } } }));
  try {
    const loaded = await loadSnapshot(
      loadInput(home, {
        flags: { config: path, port: "0" },
        env: { HOME: home, OPENCLAW_STATE_DIR: home },
        version: "0.0.0",
        randomHex: (bytes) => "0".repeat(2 * bytes),
      }),
    );
    if (!loaded.ok) throw new Error(loaded.complaints.map(({ message }) => message).join("\n"));
    return loaded.snapshot;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
