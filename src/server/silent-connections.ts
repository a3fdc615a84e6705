// Connections on which nothing was ever asked: browsers and pools open them in advance. Node does not count them as idle, so a drain
// would wait for them until their clients give up.
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** The event that brings the socket which requests will name: behind the handshake where there is one. */
export function connectionEvent(server: Server): "secureConnection" | "connection" {
  return "setSecureContext" in server ? "secureConnection" : "connection";
}

/** The connections of one server that have not said a word. */
export class SilentConnections {
  /** With the bytes that had been read when the connection was made: a TLS handshake is no request. */
  readonly #silent = new Map<Socket, number>();

  constructor(server: Server) {
    server.on(connectionEvent(server), (socket: Socket) => {
      this.#silent.set(socket, socket.bytesRead);
      socket.once("close", () => this.#silent.delete(socket));
    });
    server.on("request", ({ socket }) => this.#silent.delete(socket));
  }

  /** Cuts them. One that has begun to speak is left to finish. */
  close(): void {
    for (const [socket, bytes] of this.#silent) {
      if (socket.bytesRead === bytes) socket.destroy();
    }
  }
}
