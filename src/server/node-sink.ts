// A client's answer over Node's response. The one writer of model calls; knows nothing of what it carries.
// Between it and Node's response stands no stream of our own: Node joins the writes of a turn of the loop and tells of backpressure, and a layer
// in front of that has cost more than it saved.
import type { ServerResponse } from "node:http";
import type { Seat } from "../core/roster.ts";
import type { Sink, SinkListener } from "../core/sink.ts";
import type { Ticking } from "../core/ticker.ts";
import type { Visit } from "./visit.ts";
import { writeHead } from "./write-head.ts";

/** One answer to one client. Listeners are attached once, at its making. */
export class NodeSink implements Sink, Ticking {
  readonly #visit: Visit;
  readonly #outgoing: ServerResponse;
  #headSent = false;
  #over = false;
  #bytesOut = 0;
  #seat: Seat | null = null;
  listener: SinkListener | null = null;

  constructor(visit: Visit) {
    this.#visit = visit;
    this.#outgoing = visit.outgoing;
    this.#over = visit.outgoing.destroyed;
    visit.outgoing.on("drain", () => this.listener?.onDrain());
    visit.outgoing.on("close", () => this.#gone());
    // A write that crosses the client's leaving; `close` follows.
    visit.outgoing.on("error", () => this.#gone());
  }

  get closed(): boolean {
    // Node knows of a cut connection a little before it says `close`.
    return this.#over || this.#outgoing.destroyed;
  }

  get headSent(): boolean {
    return this.#headSent;
  }

  get bytesOut(): number {
    return this.#bytesOut;
  }

  /** What the kernel has taken of this connection; inside one large write this is all that moves. */
  get bytesTaken(): number {
    const { socket } = this.#visit.incoming;
    return socket.bytesWritten - socket.writableLength;
  }

  head(status: number, headers: readonly string[]): void {
    if (this.closed) return;
    writeHead(this.#visit, status, headers);
    this.#headSent = true;
  }

  write(bytes: Uint8Array | string): boolean {
    if (this.closed) return false;
    this.#bytesOut += sizeOf(bytes);
    return this.#outgoing.write(bytes);
  }

  end(bytes?: Uint8Array | string): void {
    if (this.closed) return;
    this.#over = true;
    this.#seat = this.#visit.lobby.ticker.add(this);
    if (bytes === undefined) {
      this.#outgoing.end();
      return;
    }
    this.#bytesOut += sizeOf(bytes);
    this.#outgoing.end(bytes);
  }

  /**
   * Ended, and a moment later still not sent: the client reads slowly, or not at all, and nobody else watches any more. The socket's own
   * clock does it from here, because it alone sees progress inside one large write; Node destroys the socket when it strikes.
   */
  tick(): void {
    const { socket } = this.#outgoing;
    // Sent this very moment.
    if (socket === null) return;
    this.#visit.lobby.ticker.remove(this.#seat);
    socket.setTimeout(this.#visit.snapshot.gateway.writeIdleMs);
    // In front of Node's listener, which sets the time that the idle connection may live.
    this.#outgoing.prependOnceListener("finish", () => socket.setTimeout(0));
  }

  abort(): void {
    this.#over = true;
    const { socket } = this.#outgoing;
    // The end of an HTTP/1.0 body is the end of its connection: only a reset says that it was cut. TLS has its own way to say so.
    if (this.#visit.incoming.httpVersionMinor === 0 && socket !== null && !("encrypted" in socket)) {
      socket.resetAndDestroy();
    } else this.#outgoing.destroy();
  }

  #gone(): void {
    this.#visit.lobby.ticker.remove(this.#seat);
    if (this.#over) return;
    this.#over = true;
    this.listener?.onClose();
  }
}

function sizeOf(bytes: Uint8Array | string): number {
  return typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
}
