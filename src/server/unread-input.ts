// A refusal often comes before the request's body does. Small rests are read and dropped by Node and the connection lives on;
// large ones end it, but not at once: unread bytes would turn the close into a reset, and the client would lose the answer.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "../core/clock.ts";

/** Bytes that are cheaper to read and drop than a new connection. */
const LITTLE_BYTES = 65_536;
/** How long input is still discarded behind an answer (fault contract C21). */
const LINGER_MS = 2_000;

/** How many bytes of body the head declares; null when it does not say (chunked). */
export function declaredBytes({ headers }: IncomingMessage): number | null {
  if (headers["transfer-encoding"] !== undefined) return null;
  return Number(headers["content-length"] ?? 0);
}

/** True when some of the body is still to come. */
export function owesBody(incoming: IncomingMessage): boolean {
  return !incoming.complete && declaredBytes(incoming) !== 0;
}

/** True when so much of the body is still to come, or nobody knows how much, that the connection must not be used again. */
export function hasMuchUnread(incoming: IncomingMessage): boolean {
  if (!owesBody(incoming)) return false;
  const declared = declaredBytes(incoming);
  // A client that awaits a 100 may send its body or not: the next bytes cannot be told apart.
  return declared === null || declared > LITTLE_BYTES || incoming.headers.expect !== undefined;
}

/** Connections whose clients have their answer and still owe the body: Node does not count them as idle, so a drain would wait for them. */
export class OwingConnections {
  /** The last request of each that was answered early. No listener: whoever is refused costs as little as can be. */
  readonly #owing = new WeakMap<object, IncomingMessage>();

  /** The connection is here until the body has come. */
  note(incoming: IncomingMessage): void {
    this.#owing.set(incoming.socket, incoming);
  }

  /** True once for each time that it was noted. */
  take(socket: object): boolean {
    const incoming = this.#owing.get(socket);
    this.#owing.delete(socket);
    return incoming !== undefined && !incoming.complete;
  }
}

/** Ends our half of a connection behind what is written, discards what still comes, and cuts it when that goes on too long. */
export function lingeringClose(socket: Duplex, clock: Clock): void {
  const timer = clock.timer(LINGER_MS, () => socket.destroy());
  socket.once("close", () => timer.cancel());
  socket.end();
}
