// One request under way: undici's callbacks on one side, the receiver's on the other. One object per request, no closures,
// no promises. Must not know what the bytes mean.
import type { Dispatcher } from "undici";
import { type Failure, failure, isFailure } from "../core/failure.ts";
import { traceparentOf } from "../core/ids.ts";
import type { Exchange, HeaderBag, Receiver, UpstreamRequest } from "../core/upstream.ts";
import { codingOf, decodedHeaders, type DecodedListener, Decoder } from "./decode.ts";
import {
  failureOf,
  impossibleAnswer,
  isAssertion,
  noStatus,
  shortAnswer,
  staleConnection,
  type UpstreamPhase,
} from "./failures.ts";
import { headersFor } from "./request-headers.ts";
import { endedReused } from "./reuse.ts";
import type { Turns, Waiting } from "./turns.ts";

/** What all exchanges of a client share. */
export interface ExchangeSettings {
  /** Told of errors that are nobody's fault but ours. */
  readonly onBug: (error: unknown) => void;
  /** Shared out among answers that come faster than they go. */
  readonly turns: Turns;
  /** Bound on the output of a decoded answer. */
  readonly answerBytesMax: () => number;
}

/** Bytes of an answer that are one share of a turn: a full read of a socket. With less, Node would read more than is taken. */
const SHARE_BYTES = 65_536;
/** The first share is smaller: when 500 answers begin together, each may bring this much in one turn. */
const FIRST_SHARE_BYTES = 32_768;

/** The reason that undici wants to hear; shared, since nobody reads its stack. */
const LET_GO = new Error("the gateway let the request go");

/**
 * Speaks the contract of `Receiver`. A receiver that throws is reported and hears `internal`; a call that threw does not
 * count as heard, so this also follows a throwing `onEnd`: nobody waits for ever because of a bug.
 */
export class HttpExchange implements Exchange, Dispatcher.DispatchHandler, DecodedListener, Waiting {
  readonly #settings: ExchangeSettings;
  /** Null once the receiver has heard its last. */
  #receiver: Receiver | null;
  #controller: Dispatcher.DispatchController | null = null;
  #decoder: Decoder | null = null;
  #phase: UpstreamPhase = "connect";
  /** True while undici may still fail inside our own `dispatch`. */
  #dispatching = true;
  /** True once the first byte of a response, interim ones included, was there. */
  #answering = false;
  #paused = false;
  #decoderFull = false;
  #declaredLength: HeaderBag[string] = undefined;
  #bytesIn = 0;
  /** A new share of a turn is due when so many bytes have come. */
  #shareEnd = FIRST_SHARE_BYTES;
  #waitsForTurn = false;

  constructor(receiver: Receiver, settings: ExchangeSettings) {
    this.#receiver = receiver;
    this.#settings = settings;
  }

  /** Sends the request. The receiver hears of a failure only after this has returned. */
  start(pool: Dispatcher, request: UpstreamRequest): void {
    const { trace } = request;
    const own = headersFor(request);
    // Undici only reads the shared list; its type does not say so.
    const headers = trace === null ? (own as string[]) : [...own, "traceparent", traceparentOf(trace)];
    pool.dispatch({ method: "POST", path: request.path, headers, body: request.body }, this);
    this.#dispatching = false;
  }

  pause(): void {
    this.#paused = true;
    this.#decoder?.pause();
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#decoder?.resume();
    this.#flowSoon();
  }

  abort(): void {
    const controller = this.#controller;
    this.#release();
    controller?.abort(LET_GO);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const receiver = this.#receiver;
    if (receiver === null) {
      // Let go before there was a connection: nothing has been written yet, and nothing will be.
      controller.abort(LET_GO);
      return;
    }
    this.#controller = controller;
    this.#phase = "headers";
    if (this.#paused) controller.pause();
    try {
      receiver.onOpen();
    } catch (error) {
      this.#onBug(error);
    }
  }

  onResponseStarted(): void {
    this.#answering = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderBag): void {
    const receiver = this.#receiver;
    // Interim responses (1xx) are the connection's own business (fault row U20).
    if (receiver === null || (status >= 100 && status < 200)) return;
    if (status < 100) {
      this.#stop(noStatus(status));
      return;
    }
    this.#phase = "stream";
    this.#declaredLength = headers["content-length"];
    const coded = headers["content-encoding"] !== undefined;
    const refused = coded ? this.#openDecoder(headers) : null;
    try {
      receiver.onHead(status, coded ? decodedHeaders(headers) : headers);
    } catch (error) {
      this.#onBug(error);
    }
    // The head was there all the same: what its status says is true whatever the body would have said.
    if (refused !== null) this.#stop(refused);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const receiver = this.#receiver;
    // Undici flushes its parser when it is resumed, which gives an empty chunk when nothing has come meanwhile.
    if (receiver === null || chunk.length === 0) return;
    this.#bytesIn += chunk.length;
    if (this.#bytesIn >= this.#shareEnd) this.#nextShare(controller);
    if (this.#decoder !== null) {
      this.#decoderFull = !this.#decoder.write(chunk);
      if (this.#decoderFull) controller.pause();
      return;
    }
    try {
      receiver.onChunk(chunk);
    } catch (error) {
      this.#onBug(error);
    }
  }

  onResponseEnd(): void {
    // From here on the connection may serve another request; it is not ours to pause.
    this.#controller = null;
    if (this.#decoder === null) this.#end();
    else this.#decoder.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#receiver === null) return;
    this.#controller = null;
    const why = this.#failureOf(error);
    if (why.kind === "internal") this.#settings.onBug(error);
    if (this.#decoder !== null) this.#decoder.cut(why);
    else if (this.#dispatching) queueMicrotask(() => this.#fail(why));
    else this.#fail(why);
  }

  onDecoded(chunk: Buffer): void {
    const receiver = this.#receiver;
    if (receiver === null) return;
    try {
      receiver.onChunk(chunk);
    } catch (error) {
      this.#onBug(error);
    }
  }

  onDecoderDrain(): void {
    this.#decoderFull = false;
    this.#flowSoon();
  }

  onDecodedEnd(): void {
    this.#end();
  }

  onDecodeFailed(why: Failure): void {
    this.#stop(why);
  }

  /** Why the answer cannot be decoded, or null. */
  #openDecoder(headers: HeaderBag): Failure | null {
    const open = codingOf(headers);
    if (isFailure(open)) return open;
    if (open === null) return null;
    this.#decoder = new Decoder({ open, bytesMax: this.#settings.answerBytesMax(), listener: this });
    if (this.#paused) this.#decoder.pause();
    return null;
  }

  #nextShare(controller: Dispatcher.DispatchController): void {
    this.#shareEnd = this.#bytesIn + SHARE_BYTES;
    if (this.#waitsForTurn || this.#settings.turns.take(this)) return;
    this.#waitsForTurn = true;
    controller.pause();
  }

  /** The other connections have had theirs. */
  onTurn(): void {
    this.#waitsForTurn = false;
    this.#flow();
  }

  /** Undici's parser must not be entered while another exchange's callback is under way inside it: a tick later it is not. */
  #flowSoon(): void {
    queueMicrotask(() => this.#flow());
  }

  #flow(): void {
    if (!this.#paused && !this.#decoderFull && !this.#waitsForTurn) this.#controller?.resume();
  }

  #failureOf(error: Error): Failure {
    if (!this.#answering && endedReused(error)) return staleConnection(error);
    // With an answer's bytes in hand: those are what it tripped over, and another candidate may do better.
    if (this.#answering && isAssertion(error)) return impossibleAnswer(error, this.#phase);
    const cut = "code" in error && error.code === "UND_ERR_SOCKET" && this.#phase === "stream";
    if (cut && this.#bytesIn < Number(this.#declaredLength)) return shortAnswer(error);
    return failureOf(error, this.#phase);
  }

  #end(): void {
    const receiver = this.#receiver;
    if (receiver === null) return;
    this.#release();
    try {
      receiver.onEnd();
    } catch (error) {
      this.#settings.onBug(error);
      this.#tell(receiver, this.#bugFailure(error));
    }
  }

  #fail(why: Failure): void {
    const receiver = this.#receiver;
    if (receiver === null) return;
    this.#release();
    this.#tell(receiver, why);
  }

  /** Fails and lets the provider go. */
  #stop(why: Failure): void {
    const controller = this.#controller;
    const receiver = this.#receiver;
    this.#release();
    controller?.abort(LET_GO);
    if (receiver !== null) this.#tell(receiver, why);
  }

  #tell(receiver: Receiver, why: Failure): void {
    try {
      receiver.onFail(why);
    } catch (error) {
      this.#settings.onBug(error);
    }
  }

  #onBug(error: unknown): void {
    this.#settings.onBug(error);
    this.#stop(this.#bugFailure(error));
  }

  #bugFailure(error: unknown): Failure {
    return failure("internal", "The gateway failed.", { phase: this.#phase, cause: error });
  }

  /** Lets go of everything, so that what outlives this request does not keep its neighbours alive. */
  #release(): void {
    this.#receiver = null;
    this.#controller = null;
    this.#decoder?.destroy();
    this.#decoder = null;
  }
}
