// Plays a script to a receiver, by the clock it is given. At most one timer is armed, none when nothing is waited for,
// none while paused and none after the end: a mock that is let go leaves nothing behind.
import type { Clock, Timer } from "../core/clock.ts";
import { failure } from "../core/failure.ts";
import type { Exchange, Receiver } from "../core/upstream.ts";
import type { Beat } from "./beat.ts";
import type { Script } from "./script.ts";

/** What a mock request needs from the roof. */
export interface MockSettings {
  readonly clock: Clock;
  /** Told of a receiver that throws: a bug of ours, and not the provider's failure. */
  readonly onBug: (error: unknown) => void;
}

/** One request under way at the mock. */
export class MockExchange implements Exchange {
  readonly #clock: Clock;
  readonly #onBug: (error: unknown) => void;
  readonly #receiver: Receiver;
  readonly #script: Iterator<Beat>;
  readonly #startedAt: number;
  #next: Beat | null = null;
  #timer: Timer | null = null;
  #paused = false;
  #over = false;

  /** The first call reaches the receiver after the constructor has returned. */
  constructor({ clock, onBug }: MockSettings, receiver: Receiver, script: Script) {
    this.#clock = clock;
    this.#onBug = onBug;
    this.#receiver = receiver;
    this.#script = script[Symbol.iterator]();
    this.#startedAt = clock.now();
    queueMicrotask(() => {
      if (!this.#over && this.#isHeard(() => this.#receiver.onOpen())) this.#play();
    });
  }

  pause(): void {
    this.#paused = true;
    this.#disarm();
  }

  /** Goes on after the caller has returned, as a socket would. What fell due meanwhile comes at once. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    queueMicrotask(() => this.#play());
  }

  abort(): void {
    this.#over = true;
    this.#disarm();
    this.#script.return?.();
  }

  #play(): void {
    while (!this.#over && !this.#paused && this.#timer === null) {
      const beat = this.#take();
      if (beat === null) return;
      const waitMs = this.#startedAt + beat.atMs - this.#clock.now();
      if (waitMs > 0) {
        this.#next = beat;
        this.#timer = this.#clock.timer(waitMs, () => {
          this.#timer = null;
          this.#play();
        });
        return;
      }
      if (!this.#isHeard(() => this.#perform(beat))) return;
    }
  }

  /** A receiver that throws is told of it as of any other end, so that its request ends, too. */
  #isHeard(tell: () => void): boolean {
    try {
      tell();
      return true;
    } catch (error) {
      this.#onBug(error);
      this.abort();
      this.#receiver.onFail(failure("internal", "The gateway failed to read the provider's answer."));
      return false;
    }
  }

  #take(): Beat | null {
    const beat = this.#next;
    if (beat !== null) {
      this.#next = null;
      return beat;
    }
    const { value, done } = this.#script.next();
    return done === true ? null : value;
  }

  #perform(beat: Beat): void {
    switch (beat.does) {
      case "head":
        return this.#receiver.onHead(beat.status, beat.headers);
      case "chunk":
        return this.#receiver.onChunk(Buffer.from(beat.text));
      case "end":
        this.#over = true;
        return this.#receiver.onEnd();
      case "fail":
        this.#over = true;
        return this.#receiver.onFail(beat.failure);
    }
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
