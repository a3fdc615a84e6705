// What all visits share: the parts that the roof hands in, and the little that the door itself remembers between requests.
import type { Socket } from "node:net";
import type { Corridor } from "../core/call.ts";
import type { Clock } from "../core/clock.ts";
import type { Observer } from "../core/events.ts";
import type { LearnedRemedies } from "../core/remedy.ts";
import type { SnapshotHolder } from "../core/snapshot.ts";
import type { NotReady } from "../core/standing.ts";
import { Ticker } from "../core/ticker.ts";
import type { LiveBoard, Looking, Sight } from "../telemetry/live/board.ts";
import { Load } from "./load.ts";
import type { Pulse } from "./loop-monitor.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { Viewers } from "./status/viewers.ts";
import { OwingConnections } from "./unread-input.ts";

/** Draws the metrics in the format that the scraper accepts. */
export type RenderMetrics = (accept: string | null) => Promise<{ readonly contentType: string; readonly body: string }>;

/** What came of reading the configuration again. */
export interface ReloadStanding {
  /** Readings since the start; a caller that asked for one sees it rise. */
  readonly readings: number;
  /** Of the last one; null when there was none. */
  readonly result: "swapped" | "rejected" | "unchanged" | null;
  /** Keys whose change waits for a new process or listener. */
  readonly restartNeeded: readonly string[];
}

/** The processes that serve a port together. */
export interface WorkersStanding {
  /** The number of the one that answers, from 1. */
  readonly number: number;
  /** How many there should be, and how many serve. */
  readonly wanted: number;
  readonly serving: number;
  /** How many of these have settings of their start that have changed since: they are replaced one after the other. */
  readonly outdated: number;
}

/** The door's surroundings; made once by the roof. */
export interface DoorParts {
  readonly holder: SnapshotHolder;
  readonly corridor: Corridor;
  readonly observe: Observer;
  readonly clock: Clock;
  readonly renderMetrics: RenderMetrics;
  readonly pulse: Pulse;
  /** Providers, targets and credentials that cool or are broken at this monotonic instant. */
  readonly notReady: (now: number) => readonly NotReady[];
  /** What targets' requests are changed by since they complained of their shape. */
  readonly learned: () => readonly LearnedRemedies[];
  readonly pid: number;
  /** Where that id means us, as an opaque word; null where the system does not tell. */
  readonly pidSpace: string | null;
  /** What the status page shows. */
  readonly board: LiveBoard;
  /** The same of all processes behind the port; null while nobody can tell. Absent where there is one. */
  readonly sight?: (looking: Looking, since: number) => Promise<Sight | null>;
  /** Monotonic instant since when the service runs, where that is not since this process does. */
  readonly servedSince?: number;
  readonly version: string;
  /** Connections that a listener may hold; absent where nobody says. */
  readonly connectionsMax?: number;
  /** A bug of ours: told with its stack, answered with 500. */
  readonly onBug: (error: unknown) => void;
  /** Guesses of the secret, where they are counted together with other processes. */
  readonly limiter?: RateLimiter;
  /** The processes behind the port; absent where there is one. */
  readonly workers?: () => WorkersStanding;
  /** What came of reloads; absent where nobody reloads. */
  readonly reloads?: () => ReloadStanding;
  /** Further reasons not to be ready, as words; empty when there are none. */
  readonly failing?: () => readonly string[];
}

/** Shared by every request and every listener; survives reloads. */
export class Lobby {
  readonly parts: DoorParts;
  readonly limiter: RateLimiter;
  readonly load = new Load();
  readonly owing = new OwingConnections();
  readonly viewers: Viewers;
  readonly ticker: Ticker;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** The process is going: readiness says so and every answer closes its connection. */
  leaving = false;
  /** Another process has taken this one's place. The service as a whole stays ready. */
  retiring = false;
  /** No model call is taken any more. */
  refusing = false;
  /** Last words are said: what has not become a call yet will not become one. */
  closing = false;

  /** Which configuration's connections are welcome; counted up where a reload asks for new ones. */
  #epoch = 0;
  #connections = 0;
  readonly #born = new WeakMap<object, number>();

  constructor(parts: DoorParts) {
    this.parts = parts;
    this.limiter = parts.limiter ?? new RateLimiter();
    this.ticker = new Ticker(parts.clock, parts.onBug);
    this.startedAt = parts.servedSince ?? parts.clock.now();
    this.viewers = new Viewers(this);
  }

  /** A connection was made. */
  meet(socket: Socket): void {
    this.#born.set(socket, this.#epoch);
    this.#connections += 1;
    socket.once("close", () => {
      this.#connections -= 1;
    });
  }

  /** As many connections as there may be. */
  get isFull(): boolean {
    return this.#connections >= (this.parts.connectionsMax ?? Infinity);
  }

  /** More than that: no model call is taken, and every answer ends its connection. */
  get isCrowded(): boolean {
    return this.#connections > (this.parts.connectionsMax ?? Infinity);
  }

  /** Every answer closes its connection. */
  get isGoing(): boolean {
    return this.leaving || this.retiring;
  }

  /** From now on every connection that is there ends with its next answer. */
  renewConnections(): void {
    this.#epoch += 1;
  }

  /** True for a connection that was made before the last renewal. */
  isOutdated(socket: object): boolean {
    return this.#epoch > 0 && this.#born.get(socket) !== this.#epoch;
  }
}
