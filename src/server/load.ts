// How much is under way: model calls and the bytes of their bodies. What would be too much is turned away (decision 23).
import type { Limits } from "../core/snapshot.ts";

/** Counts; every `enter` has its `leave`. */
export class Load {
  #calls = 0;
  #bytes = 0;

  /** Model calls between admission and the end of their answer. */
  get calls(): number {
    return this.#calls;
  }

  /** Bytes of request bodies that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Which limit one more call with a body of so many bytes would break; null when there is room. */
  full(limits: Limits, declaredBytes: number): "inflight" | "bytes" | null {
    if (this.#calls >= limits.inflight) return "inflight";
    return this.#bytes + declaredBytes > limits.bytesInFlight ? "bytes" : null;
  }

  enter(): void {
    this.#calls += 1;
  }

  hold(bytes: number): void {
    this.#bytes += bytes;
  }

  leave(heldBytes: number): void {
    this.#calls -= 1;
    this.#bytes -= heldBytes;
  }
}
