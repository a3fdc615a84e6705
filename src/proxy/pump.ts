// After the commit: the provider's chunks through the pipe to the client. One file owns pausing, the idle and write-idle clocks,
// keep-alive comments, the last words and letting go. No failover from here on (decision 13).
// One call a chunk, without a promise, a timer or a look at the clock: silence is what a tick for all streams finds unchanged.
import { failure, type Failure, isFailure } from "../core/failure.ts";
import type { Pipe, Reply } from "../core/lane.ts";
import type { Sink } from "../core/sink.ts";
import type { Attempt } from "./attempt.ts";
import { KEEP_ALIVE } from "./opening.ts";
import type { Run } from "./run.ts";

/** What a provider may still send behind its answer, a trailer or a terminator of its own; more ends the connection. */
const SURPLUS_BYTES_MAX = 65_536;

/** Carries one committed answer to its end. */
export class Pump {
  readonly #run: Run;
  readonly #attempt: Attempt;
  readonly #sink: Sink;
  #pipe: Pipe | null = null;
  #finished = false;
  #paused = false;
  /** What the pipe had counted at the last tick: no clock is asked per chunk, and comments are no progress (decision 22). */
  #progress = 0;
  #bytesOut = 0;
  /** Bytes of the provider's behind the end of its answer. */
  #surplus = 0;
  #taken = 0;
  /** Since when the provider has been silent, or, while it is paused, the client has taken nothing. */
  #stillSince: number;
  readonly #startedAt: number;
  #wroteAt: number;

  constructor(run: Run, attempt: Attempt) {
    this.#run = run;
    this.#attempt = attempt;
    this.#sink = run.sink;
    this.#startedAt = run.now();
    this.#stillSince = this.#startedAt;
    this.#wroteAt = this.#startedAt;
  }

  /** Sends head and first bytes; a short answer is complete with them. */
  start(reply: Reply): void {
    this.#pipe = reply.pipe;
    this.#run.sendHead(reply, this.#attempt);
    if (reply.pipe === null) {
      this.#sink.end(reply.first);
      this.#finish(null);
      return;
    }
    this.#write(reply.first);
  }

  onChunk(chunk: Buffer): void {
    if (this.#finished || this.#pipe === null) {
      this.#dropSurplus(chunk);
      return;
    }
    const bytes = this.#pipe.push(chunk);
    if (bytes === null) this.#look();
    else this.#write(bytes);
  }

  /** Behind its end an answer gets a moment to close, not room for a second one. */
  #dropSurplus({ length }: Buffer): void {
    this.#surplus += length;
    if (this.#surplus > SURPLUS_BYTES_MAX) this.#attempt.letGo();
  }

  /** The provider has ended: last bytes, or the truth about a cut. */
  onEnd(): void {
    if (this.#finished || this.#pipe === null) return;
    const last = this.#pipe.end();
    if (isFailure(last)) {
      this.onFail(last);
      return;
    }
    if (last === null) this.#sink.end();
    else this.#sink.end(last);
    this.#finish(this.#pipe.told.failure);
  }

  /** It broke: said in the client's dialect, and the stream closes without its success terminator. */
  onFail(because: Failure): void {
    if (this.#finished) return;
    this.#attempt.letGo();
    if (this.#pipe === null) this.#sink.abort();
    else if (!this.#sink.closed) this.#sink.end(this.#pipe.fail(because));
    this.#finish(because);
  }

  /** The client has gone. */
  onClientGone(because: Failure): void {
    if (this.#finished) return;
    this.#attempt.letGo();
    this.#finish(because);
  }

  /** The waits of a committed stream. */
  tick(now: number): void {
    if (this.#finished || this.#pipe === null) return;
    this.#noteMoves(this.#pipe, now);
    const { idleMs } = this.#attempt.ref.target.timeouts;
    const { keepAliveMs, streamMs } = this.#run.snapshot.behaviour;
    const still = now - this.#stillSince;
    if (this.#paused && still >= this.#run.snapshot.gateway.writeIdleMs) this.#stalled();
    else if (!this.#paused && still >= idleMs) this.#silent();
    else if (streamMs > 0 && now - this.#startedAt >= streamMs) {
      // Whoever is slow: a reader that takes a little now and then keeps the provider paused at nearly every tick.
      this.onFail(failure("deadline", "The answer took longer than the gateway allows.", { phase: "stream" }));
    } else if (!this.#paused && keepAliveMs > 0 && now - this.#wroteAt >= keepAliveMs) {
      // Only whole events are ever handed on: the client is between two of them now.
      this.#wroteAt = now;
      this.#pauseIfFull(this.#sink.write(KEEP_ALIVE));
    }
  }

  /** Notes what has moved since the last tick: events from the provider; while it is paused, bytes to the client. */
  #noteMoves({ told }: Pipe, now: number): void {
    const { bytesOut } = this.#sink;
    if (bytesOut !== this.#bytesOut) this.#wroteAt = now;
    const moved = this.#paused ? this.#sink.bytesTaken !== this.#taken : told.progress !== this.#progress;
    if (moved) this.#stillSince = now;
    this.#bytesOut = bytesOut;
    this.#taken = this.#sink.bytesTaken;
    this.#progress = told.progress;
  }

  /** The provider says nothing more. What it said may be the whole answer but for its terminator. */
  #silent(): void {
    const because = failure("idle-timeout", "The provider stopped sending.", { phase: "stream" });
    const last = this.#pipe?.end() ?? because;
    if (isFailure(last)) {
      this.onFail(because);
      return;
    }
    this.#sink.end(last);
    this.#attempt.letGo();
    this.#finish(this.#pipe?.told.failure ?? null);
  }

  #write(bytes: Uint8Array): void {
    if (this.#pipe?.told.ended === true) {
      this.#sink.end(bytes);
      this.#finish(this.#pipe.told.failure);
      return;
    }
    if (bytes.length > 0) this.#pauseIfFull(this.#sink.write(bytes));
  }

  /** The pipe may end without bytes of its own. */
  #look(): void {
    if (this.#pipe?.told.ended !== true) return;
    this.#sink.end();
    this.#finish(this.#pipe.told.failure);
  }

  #pauseIfFull(accepted: boolean): void {
    if (accepted || this.#paused) return;
    this.#paused = true;
    this.#stillSince = this.#run.now();
    this.#attempt.pause();
  }

  /** The client has taken what was held for it. */
  onDrain(): void {
    if (!this.#paused || this.#finished) return;
    this.#paused = false;
    this.#stillSince = this.#run.now();
    this.#attempt.resume();
  }

  /** A client that takes nothing while we hold bytes for it is cut, so that it cannot take the rest for an answer. */
  #stalled(): void {
    this.#attempt.letGo();
    this.#sink.abort();
    this.#finish(failure("write-idle", "The client stopped reading.", { phase: "stream" }));
  }

  #finish(because: Failure | null): void {
    this.#finished = true;
    if (because !== null) this.#attempt.letGo();
    // The provider gets a moment to end its response, so that the connection can serve the next request.
    else if (!this.#attempt.closed) this.#attempt.linger();
    this.#run.finish(because);
  }
}
