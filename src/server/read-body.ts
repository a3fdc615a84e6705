// Reads one request body: counted, bounded, clocked. Ends in the bytes or in the failure that says why there are none.
import type { IncomingMessage } from "node:http";
import { failure, type Failure } from "../core/failure.ts";
import { Gathering } from "../core/gathering.ts";
import type { Limits } from "../core/snapshot.ts";
import type { Seat } from "../core/roster.ts";
import type { Ticking } from "../core/ticker.ts";
import { tooLarge } from "./body-check.ts";
import type { Lobby } from "./lobby.ts";
import { draining, shed } from "./shed.ts";
import type { Visit } from "./visit.ts";

/** The body of a visit. Bytes are held in the lobby's load as they come; the caller gives them back, `visit.requestBytes` of them. */
export function readBody(visit: Visit): Promise<Buffer | Failure> {
  return new Promise((resolve) => {
    new BodyReader(visit, resolve).start();
  });
}

class BodyReader implements Ticking {
  readonly #visit: Visit;
  readonly #incoming: IncomingMessage;
  readonly #lobby: Lobby;
  readonly #limits: Limits;
  readonly #resolve: (outcome: Buffer | Failure) => void;
  readonly #untilMs: number;
  readonly #gathered = new Gathering();
  #settled = false;
  #seat: Seat | null = null;
  readonly #onData = (chunk: Buffer): void => this.#take(chunk);
  readonly #onEnd = (): void => this.#settle(this.#lobby.closing ? draining() : this.#gathered.take());
  readonly #onClose = (): void => this.#settle(clientGone());
  readonly #onError = (error: Error): void => this.#settle(isFramingError(error) ? badFraming() : clientGone());

  constructor(visit: Visit, resolve: (outcome: Buffer | Failure) => void) {
    this.#visit = visit;
    this.#incoming = visit.incoming;
    this.#lobby = visit.lobby;
    this.#limits = visit.snapshot.limits;
    this.#resolve = resolve;
    this.#untilMs = visit.startedAt + visit.snapshot.gateway.bodyMs;
  }

  start(): void {
    // Broken framing is told while the parser still runs.
    this.#incoming.on("error", this.#onError);
    queueMicrotask(() => this.#begin());
  }

  /** The parser has gone through all that came with the head: for most requests that is the body, and there is nothing to wait for. */
  #begin(): void {
    if (this.#settled) return;
    if (this.#incoming.complete && !this.#incoming.destroyed) {
      const whole = this.#incoming.read() as Buffer | null;
      if (whole !== null) this.#take(whole);
      this.#onEnd();
      return;
    }
    this.#seat = this.#lobby.ticker.add(this);
    this.#incoming.on("data", this.#onData);
    this.#incoming.on("end", this.#onEnd);
    this.#incoming.on("close", this.#onClose);
  }

  tick(now: number): void {
    if (this.#lobby.closing) this.#settle(draining());
    else if (now >= this.#untilMs)
      this.#settle(failure("request-timeout", "Request body timeout", { phase: "request" }));
  }

  #take(chunk: Buffer): void {
    this.#visit.requestBytes += chunk.length;
    this.#lobby.load.hold(chunk.length);
    if (this.#visit.requestBytes > this.#visit.bodyBytesMax) this.#settle(tooLarge(this.#visit.bodyBytesMax));
    else if (this.#lobby.load.bytes > this.#limits.bytesInFlight) this.#settle(shed("bytes"));
    else this.#gathered.push(chunk);
  }

  #settle(outcome: Buffer | Failure): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#incoming.off("error", this.#onError);
    if (this.#seat !== null) {
      this.#lobby.ticker.remove(this.#seat);
      this.#incoming.off("data", this.#onData);
      this.#incoming.off("end", this.#onEnd);
      this.#incoming.off("close", this.#onClose);
    }
    this.#resolve(outcome);
  }
}

/** The parser's complaints about a body's framing bear its name. */
function isFramingError(error: Error): boolean {
  return "code" in error && String(error.code).startsWith("HPE_");
}

function badFraming(): Failure {
  return failure("request-invalid", "The request body is not framed as HTTP/1.1 has it.", {
    code: "bad_request",
    phase: "request",
  });
}

function clientGone(): Failure {
  return failure("client-closed", "The client closed the connection.", { phase: "request" });
}
