// Requests that a client sends before it has the answers to those in front of them (pipelining, RFC 9112 §9.3.2). They are not served
// before their turn: Node stops reading a connection once 16 KiB of answers wait in it, and who does not read does not hear that the
// client has left, so that the call in front would be held for a client that is gone.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { failure, type Failure } from "../core/failure.ts";
import type { Seat } from "../core/roster.ts";
import type { Ticking } from "../core/ticker.ts";
import type { Lobby } from "./lobby.ts";
import { refuse } from "./refuse.ts";
import { Visit } from "./visit.ts";

/** More than any client that means well has under way at once on one connection. */
const WAITING_MAX = 100;

/** One request with its place in the line. */
interface Waiting {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** The lines of all connections; a connection has one from its first request that has to wait. */
export class WaitingLines {
  readonly #lobby: Lobby;
  readonly #lines = new WeakMap<Socket, WaitingLine>();

  constructor(lobby: Lobby) {
    this.#lobby = lobby;
  }

  /**
   * Serves a request once it is its turn: never, when the connection ends before, or with the answer in front. Until then nothing is read,
   * counted or clocked for it but its place here.
   */
  add(waiting: Waiting, serve: () => void): void {
    const { socket } = waiting.incoming;
    const line = this.#lines.get(socket) ?? new WaitingLine(this.#lobby, socket);
    this.#lines.set(socket, line);
    line.add(waiting, serve);
  }
}

/** What waits on one connection. */
class WaitingLine implements Ticking {
  readonly #lobby: Lobby;
  readonly #socket: Socket;
  readonly #waiting = new Set<Waiting>();
  #seat: Seat | null = null;

  constructor(lobby: Lobby, socket: Socket) {
    this.#lobby = lobby;
    this.#socket = socket;
    socket.once("close", () => this.#disband());
  }

  add(waiting: Waiting, serve: () => void): void {
    // Node goes on with what it has read of a connection that was cut.
    if (this.#socket.destroyed) return;
    if (this.#waiting.size === WAITING_MAX) {
      this.#cut(waiting, tooMany());
      return;
    }
    this.#waiting.add(waiting);
    this.#seat ??= this.#lobby.ticker.add(this);
    waiting.outgoing.once("socket", () => {
      this.#waiting.delete(waiting);
      if (this.#waiting.size === 0) this.#rest();
      serve();
    });
  }

  /** Bodies that wait fill what Node reads ahead, and then it stops reading: the same deafness as above. Small ones are no trouble. */
  tick(): void {
    let bytes = 0;
    for (const waiting of this.#waiting) {
      const { incoming } = waiting;
      bytes += incoming.readableLength;
      if (bytes < incoming.readableHighWaterMark) continue;
      this.#cut(waiting, tooMuch());
      return;
    }
  }

  /** Ends the connection with all that is on it. No answer can be given here: the one in front may be in the middle of its own. */
  #cut({ incoming, outgoing }: Waiting, because: Failure): void {
    outgoing.destroy();
    refuse(new Visit(this.#lobby, incoming, outgoing), because);
    this.#socket.destroy();
  }

  #disband(): void {
    this.#waiting.clear();
    this.#rest();
  }

  #rest(): void {
    if (this.#seat !== null) this.#lobby.ticker.remove(this.#seat);
    this.#seat = null;
  }
}

function tooMany(): Failure {
  return outOfTurn(`On one connection ${WAITING_MAX} requests may wait for their turn.`, "too many requests wait");
}

function tooMuch(): Failure {
  return outOfTurn("The bodies of requests that wait for their turn are too large.", "waiting bodies are too large");
}

function outOfTurn(message: string, detail: string): Failure {
  return failure("request-invalid", message, { code: "bad_request", detail, phase: "request" });
}
