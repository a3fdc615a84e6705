// Connections on which nothing was ever asked: browsers and pools open them in advance. Node does not count them as idle, so a drain
// would wait for them until their clients give up.
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { Roster } from "../core/roster.ts";
import type { Lobby } from "./lobby.ts";
import { lingeringClose } from "./unread-input.ts";

/** The event that brings the socket which requests will name: behind the handshake where there is one. */
export function connectionEvent(server: Server): "secureConnection" | "connection" {
  return "setSecureContext" in server ? "secureConnection" : "connection";
}

/** A connection with the bytes that had been read when it was made: a TLS handshake is no request. */
interface Met {
  readonly socket: Socket;
  readonly bytesRead: number;
}

/** The connections of one server, of which some may not have said a word. */
export class SilentConnections {
  readonly #met = new Roster<Met>();

  constructor(server: Server) {
    server.on(connectionEvent(server), (socket: Socket) => {
      const seat = this.#met.add({ socket, bytesRead: socket.bytesRead });
      socket.once("close", () => this.#met.remove(seat));
    });
  }

  /** Cuts those, and takes leave of those that have their answer and owe the rest of a body. One that has begun to speak is left to finish. */
  close({ owing, parts }: Lobby): void {
    this.#met.forEach(({ socket, bytesRead }) => {
      if (socket.bytesRead === bytesRead) socket.destroy();
      else if (owing.take(socket)) lingeringClose(socket, parts.clock);
    });
  }
}
