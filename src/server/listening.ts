// A door that is open, and how it closes: gently when the configuration moves it elsewhere, in steps when the process ends (decision 30).
import type { Server } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import type { Repeating, Timer } from "../core/clock.ts";
import { Roster } from "../core/roster.ts";
import { failure } from "../core/failure.ts";
import type { GatewaySettings, Snapshot } from "../core/snapshot.ts";
import { capConnections } from "./connections-max.ts";
import type { Lobby } from "./lobby.ts";
import { type ListenFault, type Place, refreshServer } from "./servers.ts";
import { connectionEvent, SilentConnections } from "./silent-connections.ts";

/**
 * How often connections that have become idle are closed. The first time comes this much behind the end of the listening, and until then
 * requests are served as ever: one that a client had begun on such a connection before it could know would be lost with it.
 */
const SWEEP_MS = 50;
/** How long last words may take to reach their clients. */
const LAST_WORDS_MS = 1_000;

/** What listens, and where. */
export interface Bound {
  readonly lobby: Lobby;
  readonly servers: readonly Server[];
  readonly port: number;
  /** URLs. */
  readonly addresses: readonly string[];
}

/** The servers of one configuration, listening. */
export class Listening {
  readonly port: number;
  readonly addresses: readonly string[];
  readonly #lobby: Lobby;
  readonly #servers: readonly Server[];
  readonly #closed = Promise.withResolvers<void>();
  readonly #silent: readonly SilentConnections[];
  /** Connections as they were accepted, before any handshake. */
  readonly #raw = new Roster<Socket>();
  #sweep: Repeating | null = null;
  #timer: Timer | null = null;
  #draining = false;
  #lastWords = false;

  constructor(bound: Bound) {
    this.port = bound.port;
    this.addresses = bound.addresses;
    this.#lobby = bound.lobby;
    this.#servers = bound.servers;
    this.#silent = bound.servers.map((server) => new SilentConnections(server));
    const { clock, connectionsMax: max } = this.#lobby.parts;
    for (const server of bound.servers) {
      server.on(connectionEvent(server), (socket) => this.#lobby.meet(socket));
      if (connectionEvent(server) === "secureConnection")
        server.on("connection", (socket: Socket) => this.#watch(socket));
      if (max !== undefined) {
        capConnections(server, {
          max,
          clock,
          isFull: () => this.#lobby.isFull,
          makeRoom: () => this.#closeIdle(),
        });
      }
    }
  }

  /**
   * Takes no new connection and ends idle ones: what the next listener asks of clients holds from now on. Requests under way are left alone.
   * Resolves when the last connection has ended.
   */
  close(): Promise<void> {
    this.#leave();
    this.#closeIdle();
    return this.#closed.promise;
  }

  /**
   * Takes no new connection, for another process does, and loses no request: each connection ends with its next answer, or once it has been
   * idle for as long as any may be. Resolves when the last one has ended.
   */
  retire(): Promise<void> {
    this.#lobby.retiring = true;
    void this.#closeServers();
    return this.#closed.promise;
  }

  /**
   * Ends the process's service: not ready first, then no new connections, then, at the deadline (counted from the call), last words to
   * every stream. Resolves when all connections have ended. Called again, it skips what is left of the waiting.
   */
  drain(): Promise<void> {
    if (this.#draining) this.#sayLastWords();
    else {
      this.#draining = true;
      this.#lobby.leaving = true;
      const { preStopMs } = this.#times();
      if (preStopMs === 0) this.#stopAccepting();
      else this.#wait(preStopMs, () => this.#stopAccepting());
    }
    return this.#closed.promise;
  }

  /** Ends the service at once, behind one that has drained: last words, and no time for more. */
  end(): Promise<void> {
    this.#draining = true;
    this.#lobby.leaving = true;
    this.#sayLastWords();
    return this.#closed.promise;
  }

  /** Other times and another certificate for connections to come. */
  refresh(snapshot: Snapshot, tls: Place["tls"]): ListenFault | null {
    for (const server of this.#servers) {
      const fault = refreshServer(server, snapshot, tls);
      if (fault !== null) return fault;
    }
    return null;
  }

  #watch(socket: Socket): void {
    const seat = this.#raw.add(socket);
    socket.once("close", () => this.#raw.remove(seat));
  }

  /** A loop that is late runs its timers first, and reads only then what has arrived meanwhile. */
  #sweepUp(): void {
    setImmediate(() => this.#closeIdle());
  }

  /** Ends connections that wait for their next request. */
  #closeIdle(): void {
    for (const server of this.#servers) server.closeIdleConnections();
    for (const silent of this.#silent) silent.close(this.#lobby);
  }

  /** As the configuration has them when the drain begins. */
  #times(): GatewaySettings["drain"] {
    return this.#lobby.parts.holder.current.gateway.drain;
  }

  #stopAccepting(): void {
    const { preStopMs, deadlineMs } = this.#times();
    const leftMs = Math.max(0, deadlineMs - preStopMs);
    const graceMs = Math.min(leftMs, SWEEP_MS);
    this.#wait(graceMs, () => {
      this.#lobby.refusing = true;
      this.#wait(leftMs - graceMs, () => this.#sayLastWords());
    });
    this.#leave();
  }

  #sayLastWords(): void {
    if (this.#lastWords) return;
    this.#lastWords = true;
    this.#lobby.refusing = true;
    this.#lobby.closing = true;
    this.#lobby.parts.corridor.endAll(failure("draining", "The gateway is shutting down."));
    this.#wait(LAST_WORDS_MS, () => this.#cut());
    void this.close();
  }

  #cut(): void {
    for (const server of this.#servers) server.closeAllConnections();
    // Handshakes that never end.
    this.#raw.forEach((socket) => socket.destroy());
  }

  async #closeServers(): Promise<void> {
    await Promise.all(this.#servers.map(closedToNewcomers));
    // Nobody is there any more. What is left is the HTTP server's watch over late heads, which would hold on to it for ever.
    for (const server of this.#servers) server.close();
    this.#sweep?.stop();
    this.#timer?.cancel();
    this.#closed.resolve();
  }

  /** Takes no new connection; from the first sweep on idle ones end, until none is left. */
  #leave(): void {
    if (this.#sweep !== null) return;
    this.#sweep = this.#lobby.parts.clock.every(SWEEP_MS, () => this.#sweepUp());
    void this.#closeServers();
  }

  #wait(ms: number, then: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#lobby.parts.clock.timer(ms, then);
  }
}

/** Resolves when the server's last connection has ended. Idle ones are left, other than HTTP servers do: a request may be on its way. */
function closedToNewcomers(server: Server): Promise<void> {
  return new Promise((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
}
